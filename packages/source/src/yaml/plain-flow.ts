import type { GoValue } from "@tiphys/gotemplate";
import { notPlain } from "./plain-quoted.ts";

/** Deeper brackets are left to the exact parser. */
const mostLevels = 20;

/** What a collection in brackets is made of, with the blanks behind it: a bracket or comma, a word, a text in quotes; the colon behind a key. */
const part = /(?:([[\]{},])|([\w./](?:[\w./-]|:(?=[\w./]))*)|"([^"\\\n\t]*)"|'([^'\n\t]*)')(?:(: +)| *)/y;

/** A scalar without quotes, resolved. */
type Resolve = (text: string) => GoValue;

/** Reads collections in brackets that are one line of words, texts in quotes and pairs (`{a: 1, b: [c, "d"]}`); all else is not plain. */
export class FlowReader {
  readonly #text: string;
  readonly #resolve: Resolve;
  /** Behind what has been read. */
  end: number;
  #levels = 0;

  constructor(text: string, start: number, resolve: Resolve) {
    this.#text = text;
    this.end = start;
    this.#resolve = resolve;
  }

  /** The collection that begins at `end`. */
  collection(): GoValue {
    return this.#next()[1] === "[" ? this.#sequence() : this.#mapping();
  }

  #next(): RegExpExecArray {
    part.lastIndex = this.end;
    const found = part.exec(this.#text);
    if (found === null || (found[1] !== undefined && found[5] !== undefined)) throw notPlain;
    this.end = part.lastIndex;
    return found;
  }

  #sequence(): GoValue[] {
    const items: GoValue[] = [];
    let first = this.#next();
    if (first[1] === "]") return items;
    for (;;) {
      if (first[5] !== undefined) throw notPlain;
      items.push(this.#value(first));
      if (this.#isLast("]")) return items;
      first = this.#next();
    }
  }

  #mapping(): Map<string, GoValue> {
    const map = new Map<string, GoValue>();
    let key = this.#next();
    if (key[1] === "}") return map;
    for (;;) {
      const name = key[2] ?? key[3] ?? key[4];
      if (name === undefined || key[5] === undefined || name === "<<" || map.has(name)) throw notPlain;
      if (key[2] !== undefined && this.#resolve(name) !== name) throw notPlain;
      const value = this.#next();
      if (value[5] !== undefined) throw notPlain;
      map.set(name, this.#value(value));
      if (this.#isLast("}")) return map;
      key = this.#next();
    }
  }

  /** Whether the collection ends behind the value that was read. */
  #isLast(bracket: string): boolean {
    const found = this.#next()[1];
    if (found !== bracket && found !== ",") throw notPlain;
    return found === bracket;
  }

  #value(found: RegExpExecArray): GoValue {
    if (found[2] !== undefined) return this.#resolve(found[2]);
    if (found[1] === undefined) return found[3] ?? found[4]!;
    if (++this.#levels > mostLevels) throw notPlain;
    const value = found[1] === "[" ? this.#sequence() : found[1] === "{" ? this.#mapping() : undefined;
    if (value === undefined) throw notPlain;
    this.#levels--;
    return value;
  }
}
