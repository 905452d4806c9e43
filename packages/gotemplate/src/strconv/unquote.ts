// Mirrors Unquote and UnquoteChar of strconv/quote.go, Go 1.26.
import { decodeRune, encodeRune, isValidRune } from "./utf8.ts";

/** One character read from a literal: its value, whether it is a rune rather than a byte, and where the next one starts. */
export interface UnquotedCharacter {
  readonly value: number;
  readonly multibyte: boolean;
  readonly next: number;
}

const simpleEscapes: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };

/** Go's `strconv.UnquoteChar` at byte `at`; undefined is Go's "invalid syntax". */
export function unquoteCharacter(text: string, at: number, quote: string): UnquotedCharacter | undefined {
  if (at >= text.length || text[at] === quote) return undefined;
  const byte = text.charCodeAt(at);
  if (byte >= 0x80) {
    const decoded = decodeRune(text, at);
    return { value: decoded >> 3, multibyte: true, next: at + (decoded & 7) };
  }
  if (byte !== 92) return { value: byte, multibyte: false, next: at + 1 };
  return unquoteEscape(text, at + 1, quote);
}

/** The escape sequence whose letter (after the backslash) stands at `at`. */
function unquoteEscape(text: string, at: number, quote: string): UnquotedCharacter | undefined {
  const letter = text[at];
  if (letter === undefined) return undefined;
  const simple = simpleEscapes[letter];
  if (simple !== undefined) return { value: simple, multibyte: false, next: at + 1 };
  if (letter === "x" || letter === "u" || letter === "U") {
    const count = letter === "x" ? 2 : letter === "u" ? 4 : 8;
    const digits = text.slice(at + 1, at + 1 + count);
    if (digits.length < count || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
    const value = parseInt(digits, 16);
    if (letter !== "x" && !isValidRune(value)) return undefined;
    return { value, multibyte: letter !== "x", next: at + 1 + count };
  }
  if (letter >= "0" && letter <= "7") {
    const digits = text.slice(at, at + 3);
    if (!/^[0-7]{3}$/.test(digits)) return undefined;
    const value = parseInt(digits, 8);
    return value > 255 ? undefined : { value, multibyte: false, next: at + 3 };
  }
  return letter === quote ? { value: letter.charCodeAt(0), multibyte: false, next: at + 1 } : undefined;
}

/** Go's `strconv.Unquote` of a double-quoted or raw string literal; undefined is Go's "invalid syntax". */
export function unquote(literal: string): string | undefined {
  const quote = literal[0];
  if (literal.length < 2 || literal.at(-1) !== quote) return undefined;
  const body = literal.slice(1, -1);
  if (quote === "`") return body.includes("`") ? undefined : body.replaceAll("\r", "");
  if (quote !== '"' || body.includes("\n")) return undefined;
  if (!body.includes("\\")) return unquotePlain(body);
  let out = "";
  for (let at = 0; at < body.length;) {
    const character = unquoteCharacter(body, at, quote);
    if (!character) return undefined;
    out += character.multibyte ? encodeRune(character.value) : String.fromCharCode(character.value);
    at = character.next;
  }
  return out;
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const isAscii = /^[\0-\x7f]*$/;

/** A body without escapes. Go keeps it as it is when it is valid UTF-8, else turns invalid bytes into U+FFFD. */
function unquotePlain(body: string): string | undefined {
  if (body.includes('"')) return undefined;
  if (isAscii.test(body)) return body;
  let out = "";
  for (let at = 0; at < body.length;) {
    const decoded = decodeRune(body, at);
    out += encodeRune(decoded >> 3);
    at += decoded & 7;
  }
  return out;
}
