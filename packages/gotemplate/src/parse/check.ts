// Mirrors the errors of text/template/parse/parse.go, Go 1.26.
import { TemplateError } from "../error.ts";
import { formatGo } from "../fmt/print.ts";
import { unquote } from "../strconv/unquote.ts";
import { isBlank } from "./node.ts";
import { newNumber } from "./number-node.ts";
import {
  ASSIGN,
  BLOCK,
  BOOL,
  BREAK,
  CHAR,
  CHAR_CONSTANT,
  COMPLEX,
  CONTINUE,
  DECLARE,
  DEFINE,
  DOT,
  ELSE,
  END,
  EOF,
  ERROR,
  FIELD,
  IDENTIFIER,
  IF,
  INTEGER,
  LEFT_DELIMITER,
  LEFT_PAREN,
  lineAt,
  NIL,
  NUMBER,
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
  tokenText,
  UNKNOWN_IDENTIFIER,
  valueOf,
  VARIABLE,
  WITH,
  type Tokens,
} from "./token.ts";

/** A template that a text defines: its list runs from token `start` to its `end`. */
export interface CheckedList {
  readonly start: number;
  readonly end: number;
  /** Nothing but white space, so that it replaces no other definition. */
  readonly isEmpty: boolean;
}

/** Go's limit of nested parentheses. The JavaScript stack may end before. */
const maxStackDepth = 10000;

/** What an operand turned out to be, besides the kinds of its token. */
const noOperand = 0;
const pipeline = LEFT_PAREN;
const chain = -1;

/** What a node in a list turned out to be. */
const contentNode = 0;
const blankNode = 1;
const endNode = 2;
const elseNode = 3;

/** What each template of a text looks ahead and counts on its own, as Go's Tree. */
interface TreeState {
  newest: number;
  variables: string[];
  actionPosition: number;
  rangeDepth: number;
  stackDepth: number;
}

/**
 * Says what is wrong with the tokens of a text, and makes nothing: most of what charts hold never runs, and what runs is built from the
 * tokens when it does. For that it leaves links in them. At the first token of a list: the left delimiter that ends it. At a `define`, and
 * at the `if` or `with` of an `else if`: the token behind what they start.
 */
export class Checker {
  readonly #name: string;
  readonly #tokens: Tokens;
  readonly #data: Int32Array;
  readonly #lists = new Map<string, CheckedList>();
  /** Whether the text has a definition under its own name. */
  definesItself = false;
  #at = 0;
  /** The token farthest ahead that was looked at; errors name its line. */
  #newest = 0;
  #variables = ["$"];
  /** Where the current action starts; -1 outside. */
  #actionPosition = -1;
  #rangeDepth = 0;
  #stackDepth = 0;

  constructor(name: string, tokens: Tokens) {
    this.#name = name;
    this.#tokens = tokens;
    this.#data = tokens.data;
  }

  #next(): number {
    const token = this.#at;
    this.#at = token + tokenSize;
    if (token > this.#newest) this.#newest = token;
    return token;
  }

  #nextNonSpace(): number {
    if (this.#data[this.#at] === SPACE) this.#at += tokenSize;
    return this.#next();
  }

