import { formatGo } from "@tiphys/gotemplate";
import { end, runeText, type TomlScanner } from "./scanner.ts";

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["t", "\t"],
  ["n", "\n"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  ['"', '"'],
  ["\\", "\\"],
]);

const hexEscapes: ReadonlyMap<string, readonly [digits: number, word: string]> = new Map([
  ["x", [2, "two"]],
  ["u", [4, "four"]],
  ["U", [8, "eight"]],
]);

/** Reads a string whose first quote has been read: basic, literal or, for values, either over several lines. */
export function readString(scanner: TomlScanner, quote: '"' | "'", mayHaveLines: boolean): string {
  if (mayHaveLines && scanner.accept(quote)) {
    if (scanner.accept(quote)) return readLines(scanner, quote);
    scanner.back(quote.charCodeAt(0));
  }
  scanner.start = scanner.at;
  for (;;) {
    const rune = scanner.next();
    if (rune === end) scanner.fail(`unexpected EOF; expected ${quote === '"' ? `'"'` : `"'"`}`);
    if (rune === 10 || rune === 13) scanner.failIn(scanner.line - 1, "strings cannot contain newlines");
    if (rune === 92 && quote === '"') skipEscape(scanner);
    if (rune !== quote.charCodeAt(0)) continue;
    const text = scanner.text.slice(scanner.start, scanner.at - 1);
    const value = quote === '"' ? unescape(scanner, text) : text;
    scanner.start = scanner.at;
    return value;
  }
}

/** The rest of a string over several lines, behind its three quotes. */
function readLines(scanner: TomlScanner, quote: '"' | "'"): string {
  const three = quote.repeat(3);
  const code = quote.charCodeAt(0);
  scanner.start = scanner.at;
  for (;;) {
    const rune = scanner.next();
    if (rune === end) scanner.fail(`unexpected EOF; expected ${quote === '"' ? `'"""'` : `"'''"`}`);
    if (rune === 92 && quote === '"') {
      const next = scanner.next();
      if (next !== 10 && next !== 13) {
        scanner.back(next);
        skipEscape(scanner);
      }
    }
    if (rune !== code || !scanner.accept(quote)) continue;
    if (!scanner.accept(quote)) continue;
    if (scanner.peek() === code) {
      // Two quotes more may end the text; a sixth is too many.
      const read = scanner.current;
      if (read.endsWith(quote.repeat(5)) && (quote === "'" || !read.endsWith(`\\${quote.repeat(5)}`))) {
        scanner.fail(quote === '"' ? `unexpected '""""""'` : `unexpected "''''''"`);
      }
      scanner.back(code);
      scanner.back(code);
      continue;
    }
    const text = scanner.text.slice(scanner.start, scanner.at - three.length).replace(/^\r?\n/, "");
    const value = quote === '"' ? unescape(scanner, withoutEscapedNewlines(text)) : text;
    scanner.start = scanner.at;
    return value;
  }
}

/** Checks what follows a backslash. */
function skipEscape(scanner: TomlScanner): void {
  const rune = scanner.next();
  const letter = rune < 0x80 ? String.fromCharCode(rune) : "";
  if (simpleEscapes.has(letter) || letter === " " || letter === "\t") return;
  const hex = hexEscapes.get(letter);
  if (!hex) return scanner.error(`invalid escape in string '\\${runeText(rune)}'`);
  const [digits, word] = hex;
  for (let i = 0; i < digits; i++) {
    const digit = scanner.next();
    if (digit < 0x80 && /[0-9a-fA-F]/.test(String.fromCharCode(digit))) continue;
    scanner.fail(
      `expected ${word} hexadecimal digits after '\\${letter}', but got ${formatGo("%q", [scanner.current])} instead`,
    );
  }
}

/** A backslash before the end of a line takes all white space behind it away. */
function withoutEscapedNewlines(text: string): string {
  return text.replace(/\\\\|\\[ \t\r\n]*\n[ \t\r\n]*/g, (match) => (match === "\\\\" ? match : ""));
}

function unescape(scanner: TomlScanner, text: string): string {
  return text.replace(/\\(?:x..|u.{4}|U.{8}|[^])/g, (escape) => {
    const letter = escape[1]!;
    if (letter === " " || letter === "\t") scanner.failIn(scanner.line, `invalid escape: '\\${letter}'`);
    const simple = simpleEscapes.get(letter);
    if (simple !== undefined) return simple;
    const code = Number.parseInt(escape.slice(2), 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      scanner.failIn(scanner.line, `Escaped character '\\u${escape.slice(2)}' is not valid UTF-8.`);
    }
    return runeText(code);
  });
}
