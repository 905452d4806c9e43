import type { GoValue } from "@tiphys/gotemplate";
import { isMap } from "../values/mergo.ts";
import type { Asker } from "./session.ts";

/** Why something was not read or run. */
export type WithheldCode = "exec-in-values" | "secret-reference" | "sops-secrets" | "remote-file" | "helmfile-hook";

/** Something that was neither run nor read because nobody allowed it. */
export interface Withheld {
  readonly code: WithheldCode;
  /** The command, reference or file, as a byte string. */
  readonly what: string;
  readonly asker: Asker;
  /** The text that stands in its place. */
  readonly marker: string;
}

const pattern = /withheld-by-tiphys-(\d+)/g;

/** Stands markers in place of what was withheld, and finds them again in whatever was made of them. */
export class WithheldRegistry {
  readonly entries: Withheld[] = [];
  readonly #byText = new Map<string, Withheld>();

  /** The marker; the same question gets the same one. */
  add(withheld: Omit<Withheld, "marker">): string {
    return this.entryOf(withheld).marker;
  }

  /** What `add` takes note of. */
  entryOf(withheld: Omit<Withheld, "marker">): Withheld {
    const key = `${withheld.code}\0${withheld.what}\0${withheld.asker.place?.file ?? ""}`;
    let entry = this.#byText.get(key);
    if (entry === undefined) {
      entry = { ...withheld, marker: `withheld-by-tiphys-${this.entries.length + 1}` };
      this.entries.push(entry);
      this.#byText.set(key, entry);
    }
    return entry;
  }

  inText(text: string): Withheld[] {
    if (!text.includes("withheld-by-tiphys-")) return [];
    const found = new Set<Withheld>();
    for (const match of text.matchAll(pattern)) {
      const entry = this.entries[Number(match[1]) - 1];
      if (entry !== undefined) found.add(entry);
    }
    return [...found];
  }

  inValue(value: GoValue): Withheld[] {
    if (this.entries.length === 0) return [];
    const found = new Set<Withheld>();
    const visit = (item: GoValue): void => {
      if (typeof item === "string") this.inText(item).forEach((entry) => found.add(entry));
      else if (Array.isArray(item)) item.forEach(visit);
      else if (isMap(item)) {
        for (const [key, child] of item) {
          visit(key);
          visit(child);
        }
      }
    };
    visit(value);
    return [...found];
  }
}
