import type { GoValue } from "@tiphys/gotemplate";
import { readYaml, YamlError } from "@tiphys/source";
import type { Random } from "./random.ts";

/** So many values of one key are enough to choose from. */
const perKey = 300;

/** What charts put under which key: in their values, and in the comments that show how to. */
export class ValuePool {
  readonly #values = new Map<string, GoValue[]>();

  /** Learns from the text of a value file (byte string). */
  learn(text: string): void {
    this.#learnValue(readOrNothing(text));
    const lines = text.split("\n");
    for (let start = 0; start < lines.length; start++) {
      if (!isComment(lines[start]!)) continue;
      let end = start;
      while (end < lines.length && isComment(lines[end]!)) end++;
      this.#learnComment(lines.slice(start, end), lines[start - 1]);
      start = end;
    }
  }

  /** A value that some chart has under the key, or something near. */
  pick(random: Random, key: string): GoValue | undefined {
    const known = this.#values.get(key);
    return known === undefined ? undefined : random.pick(known);
  }

  /** Prose stands before the example as a rule, so lines are left out from the top until the rest is YAML. */
  #learnComment(comment: readonly string[], before: string | undefined): void {
    const lines = comment.map((line) => line.replace(/^\s*#+ ?/, ""));
    const empty = /^\s*(?:- )?([\w.-]+): *(?:\{\}|\[\]|""|''|null|~)?\s*$/.exec(before ?? "")?.[1];
    for (let skipped = 0; skipped < Math.min(lines.length, 12); skipped++) {
      const value = readOrNothing(lines.slice(skipped).join("\n"));
      if (typeof value !== "object" || value === null) continue;
      this.#learnValue(value);
      if (empty !== undefined) this.#add(empty, value);
      return;
    }
  }

  #learnValue(value: GoValue | undefined): void {
    if (Array.isArray(value)) for (const item of value) this.#learnValue(item);
    if (!(value instanceof Map)) return;
    for (const [key, item] of value) {
      if (!isEmpty(item)) this.#add(key, item);
      this.#learnValue(item);
    }
  }

  #add(key: string, value: GoValue): void {
    const known = this.#values.get(key);
    if (known === undefined) this.#values.set(key, [value]);
    else if (known.length < perKey) known.push(value);
  }
}

function isComment(line: string): boolean {
  return /^\s*#/.test(line);
}

function isEmpty(value: GoValue): boolean {
  if (value === null || value === "") return true;
  return Array.isArray(value) ? value.length === 0 : value instanceof Map && value.size === 0;
}

/** The first document of a text; undefined when it is no YAML. */
export function readOrNothing(text: string): GoValue | undefined {
  try {
    return readYaml(text).value;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}
