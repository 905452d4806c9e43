import { lex, syntaxError, type Token } from "./lex.ts";
import type {
  BinaryOperator,
  Block,
  Expression,
  FunctionNode,
  LocalVariable,
  Statement,
  TableItem,
  UpvalueSource,
} from "./node.ts";
import { parseLuaNumber } from "./number.ts";

/** Deeper nesting than any script needs; keeps hostile text from exhausting the stack. */
const maxDepth = 200;

/** Left and right binding power. */
const operators: ReadonlyMap<string, readonly [left: number, right: number]> = new Map([
  ["or", [1, 1]],
  ["and", [2, 2]],
  ...["<", ">", "<=", ">=", "~=", "=="].map((symbol): [string, readonly [number, number]] => [symbol, [3, 3]]),
  ["..", [5, 4]],
  ["+", [6, 6]],
  ["-", [6, 6]],
  ["*", [7, 7]],
  ["/", [7, 7]],
  ["%", [7, 7]],
  ["^", [10, 9]],
]);
const unaryPower = 8;

class FunctionScope {
  readonly upvalues: UpvalueSource[] = [];
  readonly upvalueNames = new Map<string, number>();
  readonly blocks: Map<string, LocalVariable>[] = [];
  slots = 0;
  isVariadic = false;
  readonly outer: FunctionScope | undefined;
  constructor(outer: FunctionScope | undefined) {
    this.outer = outer;
  }

  declare(name: string): LocalVariable {
    const variable: LocalVariable = { slot: this.slots++, captured: false };
    (this.blocks[this.blocks.length - 1] as Map<string, LocalVariable>).set(name, variable);
    return variable;
  }

  find(name: string): LocalVariable | undefined {
    for (let index = this.blocks.length - 1; index >= 0; index--) {
      const found = this.blocks[index]?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  findUpvalue(name: string): number | undefined {
    const known = this.upvalueNames.get(name);
    if (known !== undefined) return known;
    const outer = this.outer;
    if (outer === undefined) return undefined;
    const variable = outer.find(name);
    let source: UpvalueSource;
    if (variable !== undefined) {
      variable.captured = true;
      source = { from: "local", variable };
    } else {
      const index = outer.findUpvalue(name);
      if (index === undefined) return undefined;
      source = { from: "upvalue", index };
    }
    this.upvalues.push(source);
    this.upvalueNames.set(name, this.upvalues.length - 1);
    return this.upvalues.length - 1;
  }
}

/** The chunk as a function without parameters. Throws `LuaSyntaxError`. */
export function parseLua(text: string): FunctionNode {
  return new Parser(lex(text)).chunk();
}

class Parser {
  private at = 0;
  private depth = 0;
  private scope = new FunctionScope(undefined);
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  chunk(): FunctionNode {
    this.scope.isVariadic = true;
    const body = this.block();
    if (this.token.type !== "end") throw this.unexpected();
    return { parameters: [], isVariadic: true, body, upvalues: [], slots: this.scope.slots, line: 1 };
  }

  private get token(): Token {
    return this.tokens[this.at] as Token;
  }

  private unexpected(): Error {
    return syntaxError(this.token, "syntax error");
  }

  private is(text: string): boolean {
    const { type, text: spelling } = this.token;
    return (type === "symbol" || type === "keyword") && spelling === text;
  }

  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string): Token {
    const token = this.token;
    if (!this.accept(text)) throw this.unexpected();
    return token;
  }

  private name(): string {
    const token = this.token;
    if (token.type !== "name") throw this.unexpected();
    this.at++;
    return token.text;
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > maxDepth) throw syntaxError(this.token, "nesting is too deep");
    const result = read();
    this.depth--;
    return result;
  }

  /** Statements with a scope of their own. */
  private block(declared: () => void = () => {}): Block {
    return this.nested(() => {
      this.scope.blocks.push(new Map());
      declared();
      const statements = this.statements();
      this.scope.blocks.pop();
      return statements;
    });
  }

  private statements(): Block {
    const statements: Statement[] = [];
    for (;;) {
      if (this.accept(";")) continue;
      if (this.token.type === "end" || ["end", "else", "elseif", "until"].some((word) => this.is(word)))
        return statements;
      const last = this.is("return") || this.is("break");
      statements.push(this.statement());
      if (last) {
        this.accept(";");
        return statements;
      }
    }
  }

