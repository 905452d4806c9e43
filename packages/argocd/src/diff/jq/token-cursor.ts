import { JqSyntaxError, nextToken, unexpected, type JqToken } from "./lex.ts";

/** Deeper nesting than any rule needs; keeps hostile text from exhausting the stack. */
const maxDepth = 200;

/** The token that a parser looks at. */
export class TokenCursor {
  token: JqToken;
  depth = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.token = nextToken(text, 0);
  }

  atEnd(): boolean {
    return this.token.type === "end";
  }

  is(text: string): boolean {
    return (this.token.type === "symbol" || this.token.type === "keyword") && this.token.text === text;
  }

  advance(): JqToken {
    const { token } = this;
    this.token = nextToken(this.text, token.end);
    return token;
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.advance();
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw unexpected(this.token);
  }

  expectType(type: JqToken["type"]): string {
    if (this.token.type !== type) throw unexpected(this.token);
    return this.advance().text;
  }

  nested<T>(read: () => T): T {
    if (++this.depth > maxDepth) throw new JqSyntaxError("nesting is too deep", this.token.start);
    const result = read();
    this.depth--;
    return result;
  }
}