  #peekNonSpace(): number {
    const token = this.#nextNonSpace();
    this.#at = token;
    return token;
  }

  /** Throws the parse error; `format` may hold verbs. */
  fail(format: string, ...args: string[]): never {
    const line = lineAt(this.#tokens.text, positionOf(this.#tokens, this.#newest));
    throw new TemplateError({
      phase: "parse",
      // The name takes part in the formatting, as in Go.
      message: formatGo(`template: ${this.#name}:${line}: ${format}`, args),
      parseName: this.#name,
      templateName: this.#name,
      line,
      column: -1,
      nodeText: "",
      detail: formatGo(format, args),
    });
  }

  #unexpected(token: number, context: string): never {
    const { text, error } = this.#tokens;
    if (this.#data[token] !== ERROR) this.fail("unexpected %s in %s", tokenText(this.#tokens, token), context);
    let extra = "";
    const line = lineAt(text, this.#actionPosition);
    if (this.#actionPosition >= 0 && line !== lineAt(text, positionOf(this.#tokens, token))) {
      extra = ` in action started at ${this.#name}:${line}`;
      if (error.endsWith(" action")) extra = extra.slice(" in action".length);
    }
    this.fail("%s%s", error, extra);
  }

  #expect(kind: number, context: string): void {
    const token = this.#nextNonSpace();
    if (this.#data[token] !== kind) this.#unexpected(token, context);
  }

  /** The whole text: like an item list, but with definitions, up to the end. Gives the templates by name. */
  check(): ReadonlyMap<string, CheckedList> {
    const data = this.#data;
    let isEmpty = true;
    for (;;) {
      const token = this.#next();
      if (data[token] === EOF) {
        this.definesItself = this.#lists.has(this.#name);
        this.#add(this.#name, { start: 0, end: token, isEmpty });
        return this.#lists;
      }
      if (data[token] === LEFT_DELIMITER) {
        const word = this.#nextNonSpace();
        if (data[word] === DEFINE) {
          this.#apart(() => this.#checkDefinition());
          data[word + 3] = this.#at;
          continue;
        }
      }
      this.#at = token;
      const node = this.#textOrAction();
      if (node === endNode || node === elseNode) this.fail("unexpected %s", markText(node));
      if (node !== blankNode) isEmpty = false;
    }
  }

  /** Checks a template within the text. */
  #apart<Result>(check: () => Result): Result {
    const outer: TreeState = {
      newest: this.#newest,
      variables: this.#variables,
      actionPosition: this.#actionPosition,
      rangeDepth: this.#rangeDepth,
      stackDepth: this.#stackDepth,
    };
    this.#enter({ newest: 0, variables: ["$"], actionPosition: -1, rangeDepth: 0, stackDepth: 0 });
    try {
      return check();
    } finally {
      this.#enter(outer);
    }
  }

  #enter(state: TreeState): void {
    this.#newest = state.newest;
    this.#variables = state.variables;
    this.#actionPosition = state.actionPosition;
    this.#rangeDepth = state.rangeDepth;
    this.#stackDepth = state.stackDepth;
  }

  /** `{{define "name"}} itemList {{end}}`; the keyword is past. */
  #checkDefinition(): void {
    const context = "define clause";
    const name = this.#templateName(context);
    this.#expect(RIGHT_DELIMITER, context);
    const list = this.#itemList();
    if (list.mark !== endNode) this.fail("unexpected %s in %s", markText(list.mark), context);
    this.#add(name, list);
  }

  #add(name: string, list: CheckedList): void {
    const existing = this.#lists.get(name);
    if (!existing || existing.isEmpty) this.#lists.set(name, list);
    else if (!list.isEmpty) this.fail("template: multiple definition of template %q", name);
  }

  /** textOrAction* up to `{{end}}` or `{{else}}`, which `mark` says. */
  #itemList(): CheckedList & { readonly mark: number } {
    const data = this.#data;
    const start = this.#at;
    this.#peekNonSpace();
    let isEmpty = true;
    for (;;) {
      const token = this.#peekNonSpace();
      if (data[token] === EOF) this.fail("unexpected EOF");
      const mark = this.#textOrAction();
      if (mark === endNode || mark === elseNode) {
        data[start + 3] = token;
        return { start, end: token, isEmpty, mark };
      }
      if (mark !== blankNode) isEmpty = false;
    }
  }

  #textOrAction(): number {
    const token = this.#nextNonSpace();
    const kind = this.#data[token];
    if (kind === TEXT)
      return isBlank(this.#tokens.text, this.#data[token + 1]!, this.#data[token + 2]!) ? blankNode : contentNode;
    if (kind !== LEFT_DELIMITER) this.#unexpected(token, "input");
    this.#actionPosition = this.#data[token + 1]!;
    const node = this.#action();
    this.#actionPosition = -1;
    return node;
  }

  /** A keyword's action or a pipeline; the left delimiter is past. */
  #action(): number {
    const token = this.#nextNonSpace();
    const kind = this.#data[token]!;
    switch (kind) {
      case BLOCK:
        this.#block();
        return contentNode;
      case BREAK:
      case CONTINUE:
        this.#breakOrContinue(kind === BREAK ? "break" : "continue");
        return contentNode;
      case ELSE:
        this.#else();
        return elseNode;
      case END:
        this.#expect(RIGHT_DELIMITER, "end");
        return endNode;
      case IF:
      case RANGE:
      case WITH:
        this.#branch(kind);
        return contentNode;
      case TEMPLATE:
        this.#template();
        return contentNode;
    }
    this.#at = token;
    // Variables stay until the end of the enclosing block.
    this.#pipeline("command", RIGHT_DELIMITER);
    return contentNode;
  }

  #breakOrContinue(word: string): void {
    const token = this.#nextNonSpace();
    if (this.#data[token] !== RIGHT_DELIMITER) this.#unexpected(token, `{{${word}}}`);
    if (this.#rangeDepth === 0) this.fail(`{{${word}}} outside {{range}}`);
  }

  /** `{{else}}`, or `{{else if …` and `{{else with …`, whose keyword is left for the branch. */
  #else(): void {
    const kind = this.#data[this.#peekNonSpace()];
    if (kind !== IF && kind !== WITH) this.#expect(RIGHT_DELIMITER, "else");
  }

  /** `{{if pipeline}} itemList [{{else}} itemList] {{end}}`, likewise range and with; the keyword is past. */
  #branch(kind: number): void {
    const variables = this.#variables.length;
    this.#pipeline(kind === IF ? "if" : kind === WITH ? "with" : "range", RIGHT_DELIMITER);
    if (kind === RANGE) this.#rangeDepth++;
    let { mark } = this.#itemList();
    if (kind === RANGE) this.#rangeDepth--;
    if (mark === elseNode) {
      const follower = this.#next();
      if (kind !== RANGE && this.#data[follower] === kind) {
        this.#branch(kind);
        this.#data[follower + 3] = this.#at;
      } else {
        this.#at = follower;
        ({ mark } = this.#itemList());
        if (mark !== endNode) this.fail("expected end; found %s", markText(mark));
      }
    }
    this.#variables.length = variables;
  }

  /** `{{block "name" pipeline}} itemList {{end}}`: a definition and its use. */
  #block(): void {
    const context = "block clause";
    const name = this.#templateName(context);
    this.#pipeline(context, RIGHT_DELIMITER);
    const mark = this.#apart(() => {
      const list = this.#itemList();
      if (list.mark === endNode) this.#add(name, list);
      return list.mark;
    });
    if (mark !== endNode) this.fail("unexpected %s in %s", markText(mark), context);
  }

  /** `{{template "name" [pipeline]}}` */
  #template(): void {
    const context = "template clause";
    this.#templateName(context);
    const next = this.#nextNonSpace();
    if (this.#data[next] === RIGHT_DELIMITER) return;
    this.#at = next;
    this.#pipeline(context, RIGHT_DELIMITER);
  }

  #templateName(context: string): string {
    const token = this.#nextNonSpace();
    const kind = this.#data[token];
    if (kind !== PLAIN_STRING && kind !== STRING && kind !== RAW_STRING) this.#unexpected(token, context);
    return this.#unquote(token);
  }

  #unquote(token: number): string {
    const text = unquote(valueOf(this.#tokens, token));
    if (text === undefined) this.fail("invalid syntax");
    return text;
  }

  /** declarations? command ("|" command)* */
  #pipeline(context: string, end: number): void {
    const data = this.#data;
    this.#peekNonSpace();
    this.#declarations(context);
    let commands = 0;
    let wrongStage = 0;
    for (;;) {
      const token = this.#nextNonSpace();
      const kind = data[token]!;
      if (kind === end) break;
      if (kind < LEFT_PAREN || kind > VARIABLE) this.#unexpected(token, context);
      this.#at = token;
      const first = this.#command();
      commands++;
      if (commands > 1 && wrongStage === 0 && !isExecutable(first)) wrongStage = commands;
    }
    if (commands === 0) this.fail("missing value for %s", context);
    if (wrongStage > 0) this.fail(`non executable command in pipeline stage ${wrongStage}`);
  }

  /** `$x :=`, `$x =`, `$i, $x :=` … Whether a variable is declared or used shows only behind it. */
  #declarations(context: string): void {
    const data = this.#data;
    for (let count = 1; ; count++) {
      if (data[this.#peekNonSpace()] !== VARIABLE) return;
      const variable = this.#next();
      const next = this.#peekNonSpace();
      const isComma = this.#isComma(next);
      if (data[next] !== ASSIGN && data[next] !== DECLARE && !isComma) {
        this.#at = variable;
        return;
      }
      this.#next();
      this.#variables.push(valueOf(this.#tokens, variable));
      if (!isComma) return;
      if (context !== "range" || count >= 2) this.fail("too many declarations in %s", context);
      const follower = data[this.#peekNonSpace()];
      if (follower !== VARIABLE && follower !== RIGHT_DELIMITER && follower !== RIGHT_PAREN)
        this.fail("range can only initialize variables");
    }
  }

  #isComma(token: number): boolean {
    return this.#data[token] === CHAR && this.#tokens.text.charCodeAt(this.#data[token + 1]!) === 44;
  }

  /** operand (space operand)*, up to a pipe (eaten) or a closing delimiter (left). Gives what the first one is. */
  #command(): number {
    const data = this.#data;
    let first = noOperand;
    for (;;) {
      this.#peekNonSpace();
      const operand = this.#operand();
      if (first === noOperand) first = operand;
      const token = this.#next();
      const kind = data[token];
      if (kind === SPACE) continue;
      if (kind === RIGHT_DELIMITER || kind === RIGHT_PAREN) this.#at = token;
      else if (kind !== PIPE) this.#unexpected(token, "operand");
      if (first === noOperand) this.fail("empty command");
      return first;
    }
  }

  /** term .Field*; gives what it is: `noOperand` when the next token is none, which is then left. */
  #operand(): number {
    const data = this.#data;
    const token = this.#nextNonSpace();
    const kind = this.#term(token);
    if (kind === noOperand) {
      this.#at = token;
      return noOperand;
    }
    if (data[this.#next()] !== FIELD) {
      this.#at -= tokenSize;
      return kind;
    }
    while (data[this.#next()] === FIELD);
    this.#at -= tokenSize;
    if (kind === FIELD || kind === VARIABLE) return kind;
    if (!isExecutable(kind)) this.fail("unexpected . after term %q", valueOf(this.#tokens, token));
    return chain;
  }

  /** literal, function, `.`, `.Field`, `$`, or `(pipeline)`. */
  #term(token: number): number {
    const kind = this.#data[token]!;
    switch (kind) {
      case IDENTIFIER:
      case DOT:
      case NIL:
      case FIELD:
      case BOOL:
      case INTEGER:
      case PLAIN_STRING:
      case RAW_STRING:
        return kind;
      case UNKNOWN_IDENTIFIER:
        return this.fail("function %q not defined", valueOf(this.#tokens, token));
      case VARIABLE:
        this.#useVariable(token);
        return kind;
      case CHAR_CONSTANT:
      case COMPLEX:
      case NUMBER: {
        const number = newNumber(0, valueOf(this.#tokens, token), kind);
        if (typeof number === "string") this.fail("%s", number);
        return NUMBER;
      }
      case LEFT_PAREN:
        this.#parenthesized();
        return pipeline;
      case STRING:
        this.#unquote(token);
        return kind;
    }
    return noOperand;
  }

  #parenthesized(): void {
    if (this.#stackDepth >= maxStackDepth) this.fail("max expression depth exceeded");
    this.#stackDepth++;
    this.#pipeline("parenthesized pipeline", RIGHT_PAREN);
    this.#stackDepth--;
  }

  #useVariable(token: number): void {
    const name = valueOf(this.#tokens, token);
    if (!this.#variables.includes(name)) this.fail("undefined variable %q", name);
  }
}

/** Whether what starts so may be a later stage of a pipeline, or have fields behind it. */
function isExecutable(kind: number): boolean {
  switch (kind) {
    case BOOL:
    case DOT:
    case NIL:
    case INTEGER:
    case NUMBER:
    case PLAIN_STRING:
    case STRING:
    case RAW_STRING:
      return false;
  }
  return true;
}

function markText(mark: number): string {
  return mark === endNode ? "{{end}}" : "{{else}}";
}