  private statement(): Statement {
    const { line, type, text } = this.token;
    if (type === "symbol" && text === "::") {
      this.at++;
      const name = this.name();
      this.expect("::");
      return { type: "label", name, line };
    }
    if (type !== "keyword") return this.expressionStatement(line);
    switch (text) {
      case "if":
        return this.ifStatement(line);
      case "while": {
        this.at++;
        const condition = this.expression();
        this.expect("do");
        return { type: "while", condition, body: this.closed(this.block()), line };
      }
      case "do":
        this.at++;
        return { type: "do", body: this.closed(this.block()), line };
      case "for":
        return this.forStatement(line);
      case "repeat":
        return this.repeatStatement(line);
      case "function":
        return this.functionStatement(line);
      case "local":
        return this.localStatement(line);
      case "return": {
        this.at++;
        const ends = this.token.type === "end" || [";", "end", "else", "elseif", "until"].some((word) => this.is(word));
        return { type: "return", values: ends ? [] : this.expressions(), line };
      }
      case "break":
        this.at++;
        return { type: "break", line };
      case "goto":
        this.at++;
        return { type: "goto", label: this.name(), line };
      default:
        return this.expressionStatement(line);
    }
  }

  private closed(body: Block): Block {
    this.expect("end");
    return body;
  }

  private ifStatement(line: number): Statement {
    const branches: { condition: Expression; body: Block }[] = [];
    do {
      this.at++;
      const condition = this.expression();
      this.expect("then");
      branches.push({ condition, body: this.block() });
    } while (this.is("elseif"));
    const otherwise = this.accept("else") ? this.block() : undefined;
    this.expect("end");
    return { type: "if", branches, otherwise, line };
  }

  private forStatement(line: number): Statement {
    this.at++;
    const names = [this.name()];
    if (this.accept("=")) {
      const first = this.expression();
      this.expect(",");
      const last = this.expression();
      const step = this.accept(",") ? this.expression() : undefined;
      this.expect("do");
      let variable: LocalVariable | undefined;
      const body = this.closed(this.block(() => (variable = this.scope.declare(names[0] as string))));
      return { type: "numericFor", variable: variable as unknown as LocalVariable, first, last, step, body, line };
    }
    while (this.accept(",")) names.push(this.name());
    this.expect("in");
    const values = this.expressions();
    this.expect("do");
    let variables: LocalVariable[] = [];
    const body = this.closed(this.block(() => (variables = names.map((name) => this.scope.declare(name)))));
    return { type: "genericFor", variables, values, body, line };
  }

  private repeatStatement(line: number): Statement {
    this.at++;
    return this.nested(() => {
      // The condition sees the body's locals.
      this.scope.blocks.push(new Map());
      const body = this.statements();
      this.expect("until");
      const condition = this.expression();
      this.scope.blocks.pop();
      return { type: "repeat", body, condition, line };
    });
  }

  private functionStatement(line: number): Statement {
    this.at++;
    let target = this.variable(this.name(), line);
    let isMethod = false;
    while (this.is(".") || this.is(":")) {
      isMethod = this.is(":");
      this.at++;
      const keyLine = this.token.line;
      target = {
        type: "index",
        object: target,
        key: { type: "constant", value: this.name(), line: keyLine },
        line: keyLine,
      };
      if (isMethod) break;
    }
    const value: Expression = { type: "function", function: this.functionBody(line, isMethod), line };
    return { type: "assign", targets: [target], values: [value], line };
  }

  private localStatement(line: number): Statement {
    this.at++;
    if (this.accept("function")) {
      const variable = this.scope.declare(this.name());
      return { type: "localFunction", variable, function: this.functionBody(line, false), line };
    }
    const names = [this.name()];
    while (this.accept(",")) names.push(this.name());
    const values = this.accept("=") ? this.expressions() : [];
    // Declared after the values are read: `local x = x` means the outer one.
    return { type: "local", variables: names.map((name) => this.scope.declare(name)), values, line };
  }

  private expressionStatement(line: number): Statement {
    const first = this.suffixed();
    if (!this.is("=") && !this.is(",")) {
      if (first.type !== "call" && first.type !== "method") throw syntaxError(this.token, "parse error");
      return { type: "call", call: first, line };
    }
    const targets = [first];
    while (this.accept(",")) targets.push(this.suffixed());
    this.expect("=");
    const values = this.expressions();
    for (const target of targets) {
      if (!["local", "upvalue", "global", "index"].includes(target.type)) throw this.unexpected();
    }
    return { type: "assign", targets, values, line: first.line };
  }

  private functionBody(line: number, isMethod: boolean): FunctionNode {
    return this.nested(() => {
      const scope = new FunctionScope(this.scope);
      this.scope = scope;
      const parameters: LocalVariable[] = [];
      const body = this.block(() => {
        if (isMethod) parameters.push(scope.declare("self"));
        this.expect("(");
        while (!this.is(")")) {
          if (this.accept("...")) {
            scope.isVariadic = true;
            break;
          }
          parameters.push(scope.declare(this.name()));
          if (!this.accept(",")) break;
        }
        this.expect(")");
      });
      this.expect("end");
      this.scope = scope.outer as FunctionScope;
      return { parameters, isVariadic: scope.isVariadic, body, upvalues: scope.upvalues, slots: scope.slots, line };
    });
  }

