import {
  type CallContext,
  FunctionError,
  type FunctionTable,
  type GoValue,
  parseTemplate,
  quoteGo,
  TemplateError,
  TemplateSet,
} from "@tiphys/gotemplate";
import { ArgoError, ArgoPanic } from "../fault.ts";
import { applicationSetFunctions, type TplScope } from "./functions.ts";

/** Puts parameters into a text; throws `ArgoError` with upstream's text. */
export type Replace = (text: string, params: ReadonlyMap<string, GoValue>) => string;

/** What templates may see of the world: `now`, time zone and randomness; the environment stays hidden. */
export type TemplateContext = Omit<CallContext, "engine" | "environment">;

export interface ReplacerOptions {
  readonly goTemplate: boolean;
  readonly goTemplateOptions: readonly string[];
  /** Whether templates know `tpl` (since 3.6). */
  readonly hasTpl: boolean;
  readonly context: TemplateContext;
}

/** Render.Replace of applicationset/utils/utils.go for one ApplicationSet; compiled texts are kept. */
export class Replacer {
  readonly replace: Replace;
  /** The same with missingkey=error, which generators' `values` are resolved with first. */
  readonly replaceStrictly: Replace;

  constructor(options: ReplacerOptions) {
    if (!options.goTemplate) {
      this.replace = replaceTags;
      this.replaceStrictly = replaceTags;
      return;
    }
    const strict = options.goTemplateOptions.filter((option) => !option.startsWith("missingkey="));
    this.replace = goTemplateReplace(options.goTemplateOptions, options);
    this.replaceStrictly = goTemplateReplace([...strict, "missingkey=error"], options);
  }
}

const tagged = /\{\{[^\n]*\}\}/;

/** The older form, valyala/fasttemplate: `{{key}}` becomes the parameter if that is a string, else it stays. */
function replaceTags(text: string, params: ReadonlyMap<string, GoValue>): string {
  if (!tagged.test(text)) return text;
  let out = "";
  let rest = text;
  for (;;) {
    const start = rest.indexOf("{{");
    if (start < 0) return out + rest;
    out += rest.slice(0, start);
    rest = rest.slice(start + 2);
    const end = rest.indexOf("}}");
    if (end < 0) {
      throw new ArgoError(
        `invalid template: Cannot find end tag="}}" in the template=${quoteGo(text)} starting from ${quoteGo(rest)}`,
      );
    }
    const tag = rest.slice(0, end);
    const name = trimSpace(tag);
    const value = params.get(name);
    out += name !== "" && typeof value === "string" ? value : `{{${tag}}}`;
    rest = rest.slice(end + 2);
  }
}

function trimSpace(text: string): string {
  return text.replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, "");
}

/** A text ready to be executed, with the context that its executions share. */
interface Compiled {
  readonly set: TemplateSet;
  readonly context: CallContext;
  readonly scope: TplScope;
}

function goTemplateReplace(options: readonly string[], { context, hasTpl }: ReplacerOptions): Replace {
  const compiled = new Map<string, Compiled>();
  let missingKey: MissingKey | undefined;
  const compile = (text: string): Compiled => {
    const set = templateSet(text, missingKey!, hasTpl);
    const scope: TplScope = { depth: 0, render: (inner, data) => renderTpl(set, inner, data, running) };
    const running: CallContext = { ...context, environment, engine: scope };
    return { set, context: running, scope };
  };
  return (text, params) => {
    missingKey ??= parseOptions(options);
    if (!text.includes("{{")) return text;
    let entry = compiled.get(text);
    if (!entry) {
      entry = compile(text);
      compiled.set(text, entry);
    }
    entry.scope.depth = 0;
    try {
      return entry.set.execute("base", params as Map<string, GoValue>, entry.context);
    } catch (error) {
      if (error instanceof TemplateError)
        throw new ArgoError(`failed to execute go template ${text}: ${error.message}`);
      throw error;
    }
  };
}

type MissingKey = "default" | "zero" | "error";

/** Texts that were compiled, by option and version: ApplicationSets of one estate share most of theirs. */
const templateSets = new Map<string, Map<string, TemplateSet>>();
const mostTemplateSets = 4096;

function templateSet(text: string, missingKey: MissingKey, hasTpl: boolean): TemplateSet {
  const kind = `${missingKey} ${hasTpl}`;
  let known = templateSets.get(kind);
  if (!known) templateSets.set(kind, (known = new Map()));
  let set = known.get(text);
  if (!set) {
    const functions = functionTable(hasTpl);
    set = new TemplateSet({ functions, missingKey, name: "base" });
    set.add(parse(text, functions));
    if (known.size >= mostTemplateSets) known.clear();
    known.set(text, set);
  }
  return set;
}

const environment: ReadonlyMap<string, string> = new Map();

const tables = new Map<boolean, FunctionTable>();

/** One table for all ApplicationSets of a version, so that compiled texts can be shared. */
function functionTable(hasTpl: boolean): FunctionTable {
  let table = tables.get(hasTpl);
  if (!table) {
    table = applicationSetFunctions(hasTpl);
    tables.set(hasTpl, table);
  }
  return table;
}

function parse(text: string, table: FunctionTable) {
  try {
    return parseTemplate("base", text, { functions: table });
  } catch (error) {
    if (error instanceof TemplateError) throw new ArgoError(`failed to parse template ${text}: ${error.message}`);
    throw error;
  }
}

/** template_functions.go, tplFun: the text sees the definitions of the template that calls it and has its name. */
function renderTpl(parent: TemplateSet, text: string, data: GoValue, context: CallContext): string {
  if (!text.includes("{{")) return text;
  let child: TemplateSet;
  try {
    child = parent.overlay();
    child.add(parseTemplate("base", text, { functions: parent.options.functions }));
  } catch (error) {
    if (error instanceof TemplateError)
      throw new FunctionError(`cannot parse template ${quoteGo(text)}: ${error.message}`);
    throw error;
  }
  try {
    return child.execute("base", data, context);
  } catch (error) {
    if (error instanceof TemplateError)
      throw new FunctionError(`error during tpl function execution for ${quoteGo(text)}: ${error.message}`);
    throw error;
  }
}

/** text/template's Template.Option; a later option wins, an unknown one panics. */
function parseOptions(options: readonly string[]): MissingKey {
  let missingKey: MissingKey = "default";
  for (const option of options) {
    if (option === "") throw new ArgoPanic("empty option string");
    const [name, value, ...more] = option.split("=");
    if (name !== "missingkey" || more.length > 0) throw new ArgoPanic(`unrecognized option: ${option}`);
    if (value === "default" || value === "invalid") missingKey = "default";
    else if (value === "zero" || value === "error") missingKey = value;
    else throw new ArgoPanic(`unrecognized option: ${option}`);
  }
  return missingKey;
}
