import {
  breakLength,
  breakText,
  COLON,
  encodeCodePoint,
  HASH,
  hexValue,
  isBlankOrEnd,
  isBreakOrEnd,
  isDigit,
  LF,
  SPACE,
  TAB,
} from "./characters.ts";
import { scanLineComment } from "./scan-comment.ts";
import type { Scanner } from "./scanner.ts";
import * as T from "./token.ts";
import { Token } from "./token.ts";

/** True at `---` or `...` on a line of its own start, which ends or breaks a scalar. */
function isDocumentIndicator(scanner: Scanner): boolean {
  const { text, at } = scanner;
  if (at !== scanner.lineStart) return false;
  const c = text.charCodeAt(at);
  if (c !== 45 && c !== 46) return false;
  return text.charCodeAt(at + 1) === c && text.charCodeAt(at + 2) === c && isBlankOrEnd(text, at + 3);
}

/** A plain scalar. One on a single line is a slice of the text; only a folded one is put together. */
export function scanPlainScalar(scanner: Scanner): Token {
  const { text, line } = scanner;
  const start = scanner.at;
  const flow = scanner.flowLevel > 0;
  const indent = scanner.indent + 1;
  let value = "";
  let pieceStart = start;
  let end = start;
  let leadingBlanks = false;
  for (;;) {
    if (isDocumentIndicator(scanner) || text.charCodeAt(scanner.at) === HASH) break;
    const runStart = scanner.at;
    const runEnd = plainRunEnd(text, runStart, flow);
    if (runEnd > runStart) {
      if (leadingBlanks) {
        value += text.slice(pieceStart, end) + foldedBreaks(text, end, runStart);
        pieceStart = runStart;
        leadingBlanks = false;
      }
      end = runEnd;
      scanner.at = runEnd;
    }
    const c = text.charCodeAt(runEnd);
    if (!(c === SPACE || c === TAB || breakLength(text, runEnd) > 0)) break;
    leadingBlanks = skipPlainBlanks(scanner, leadingBlanks, indent, line);
    if (!flow && scanner.at - scanner.lineStart < indent) break;
  }
  scanner.need(2);
  if (leadingBlanks) scanner.simpleKeyAllowed = true;
  const last = text.slice(pieceStart, end);
  return new Token(T.SCALAR, start, line, value === "" ? last : value + last, "", T.PLAIN);
}

/** Where a run of plain characters without blanks ends. */
function plainRunEnd(text: string, start: number, flow: boolean): number {
  let at = start;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c <= SPACE) {
      if (c === SPACE || c === TAB || c === LF || c === 13 || c === 0) return at;
    } else if (c === COLON) {
      if (isBlankOrEnd(text, at + 1)) return at;
    } else if (c >= 0xc2) {
      if (breakLength(text, at) > 0) return at;
    } else if (flow && (c === 44 || c === 63 || c === 91 || c === 93 || c === 123 || c === 125)) return at;
    at++;
  }
}

/** Blanks and breaks behind a run; true when a line break was among them or before. */
function skipPlainBlanks(scanner: Scanner, leading: boolean, indent: number, line: number): boolean {
  const { text } = scanner;
  for (;;) {
    const c = text.charCodeAt(scanner.at);
    if (c === SPACE || c === TAB) {
      if (leading && c === TAB && scanner.at - scanner.lineStart < indent) {
        scanner.fail("found a tab character that violates indentation", line);
      }
      scanner.at++;
    } else if (breakLength(text, scanner.at) > 0) {
      scanner.skipBreak();
      leading = true;
    } else return leading;
  }
}

/** What the blanks and breaks in `text[from, to)` become inside a scalar: one `\n` alone is a space, more keep all but the first. */
function foldedBreaks(text: string, from: number, to: number): string {
  let first = "";
  let rest = "";
  for (let at = from; at < to;) {
    const length = breakLength(text, at);
    if (length === 0) {
      at++;
      continue;
    }
    if (first === "") first = breakText(text, at);
    else rest += breakText(text, at);
    at += length;
  }
  return foldBreaks(first, rest);
}

function foldBreaks(first: string, rest: string): string {
  if (first !== "\n") return first + rest;
  return rest === "" ? " " : rest;
}

