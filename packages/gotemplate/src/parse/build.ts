// Mirrors the trees of text/template/parse/parse.go, Go 1.26.
import { unquote } from "../strconv/unquote.ts";
import type {
  BranchNode,
  CommandNode,
  ListNode,
  Node,
  NumberNode,
  Operand,
  PipeNode,
  TemplateNode,
  VariableNode,
} from "./node.ts";
import { newNumber } from "./number-node.ts";
import {
  ASSIGN,
  BLOCK,
  BOOL,
  BREAK,
  CHAR,
  CONTINUE,
  DECLARE,
  DEFINE,
  DOT,
  ELSE,
  FIELD,
  IDENTIFIER,
  IF,
  LEFT_PAREN,
  linkOf,
  NIL,
  PIPE,
  PLAIN_STRING,
  positionOf,
  RANGE,
  RAW_STRING,
  RIGHT_DELIMITER,
  RIGHT_PAREN,
  SPACE,
  STRING,
  TEMPLATE,
  TEXT,
  tokenSize,
  VARIABLE,
  valueOf,
  WITH,
  type Tokens,
} from "./token.ts";

/** The list of a template, from token `start` to token `end`, of tokens that a `Checker` has found right. Its nodes are made when they are asked for. */
export function buildList(tokens: Tokens, start: number, end: number): ListNode {
  return new LazyList(tokens, start, end);
}

/** Most lists of a chart never run, so nobody asks for their nodes. */
class LazyList implements ListNode {
  readonly kind = "list";
  readonly position: number;
  #tokens: Tokens | undefined;
  readonly #start: number;
  readonly #end: number;
  #nodes: readonly Node[] | undefined;

  constructor(tokens: Tokens, start: number, end: number) {
    this.position = positionOf(tokens, start);
    this.#tokens = tokens;
    this.#start = start;
    this.#end = end;
  }

  get nodes(): readonly Node[] {
    if (this.#nodes === undefined) {
      this.#nodes = new Builder(this.#tokens!, this.#start).nodes(this.#end);
      this.#tokens = undefined;
    }
    return this.#nodes;
  }
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

/** Reads checked tokens, one list at a time: the lists inside are stepped over. */
class Builder {
  readonly #tokens: Tokens;
  readonly #data: Int32Array;
  #at: number;

  constructor(tokens: Tokens, start: number) {
    this.#tokens = tokens;
    this.#data = tokens.data;
    this.#at = start;
  }

  nodes(end: number): Node[] {
    const nodes: Node[] = [];
    while (this.#at < end) {
      const node = this.#node();
      if (node !== undefined) nodes.push(node);
    }
    return nodes.slice();
  }

  /** The next token that is no space. */
  #next(): number {
    let token = this.#at;
    if (this.#data[token] === SPACE) token += tokenSize;
    this.#at = token + tokenSize;
    return token;
  }

  #peek(): number {
    const token = this.#at;
    return this.#data[token] === SPACE ? (this.#at = token + tokenSize) : token;
  }

  #value(token: number): string {
    return valueOf(this.#tokens, token);
  }

  /** The place of the next token that is no space. */
  #position(): number {
    return positionOf(this.#tokens, this.#peek());
  }

