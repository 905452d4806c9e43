import type { GoValue } from "@tiphys/gotemplate";
import { notPlain } from "./plain-quoted.ts";

/** What aliases may repeat in a document; go-yaml begins to ask for the share of aliases a little later (decode.go). */
const mostRepeated = 300;

/** The values that anchors name in one document. Each alias gives a copy, as a decoder makes it. */
export class Anchors {
  readonly #values = new Map<string, GoValue>();
  #repeated = 0;

  /** Reads what the anchor stands before. An alias in it would mean itself, whatever the name meant before. */
  define(name: string, read: () => GoValue): GoValue {
    this.#values.delete(name);
    const value = read();
    // A later anchor of the same name inside of it is none that anybody means.
    if (this.#values.has(name)) throw notPlain;
    this.#values.set(name, value);
    return value;
  }

  copy(name: string): GoValue {
    const value = this.#values.get(name);
    if (value === undefined) throw notPlain;
    return this.#copyOf(value);
  }

  #copyOf(value: GoValue): GoValue {
    if (++this.#repeated > mostRepeated) throw notPlain;
    if (Array.isArray(value)) return value.map((item) => this.#copyOf(item));
    if (!(value instanceof Map)) return value;
    const copy = new Map<string, GoValue>();
    for (const [key, item] of value) copy.set(key, this.#copyOf(item));
    return copy;
  }
}

/** What an alias behind `<<` names, where the map has no key of its own. */
export function setMissing(map: Map<string, GoValue>, merged: GoValue): void {
  if (!(merged instanceof Map)) throw notPlain;
  for (const [name, value] of merged) if (!map.has(name)) map.set(name, value);
}