/** A single- or double-quoted scalar. */
export function scanFlowScalar(scanner: Scanner, single: boolean): Token {
  const { text, line } = scanner;
  const start = scanner.at++;
  const quote = single ? 39 : 34;
  const simple = simpleQuotedEnd(text, scanner.at, quote);
  if (simple >= 0) {
    scanner.at = simple + 1;
    return new Token(
      T.SCALAR,
      start,
      line,
      text.slice(start + 1, simple),
      "",
      single ? T.SINGLE_QUOTED : T.DOUBLE_QUOTED,
    );
  }
  let value = "";
  for (;;) {
    if (isDocumentIndicator(scanner)) scanner.fail("found unexpected document indicator", line);
    if (text.charCodeAt(scanner.at) === 0) scanner.fail("found unexpected end of stream", line);
    const run = single ? scanSingleQuotedRun(scanner) : scanDoubleQuotedRun(scanner, line);
    value += run.value;
    scanner.need(1);
    if (text.charCodeAt(scanner.at) === quote) break;
    value += scanQuotedBlanks(scanner, run.escapedBreak);
  }
  scanner.at++;
  return new Token(T.SCALAR, start, line, value, "", single ? T.SINGLE_QUOTED : T.DOUBLE_QUOTED);
}

/** The closing quote of a scalar on one line without escapes; -1 when it is not that simple. */
function simpleQuotedEnd(text: string, start: number, quote: number): number {
  for (let at = start; ; at++) {
    const c = text.charCodeAt(at);
    if (c === quote) return quote === 39 && text.charCodeAt(at + 1) === 39 ? -1 : at;
    if (c === 92 && quote === 34) return -1;
    if ((c < SPACE && c !== TAB) || c === 0xc2 || c === 0xe2) return -1;
  }
}

interface QuotedRun {
  value: string;
  escapedBreak: boolean;
}

function scanSingleQuotedRun(scanner: Scanner): QuotedRun {
  const { text } = scanner;
  let value = "";
  let pieceStart = scanner.at;
  while (!isBlankOrEnd(text, scanner.at)) {
    if (text.charCodeAt(scanner.at) === 39) {
      if (text.charCodeAt(scanner.at + 1) !== 39) break;
      value += text.slice(pieceStart, scanner.at + 1);
      scanner.at += 2;
      pieceStart = scanner.at;
    } else scanner.at++;
  }
  return { value: value + text.slice(pieceStart, scanner.at), escapedBreak: false };
}

function scanDoubleQuotedRun(scanner: Scanner, line: number): QuotedRun {
  const { text } = scanner;
  let value = "";
  let pieceStart = scanner.at;
  while (!isBlankOrEnd(text, scanner.at)) {
    const c = text.charCodeAt(scanner.at);
    if (c === 34) break;
    if (c !== 92) {
      scanner.at++;
      continue;
    }
    value += text.slice(pieceStart, scanner.at);
    if (breakLength(text, scanner.at + 1) > 0) {
      scanner.at++;
      scanner.skipBreak();
      return { value, escapedBreak: true };
    }
    value += scanEscape(scanner, line);
    pieceStart = scanner.at;
  }
  return { value: value + text.slice(pieceStart, scanner.at), escapedBreak: false };
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\xc2\x85"],
  ["_", "\xc2\xa0"],
  ["L", "\xe2\x80\xa8"],
  ["P", "\xe2\x80\xa9"],
]);

/** `\n`, `\x41`, `\u00e9`, `\U0001F600` … */
function scanEscape(scanner: Scanner, line: number): string {
  scanner.need(2);
  const letter = scanner.text[scanner.at + 1]!;
  const known = escapes.get(letter);
  if (known === undefined && letter !== "x" && letter !== "u" && letter !== "U") {
    scanner.fail("found unknown escape character", line);
  }
  scanner.at += 2;
  if (known !== undefined) return known;
  const length = letter === "x" ? 2 : letter === "u" ? 4 : 8;
  scanner.need(length);
  let code = 0;
  for (let k = 0; k < length; k++) {
    const digit = hexValue(scanner.text.charCodeAt(scanner.at + k));
    if (digit < 0) scanner.fail("did not find expected hexdecimal number", line);
    code = code * 16 + digit;
  }
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    scanner.fail("found invalid Unicode character escape code", line);
  }
  scanner.at += length;
  return encodeCodePoint(code);
}

