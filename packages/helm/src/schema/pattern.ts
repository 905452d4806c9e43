import { FunctionError } from "@tiphys/gotemplate";
import { compileGoRegexp } from "@tiphys/gotemplate/sprig";
import type { Pattern } from "./schema-node.ts";

/** A pattern that Go's regexp refuses; `message` is Go's text. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** Compiles a pattern of Go's regexp on byte strings. Throws `PatternError`. */
export function compilePattern(source: string): Pattern {
  try {
    const expression = compileGoRegexp(source);
    return { source, matches: (text) => expression.matches(text) };
  } catch (error) {
    if (error instanceof FunctionError) throw new PatternError(error.message);
    throw error;
  }
}
