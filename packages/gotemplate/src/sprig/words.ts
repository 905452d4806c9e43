import { encodeRune, runeError } from "../strconv/utf8.ts";
import { decodeRune, fromRunes, toRunes } from "./runes.ts";
import { isLetter } from "../strconv/character-class.ts";
import { isLower, isPunctuation, isNumber, isSpace, isTitle, isUpper, toLower, toTitle, toUpper } from "./unicode.ts";

/** Word-wise string algorithms of huandu/xstrings 1.5.0 (convert.go) and Masterminds/goutils 1.1.1 (wordutils.go, stringutils.go). */

function isConnector(rune: number): boolean {
  return rune === 0x2d || rune === 0x5f || isSpace(rune);
}

/** `xstrings.ToPascalCase`. */
export function toPascalCase(text: string): string {
  if (text === "") return "";
  let out = "";
  let at = 0;
  let current = 0;
  let size = 0;
  let firstWasUpper = false;
  while (at < text.length) {
    [current, size] = decodeRune(text, at);
    at += size;
    if (!isConnector(current)) {
      firstWasUpper = isUpper(current);
      current = toUpper(current);
      break;
    }
    out += encodeRune(current);
  }
  // Upstream writes the last rune once more when nothing follows it, even a connector.
  if (at >= text.length) return out + encodeRune(current);
  while (at < text.length) {
    const previous = current;
    [current, size] = decodeRune(text, at);
    at += size;
    if (isConnector(current) && isConnector(previous)) {
      out += encodeRune(previous);
      continue;
    }
    if (isConnector(previous)) {
      firstWasUpper = isUpper(current);
      current = toUpper(current);
      continue;
    }
    if (firstWasUpper) {
      if (isUpper(current)) current = toLower(current);
      else firstWasUpper = false;
    }
    out += encodeRune(previous);
  }
  return out + encodeRune(current);
}

type WordKind = "invalid" | "number" | "upper" | "alphabet" | "connector" | "punctuation" | "other";

interface Word {
  readonly kind: WordKind;
  readonly text: string;
  /** Where the next word begins. */
  readonly end: number;
}

/** A letter, except the CJK ones, which form no words (count.go). */
function isAlphabet(rune: number): boolean {
  if (!isLetter(rune)) return false;
  return !(
    (rune >= 0x4e00 && rune <= 0x9fcc) ||
    (rune >= 0x3400 && rune <= 0x4d85) ||
    (rune >= 0x20000 && rune <= 0x2b81d)
  );
}

/** The next rune that is valid UTF-8 and how many bytes lead past it; `previous` when there is none. */
function nextValidRune(text: string, at: number, previous: number): [rune: number, size: number] {
  let size = 0;
  while (at + size < text.length) {
    const [rune, width] = decodeRune(text, at + size);
    size += width;
    if (rune !== runeError) return [rune, size];
  }
  return [previous, size];
}

/** Where the run of runes that `belongs` accepts ends, from `at` on. */
function runEnd(text: string, at: number, first: number, belongs: (rune: number, size: number) => boolean): number {
  let rune = first;
  let size = 0;
  while (at < text.length) {
    [rune, size] = nextValidRune(text, at, rune);
    if (!belongs(rune, size)) break;
    at += size;
  }
  return at;
}

function upperCaseWordEnd(text: string, start: number, first: number): number {
  let at = start;
  if (at >= text.length) return at;
  let [rune, size] = nextValidRune(text, at, first);
  if (isUpper(rune)) {
    let previousSize = size;
    at += size;
    while (at < text.length) {
      [rune, size] = nextValidRune(text, at, rune);
      if (!isUpper(rune)) break;
      previousSize = size;
      at += size;
    }
    // "HTTPStatus" is "HTTP" and "Status": the last capital belongs to the next word.
    return at < text.length && isAlphabet(rune) ? at - previousSize : at;
  }
  if (isAlphabet(rune)) return runEnd(text, at + size, rune, (next) => isAlphabet(next) && !isUpper(next));
  return at;
}

function nextWord(text: string, start: number): Word {
  if (start >= text.length) return { kind: "invalid", text: "", end: start };
  const [rune, size] = nextValidRune(text, start, runeError);
  const at = start + size;
  const word = (kind: WordKind, end: number): Word => ({ kind, text: text.slice(start, end), end });
  if (rune === runeError) return word("invalid", at);
  if (isConnector(rune)) return word("connector", runEnd(text, at, rune, isConnector));
  if (isPunctuation(rune)) return word("punctuation", runEnd(text, at, rune, isPunctuation));
  if (isUpper(rune)) return word("upper", upperCaseWordEnd(text, at, rune));
  if (isAlphabet(rune))
    return word(
      "alphabet",
      runEnd(text, at, rune, (next) => isAlphabet(next) && !isUpper(next)),
    );
  if (isNumber(rune)) return word("number", runEnd(text, at, rune, isNumber));
  const isOther = (next: number, width: number): boolean =>
    width !== 0 && !isConnector(next) && !isAlphabet(next) && !isNumber(next) && !isPunctuation(next);
  return word("other", runEnd(text, at, rune, isOther));
}

function lowerWord(word: Word, connector: string): string {
  if (word.kind !== "upper" && word.kind !== "connector") return word.text;
  let out = "";
  for (const rune of toRunes(word.text)) {
    out += isConnector(rune) ? connector : encodeRune(isUpper(rune) ? toLower(rune) : rune);
  }
  return out;
}

