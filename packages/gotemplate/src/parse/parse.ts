import type { FunctionTable } from "../function.ts";

/** How text is read as a template. */
export interface ParseOptions {
  /** Functions that templates may name, besides Go's builtins. */
  readonly functions: FunctionTable;
  /** Action delimiters; default `{{` and `}}`. */
  readonly delimiters?: readonly [string, string];
}

/** A parsed text with its definitions; immutable, so it may be kept and added to any number of sets. */
export interface ParsedTemplate {
  readonly name: string;
  readonly trees: ReadonlyMap<string, unknown>;
}

/** The parse tree of `text` (a byte string) and of its definitions. Throws `TemplateError` with Go's text. */
export function parseTemplate(_name: string, _text: string, _options: ParseOptions): ParsedTemplate {
  throw new Error("not yet");
}
