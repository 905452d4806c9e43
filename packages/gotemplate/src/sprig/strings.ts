import { define, FunctionError } from "../function.ts";
import { limited } from "../output-limit.ts";
import { formatGo } from "../fmt/print.ts";
import { isDigit, isLetter } from "../strconv/character-class.ts";
import { quoteGo } from "../strconv/quote.ts";
import { type CallContext, type GoFunction, type GoValue, GoMap, GoObject, sliceTypeOf, typedSlice } from "../value.ts";
import { strval } from "./cast.ts";
import { checkSlice, repeat } from "./panics.ts";
import { randomBelow, randomText } from "./random.ts";
import { decodeRune, fromRunes, isAscii, mapRunes, toRunes } from "./runes.ts";
import { isSpace, toLower, toTitle, toUpper } from "./unicode.ts";
import {
  abbreviate,
  camelCaseToLowerCase,
  deleteWhiteSpace,
  initials,
  swapCase,
  toPascalCase,
  uncapitalize,
  wrapWords,
} from "./words.ts";

/** `strings.ToUpper`. */
export function upperCase(text: string): string {
  return isAscii(text) ? text.toUpperCase() : mapRunes(text, toUpper);
}

/** `strings.ToLower`. */
export function lowerCase(text: string): string {
  return isAscii(text) ? text.toLowerCase() : mapRunes(text, toLower);
}

/** `strings.Title`: the first letter of every word in title case. */
export function titleCase(text: string): string {
  let previous = 32;
  return mapRunes(text, (rune) => {
    const mapped = separatesWords(previous) ? toTitle(rune) : rune;
    previous = rune;
    return mapped;
  });
}

function separatesWords(rune: number): boolean {
  if (rune === 95 || isLetter(rune) || isDigit(rune)) return false;
  return rune < 0x80 || isSpace(rune);
}

/** The part of `text` between the first and last rune that `drops` refuses. */
function trimRunes(text: string, drops: (rune: number) => boolean): string {
  let start = 0;
  while (start < text.length) {
    const [rune, size] = decodeRune(text, start);
    if (!drops(rune)) break;
    start += size;
  }
  let end = text.length;
  while (end > start) {
    const [rune, size] = decodeLastRune(text, end);
    if (!drops(rune)) break;
    end -= size;
  }
  return text.slice(start, end);
}

function decodeLastRune(text: string, end: number): [rune: number, size: number] {
  const last = text.charCodeAt(end - 1);
  if (last < 0x80) return [last, 1];
  for (let size = 2; size <= 4 && size <= end; size++) {
    const [rune, width] = decodeRune(text, end - size);
    if (width === size) return [rune, size];
  }
  return [0xfffd, 1];
}

/** `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  return trimRunes(text, isSpace);
}

/** `strings.Trim(text, cutset)`. */
function trimAll(cutset: string, text: string): string {
  const runes = new Set(toRunes(cutset));
  return trimRunes(text, (rune) => runes.has(rune));
}

/** `strings.SplitN`; an empty separator splits after each UTF-8 sequence. */
export function splitStrings(text: string, separator: string, limit = -1): string[] {
  if (limit === 0) return [];
  const parts: string[] = [];
  let at = 0;
  if (separator === "") {
    while (at < text.length) {
      if (parts.length === limit - 1) return [...parts, text.slice(at)];
      const size = decodeRune(text, at)[1];
      parts.push(text.slice(at, at + size));
      at += size;
    }
    return parts;
  }
  if (limit < 0) return text.split(separator);
  while (parts.length < limit - 1) {
    const next = text.indexOf(separator, at);
    if (next === -1) break;
    parts.push(text.slice(at, next));
    at = next + separator.length;
  }
  return [...parts, text.slice(at)];
}

function numberedParts(parts: string[]): GoMap {
  return new GoMap(
    "map[string]string",
    parts.map((part, index) => [`_${index}`, part] as const),
  );
}

/** Sprig's `strslice`: the elements as strings, nil left out. A `[]string` is returned itself, not a copy. */
export function toStrings(list: GoValue): string[] {
  const value = list instanceof GoObject && list.goKind === "slice" ? (list.goUnderlying() ?? list) : list;
  if (Array.isArray(value)) {
    if (sliceTypeOf(value) === "[]string") return value as string[];
    return value.filter((item) => item !== null).map(strval);
  }
  return value === null ? [] : [strval(value)];
}

