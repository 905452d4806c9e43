import { JqSyntaxError, unexpected, type JqToken } from "./lex.ts";
import type { BinaryOperator, JqDefinition, JqNode, JqPattern } from "./node.ts";
import { readString } from "./parse-string.ts";
import { TokenCursor } from "./token-cursor.ts";

/** Binding power of binary operators; `//` groups to the right, assignments and comparisons do not group. */
const powers: Readonly<Record<string, number>> = {
  "//": 1, "=": 2, "|=": 2, "+=": 2, "-=": 2, "*=": 2, "/=": 2, "%=": 2, "//=": 2, or: 3, and: 4,
  "==": 5, "!=": 5, "<": 5, "<=": 5, ">": 5, ">=": 5, "+": 6, "-": 6, "*": 7, "/": 7, "%": 7,
}; // prettier-ignore

/** The program as a tree. Throws `JqSyntaxError`. Grammar: gojq v0.12.19 parser.go.y; modules are refused. */
export function parseJq(text: string): JqNode {
  return new Parser(text).program();
}

class Parser extends TokenCursor {
  program(): JqNode {
    if (["module", "import", "include"].some((word) => this.is(word)))
      throw new JqSyntaxError("unsupported: jq modules", this.token.start);
    if (this.atEnd()) throw missingQuery(this.token);
    const query = this.query();
    if (!this.atEnd()) throw unexpected(this.token);
    return query;
  }

  private query(): JqNode {
    return this.nested(() => {
      if (this.is("def")) {
        const definition = this.definition();
        if (this.atEnd() && this.depth === 1) throw missingQuery(this.token);
        return { type: "define", definition, body: this.query() };
      }
      const left = this.comma();
      return this.accept("|") ? { type: "pipe", left, right: this.query() } : left;
    });
  }

  private definition(): JqDefinition {
    this.expect("def");
    const name = this.expectType("name");
    const parameters: string[] = [];
    if (this.accept("(")) {
      do {
        parameters.push(this.token.type === "variable" ? this.advance().text : this.expectType("name"));
      } while (this.accept(";"));
      this.expect(")");
    }
    this.expect(":");
    const body = this.query();
    this.expect(";");
    return { name, parameters, body };
  }

  private comma(): JqNode {
    let left = this.operand();
    while (this.accept(",")) left = { type: "comma", left, right: this.operand() };
    return left;
  }

  private operand(): JqNode {
    if (this.is("def")) return this.query();
    if (this.accept("label")) {
      const name = this.expectType("variable");
      this.expect("|");
      return { type: "label", name, body: this.query() };
    }
    const source = this.expression(0);
    if (!this.accept("as")) return source;
    const patterns = [this.pattern()];
    while (this.accept("?//")) patterns.push(this.pattern());
    this.expect("|");
    return { type: "bind", source, patterns, body: this.query() };
  }

  private expression(minimum: number): JqNode {
    return this.nested(() => {
      let left = this.term();
      for (;;) {
        const operator = this.token.text;
        const power = this.token.type === "symbol" || this.token.type === "keyword" ? powers[operator] : undefined;
        if (power === undefined || power <= minimum) return left;
        this.advance();
        const right = this.expression(operator === "//" ? power - 1 : power);
        left = combine(operator, left, right);
        // What does not group must not follow itself.
        const next = this.token.type === "symbol" ? powers[this.token.text] : undefined;
        if ((power === 2 || power === 5) && next === power) throw unexpected(this.token);
      }
    });
  }

  private pattern(): JqPattern {
    return this.nested(() => {
      if (this.token.type === "variable") return { type: "variable", name: this.advance().text };
      if (this.accept("[")) {
        const items = [this.pattern()];
        while (this.accept(",")) items.push(this.pattern());
        this.expect("]");
        return { type: "array", items };
      }
      this.expect("{");
      const entries = [this.patternEntry()];
      while (this.accept(",")) entries.push(this.patternEntry());
      this.expect("}");
      return { type: "object", entries };
    });
  }

