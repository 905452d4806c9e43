// Mirrors text/template/parse/parse.go, Go 1.26.
import { TemplateError } from "../error.ts";
import { builtinNames } from "../exec/builtin-names.ts";
import { formatGo } from "../fmt/print.ts";
import type { FunctionTable } from "../function.ts";
import { isStackOverflow } from "../stack-overflow.ts";
import { unquote } from "../strconv/unquote.ts";
import { itemText, Lexer } from "./lex.ts";
import type { Item, ItemKind } from "./lex.ts";
import { isEmptyTree, nodeText } from "./node.ts";
import type {
  ActionNode,
  BranchNode,
  CommandNode,
  ListNode,
  MarkNode,
  Node,
  NumberNode,
  Operand,
  PipeNode,
  TemplateNode,
  Tree,
  VariableNode,
} from "./node.ts";
import { newNumber } from "./number-node.ts";

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
}

/** Go's limit of nested parentheses. The JavaScript stack may end before. */
const maxStackDepth = 10000;

/** The parse tree of `text` (a byte string) and of its definitions. Throws `TemplateError` with Go's text. */
export function parseTemplate(name: string, text: string, options: ParseOptions): ParsedTemplate {
  const { functions } = options;
  const lexer = new Lexer(text, {
    leftDelimiter: options.delimiters?.[0] || "{{",
    rightDelimiter: options.delimiters?.[1] || "}}",
    breakIsKeyword: !functions.has("break"),
    continueIsKeyword: !functions.has("continue"),
  });
  const parsing: Parsing = { name, text, functions, lexer, trees: new Map() };
  const parser = new Parser(parsing);
  try {
    parser.parse();
  } catch (error) {
    if (isStackOverflow(error)) parser.fail("max expression depth exceeded");
    throw error;
  }
  return { name, trees: parsing.trees };
}

/** What the parsers of one text share. */
interface Parsing {
  readonly name: string;
  readonly text: string;
  readonly functions: FunctionTable;
  readonly lexer: Lexer;
  readonly trees: Map<string, Tree>;
}

const noDeclarations: readonly VariableNode[] = [];

/** `list` with one more item. Short lists get no room to grow, as `push` gives: a chart's trees have them by the ten thousand. */
function withItem<T>(list: readonly T[], item: T): readonly T[] {
  switch (list.length) {
    case 0:
      return [item];
    case 1:
      return [list[0]!, item];
    case 2:
      return [list[0]!, list[1]!, item];
    case 3:
      return [list[0]!, list[1]!, list[2]!, item];
  }
  (list as T[]).push(item);
  return list;
}

/** Parses one template of a text: the text itself, a `define` or a `block`. Each looks ahead on its own, as Go's Tree. */
class Parser {
  readonly #parsing: Parsing;
  /** Tokens read but put back; the last one comes next. */
  #pending: Item[] = [];
  /** The token read last; errors name its line. */
  #newest: Item = { kind: "eof", position: 0, value: "" };
  #variables = ["$"];
  /** Where the current action starts; -1 outside. */
  #actionPosition = -1;
  #rangeDepth = 0;
  #stackDepth = 0;

  constructor(parsing: Parsing) {
    this.#parsing = parsing;
  }