/** Blanks and breaks inside quotes, as the text they stand for. */
function scanQuotedBlanks(scanner: Scanner, escapedBreak: boolean): string {
  const { text } = scanner;
  const start = scanner.at;
  let leading = escapedBreak;
  let first = "";
  let rest = "";
  for (;;) {
    const c = text.charCodeAt(scanner.at);
    if (c === SPACE || c === TAB) scanner.at++;
    else if (breakLength(text, scanner.at) > 0) {
      if (leading) rest += breakText(text, scanner.at);
      else first = breakText(text, scanner.at);
      leading = true;
      scanner.skipBreak();
    } else break;
  }
  scanner.need(1);
  return leading ? foldBreaks(first, rest) : text.slice(start, scanner.at);
}

/** Breaks before a block scalar's next line, and the indentation once it is known. */
interface BlockIndent {
  indent: number;
  breaks: string;
}

/** A `|` or `>` scalar with its header. */
export function scanBlockScalar(scanner: Scanner, literal: boolean): Token {
  const { text, line } = scanner;
  const start = scanner.at++;
  const { chomping, increment } = scanBlockHeader(scanner, start, line);
  const block: BlockIndent = { indent: 0, breaks: "" };
  if (increment > 0) block.indent = scanner.indent >= 0 ? scanner.indent + increment : increment;
  scanBlockBreaks(scanner, block, line);
  let value = "";
  let leadingBreak = "";
  let leadingBlank = false;
  while (scanner.at - scanner.lineStart === block.indent && text.charCodeAt(scanner.at) !== 0) {
    const c = text.charCodeAt(scanner.at);
    const blank = c === SPACE || c === TAB;
    if (!literal && !leadingBlank && !blank && leadingBreak.startsWith("\n")) {
      if (block.breaks === "") value += " ";
    } else value += leadingBreak;
    value += block.breaks;
    block.breaks = "";
    leadingBlank = blank;
    const lineBegin = scanner.at;
    scanner.skipToBreak();
    value += text.slice(lineBegin, scanner.at);
    scanner.need(2);
    leadingBreak = breakLength(text, scanner.at) > 0 ? breakText(text, scanner.at) : "";
    scanner.skipBreak();
    scanBlockBreaks(scanner, block, line);
  }
  if (chomping !== -1) value += leadingBreak;
  if (chomping === 1) value += block.breaks;
  return new Token(T.SCALAR, start, line, value, "", literal ? T.LITERAL : T.FOLDED);
}

/** `+`, `-` and the indentation digit in any order, then blanks, a comment and the line break. */
function scanBlockHeader(scanner: Scanner, start: number, line: number): { chomping: number; increment: number } {
  const { text } = scanner;
  let chomping = 0;
  let increment = 0;
  const takeSign = (): boolean => {
    const c = text.charCodeAt(scanner.at);
    if (c !== 43 && c !== 45) return false;
    chomping = c === 43 ? 1 : -1;
    scanner.at++;
    return true;
  };
  const takeDigit = (): boolean => {
    const c = text.charCodeAt(scanner.at);
    if (!isDigit(c)) return false;
    if (c === 48) scanner.fail("found an indentation indicator equal to 0", line);
    increment = c - 48;
    scanner.at++;
    return true;
  };
  if (takeSign()) takeDigit();
  else if (takeDigit()) takeSign();
  for (let c = text.charCodeAt(scanner.at); c === SPACE || c === TAB;) c = text.charCodeAt(++scanner.at);
  if (text.charCodeAt(scanner.at) === HASH) {
    if (scanner.comments !== undefined) scanLineComment(scanner, start);
    else scanner.skipToBreak();
  }
  scanner.need(1);
  if (!isBreakOrEnd(text, scanner.at)) scanner.fail("did not find expected comment or line break", line);
  scanner.skipBreak();
  return { chomping, increment };
}

function scanBlockBreaks(scanner: Scanner, block: BlockIndent, line: number): void {
  const { text } = scanner;
  let widest = 0;
  for (;;) {
    let column = scanner.at - scanner.lineStart;
    while ((block.indent === 0 || column < block.indent) && text.charCodeAt(scanner.at) === SPACE) {
      scanner.at++;
      column++;
    }
    if (column > widest) widest = column;
    if ((block.indent === 0 || column < block.indent) && text.charCodeAt(scanner.at) === TAB) {
      scanner.fail("found a tab character where an indentation space is expected", line);
    }
    scanner.need(1);
    if (breakLength(text, scanner.at) === 0) break;
    block.breaks += breakText(text, scanner.at);
    scanner.skipBreak();
  }
  if (block.indent === 0) block.indent = Math.max(widest, scanner.indent + 1, 1);
}
