import { checkChunk } from "./check-chunk.ts";
import { lex, syntaxError, type Token } from "./lex.ts";
import type { Block, Expression, FunctionNode, LocalVariable, Statement } from "./node.ts";
import { ExpressionParser } from "./parse-expression.ts";

/** The chunk as a function without parameters. Throws `LuaSyntaxError`. */
export function parseLua(text: string): FunctionNode {
  return new Parser(lex(text)).chunk();
}

class Parser extends ExpressionParser {
  chunk(): FunctionNode {
    this.scope.isVariadic = true;
    const body = this.block();
    if (this.token.type !== "end") throw this.unexpected();
    const { slots } = this.scope;
    const chunk = {
      parameters: [],
      isVariadic: true,
      body,
      upvalues: [],
      slots,
      line: 1,
      lastLine: this.lastLine(body),
    };
    checkChunk(chunk);
    return chunk;
  }

  /** The line after that of the last statement: where it ends when it has an end, else where it begins. */
  private lastLine(body: Block): number {
    const last = body.at(-1);
    if (last === undefined) return 0;
    const hasEnd = ["do", "while", "repeat", "if", "numericFor", "genericFor", "localFunction"].includes(last.type);
    return (hasEnd ? (this.tokens[this.at - 1] as Token).line : last.line) + 1;
  }

  /** Statements with a scope of their own. */
  protected override block(declared: () => void = () => {}): Block {
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
}
