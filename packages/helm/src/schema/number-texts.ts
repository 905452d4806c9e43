import { decodeJsonAt } from "@tiphys/gotemplate/sprig";
import type { GoValue } from "@tiphys/gotemplate";
import { lookupPointer } from "./resource.ts";

/** The numbers of a schema as they are written, which Go keeps and prints. Read when first asked for. */
export class NumberTexts {
  readonly #schema: string;
  readonly #texts: string[] = [];
  /** The schema with the index of its text in place of each number. */
  #indexes: GoValue | undefined;

  /** Texts of valid JSON (a byte string). */
  constructor(schema: string) {
    this.#schema = schema;
  }

  /** The text of the number at a JSON pointer; undefined where none is. */
  at(pointer: string): string | undefined {
    this.#indexes ??= decodeJsonAt(this.#schema, 0, { makeNumber: (text) => this.#texts.push(text) - 1 })!.value;
    const index = lookupPointer(this.#indexes, pointer);
    return typeof index === "number" ? this.#texts[index] : undefined;
  }
}
