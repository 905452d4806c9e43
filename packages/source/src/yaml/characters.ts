/**
 * Character classes of go-yaml (yamlprivateh.go, v2.4.3 and v3.0.4) on byte strings. A text under scan ends with four NUL
 * characters, so that looking ahead needs no bounds check.
 */

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const HASH = 35;
export const DASH = 45;
export const COLON = 58;

/** Length in bytes of the line break at `at`; 0 when there is none. CR LF is one break; NEL, LS and PS are breaks too. */
export function breakLength(text: string, at: number): number {
  const c = text.charCodeAt(at);
  if (c === LF) return 1;
  if (c === CR) return text.charCodeAt(at + 1) === LF ? 2 : 1;
  if (c === 0xc2) return text.charCodeAt(at + 1) === 0x85 ? 2 : 0;
  if (c === 0xe2 && text.charCodeAt(at + 1) === 0x80) {
    const third = text.charCodeAt(at + 2);
    return third === 0xa8 || third === 0xa9 ? 3 : 0;
  }
  return 0;
}

/** What a line break becomes in a scalar: LS and PS stay, all others are `\n`. */
export function breakText(text: string, at: number): string {
  return text.charCodeAt(at) === 0xe2 ? text.slice(at, at + 3) : "\n";
}

/** A line break or the end of the text. */
export function isBreakOrEnd(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c > CR && c < 0xc2) return false;
  return c === 0 || breakLength(text, at) > 0;
}

/** A space, tab, line break or the end of the text. */
export function isBlankOrEnd(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c > SPACE && c < 0xc2) return false;
  return c === SPACE || c === TAB || c === 0 || breakLength(text, at) > 0;
}

/** ASCII letters, digits, `_` and `-`: what anchors and directive names are made of. */
export function isWordCharacter(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 45;
}

export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** The value of a hexadecimal digit; -1 when `c` is none. */
export function hexValue(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  if (c >= 65 && c <= 70) return c - 55;
  if (c >= 97 && c <= 102) return c - 87;
  return -1;
}

/** Length in bytes of the UTF-8 sequence that starts with `c`; 0 when none does. */
export function sequenceLength(c: number): number {
  if (c < 0x80) return 1;
  if ((c & 0xe0) === 0xc0) return 2;
  if ((c & 0xf0) === 0xe0) return 3;
  if ((c & 0xf8) === 0xf0) return 4;
  return 0;
}

/** The UTF-8 bytes of a code point. */
export function encodeCodePoint(value: number): string {
  if (value <= 0x7f) return String.fromCharCode(value);
  if (value <= 0x7ff) return String.fromCharCode(0xc0 + (value >> 6), 0x80 + (value & 0x3f));
  if (value <= 0xffff)
    return String.fromCharCode(0xe0 + (value >> 12), 0x80 + ((value >> 6) & 0x3f), 0x80 + (value & 0x3f));
  return String.fromCharCode(
    0xf0 + (value >> 18),
    0x80 + ((value >> 12) & 0x3f),
    0x80 + ((value >> 6) & 0x3f),
    0x80 + (value & 0x3f),
  );
}