function indent(spaces: bigint, text: string): string {
  const pad = repeat(" ", spaces);
  if (pad === "") return text;
  // A wide indent of many lines could fill the memory; the check for that is the one of repeat.
  if (spaces > 4096n) repeat(" ", spaces * BigInt(text.split("\n").length));
  return pad + text.replaceAll("\n", `\n${pad}`);
}

function truncate(count: bigint, text: string): string {
  const length = BigInt(text.length);
  if (count < 0n && length + count > 0n) return text.slice(Number(length + count));
  if (count >= 0n && length > count) return text.slice(0, Number(count));
  return text;
}

function substring(start: bigint, end: bigint, text: string): string {
  const length = BigInt(text.length);
  const low = start < 0n ? 0n : start;
  const high = start >= 0n && (end < 0n || end > length) ? length : end;
  checkSlice(low, high, text.length, "string");
  return text.slice(Number(low), Number(high));
}

function abbreviateBoth(left: bigint, right: bigint, text: string): string {
  if (right < 4n || (left > 0n && right < 7n)) return text;
  return abbreviate(text, Number(left), Number(right));
}

/** `strings.Replace(source, old, new, -1)`; an empty `old` matches around every UTF-8 sequence. */
/** Texts up to here are replaced in at once. */
const longSource = 100_000;

/** Piece by piece, so that no list of millions of parts is held. Throws `OutputTooLong`. */
function replaceInLong(old: string, replacement: string, source: string): string {
  let done = "";
  let parts: string[] = [];
  for (let at = 0; ;) {
    const found = source.indexOf(old, at);
    parts.push(source.slice(at, found < 0 ? source.length : found));
    if (found < 0) return done + parts.join(replacement);
    at = found + old.length;
    if (parts.length < longSource) continue;
    done = limited(done + parts.join(replacement) + replacement);
    parts = [];
  }
}

function replace(old: string, replacement: string, source: string): string {
  if (old === replacement) return source;
  if (old !== "")
    return source.length > longSource ? replaceInLong(old, replacement, source) : source.split(old).join(replacement);
  const parts = splitStrings(source, "");
  return `${replacement}${parts.map((part) => part + replacement).join("")}`;
}

function shuffle(context: CallContext, text: string): string {
  const runes = toRunes(text);
  for (let i = runes.length - 1; i > 0; i--) {
    const other = Number(randomBelow(context.random, BigInt(i + 1)));
    [runes[i], runes[other]] = [runes[other]!, runes[i]!];
  }
  return fromRunes(runes);
}

const upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const letters = upperLetters + upperLetters.toLowerCase();
const digits = "0123456789";
const printableAscii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");

function defineRandom(name: string, alphabet: string): GoFunction {
  return define(name, "func(int) string", (context, count: bigint) => {
    if (count <= 0n) return "";
    if (count > 64n * 1024n * 1024n) throw new FunctionError(`unsupported: a random string of ${count} bytes`);
    return randomText(context.random, alphabet, Number(count));
  });
}

