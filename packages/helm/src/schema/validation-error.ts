import { quoteGo } from "@tiphys/gotemplate";
import { escapePointer } from "./resource.ts";

/** Why a value does not fit a schema: a tree as the library builds it (validator.go, kind.go). */
export interface ValidationError {
  /** Names and indexes from the root of the values. */
  readonly location: readonly string[];
  readonly message: string;
  /** `group` joins the errors of one schema, `reference` those behind a `$ref`; both can vanish in print. */
  readonly kind: "group" | "reference" | "keyword";
  readonly causes: readonly ValidationError[];
}

/** The error as the library prints it, with its first line. */
export function printValidation(schemaLocation: string, error: ValidationError): string {
  const causes = error.kind === "group" ? error.causes : [error];
  let text = `jsonschema validation failed with ${quoteSingle(schemaLocation)}`;
  for (const cause of causes) text += print(cause, 1);
  return text;
}

function print(error: ValidationError, indent: number): string {
  if (error.kind === "reference" && error.causes.length === 1) return print(error.causes[0]!, indent);
  const pointer = error.location.map((token) => `/${escapePointer(token)}`).join("");
  let text = `\n${"  ".repeat(indent - 1)}- at ${quoteSingle(pointer)}: ${error.message}`;
  for (const cause of error.causes) text += print(cause, indent + 1);
  return text;
}

/** The library's `quote`: Go's %q in single quotes. A backslash at the end loses its second one to the quote behind it. */
export function quoteSingle(text: string): string {
  return `'${quoteGo(text).replaceAll('\\"', '"').replaceAll("'", "\\'").slice(1, -1)}'`;
}
