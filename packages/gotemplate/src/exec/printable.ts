// Mirrors printableValue of text/template/exec.go, Go 1.26.
import { printValue } from "../fmt/print.ts";
import { isGoFunction } from "../reflect.ts";
import { GoObject } from "../value.ts";
import type { GoValue } from "../value.ts";
import type { Value } from "./frame.ts";

/** A pointer to a struct prints as the struct. */
class Pointed extends GoObject {
  readonly goType: string;
  readonly goKind = "struct";
  readonly #target: GoObject;
  constructor(target: GoObject) {
    super();
    this.#target = target;
    this.goType = target.goType.slice(1);
  }
  override goField(name: string): GoValue | undefined {
    return this.#target.goField(name);
  }
  override goFieldNames(): readonly string[] {
    return this.#target.goFieldNames();
  }
  override goPrintedFields(): readonly (readonly [name: string, value: GoValue])[] {
    return this.#target.goPrintedFields();
  }
  override goString(): string | undefined {
    return this.#target.goString();
  }
}

/** What a pointer points to; everything else as it is. */
export function indirect(value: GoValue): GoValue {
  return value instanceof GoObject && value.goKind === "ptr" ? new Pointed(value) : value;
}

/** What to hand to a printer for a value; undefined for functions, which do not print. */
export function printable(value: Value): GoValue | undefined {
  if (value === undefined || value === null) return "<no value>";
  if (isGoFunction(value)) return undefined;
  if (value instanceof GoObject && value.goString() === undefined) {
    const text = value.goPointerString();
    if (text !== undefined) return text;
    if (value.goKind === "func") return undefined;
    if (value.goKind === "ptr") return new Pointed(value);
  }
  return value;
}

/** The text that an action puts out for a value; undefined when it does not print. */
export function outputText(value: Value): string | undefined {
  if (value === undefined || value === null) return "<no value>";
  if (typeof value !== "object" || Array.isArray(value) || value instanceof Map) return printValue(value);
  const shown = printable(value);
  return shown === undefined ? undefined : printValue(shown);
}
