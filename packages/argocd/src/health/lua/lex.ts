/** Tokens of Lua 5.1 with goto, as gopher-lua v1.1.2 parse/lexer.go reads them. Source text is a byte string. */

export type TokenType = "name" | "number" | "string" | "keyword" | "symbol" | "end";

export interface Token {
  readonly type: TokenType;
  /** Spelling; for strings the value. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** A `(` that starts a new line right after a `)`: gopher-lua refuses it as ambiguous. */
  readonly afterNewLine: boolean;
}

/** Text that is no Lua. The message is gopher-lua's. */
export class LuaSyntaxError extends Error {
  override readonly name = "LuaSyntaxError";
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

const keywords: ReadonlySet<string> = new Set([
  "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or",
  "repeat", "return", "then", "true", "until", "while",
]); // prettier-ignore

const symbols = [
  "...",
  "..",
  "==",
  "~=",
  "<=",
  ">=",
  "::",
  "+",
  "-",
  "*",
  "/",
  "%",
  "^",
  "#",
  "<",
  ">",
  "=",
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  ";",
  ":",
  ",",
  ".",
];

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
  "\n": "\n",
};

export function syntaxError(
  token: { text: string; line: number; column: number; type?: TokenType },
  message: string,
  source = "<string>",
): LuaSyntaxError {
  if (token.type === "end") return new LuaSyntaxError(`${source} at EOF:   ${message}\n`);
  return new LuaSyntaxError(
    `${source} line:${token.line}(column:${token.column}) near '${token.text}':   ${message}\n`,
    token.line,
  );
}

/** All tokens; the last one is of type `end`. Throws `LuaSyntaxError`. */
export function lex(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer {
  private at = 0;
  private line = 1;
  private lineStart = 0;
  private readonly tokens: Token[] = [];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  run(): Token[] {
    // A first line that starts with "#" is for the shell.
    for (;;) {
      const before = this.line;
      this.skipBlank();
      const start = { line: this.line, column: this.at - this.lineStart + 1 };
      if (this.at >= this.text.length) {
        this.tokens.push({ type: "end", text: "", ...start, afterNewLine: false });
        return this.tokens;
      }
      const afterNewLine = this.line > before && this.tokens[this.tokens.length - 1]?.text === ")";
      const [type, value] = this.next(start);
      this.tokens.push({ type, text: value, ...start, afterNewLine: afterNewLine && value === "(" });
    }
  }

  private fail(text: string, message: string): LuaSyntaxError {
    return syntaxError({ text, line: this.line, column: this.at - this.lineStart }, message);
  }

  private unterminated(text: string, message: string): LuaSyntaxError {
    if (this.at >= this.text.length) return new LuaSyntaxError(`<string> at EOF:   ${message}\n`);
    return this.fail(text, message);
  }

  private newLine(): void {
    const char = this.text[this.at];
    const next = this.text[this.at + 1];
    this.at += (char === "\n" && next === "\r") || (char === "\r" && next === "\n") ? 2 : 1;
    this.line++;
    this.lineStart = this.at;
  }

  private skipBlank(): void {
    for (;;) {
      const char = this.text[this.at];
      if (char === "\n" || char === "\r") this.newLine();
      else if (char === " " || char === "\t") this.at++;
      else if (char === "-" && this.text[this.at + 1] === "-") this.skipComment();
      else return;
    }
  }

  private skipComment(): void {
    this.at += 2;
    if (this.longBracketLevel() !== undefined) {
      this.longString("invalid multiline comment");
      return;
    }
    while (this.at < this.text.length && this.text[this.at] !== "\n" && this.text[this.at] !== "\r") this.at++;
  }

  private longBracketLevel(): number | undefined {
    if (this.text[this.at] !== "[") return undefined;
    let end = this.at + 1;
    while (this.text[end] === "=") end++;
    return this.text[end] === "[" ? end - this.at - 1 : undefined;
  }

  private longString(message: string): string {
    const level = this.longBracketLevel() ?? 0;
    const close = `]${"=".repeat(level)}]`;
    this.at += level + 2;
    if (this.text[this.at] === "\n" || this.text[this.at] === "\r") this.newLine();
    let value = "";
    while (!this.text.startsWith(close, this.at)) {
      const char = this.text[this.at];
      if (char === undefined) throw this.unterminated(value, message);
      if (char === "\n" || char === "\r") {
        this.newLine();
        value += "\n";
        continue;
      }
      value += char;
      this.at++;
    }
    this.at += close.length;
    return value;
  }

  private next(start: { line: number; column: number }): [TokenType, string] {
    const char = this.text[this.at] as string;
    const word = /[A-Za-z_][A-Za-z0-9_]*/y;
    word.lastIndex = this.at;
    const name = word.exec(this.text)?.[0];
    if (name !== undefined) {
      this.at += name.length;
      return [keywords.has(name) ? "keyword" : "name", name];
    }
    if (/[0-9]/.test(char) || (char === "." && /[0-9]/.test(this.text[this.at + 1] ?? "")))
      return ["number", this.number()];
    if (char === '"' || char === "'") return ["string", this.shortString(char)];
    if (this.longBracketLevel() !== undefined) return ["string", this.longString("unterminated multiline string")];
    const symbol = symbols.find((candidate) => this.text.startsWith(candidate, this.at));
    if (symbol === undefined) {
      this.at++;
      throw syntaxError({ text: char, ...start }, char === "~" ? "Invalid '~' token" : "Invalid token");
    }
    this.at += symbol.length;
    return ["symbol", symbol];
  }

  private number(): string {
    const hex = /0[xX][0-9a-fA-F]*/y;
    hex.lastIndex = this.at;
    const hexText = hex.exec(this.text)?.[0];
    if (hexText !== undefined) {
      this.at += hexText.length;
      if (hexText.length === 2) throw this.fail(hexText, "illegal hexadecimal number");
      return hexText;
    }
    const decimal = /(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]*)?/y;
    decimal.lastIndex = this.at;
    const found = decimal.exec(this.text)?.[0] as string;
    this.at += found.length;
    return found;
  }

  private shortString(quote: string): string {
    let value = "";
    this.at++;
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined || char === "\n" || char === "\r") throw this.unterminated(value, "unterminated string");
      this.at++;
      if (char === quote) return value;
      value += char === "\\" ? this.escape() : char;
    }
  }

  private escape(): string {
    const char = this.text[this.at];
    if (char === "\n" || char === "\r") {
      this.newLine();
      return "\n";
    }
    if (char !== undefined && /[0-9]/.test(char)) {
      const digits = /[0-9]{1,3}/y;
      digits.lastIndex = this.at;
      const number = digits.exec(this.text)?.[0] as string;
      this.at += number.length;
      return String.fromCharCode(Number(number) & 255);
    }
    this.at++;
    if (char === undefined) throw this.unterminated("", "unterminated string");
    return escapes[char] ?? char;
  }
}
