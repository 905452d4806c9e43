import { TemplateError } from "./error.ts";
import { definitionOf, depthError } from "./exec/compile.ts";
import { Frame } from "./exec/frame.ts";
import { FunctionError } from "./function.ts";
import type { Definition, Run, Scope, Value } from "./exec/frame.ts";
import type { FunctionTable } from "./function.ts";
import type { ParsedTemplate } from "./parse/parse.ts";
import { isStackOverflow } from "./stack-overflow.ts";
import { quoteGo } from "./strconv/quote.ts";
import { startTraced } from "./exec/traced.ts";
import type { TraceRecorder } from "./trace/recorder.ts";
import type { CallContext, GoValue } from "./value.ts";
import { tooManyCalls, workOf } from "./work.ts";

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
export class TemplateSet implements Scope {
  readonly options: CompileOptions;
  readonly #parent: TemplateSet | undefined;
  readonly #definitions = new Map<string, Definition>();

  constructor(options: CompileOptions, parent?: TemplateSet) {
    this.options = options;
    this.#parent = parent;
  }

  /** Adds all definitions; a later definition of a name replaces an earlier one unless its body is empty. */
  add(parsed: ParsedTemplate): void {
    const { functions, missingKey = "default" } = this.options;
    for (const [name, tree] of parsed.trees) {
      if (tree.isEmpty && this.has(name)) continue;
      this.#definitions.set(name, definitionOf(tree, functions, missingKey));
    }
  }

  has(name: string): boolean {
    return this.lookup(name) !== undefined;
  }

  /** Names of all definitions, sorted. */
  names(): string[] {
    const names = new Set(this.#definitions.keys());
    for (const name of this.#parent?.names() ?? []) names.add(name);
    return [...names].sort();
  }

  /** A child scope: definitions added to it win over this set's for everything executed through it, and stay in it. */
  overlay(): TemplateSet {
    return new TemplateSet(this.options, this);
  }

  /** The definition of a name, here or in a set below. */
  lookup(name: string): Definition | undefined {
    return this.#definitions.get(name) ?? this.#parent?.lookup(name);
  }

  /** The output of template `name` with `data` as dot. Throws `TemplateError`. */
  execute(name: string, data: GoValue, context: CallContext): string {
    const definition = this.lookup(name);
    if (!definition) throw this.#noTemplate(name);
    const dot = data === null ? undefined : data;
    const { tree } = definition;
    const run = { tree, node: tree.root, work: workOf(context) };
    const wrong = tooManyCalls(run.work);
    if (wrong !== undefined) throw new FunctionError(wrong);
    try {
      if (context.trace)
        return this.#executeTraced(definition.traced(), dot, { context, run, recorder: context.trace });
      const frame = new Frame(definition, dot, { scope: this, context, run, depth: -1 });
      definition.body()(frame, dot);
      return frame.text;
    } catch (error) {
      if (isStackOverflow(error)) throw depthError(run.tree, run.node);
      throw error;
    }
  }

  #executeTraced(
    definition: Definition,
    dot: Value,
    how: { context: CallContext; run: Run; recorder: TraceRecorder },
  ): string {
    const frame = new Frame(definition, dot, { ...how, scope: this, depth: -1 });
    startTraced(frame, how.recorder.touched.copy());
    definition.body()(frame, dot);
    const { text } = frame;
    how.recorder.finished(text, frame.trace!.spans);
    return text;
  }

  #noTemplate(name: string): TemplateError {
    const detail = `no template ${quoteGo(name)} associated with template ${quoteGo(this.options.name ?? "")}`;
    return new TemplateError({
      phase: "exec",
      message: `template: ${detail}`,
      parseName: "",
      templateName: name,
      line: 0,
      column: -1,
      nodeText: "",
      detail,
    });
  }
}
