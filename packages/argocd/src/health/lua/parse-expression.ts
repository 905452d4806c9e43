import { FunctionScope } from "./function-scope.ts";
import { syntaxError, type Token } from "./lex.ts";
import type { BinaryOperator, Block, Expression, FunctionNode, LocalVariable, TableItem } from "./node.ts";
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

/** The tokens of a chunk and how expressions are made of them; statements are its heir's. */
export abstract class ExpressionParser {
  protected at = 0;
  protected scope = new FunctionScope(undefined);
  protected readonly tokens: readonly Token[];
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** Statements with a scope of their own, in which `declared` runs first. */
  protected abstract block(declared?: () => void): Block;

  protected get token(): Token {
    return this.tokens[this.at] as Token;
  }

  protected unexpected(): Error {
    return syntaxError(this.token, "syntax error");
  }

  protected is(text: string): boolean {
    const { type, text: spelling } = this.token;
    return (type === "symbol" || type === "keyword") && spelling === text;
  }

  protected accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  protected expect(text: string): Token {
    const token = this.token;
    if (!this.accept(text)) throw this.unexpected();
    return token;
  }

  protected name(): string {
    const token = this.token;
    if (token.type !== "name") throw this.unexpected();
    this.at++;
    return token.text;
  }

  protected nested<T>(read: () => T): T {
    if (++this.depth > maxDepth) throw syntaxError(this.token, "nesting is too deep");
    const result = read();
    this.depth--;
    return result;
  }

  protected functionBody(line: number, isMethod: boolean): FunctionNode {
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
      const { line: lastLine } = this.expect("end");
      this.scope = scope.outer as FunctionScope;
      const { isVariadic, upvalues, slots } = scope;
      return { parameters, isVariadic, body, upvalues, slots, line, lastLine };
    });
  }

  protected expressions(): Expression[] {
    const list = [this.expression()];
    while (this.accept(",")) list.push(this.expression());
    return list;
  }

  protected expression(minimum = 0): Expression {
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

  protected unary(): Expression {
    for (const operator of ["not", "-", "#"] as const) {
      if (!this.accept(operator)) continue;
      const operand = this.expression(unaryPower);
      return { type: "unary", operator, operand, line: operand.line };
    }
    return this.simple();
  }

  protected simple(): Expression {
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
    if (this.accept("...")) return { type: "varargs", line };
    if (this.accept("function")) return { type: "function", function: this.functionBody(line, false), line };
    if (this.is("{")) return this.table();
    return this.suffixed();
  }

  protected variable(name: string, line: number): Expression {
    const variable = this.scope.find(name);
    if (variable !== undefined) return { type: "local", variable, name, line };
    const index = this.scope.findUpvalue(name);
    return index === undefined ? { type: "global", name, line } : { type: "upvalue", index, name, line };
  }

  protected suffixed(): Expression {
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

  protected arguments(): Expression[] {
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

  protected table(): Expression {
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

  protected tableItem(): TableItem {
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