  private patternEntry(): { key: JqNode; bind: string | undefined; pattern: JqPattern | undefined } {
    if (this.token.type === "variable") {
      const bind = this.advance().text;
      const key: JqNode = { type: "literal", value: bind.slice(1) };
      return { key, bind, pattern: this.accept(":") ? this.pattern() : undefined };
    }
    let key: JqNode;
    if (this.accept("(")) {
      key = this.query();
      this.expect(")");
    } else {
      key = this.token.type === "quote" ? this.readString(undefined) : { type: "literal", value: this.keyName() };
    }
    this.expect(":");
    return { key, bind: undefined, pattern: this.pattern() };
  }

  private keyName(): string {
    if (this.token.type !== "name" && this.token.type !== "keyword") throw unexpected(this.token);
    return this.advance().text;
  }

  private term(): JqNode {
    let term = this.primary();
    for (;;) {
      if (this.token.type === "field") {
        const key = this.advance().text.slice(1);
        term = { type: "suffix", term, suffix: { type: "index", key: { type: "literal", value: key } } };
      } else if (this.accept("?")) {
        // `?` covers the last step only.
        const last = (body: JqNode): JqNode => ({ type: "try", body, handler: undefined });
        term = term.type === "suffix" ? { type: "pipe", left: term.term, right: last(term.suffix) } : last(term);
      } else if (this.is("[")) {
        term = { type: "suffix", term, suffix: this.bracket() };
      } else if (this.accept(".")) {
        term = { type: "suffix", term, suffix: this.afterDot() };
      } else {
        return term;
      }
    }
  }

  /** What follows a lone dot: `."name"` or `.[…]`. */
  private afterDot(): JqNode {
    if (this.token.type === "quote") return { type: "index", key: this.readString(undefined) };
    if (this.is("[")) return this.bracket();
    throw unexpected(this.token);
  }

  private bracket(): JqNode {
    this.expect("[");
    if (this.accept("]")) return { type: "iterate" };
    if (this.accept(":")) {
      const to = this.query();
      this.expect("]");
      return { type: "slice", from: undefined, to };
    }
    const key = this.query();
    if (!this.accept(":")) {
      this.expect("]");
      return { type: "index", key };
    }
    const to = this.is("]") ? undefined : this.query();
    this.expect("]");
    return { type: "slice", from: key, to };
  }

  private primary(): JqNode {
    const { type, text } = this.token;
    switch (type) {
      case "field":
        this.advance();
        return {
          type: "suffix",
          term: { type: "identity" },
          suffix: { type: "index", key: { type: "literal", value: text.slice(1) } },
        };
      case "number":
        this.advance();
        return { type: "literal", value: Number(text) };
      case "variable":
        this.advance();
        return { type: "variable", name: text };
      case "format":
        this.advance();
        return this.token.type === "quote" ? this.readString(text) : { type: "format", name: text };
      case "quote":
        return this.readString(undefined);
      case "name":
        return this.call();
      case "keyword":
        return this.keyword(text);
      case "symbol":
        return this.symbol(text);
      default:
        throw unexpected(this.token);
    }
  }

  private call(): JqNode {
    const name = this.advance().text;
    if (name.includes("::")) throw new JqSyntaxError(`function not defined: ${name}/0`, this.token.start);
    const args: JqNode[] = [];
    if (this.accept("(")) {
      do args.push(this.query());
      while (this.accept(";"));
      this.expect(")");
    }
    return { type: "call", name, arguments: args };
  }

