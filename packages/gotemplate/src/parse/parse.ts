import { builtinNames } from "../exec/builtin-names.ts";
import type { FunctionTable } from "../function.ts";
import { isStackOverflow } from "../stack-overflow.ts";
import { buildList } from "./build.ts";
import { Checker, type CheckedList } from "./check.ts";
import { lex } from "./lex.ts";
import type { Tree } from "./node.ts";

/** How text is read as a template. */
export interface ParseOptions {
  /** Functions that templates may name, besides Go's builtins. */
  readonly functions: FunctionTable;
  /** Action delimiters; default `{{` and `}}`. */
  readonly delimiters?: readonly [string, string];
}

/** A parsed text with its definitions; immutable, so it may be kept and added to any number of sets. */
export interface ParsedTemplate {
  /** The name of the text itself. */
  readonly name: string;
  /** The text and its definitions by name. */
  readonly trees: ReadonlyMap<string, Tree>;
  /** Whether the text defines a template under its own name. */
  readonly definesItself: boolean;
}

/** The parse tree of `text` (a byte string) and of its definitions. Throws `TemplateError` with Go's text. */
export function parseTemplate(name: string, text: string, options: ParseOptions): ParsedTemplate {
  const { functions } = options;
  const tokens = lex(text, {
    leftDelimiter: options.delimiters?.[0] || "{{",
    rightDelimiter: options.delimiters?.[1] || "}}",
    isFunction: (word) => functions.has(word) || builtinNames.has(word),
    breakIsKeyword: !functions.has("break"),
    continueIsKeyword: !functions.has("continue"),
  });
  const checker = new Checker(name, tokens);
  let lists: ReadonlyMap<string, CheckedList>;
  try {
    lists = checker.check();
  } catch (error) {
    if (isStackOverflow(error)) checker.fail("max expression depth exceeded");
    throw error;
  }
  const trees = new Map<string, Tree>();
  for (const [treeName, { start, end, isEmpty }] of lists)
    trees.set(treeName, { name: treeName, parseName: name, text, root: buildList(tokens, start, end), isEmpty });
  return { name, trees, definesItself: checker.definesItself };
}

/** The same text parsed under another name, what is read shared; undefined where it has a definition of either name. */
export function renameTemplate(parsed: ParsedTemplate, name: string): ParsedTemplate | undefined {
  if (parsed.definesItself || parsed.trees.has(name)) return undefined;
  const trees = new Map<string, Tree>();
  for (const tree of parsed.trees.values()) {
    const treeName = tree.name === parsed.name ? name : tree.name;
    trees.set(treeName, { ...tree, name: treeName, parseName: name });
  }
  return { name, trees, definesItself: false };
}