  #next(): Item {
    return this.#pending.pop() ?? (this.#newest = this.#parsing.lexer.next());
  }

  #backup(item: Item): void {
    this.#pending.push(item);
  }

  #peek(): Item {
    const item = this.#next();
    this.#pending.push(item);
    return item;
  }

  #nextNonSpace(): Item {
    let item = this.#next();
    while (item.kind === "space") item = this.#next();
    return item;
  }

  #peekNonSpace(): Item {
    const item = this.#nextNonSpace();
    this.#pending.push(item);
    return item;
  }

  /** Throws the parse error; `format` may hold verbs. */
  fail(format: string, ...args: string[]): never {
    const { name, lexer } = this.#parsing;
    const line = lexer.lineAt(this.#newest.position);
    throw new TemplateError({
      phase: "parse",
      // The name takes part in the formatting, as in Go.
      message: formatGo(`template: ${name}:${line}: ${format}`, args),
      parseName: name,
      templateName: name,
      line,
      column: -1,
      nodeText: "",
      detail: formatGo(format, args),
    });
  }

  #unexpected(item: Item, context: string): never {
    if (item.kind !== "error") this.fail("unexpected %s in %s", itemText(item), context);
    const { lexer, name } = this.#parsing;
    let extra = "";
    if (this.#actionPosition >= 0 && lexer.lineAt(this.#actionPosition) !== lexer.lineAt(item.position)) {
      extra = ` in action started at ${name}:${lexer.lineAt(this.#actionPosition)}`;
      if (item.value.endsWith(" action")) extra = extra.slice(" in action".length);
    }
    this.fail("%s%s", item.value, extra);
  }

  #expect(kind: ItemKind, context: string): Item {
    const item = this.#nextNonSpace();
    if (item.kind !== kind) this.#unexpected(item, context);
    return item;
  }

  /** The whole text: like an item list, but with definitions, up to the end. */
  parse(): void {
    const { position } = this.#peek();
    const nodes: Node[] = [];
    for (let item = this.#next(); item.kind !== "eof"; item = this.#next()) {
      if (item.kind === "leftDelimiter") {
        const word = this.#nextNonSpace();
        if (word.kind === "define") {
          new Parser(this.#parsing).#parseDefinition();
          continue;
        }
        this.#backup(word);
      }
      this.#backup(item);
      const node = this.#textOrAction();
      if (node.kind === "end" || node.kind === "else") this.fail("unexpected %s", nodeText(node));
      nodes.push(node);
    }
    this.#add(this.#parsing.name, { kind: "list", position, nodes: nodes.slice() });
  }

  /** `{{define "name"}} itemList {{end}}`; the keyword is past. */
  #parseDefinition(): void {
    const context = "define clause";
    const token = this.#nextNonSpace();
    if (token.kind !== "string" && token.kind !== "rawString") this.#unexpected(token, context);
    const name = this.#unquote(token);
    this.#expect("rightDelimiter", context);
    const [list, end] = this.#itemList();
    if (end.kind !== "end") this.fail("unexpected %s in %s", nodeText(end), context);
    this.#add(name, list);
  }

  #add(name: string, root: ListNode): void {
    const { name: parseName, text, trees } = this.#parsing;
    const existing = trees.get(name);
    if (!existing || isEmptyTree(existing.root)) trees.set(name, { name, parseName, text, root });
    else if (!isEmptyTree(root)) this.fail("template: multiple definition of template %q", name);
  }

  #unquote(item: Item): string {
    const text = unquote(item.value);
    if (text === undefined) this.fail("invalid syntax");
    return text;
  }

  /** textOrAction* up to `{{end}}` or `{{else}}`, which comes second. */
  #itemList(): [ListNode, MarkNode] {
    const { position } = this.#peekNonSpace();
    const nodes: Node[] = [];
    while (this.#peekNonSpace().kind !== "eof") {
      const node = this.#textOrAction();
      if (node.kind === "end" || node.kind === "else") return [{ kind: "list", position, nodes: nodes.slice() }, node];
      nodes.push(node);
    }
    this.fail("unexpected EOF");
  }

  #textOrAction(): MarkNode | Node {
    const item = this.#nextNonSpace();
    if (item.kind === "text") return { kind: "text", position: item.position, text: item.value };
    if (item.kind !== "leftDelimiter") this.#unexpected(item, "input");
    this.#actionPosition = item.position;
    const node = this.#action();
    this.#actionPosition = -1;
    return node;
  }

  /** A keyword's action or a pipeline; the left delimiter is past. */
  #action(): MarkNode | Node {
    const item = this.#nextNonSpace();
    switch (item.kind) {
      case "block":
        return this.#block();
      case "break":
      case "continue":
        return this.#breakOrContinue(item.kind, item.position);
      case "else":
        return this.#else();
      case "end":
        return { kind: "end", position: this.#expect("rightDelimiter", "end").position };
      case "if":
      case "range":
      case "with":
        return this.#branch(item.kind);
      case "template":
        return this.#template();
    }
    this.#backup(item);
    const { position } = this.#peek();
    // Variables stay until the end of the enclosing block.
    const action: ActionNode = { kind: "action", position, pipe: this.#pipeline("command", "rightDelimiter") };
    return action;
  }

  #breakOrContinue(kind: "break" | "continue", position: number): Node {
    const item = this.#nextNonSpace();
    if (item.kind !== "rightDelimiter") this.#unexpected(item, `{{${kind}}}`);
    if (this.#rangeDepth === 0) this.fail(`{{${kind}}} outside {{range}}`);
    return { kind, position };
  }

  /** `{{else}}`, or `{{else if …` and `{{else with …`, whose keyword is left for the branch. */
  #else(): MarkNode {
    const item = this.#peekNonSpace();
    if (item.kind === "if" || item.kind === "with") return { kind: "else", position: item.position };
    return { kind: "else", position: this.#expect("rightDelimiter", "else").position };
  }

  /** `{{if pipeline}} itemList [{{else}} itemList] {{end}}`, likewise range and with; the keyword is past. */
  #branch(kind: "if" | "range" | "with"): BranchNode {
    const variables = this.#variables.length;
    const pipe = this.#pipeline(kind, "rightDelimiter");
    if (kind === "range") this.#rangeDepth++;
    const [list, next] = this.#itemList();
    if (kind === "range") this.#rangeDepth--;
    let elseList: ListNode | undefined;
    if (next.kind === "else") {
      const follower = this.#peek();
      if (kind !== "range" && follower.kind === kind) {
        this.#next();
        elseList = { kind: "list", position: next.position, nodes: [this.#branch(kind)] };
      } else {
        let end: MarkNode;
        [elseList, end] = this.#itemList();
        if (end.kind !== "end") this.fail("expected end; found %s", nodeText(end));
      }
    }
    this.#variables.length = variables;
    return { kind, position: pipe.position, pipe, list, elseList };
  }

  /** `{{block "name" pipeline}} itemList {{end}}`: a definition and its use. */
  #block(): TemplateNode {
    const context = "block clause";
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context, "rightDelimiter");
    const body = new Parser(this.#parsing);
    const [list, end] = body.#itemList();
    if (end.kind !== "end") this.fail("unexpected %s in %s", nodeText(end), context);
    body.#add(name, list);
    return { kind: "template", position: token.position, name, pipe };
  }

  /** `{{template "name" [pipeline]}}` */
  #template(): TemplateNode {
    const context = "template clause";
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    let pipe: PipeNode | undefined;
    const next = this.#nextNonSpace();
    if (next.kind !== "rightDelimiter") {
      this.#backup(next);
      pipe = this.#pipeline(context, "rightDelimiter");
    }
    return { kind: "template", position: token.position, name, pipe };
  }

  #templateName(token: Item, context: string): string {
    if (token.kind !== "string" && token.kind !== "rawString") this.#unexpected(token, context);
    return this.#unquote(token);
  }

  /** declarations? command ("|" command)* */
  #pipeline(context: string, end: "rightDelimiter" | "rightParen"): PipeNode {
    const { position } = this.#peekNonSpace();
    const { declarations, isAssign } = this.#declarations(context);
    let commands: readonly CommandNode[] = [];
    for (;;) {
      const item = this.#nextNonSpace();
      switch (item.kind) {
        case end:
          this.#checkPipeline(commands, context);
          return { kind: "pipe", position, isAssign, declarations, commands };
        case "bool":
        case "charConstant":
        case "complex":
        case "dot":
        case "field":
        case "identifier":
        case "number":
        case "nil":
        case "rawString":
        case "string":
        case "variable":
        case "leftParen":
          this.#backup(item);
          commands = withItem(commands, this.#command());
          break;
        default:
          this.#unexpected(item, context);
      }
    }
  }

  /** `$x :=`, `$x =`, `$i, $x :=` … Whether a variable is declared or used shows only behind it. */
  #declarations(context: string): Pick<PipeNode, "declarations" | "isAssign"> {
    let declarations = noDeclarations;
    let isAssign = false;
    for (;;) {
      if (this.#peekNonSpace().kind !== "variable") return { declarations, isAssign };
      const variable = this.#next();
      const after = this.#peek();
      const next = this.#peekNonSpace();
      const isComma = next.kind === "char" && next.value === ",";
      if (next.kind !== "assign" && next.kind !== "declare" && !isComma) {
        if (after.kind === "space") this.#backup(after);
        this.#backup(variable);
        return { declarations, isAssign };
      }
      this.#nextNonSpace();
      if (!isComma) isAssign = next.kind === "assign";
      const node: VariableNode = { kind: "variable", position: variable.position, names: variable.value.split(".") };
      declarations = withItem(declarations, node);
      this.#variables.push(variable.value);
      if (!isComma) return { declarations, isAssign };
      if (context !== "range" || declarations.length >= 2) this.fail("too many declarations in %s", context);
      const follower = this.#peekNonSpace().kind;
      if (follower !== "variable" && follower !== "rightDelimiter" && follower !== "rightParen") {
        this.fail("range can only initialize variables");
      }
    }
  }

  #checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.fail("missing value for %s", context);
    for (let i = 1; i < commands.length; i++) {
      switch (commands[i]!.args[0]!.kind) {
        case "bool":
        case "dot":
        case "nil":
        case "number":
        case "string":
          this.fail(`non executable command in pipeline stage ${i + 1}`);
      }
    }
  }

  /** operand (space operand)*, up to a pipe (eaten) or a closing delimiter (left). */
  #command(): CommandNode {
    const { position } = this.#peekNonSpace();
    let args: readonly Operand[] = [];
    for (;;) {
      this.#peekNonSpace();
      const operand = this.#operand();
      if (operand) args = withItem(args, operand);
      const item = this.#next();
      if (item.kind === "space") continue;
      if (item.kind === "rightDelimiter" || item.kind === "rightParen") this.#backup(item);
      else if (item.kind !== "pipe") this.#unexpected(item, "operand");
      break;
    }
    if (args.length === 0) this.fail("empty command");
    return { kind: "command", position, args };
  }

  /** term .Field*; undefined when the next token is no operand. */
  #operand(): Operand | undefined {
    const node = this.#term();
    if (!node) return undefined;
    const { kind, position } = this.#peek();
    if (kind !== "field") return node;
    const fields: string[] = [];
    while (this.#peek().kind === "field") fields.push(this.#next().value.slice(1));
    switch (node.kind) {
      case "field":
      case "variable":
        // Go gives the longer node the place of its second element.
        return { kind: node.kind, position, names: node.names.concat(fields) };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        this.fail("unexpected . after term %q", nodeText(node));
    }
    return { kind: "chain", position, node, fields };
  }

  /** literal, function, `.`, `.Field`, `$`, or `(pipeline)`. */
  #term(): Operand | undefined {
    const item = this.#nextNonSpace();
    const { position, value } = item;
    switch (item.kind) {
      case "identifier":
        if (!this.#parsing.functions.has(value) && !builtinNames.has(value))
          this.fail("function %q not defined", value);
        return { kind: "identifier", position, name: value };
      case "dot":
        return { kind: "dot", position };
      case "nil":
        return { kind: "nil", position };
      case "variable":
        return this.#useVariable(position, value);
      case "field":
        return { kind: "field", position, names: [value.slice(1)] };
      case "bool":
        return { kind: "bool", position, value: value === "true" };
      case "charConstant":
      case "complex":
      case "number":
        return this.#number(position, value, item.kind);
      case "leftParen":
        return this.#parenthesized();
      case "string":
      case "rawString":
        return { kind: "string", position, quoted: value, text: this.#unquote(item) };
    }
    this.#backup(item);
    return undefined;
  }

  #number(position: number, text: string, kind: "charConstant" | "complex" | "number"): NumberNode {
    const number = newNumber(position, text, kind);
    if (typeof number === "string") this.fail("%s", number);
    return number;
  }

  #parenthesized(): PipeNode {
    if (this.#stackDepth >= maxStackDepth) this.fail("max expression depth exceeded");
    this.#stackDepth++;
    const pipe = this.#pipeline("parenthesized pipeline", "rightParen");
    this.#stackDepth--;
    return pipe;
  }

  #useVariable(position: number, name: string): VariableNode {
    if (!this.#variables.includes(name)) this.fail("undefined variable %q", name);
    return { kind: "variable", position, names: [name] };
  }
}