const changing = [
  define("trim", "func(string) string", (_, text: string) => trimSpace(text)),
  define("upper", "func(string) string", (_, text: string) => upperCase(text)),
  define("lower", "func(string) string", (_, text: string) => lowerCase(text)),
  define("title", "func(string) string", (_, text: string) => titleCase(text)),
  define("untitle", "func(string) string", (_, text: string) => uncapitalize(text)),
  define("swapcase", "func(string) string", (_, text: string) => swapCase(text)),
  define("snakecase", "func(string) string", (_, text: string) => camelCaseToLowerCase(text, "_")),
  define("kebabcase", "func(string) string", (_, text: string) => camelCaseToLowerCase(text, "-")),
  define("camelcase", "func(string) string", (_, text: string) => toPascalCase(text)),
  define("nospace", "func(string) string", (_, text: string) => deleteWhiteSpace(text)),
  define("initials", "func(string) string", (_, text: string) => initials(text)),
  define("repeat", "func(int, string) string", (_, count: bigint, text: string) => repeat(text, count)),
  define("replace", "func(string, string, string) string", (_, old: string, by: string, text: string) =>
    replace(old, by, text),
  ),
  define("trimall", "func(string, string) string", (_, cutset: string, text: string) => trimAll(cutset, text)),
  define("trimAll", "func(string, string) string", (_, cutset: string, text: string) => trimAll(cutset, text)),
  define("trimSuffix", "func(string, string) string", (_, suffix: string, text: string) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  define("trimPrefix", "func(string, string) string", (_, prefix: string, text: string) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  define("shuffle", "func(string) string", shuffle),
  define("plural", "func(string, string, int) string", (_, one: string, many: string, count: bigint) =>
    count === 1n ? one : many,
  ),
];

const cutting = [
  define("abbrev", "func(int, string) string", (_, width: bigint, text: string) =>
    width < 4n ? text : abbreviate(text, 0, Number(width)),
  ),
  define("abbrevboth", "func(int, int, string) string", (_, left: bigint, right: bigint, text: string) =>
    abbreviateBoth(left, right, text),
  ),
  define("trunc", "func(int, string) string", (_, count: bigint, text: string) => truncate(count, text)),
  define("substr", "func(int, int, string) string", (_, start: bigint, end: bigint, text: string) =>
    substring(start, end, text),
  ),
  define("wrap", "func(int, string) string", (_, width: bigint, text: string) =>
    wrapWords(text, { width: Number(width), lineEnd: "", breakLongWords: false }),
  ),
  define("wrapWith", "func(int, string, string) string", (_, width: bigint, lineEnd: string, text: string) =>
    wrapWords(text, { width: Number(width), lineEnd, breakLongWords: true }),
  ),
  define("indent", "func(int, string) string", (_, spaces: bigint, text: string) => indent(spaces, text)),
  define("nindent", "func(int, string) string", (_, spaces: bigint, text: string) => `\n${indent(spaces, text)}`),
  define("split", "func(string, string) map[string]string", (_, separator: string, text: string) =>
    numberedParts(splitStrings(text, separator)),
  ),
  define("splitn", "func(string, int, string) map[string]string", (_, separator: string, limit: bigint, text: string) =>
    numberedParts(splitStrings(text, separator, limit > 0x7fffffffn ? -1 : Number(limit))),
  ),
  define("splitList", "func(string, string) []string", (_, separator: string, text: string) =>
    typedSlice("[]string", splitStrings(text, separator)),
  ),
];

const joining = [
  define("quote", "func(...interface {}) string", (_, ...values: GoValue[]) =>
    values
      .filter((value) => value !== null)
      .map((value) => quoteGo(strval(value)))
      .join(" "),
  ),
  define("squote", "func(...interface {}) string", (_, ...values: GoValue[]) =>
    values
      .filter((value) => value !== null)
      .map((value) => `'${formatGo("%v", [value])}'`)
      .join(" "),
  ),
  define("cat", "func(...interface {}) string", (_, ...values: GoValue[]) =>
    values
      .filter((value) => value !== null)
      .map((value) => formatGo("%v", [value]))
      .join(" "),
  ),
  define("join", "func(string, interface {}) string", (_, separator: string, value: GoValue) =>
    toStrings(value).join(separator),
  ),
  define("toString", "func(interface {}) string", (_, value: GoValue) => strval(value)),
  define("toStrings", "func(interface {}) []string", (_, value: GoValue) => {
    // A nil []string stays nil.
    const strings = toStrings(value);
    return (strings as GoValue) === value ? value : typedSlice("[]string", strings);
  }),
  define("sortAlpha", "func(interface {}) []string", (_, value: GoValue) => {
    if (!Array.isArray(value)) return typedSlice("[]string", [strval(value)]);
    // A []string is sorted in place, visible to everyone who holds it.
    return typedSlice("[]string", toStrings(value).sort());
  }),
];

const asking = [
  define("contains", "func(string, string) bool", (_, part: string, text: string) => text.includes(part)),
  define("hasPrefix", "func(string, string) bool", (_, prefix: string, text: string) => text.startsWith(prefix)),
  define("hasSuffix", "func(string, string) bool", (_, suffix: string, text: string) => text.endsWith(suffix)),
];

/** Sprig's functions on strings, without regular expressions. From strings.go and functions.go. */
export const stringFunctions: readonly GoFunction[] = [
  ...changing,
  ...cutting,
  ...joining,
  ...asking,
  defineRandom("randAlphaNum", letters + digits),
  defineRandom("randAlpha", letters),
  defineRandom("randAscii", printableAscii),
  defineRandom("randNumeric", digits),
  define("hello", "func() string", () => "Hello!"),
  define("fail", "func(string) string", (_, message: string) => {
    throw new FunctionError(message);
  }),
];
