/** Tokens of jq as gojq v0.12.19 lexer.go reads them. Source text is a byte string. */
export type JqTokenType =
  | "name"
  | "field"
  | "variable"
  | "number"
  | "format"
  | "keyword"
  | "symbol"
  | "quote"
  | "end"
  | "invalid";

export interface JqToken {
  readonly type: JqTokenType;
  /** As written; of fields and variables with their `.` or `$`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A program that gojq refuses; the message is gojq's. */
export class JqSyntaxError extends Error {
  override readonly name = "JqSyntaxError";
  /** Byte in the program where the fault is. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const keywords: ReadonlySet<string> = new Set([
  "or", "and", "module", "import", "include", "def", "as", "label", "break", "null", "true", "false", "if", "then", "elif", "else",
  "end", "try", "catch", "reduce", "foreach",
]); // prettier-ignore

const symbols = ["?//", "//=", "..", "|=", "+=", "-=", "*=", "/=", "%=", "//", "==", "!=", ">=", "<="];
const blank = /(?:[ \t\n\r]|#(?:\\[\\\n]|\\\r\n?|[^\n\r])*)*/y;
const field = /\.[A-Za-z_][A-Za-z0-9_]*/y;
const name = /[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)?/y;
const variable = /\$[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)?/y;
const format = /@[A-Za-z0-9_]+/y;
const number = /(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The token at or after `at`. A `"` comes alone: the parser reads strings, since they hold queries. */
export function nextToken(text: string, at: number): JqToken {
  const start = at + (match(blank, text, at) ?? "").length;
  const token = (type: JqTokenType, spelling: string): JqToken => ({
    type,
    text: spelling,
    start,
    end: start + spelling.length,
  });
  const char = text[start];
  if (char === undefined) return token("end", "");
  if (char === '"') return token("quote", char);
  const found = match(field, text, start);
  if (found !== undefined) return token("field", found);
  const word = match(name, text, start);
  if (word !== undefined) return token(keywords.has(word) ? "keyword" : "name", word);
  const bound = match(variable, text, start);
  if (bound !== undefined) return token("variable", bound);
  const digits = match(number, text, start);
  if (digits !== undefined) {
    const after = text[start + digits.length] ?? "";
    return /[A-Za-z_.]/.test(after) ? token("invalid", digits + after) : token("number", digits);
  }
  const formatName = match(format, text, start);
  if (formatName !== undefined) return token("format", formatName);
  const symbol = symbols.find((candidate) => text.startsWith(candidate, start));
  if (symbol !== undefined) return token("symbol", symbol);
  // A character of several bytes is one token.
  const rest = /[\x80-\xbf]*/y;
  rest.lastIndex = start + 1;
  return token("symbol", char + (char >= "\x80" ? (rest.exec(text)?.[0] ?? "") : ""));
}

/** gojq's message about a token that cannot stand where it stands. */
export function unexpected(token: JqToken): JqSyntaxError {
  if (token.type === "end") return new JqSyntaxError("unexpected EOF", token.start);
  const kind = token.type === "invalid" ? "invalid" : "unexpected";
  return new JqSyntaxError(`${kind} token ${JSON.stringify(token.text)}`, token.start);
}