  private expressions(): Expression[] {
    const list = [this.expression()];
    while (this.accept(",")) list.push(this.expression());
    return list;
  }

  private expression(minimum = 0): Expression {
    return this.nested(() => {
      let left = this.unary();
      for (;;) {
        const token = this.token;
        const power = token.type === "symbol" || token.type === "keyword" ? operators.get(token.text) : undefined;
        if (power === undefined || power[0] <= minimum) return left;
        this.at++;
        const right = this.expression(power[1]);
        if (token.text === "and" || token.text === "or") left = { type: token.text, left, right, line: left.line };
        else left = { type: "binary", operator: token.text as BinaryOperator, left, right, line: left.line };
      }
    });
  }

  private unary(): Expression {
    for (const operator of ["not", "-", "#"] as const) {
      if (!this.accept(operator)) continue;
      const operand = this.expression(unaryPower);
      return { type: "unary", operator, operand, line: operand.line };
    }
    return this.simple();
  }

  private simple(): Expression {
    const { type, text, line } = this.token;
    if (type === "string" || type === "number") {
      this.at++;
      const value = type === "string" ? text : parseLuaNumber(text);
      if (value === undefined) throw syntaxError({ text, line, column: 0 }, "malformed number");
      return { type: "constant", value, line };
    }
    if (this.accept("nil")) return { type: "constant", value: undefined, line };
    if (this.accept("true")) return { type: "constant", value: true, line };
    if (this.accept("false")) return { type: "constant", value: false, line };
    if (this.accept("...")) {
      if (!this.scope.isVariadic) throw syntaxError(this.token, "cannot use '...' outside a vararg function");
      return { type: "varargs", line };
    }
    if (this.accept("function")) return { type: "function", function: this.functionBody(line, false), line };
    if (this.is("{")) return this.table();
    return this.suffixed();
  }

  private variable(name: string, line: number): Expression {
    const variable = this.scope.find(name);
    if (variable !== undefined) return { type: "local", variable, name, line };
    const index = this.scope.findUpvalue(name);
    return index === undefined ? { type: "global", name, line } : { type: "upvalue", index, name, line };
  }

  private suffixed(): Expression {
    const { line } = this.token;
    let value: Expression;
    if (this.accept("(")) {
      const inner = this.expression();
      this.expect(")");
      value = { type: "parentheses", inner, line };
    } else {
      value = this.variable(this.name(), line);
    }
    for (;;) {
      if (this.accept(".")) {
        const keyLine = this.token.line;
        value = {
          type: "index",
          object: value,
          key: { type: "constant", value: this.name(), line: keyLine },
          line: value.line,
        };
      } else if (this.accept("[")) {
        const key = this.expression();
        this.expect("]");
        value = { type: "index", object: value, key, line: value.line };
      } else if (this.accept(":")) {
        const name = this.name();
        value = { type: "method", object: value, name, arguments: this.arguments(), line: value.line };
      } else if (this.is("(") || this.is("{") || this.token.type === "string") {
        value = { type: "call", callee: value, arguments: this.arguments(), line: value.line };
      } else {
        return value;
      }
    }
  }

  private arguments(): Expression[] {
    const { type, text, line, afterNewLine } = this.token;
    if (type === "string") {
      this.at++;
      return [{ type: "constant", value: text, line }];
    }
    if (this.is("{")) return [this.table()];
    if (afterNewLine) throw syntaxError(this.token, "ambiguous syntax (function call x new statement)");
    this.expect("(");
    if (this.accept(")")) return [];
    const values = this.expressions();
    this.expect(")");
    return values;
  }

  private table(): Expression {
    return this.nested(() => {
      const { line } = this.expect("{");
      const items: TableItem[] = [];
      while (!this.is("}")) {
        items.push(this.tableItem());
        if (!this.accept(",") && !this.accept(";")) break;
      }
      this.expect("}");
      return { type: "table", items, line };
    });
  }

  private tableItem(): TableItem {
    const { type, text, line } = this.token;
    if (this.accept("[")) {
      const key = this.expression();
      this.expect("]");
      this.expect("=");
      return { key, value: this.expression() };
    }
    const next = this.tokens[this.at + 1];
    if (type === "name" && next?.type === "symbol" && next.text === "=") {
      this.at += 2;
      return { key: { type: "constant", value: text, line }, value: this.expression() };
    }
    return { key: undefined, value: this.expression() };
  }
}
