import {
  chargeParsing,
  FunctionError,
  quoteGo,
  TemplateError,
  type CallContext,
  type FunctionTable,
  type GoValue,
  type ParsedTemplate,
  type TemplateSet,
} from "@tiphys/gotemplate";

/** How deep one named template may include itself before Helm stops (pkg/engine/engine.go). */
const recursionMaxNums = 1000;

/** Calls of `tpl` in each other. Helm has no limit of its own: Go's stack overflows and the process dies. */
const maxTplDepth = 1000;

/** Parses a text once for each content; see `HelmEngine`. */
export type ParseCache = (name: string, text: string, functions: FunctionTable) => ParsedTemplate;

/** The templates that see each other during one render, and how deep they are in each other. */
export class RenderState {
  /** The set that `include` looks into: the chart's, or the innermost running tpl's. */
  #set: TemplateSet;
  readonly #parse: ParseCache;
  #tplDepth = 0;
  readonly #depths = new Map<string, number>();
  #context: CallContext | undefined;

  constructor(set: TemplateSet, parse: ParseCache) {
    this.#set = set;
    this.#parse = parse;
  }

  /** The context must know the state and the state the context. */
  attach(context: CallContext): void {
    this.#context = context;
  }

  /** `includeFun`: the output of the named template as it is, `<no value>` included. */
  include(name: string, data: GoValue): string {
    const depth = this.#depths.get(name) ?? 0;
    if (depth > recursionMaxNums) {
      throw new FunctionError(`rendering template has a nested reference name: ${name}: unable to execute template`);
    }
    this.#depths.set(name, depth + 1);
    try {
      return this.#set.execute(name, data, this.#context!);
    } finally {
      this.#depths.set(name, depth);
    }
  }

  /**
   * `tplFun`: Go clones the whole set so that definitions in `text` are seen by all that runs under this call, and by
   * nothing else. Here they lie in a scope over the set.
   */
  tpl(text: string, data: GoValue): string {
    if (!text.includes("{{")) return text.replaceAll("<no value>", "");
    if (this.#tplDepth >= maxTplDepth)
      throw new FunctionError(`unsupported: tpl calls nested deeper than ${maxTplDepth}`);
    chargeParsing(this.#context!);
    this.#tplDepth++;
    try {
      return this.#executeText(text, data);
    } finally {
      this.#tplDepth--;
    }
  }

  #executeText(text: string, data: GoValue): string {
    const outer = this.#set;
    const { functions, name = "gotpl" } = outer.options;
    let parsed: ParsedTemplate;
    try {
      parsed = this.#parse(name, text, functions);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw wrapped(`cannot parse template ${quoteGo(text)}: ${error.message}`, error);
    }
    this.#context!.trace?.inline(parsed);
    const scope = outer.overlay();
    scope.add(parsed);
    this.#set = scope;
    try {
      return scope.execute(name, data, this.#context!).replaceAll("<no value>", "");
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw wrapped(`error during tpl function execution for ${quoteGo(text)}: ${error.message}`, error);
    } finally {
      this.#set = outer;
    }
  }
}

/** The text of an error may hold that of every tpl around it; past this it only names the innermost. */
const maxErrorLength = 64 * 1024;

function wrapped(message: string, cause: TemplateError): FunctionError | TemplateError {
  if (message.length > maxErrorLength) return cause;
  const error = new FunctionError(message);
  error.cause = cause;
  return error;
}
