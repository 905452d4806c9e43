import type { FunctionTable } from "./function.ts";
import type { ParsedTemplate } from "./parse/parse.ts";
import type { CallContext, GoValue } from "./value.ts";

/** How a set of templates is compiled. */
export interface CompileOptions {
  /** The functions that templates may call, besides Go's builtins. One table object for many sets lets them share compiled code. */
  readonly functions: FunctionTable;
  /** Go's `missingkey` option. Default: `default`. */
  readonly missingKey?: "default" | "zero" | "error";
  /** The name of the set's own template, as Go's `template.New(name)`; only error texts show it. */
  readonly name?: string;
}

/** Linked templates, like those that share Go's `common`. */
export class TemplateSet {
  readonly options: CompileOptions;
  constructor(options: CompileOptions) {
    this.options = options;
  }
  /** Adds all definitions; a later definition of a name replaces an earlier one unless its body is empty. */
  add(_parsed: ParsedTemplate): void {
    throw new Error("not yet");
  }
  has(_name: string): boolean {
    throw new Error("not yet");
  }
  /** Names of all definitions, sorted. */
  names(): string[] {
    throw new Error("not yet");
  }
  /** A child scope: definitions added to it win over this set's for everything executed through it, and stay in it. */
  overlay(): TemplateSet {
    throw new Error("not yet");
  }
  /** The output of template `name` with `data` as dot. Throws `TemplateError`. */
  execute(_name: string, _data: GoValue, _context: CallContext): string {
    throw new Error("not yet");
  }
}
