// Mirrors strconv/quote.go of Go 1.26.
import { inPieces } from "../output-limit.ts";
import { isPrint } from "./character-class.ts";
import { decodeRune, encodeRune, isValidRune, runeError } from "./utf8.ts";

const shortEscapes: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function escapedRune(rune: number, quote: number, asciiOnly: boolean): string {
  if (rune === quote || rune === 92) return "\\" + String.fromCharCode(rune);
  if (asciiOnly ? rune < 0x80 && isPrint(rune) : isPrint(rune)) return encodeRune(rune);
  const short = shortEscapes[rune];
  if (short !== undefined) return short;
  if (rune < 32 || rune === 0x7f) return "\\x" + hex(rune, 2);
  if (!isValidRune(rune)) return "\\ufffd";
  return rune < 0x10000 ? "\\u" + hex(rune, 4) : "\\U" + hex(rune, 8);
}

function quoteWith(text: string, quote: number, asciiOnly: boolean): string {
  const mark = String.fromCharCode(quote);
  return mark + inPieces(text, (piece) => escaped(piece, quote, asciiOnly)) + mark;
}

function escaped(text: string, quote: number, asciiOnly: boolean): string {
  let out = "";
  for (let i = 0; i < text.length;) {
    const byte = text.charCodeAt(i);
    if (byte >= 32 && byte < 0x7f && byte !== quote && byte !== 92) {
      out += text[i]!;
      i++;
      continue;
    }
    const decoded = decodeRune(text, i);
    const width = decoded & 7;
    const rune = decoded >> 3;
    out += width === 1 && rune === runeError ? "\\x" + hex(byte, 2) : escapedRune(rune, quote, asciiOnly);
    i += width;
  }
  return out;
}

/** Go's `strconv.Quote` on a byte string. */
export function quoteGo(text: string): string {
  // Plain text is by far the most frequent case.
  return /^[ !#-[\]-~]*$/.test(text) ? '"' + text + '"' : quoteWith(text, 34, false);
}

/** Go's `strconv.QuoteToASCII`. */
export function quoteToAscii(text: string): string {
  return quoteWith(text, 34, true);
}

/** Go's `strconv.QuoteRune`, or `QuoteRuneToASCII` when `asciiOnly`. */
export function quoteRune(rune: number, asciiOnly = false): string {
  return "'" + escapedRune(isValidRune(rune) ? rune : runeError, 39, asciiOnly) + "'";
}

/** Go's `strconv.CanBackquote`. */
export function canBackquote(text: string): boolean {
  for (let i = 0; i < text.length;) {
    const decoded = decodeRune(text, i);
    const width = decoded & 7;
    const rune = decoded >> 3;
    i += width;
    if (width > 1) {
      if (rune === 0xfeff) return false;
      continue;
    }
    if (rune === runeError || (rune < 32 && rune !== 9) || rune === 96 || rune === 0x7f) return false;
  }
  return true;
}
