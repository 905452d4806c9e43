import { RE2JS } from "re2js";
import { fromByteString, toByteString } from "@tiphys/gotemplate";
import type { Pattern } from "./schema-node.ts";

/** A pattern that RE2 refuses; `message` is Go's text. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

const compiled = new Map<string, Pattern>();

/** Compiles a pattern of Go's regexp on byte strings. Throws `PatternError`. */
export function compilePattern(source: string): Pattern {
  let pattern = compiled.get(source);
  if (!pattern) {
    let expression: RE2JS;
    try {
      expression = RE2JS.compile(fromByteString(source));
    } catch (error) {
      throw new PatternError(toByteString(error instanceof Error ? error.message : String(error)));
    }
    pattern = { source, matches: (text) => expression.matcher(fromByteString(text)).find() };
    if (compiled.size > 10_000) compiled.clear();
    compiled.set(source, pattern);
  }
  return pattern;
}
