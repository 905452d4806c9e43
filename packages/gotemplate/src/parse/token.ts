// Mirrors the items of text/template/parse/lex.go, Go 1.26.
import { quoteGo } from "../strconv/quote.ts";
import { decodeRune } from "../strconv/utf8.ts";

/* What a token is. Keywords are kinds of their own, and so is what needs no second look: strings without backslashes, short integers. */
export const EOF = 0;
export const ERROR = 1;
export const TEXT = 2;
export const LEFT_DELIMITER = 3;
export const RIGHT_DELIMITER = 4;
export const SPACE = 5;
export const PIPE = 6;
export const ASSIGN = 7;
export const DECLARE = 8;
export const CHAR = 9;
export const RIGHT_PAREN = 10;
/** From here to `VARIABLE`: what an operand may start with. */
export const LEFT_PAREN = 11;
export const IDENTIFIER = 12;
/** An identifier that names no function. */
export const UNKNOWN_IDENTIFIER = 13;
export const FIELD = 14;
export const DOT = 15;
export const NIL = 16;
export const BOOL = 17;
export const PLAIN_STRING = 18;
export const STRING = 19;
export const RAW_STRING = 20;
export const INTEGER = 21;
export const NUMBER = 22;
export const COMPLEX = 23;
export const CHAR_CONSTANT = 24;
export const VARIABLE = 25;
export const BLOCK = 26;
export const BREAK = 27;
export const CONTINUE = 28;
export const DEFINE = 29;
export const ELSE = 30;
export const END = 31;
export const IF = 32;
export const RANGE = 33;
export const TEMPLATE = 34;
export const WITH = 35;

/** How many numbers of `Tokens.data` one token takes. */
export const tokenSize = 4;

/**
 * The tokens of a text. A token is named by its index in `data`, where its kind, its start, its end and its link lie. The link is 0 until
 * the checker has gone past: see `Checker`.
 */
export interface Tokens {
  readonly text: string;
  readonly data: Int32Array;
  /** The message of the error that ends the tokens; "" without one. */
  readonly error: string;
}

export function kindOf({ data }: Tokens, token: number): number {
  return data[token]!;
}

/** The byte position of a token. */
export function positionOf({ data }: Tokens, token: number): number {
  return data[token + 1]!;
}

/** The text of a token. */
export function valueOf({ text, data }: Tokens, token: number): string {
  return text.slice(data[token + 1], data[token + 2]);
}

/** Where the checker found the end of what starts at a token. */
export function linkOf({ data }: Tokens, token: number): number {
  return data[token + 3]!;
}

/** A token as parse errors show it. */
export function tokenText(tokens: Tokens, token: number): string {
  const kind = kindOf(tokens, token);
  if (kind === EOF) return "EOF";
  if (kind === ERROR) return tokens.error;
  const value = valueOf(tokens, token);
  if (kind === DOT || kind === NIL || kind >= BLOCK) return `<${value}>`;
  if (value.length <= 10) return quoteGo(value);
  let end = 0;
  for (let runes = 0; runes < 10 && end < value.length; runes++) end += decodeRune(value, end) & 7;
  return quoteGo(value.slice(0, end)) + "...";
}

/** The line, from 1, at a byte position. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < position; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