/** `xstrings.ToSnakeCase` and `ToKebabCase`, by the connector. */
export function camelCaseToLowerCase(text: string, connector: "_" | "-"): string {
  let out = "";
  let word = nextWord(text, 0);
  const more = (): boolean => word.end < text.length;
  const write = (piece: Word): void => {
    out += lowerWord(piece, connector);
  };
  const writeAlphanumerics = (): void => {
    while (word.kind === "alphabet" || word.kind === "number") {
      write(word);
      word = nextWord(text, word.end);
    }
    if (word.kind !== "invalid" && word.kind !== "punctuation" && word.kind !== "connector") out += connector;
  };
  while (more()) {
    if (word.kind !== "connector") write(word);
    const previous = word;
    word = nextWord(text, word.end);
    if (previous.kind === "number") writeAlphanumerics();
    else if (previous.kind === "connector") write(previous);
    else if (previous.kind === "punctuation") continue;
    else if (word.kind !== "number") {
      if (word.kind !== "connector" && word.kind !== "punctuation") out += connector;
    } else if (more()) {
      const numberWord = word;
      word = nextWord(text, word.end);
      if (word.kind === "alphabet") {
        // "HTTP2xx" is "http_2xx": the number begins the word of the small letters after it.
        out += connector;
        write(numberWord);
        writeAlphanumerics();
      } else {
        // "Bld4Floor" is "bld4_floor": the number ends the word before it.
        write(numberWord);
        if (word.kind !== "connector" && word.kind !== "punctuation") out += connector;
      }
    }
  }
  write(word);
  return out;
}

/** `goutils.SwapCase`; a small letter that begins a word gets its title case. */
export function swapCase(text: string): string {
  let wordBegins = true;
  const runes = toRunes(text).map((rune) => {
    if (isUpper(rune) || isTitle(rune)) {
      wordBegins = false;
      return toLower(rune);
    }
    if (isLower(rune)) {
      const swapped = wordBegins ? toTitle(rune) : toUpper(rune);
      wordBegins = false;
      return swapped;
    }
    wordBegins = isSpace(rune);
    return rune;
  });
  return fromRunes(runes);
}

/** `goutils.Uncapitalize`: the first letter of every word becomes small. */
export function uncapitalize(text: string): string {
  let wordBegins = true;
  const runes = toRunes(text).map((rune) => {
    if (isSpace(rune)) {
      wordBegins = true;
      return rune;
    }
    const mapped = wordBegins ? toLower(rune) : rune;
    wordBegins = false;
    return mapped;
  });
  return fromRunes(runes);
}

/** `goutils.Initials`. Upstream takes each byte for a rune, so `é` gives `Ã`. */
export function initials(text: string): string {
  let out = "";
  let afterGap = true;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    if (isSpace(byte)) afterGap = true;
    else if (afterGap) {
      out += encodeRune(byte);
      afterGap = false;
    }
  }
  return out;
}

/** `goutils.DeleteWhiteSpace`. Upstream takes each byte for a rune: text with white space and non-ASCII letters comes out garbled. */
export function deleteWhiteSpace(text: string): string {
  let out = "";
  let kept = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    if (isSpace(byte)) continue;
    out += encodeRune(byte);
    kept++;
  }
  return kept === text.length ? text : out;
}

/** `goutils.AbbreviateFull`, for widths its callers have checked. */
export function abbreviate(text: string, left: number, width: number): string {
  if (text === "" || text.length <= width) return text;
  if (width < 4) return "";
  let offset = Math.min(left, text.length);
  const rest = text.length - offset;
  // An offset at the end of Go's int makes the rest overflow, so that it counts as short.
  if (rest < width - 3 || rest >= 2 ** 63) offset = text.length - (width - 3);
  if (offset <= 4) return `${text.slice(0, width - 3)}...`;
  if (width < 7) return "";
  if (offset + width - 3 < text.length) return `...${abbreviate(text.slice(offset), 0, width - 3)}`;
  return `...${text.slice(text.length - (width - 3))}`;
}

/** How `wrapWords` breaks lines. */
export interface WrapOptions {
  /** Column to break at; less than 1 is 1. */
  readonly width: number;
  /** What ends a line; empty means a newline. */
  readonly lineEnd: string;
  /** Breaks words longer than a line. */
  readonly breakLongWords: boolean;
}

/** `goutils.WrapCustom`. */
export function wrapWords(text: string, options: WrapOptions): string {
  const lineEnd = options.lineEnd === "" ? "\n" : options.lineEnd;
  const width = Math.max(options.width, 1);
  const lines: string[] = [];
  let offset = 0;
  while (text.length - offset > width) {
    if (text[offset] === " ") {
      offset++;
      continue;
    }
    const space = text.lastIndexOf(" ", offset + width);
    if (space >= offset) {
      lines.push(text.slice(offset, space));
      offset = space + 1;
    } else if (options.breakLongWords) {
      lines.push(text.slice(offset, offset + width));
      offset += width;
    } else {
      const next = text.indexOf(" ", offset + width);
      if (next === -1) return [...lines, text.slice(offset)].join(lineEnd);
      lines.push(text.slice(offset, next));
      offset = next + 1;
    }
  }
  return [...lines, text.slice(offset)].join(lineEnd);
}