  private symbol(text: string): JqNode {
    switch (text) {
      case ".":
        this.advance();
        if (this.token.type === "quote" || this.is("["))
          return { type: "suffix", term: { type: "identity" }, suffix: this.afterDot() };
        return { type: "identity" };
      case "..":
        this.advance();
        return { type: "recurse" };
      case "+":
        this.advance();
        return this.nested(() => this.term());
      case "-":
        this.advance();
        return { type: "negate", body: this.nested(() => this.term()) };
      case "(": {
        this.advance();
        const query = this.query();
        this.expect(")");
        return query;
      }
      case "[": {
        this.advance();
        if (this.accept("]")) return { type: "array", body: undefined };
        const body = this.query();
        this.expect("]");
        return { type: "array", body };
      }
      case "{":
        return this.object();
      default:
        throw unexpected(this.token);
    }
  }

  private object(): JqNode {
    this.expect("{");
    const entries: { key: JqNode; value: JqNode | undefined }[] = [];
    while (!this.is("}")) {
      entries.push(this.objectEntry());
      if (!this.accept(",")) break;
    }
    this.expect("}");
    return { type: "object", entries };
  }

  private objectEntry(): { key: JqNode; value: JqNode | undefined } {
    if (this.accept("(")) {
      const key = this.query();
      this.expect(")");
      this.expect(":");
      return { key, value: this.objectValue() };
    }
    if (this.token.type === "variable") {
      const name = this.advance().text;
      const key: JqNode = { type: "literal", value: name.slice(1) };
      return { key, value: this.accept(":") ? this.objectValue() : { type: "variable", name } };
    }
    const key: JqNode =
      this.token.type === "quote" ? this.readString(undefined) : { type: "literal", value: this.keyName() };
    return { key, value: this.accept(":") ? this.objectValue() : undefined };
  }

  private objectValue(): JqNode {
    const left = this.expression(0);
    return this.accept("|") ? { type: "pipe", left, right: this.objectValue() } : left;
  }

  private keyword(text: string): JqNode {
    switch (text) {
      case "null":
      case "true":
      case "false":
        this.advance();
        return { type: "literal", value: text === "null" ? null : text === "true" };
      case "if":
        return this.conditional();
      case "try": {
        this.advance();
        const body = this.nested(() => this.term());
        return {
          type: "try",
          body,
          handler: this.accept("catch")
            ? this.nested(() => this.term())
            : { type: "call", name: "empty", arguments: [] },
        };
      }
      case "break":
        this.advance();
        return { type: "break", name: this.expectType("variable") };
      case "reduce":
      case "foreach":
        return this.fold(text);
      default:
        throw unexpected(this.token);
    }
  }

  private conditional(): JqNode {
    const branches: { condition: JqNode; body: JqNode }[] = [];
    do {
      this.advance();
      const condition = this.query();
      this.expect("then");
      branches.push({ condition, body: this.query() });
    } while (this.is("elif"));
    const otherwise = this.accept("else") ? this.query() : undefined;
    this.expect("end");
    return { type: "if", branches, otherwise };
  }

  private fold(type: "reduce" | "foreach"): JqNode {
    this.advance();
    const source = this.nested(() => this.expression(0));
    this.expect("as");
    const pattern = this.pattern();
    this.expect("(");
    const start = this.query();
    this.expect(";");
    const update = this.query();
    const extract = type === "foreach" && this.accept(";") ? this.query() : undefined;
    this.expect(")");
    return type === "reduce"
      ? { type, source, pattern, start, update }
      : { type, source, pattern, start, update, extract };
  }

  private readString(format: string | undefined): JqNode {
    return readString(this, format, () => this.query());
  }
}

function missingQuery(token: JqToken): JqSyntaxError {
  return new JqSyntaxError('missing query (try ".")', token.start);
}

function combine(operator: string, left: JqNode, right: JqNode): JqNode {
  if (operator === "//") return { type: "alternative", left, right };
  if (operator === "and" || operator === "or") return { type: operator, left, right };
  if (powers[operator] === 2) return { type: "update", operator, left, right };
  return { type: "binary", operator: operator as BinaryOperator, left, right };
}