  /** Text or an action; undefined for a definition, which stands apart. */
  #node(): Node | undefined {
    const token = this.#next();
    const position = positionOf(this.#tokens, token);
    if (this.#data[token] === TEXT) return { kind: "text", position, text: this.#value(token) };
    const word = this.#next();
    const wordKind = this.#data[word]!;
    switch (wordKind) {
      case DEFINE:
        this.#at = linkOf(this.#tokens, word);
        return undefined;
      case BLOCK:
        return this.#block();
      case BREAK:
      case CONTINUE:
        this.#next();
        return { kind: wordKind === BREAK ? "break" : "continue", position: positionOf(this.#tokens, word) };
      case IF:
      case RANGE:
      case WITH:
        return this.#branch(wordKind);
      case TEMPLATE:
        return this.#template();
    }
    this.#at = word;
    const pipe = this.#pipe();
    return { kind: "action", position: pipe.position, pipe };
  }

  /** A list that starts here; what comes next is behind it. */
  #list(): ListNode {
    const start = this.#at;
    const end = linkOf(this.#tokens, start);
    this.#at = end;
    return new LazyList(this.#tokens, start, end);
  }

  /** `if`, `range` or `with`; the keyword is past. */
  #branch(keyword: number): BranchNode {
    const pipe = this.#pipe();
    const list = this.#list();
    const kind = keyword === IF ? "if" : keyword === RANGE ? "range" : "with";
    return { kind, position: pipe.position, pipe, list, elseList: this.#else(keyword) };
  }

  /** The other list of a branch, up to behind its `{{end}}`. */
  #else(keyword: number): ListNode | undefined {
    this.#next();
    const mark = this.#next();
    const follower = this.#next();
    if (this.#data[mark] !== ELSE) return undefined;
    if (keyword !== RANGE && this.#data[follower] === keyword) {
      const node = this.#branch(keyword);
      return { kind: "list", position: positionOf(this.#tokens, follower), nodes: [node] };
    }
    const list = this.#list();
    // The marks of the end.
    this.#next();
    this.#next();
    this.#next();
    return list;
  }

  #block(): TemplateNode {
    const token = this.#next();
    const pipe = this.#pipe();
    this.#list();
    this.#next();
    this.#next();
    this.#next();
    return { kind: "template", position: positionOf(this.#tokens, token), name: unquote(this.#value(token))!, pipe };
  }

  #template(): TemplateNode {
    const token = this.#next();
    const hasPipe = this.#data[this.#peek()] !== RIGHT_DELIMITER;
    if (!hasPipe) this.#next();
    return {
      kind: "template",
      position: positionOf(this.#tokens, token),
      name: unquote(this.#value(token))!,
      pipe: hasPipe ? this.#pipe() : undefined,
    };
  }

  /** A pipeline and the delimiter or parenthesis behind it. */
  #pipe(): PipeNode {
    const position = this.#position();
    let declarations = noDeclarations;
    let isAssign = false;
    while (this.#data[this.#peek()] === VARIABLE) {
      const variable = this.#next();
      const kind = this.#data[this.#peek()]!;
      if (kind !== ASSIGN && kind !== DECLARE && kind !== CHAR) {
        this.#at = variable;
        break;
      }
      this.#next();
      isAssign = kind === ASSIGN;
      const names = [this.#value(variable)];
      declarations = withItem(declarations, { kind: "variable", position: positionOf(this.#tokens, variable), names });
      if (kind !== CHAR) break;
    }
    let commands: readonly CommandNode[] = [];
    for (;;) {
      const kind = this.#data[this.#peek()];
      if (kind === RIGHT_DELIMITER || kind === RIGHT_PAREN) break;
      commands = withItem(commands, this.#command());
    }
    this.#at += tokenSize;
    return { kind: "pipe", position, isAssign, declarations, commands };
  }

  /** One command and the pipe behind it. */
  #command(): CommandNode {
    const position = this.#position();
    let args: readonly Operand[] = [];
    for (;;) {
      const token = this.#peek();
      const kind = this.#data[token];
      if (kind === RIGHT_DELIMITER || kind === RIGHT_PAREN) break;
      this.#at += tokenSize;
      if (kind === PIPE) break;
      args = withItem(args, this.#operand(token));
    }
    return { kind: "command", position, args };
  }

  #operand(token: number): Operand {
    const node = this.#term(token);
    let field = this.#at;
    if (this.#data[field] !== FIELD) return node;
    const position = positionOf(this.#tokens, field);
    const fields: string[] = [];
    for (; this.#data[field] === FIELD; field += tokenSize) fields.push(this.#fieldName(field));
    this.#at = field;
    // Go gives the longer node the place of its second element.
    if (node.kind === "field" || node.kind === "variable")
      return { kind: node.kind, position, names: node.names.concat(fields) };
    return { kind: "chain", position, node, fields };
  }

  #fieldName(token: number): string {
    return this.#tokens.text.slice(this.#data[token + 1]! + 1, this.#data[token + 2]);
  }

  #term(token: number): Operand {
    const position = positionOf(this.#tokens, token);
    const kind = this.#data[token]!;
    switch (kind) {
      case IDENTIFIER:
        return { kind: "identifier", position, name: this.#value(token) };
      case DOT:
        return { kind: "dot", position };
      case NIL:
        return { kind: "nil", position };
      case VARIABLE:
        return { kind: "variable", position, names: [this.#value(token)] };
      case FIELD:
        return { kind: "field", position, names: [this.#fieldName(token)] };
      case BOOL:
        return { kind: "bool", position, value: this.#value(token) === "true" };
      case LEFT_PAREN:
        return this.#pipe();
      case PLAIN_STRING:
      case STRING:
      case RAW_STRING: {
        const quoted = this.#value(token);
        return { kind: "string", position, quoted, text: unquote(quoted)! };
      }
    }
    return newNumber(position, this.#value(token), kind) as NumberNode;
  }
}
