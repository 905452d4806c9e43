import { encodeCodePoint, sequenceLength } from "./characters.ts";
import { YamlError } from "./error.ts";

/** A text made ready for the scanner: UTF-8 without byte order mark, four NULs at the end. */
export interface YamlInput {
  readonly text: string;
  /** Where scanning stops because go-yaml's reader refuses what follows; the text's length when it refuses nothing. */
  readonly end: number;
  /** What the reader says when the scanner wants to see past `end`. */
  readonly fault: string | undefined;
  /** 1-based line of the fault. */
  readonly faultLine?: number;
  /** Bytes that were cut from the front (byte order mark). */
  readonly skipped: number;
  readonly ascii: boolean;
}

const unusual = /[^\t\n\r\x20-\x7e]/;
/** go-yaml decodes its input in pieces of this many bytes (input_raw_buffer_size); a fault hides everything in its piece. */
const pieceSize = 512;

/** Checks encoding and characters as readerc.go does (go-yaml v2.4.3 and v3.0.4 agree). */
export function prepareInput(original: string): YamlInput {
  let text = original === "" ? "\n" : original;
  let skipped = 0;
  const first = unusual.exec(text);
  if (first === null) return { text: text + "\0\0\0\0", end: text.length, fault: undefined, skipped, ascii: true };
  if (text.startsWith("\xff\xfe") || text.startsWith("\xfe\xff")) return fromUtf16(text);
  if (text.startsWith("\xef\xbb\xbf")) skipped = 3;
  // A second mark in front is skipped by the scanner.
  if (text.startsWith("\xef\xbb\xbf\xef\xbb\xbf")) skipped = 6;
  const found = findFault(text, skipped, Math.max(first.index, skipped));
  const whole = text;
  const end = found === undefined ? text.length : pieceStart(text, skipped, found.at);
  text = text.slice(skipped, end);
  return {
    text: text + "\0\0\0\0",
    end: text.length,
    fault: found?.fault,
    ...faultLine(whole, found?.at),
    skipped,
    ascii: false,
  };
}

function faultLine(text: string, at: number | undefined): { readonly faultLine?: number } {
  return at === undefined ? {} : { faultLine: text.slice(0, at).split("\n").length };
}

/** The code point of the sequence at `at`, or why it is none. */
function decodeAt(text: string, at: number): number | string {
  const c = text.charCodeAt(at);
  const width = sequenceLength(c);
  if (width === 0) return "invalid leading UTF-8 octet";
  if (at + width > text.length) return "incomplete UTF-8 octet sequence";
  if (width === 1) return c;
  let value = c & (width === 2 ? 0x1f : width === 3 ? 0x0f : 0x07);
  for (let k = 1; k < width; k++) {
    const next = text.charCodeAt(at + k);
    if ((next & 0xc0) !== 0x80) return "invalid trailing UTF-8 octet";
    value = (value << 6) | (next & 0x3f);
  }
  if (value < (width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000)) return "invalid length of a UTF-8 sequence";
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) return "invalid Unicode character";
  return value;
}

function isAllowed(value: number): boolean {
  if (value < 0x7f) return value >= 0x20 || value === 9 || value === 10 || value === 13;
  return value === 0x85 || (value >= 0xa0 && value <= 0xfffd) || value >= 0x10000;
}

function findFault(text: string, start: number, from: number): { at: number; fault: string } | undefined {
  for (let at = Math.max(start, from); at < text.length;) {
    const c = text.charCodeAt(at);
    if (c >= 0x20 && c < 0x7f) {
      at++;
      continue;
    }
    const value = decodeAt(text, at);
    if (typeof value === "string") return { at, fault: value };
    if (!isAllowed(value)) return { at, fault: "control characters are not allowed" };
    at += sequenceLength(c);
  }
  return undefined;
}

/** Start of the piece in which byte `at` is decoded. Sequences cut by a piece's end begin the next piece. */
function pieceStart(text: string, start: number, at: number): number {
  let begin = 0;
  for (;;) {
    const end = begin + pieceSize;
    let next = Math.min(end, text.length);
    for (let back = 1; back <= 3 && next - back >= begin; back++) {
      const width = sequenceLength(text.charCodeAt(next - back));
      if (width === 0) continue;
      if (width > back) next -= back;
      break;
    }
    if (at < next || next >= text.length || next === begin) return Math.min(Math.max(begin, start), at);
    begin = next;
  }
}

function fromUtf16(text: string): YamlInput {
  const little = text.charCodeAt(0) === 0xff;
  const low = little ? 0 : 1;
  const unit = (at: number): number => text.charCodeAt(at + low) | (text.charCodeAt(at + 1 - low) << 8);
  let out = "";
  let fault: string | undefined;
  for (let at = 2; at < text.length && fault === undefined; at += 2) {
    if (at + 2 > text.length) {
      fault = "incomplete UTF-16 character";
      break;
    }
    let value = unit(at);
    if ((value & 0xfc00) === 0xdc00) fault = "unexpected low surrogate area";
    else if ((value & 0xfc00) === 0xd800) {
      if (at + 4 > text.length) fault = "incomplete UTF-16 surrogate pair";
      else if ((unit(at + 2) & 0xfc00) !== 0xdc00) fault = "expected low surrogate area";
      else {
        value = 0x10000 + ((value & 0x3ff) << 10) + (unit(at + 2) & 0x3ff);
        at += 2;
      }
    }
    if (fault === undefined && !isAllowed(value)) fault = "control characters are not allowed";
    if (fault === undefined) out += encodeCodePoint(value);
  }
  return { text: out + "\0\0\0\0", end: out.length, fault, skipped: 2, ascii: false };
}

/** The reader's error. It names no line. */
export function readerError(fault: string, line: number | undefined): YamlError {
  return new YamlError(`yaml: ${fault}`, line);
}
