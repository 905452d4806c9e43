/**
 * Go's `unicode` package as of Unicode 15.0 (Go 1.26), on top of the tables JavaScript has.
 * An engine with newer tables knows letters that Go does not; they are listed here and count as unassigned.
 */

/** Letters, digits and punctuation assigned after Unicode 15.0, as `[first, last]` pairs in order. */
const assignedLater = (
  "88f-88f c5c-c5c cdc-cdc 1b4e-1b4f 1b7f-1b7f 1c89-1c8a a7cb-a7cf a7d2-a7d2 a7d4-a7d4 a7da-a7dc a7f1-a7f1 105c0-105f3 " +
  "10940-10959 10d40-10d65 10d6e-10d85 10ec2-10ec7 10ed0-10ed0 11380-11389 1138b-1138b 1138e-1138e 11390-113b5 113b7-113b7 " +
  "113d1-113d1 113d3-113d5 113d7-113d8 116d0-116e3 11bc0-11be1 11bf0-11bf9 11db0-11ddb 11de0-11de9 13460-143fa " +
  "16100-1611d 16130-16139 16d40-16d6d 16d6e-16d79 16ea0-16eb8 16ebb-16ed3 16ff2-16ff6 187f8-187ff 18cff-18cff " +
  "18d09-18d1e 18d80-18df2 1ccf0-1ccf9 1e5d0-1e5ed 1e5f0-1e5fa 1e5ff-1e5ff 1e6c0-1e6de 1e6e0-1e6e2 1e6e4-1e6e5 " +
  "1e6e7-1e6ed 1e6f0-1e6f4 1e6fe-1e6ff 2b73a-2b73f 2cea2-2cead 2ebf0-2ee5d 323b0-33479"
)
  .split(" ")
  .map((range) => range.split("-").map((hex) => Number.parseInt(hex, 16)) as [number, number]);

function isAssignedLater(rune: number): boolean {
  if (rune < 0x88f) return false;
  return assignedLater.some(([first, last]) => rune >= first && rune <= last);
}

const upperLetter = /^\p{Lu}$/u;
const lowerLetter = /^\p{Ll}$/u;
const titleLetter = /^\p{Lt}$/u;
const number = /^\p{N}$/u;
const punctuation = /^\p{P}$/u;

function matches(pattern: RegExp, rune: number): boolean {
  if (rune < 0 || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) return false;
  return pattern.test(String.fromCodePoint(rune)) && !isAssignedLater(rune);
}

export function isUpper(rune: number): boolean {
  if (rune < 0x80) return rune >= 65 && rune <= 90;
  return matches(upperLetter, rune);
}

export function isLower(rune: number): boolean {
  if (rune < 0x80) return rune >= 97 && rune <= 122;
  // Lowercase until Unicode 16 made it caseless.
  return rune === 0x295 || matches(lowerLetter, rune);
}

export function isTitle(rune: number): boolean {
  return rune >= 0x80 && matches(titleLetter, rune);
}

export function isNumber(rune: number): boolean {
  if (rune < 0x80) return rune >= 48 && rune <= 57;
  return matches(number, rune);
}

export function isPunctuation(rune: number): boolean {
  return matches(punctuation, rune);
}

export function isSpace(rune: number): boolean {
  if (rune < 0x100) return rune === 32 || (rune >= 9 && rune <= 13) || rune === 0x85 || rune === 0xa0;
  return (
    rune === 0x1680 ||
    (rune >= 0x2000 && rune <= 0x200a) ||
    rune === 0x2028 ||
    rune === 0x2029 ||
    rune === 0x202f ||
    rune === 0x205f ||
    rune === 0x3000
  );
}

/** Runes whose simple upper case JavaScript does not give, because it applies the full (multi-letter) mapping. */
function specialUpper(rune: number): number | undefined {
  if (rune >= 0x1f80 && rune <= 0x1faf && (rune & 8) === 0) return rune + 8;
  if (rune === 0x1fb3 || rune === 0x1fc3 || rune === 0x1ff3) return rune + 9;
  // Got an upper case only after Unicode 15.
  if (rune === 0x19b || rune === 0x264) return rune;
  return undefined;
}

/** `unicode.ToUpper`: the simple mapping, one rune to one rune. */
export function toUpper(rune: number): number {
  if (rune < 0x80) return rune >= 97 && rune <= 122 ? rune - 32 : rune;
  if (isSurrogateOrOutside(rune) || isAssignedLater(rune)) return rune;
  const special = specialUpper(rune);
  if (special !== undefined) return special;
  return onlyRune(String.fromCodePoint(rune).toUpperCase()) ?? rune;
}

/** `unicode.ToLower`: the simple mapping, one rune to one rune. */
export function toLower(rune: number): number {
  if (rune < 0x80) return rune >= 65 && rune <= 90 ? rune + 32 : rune;
  if (isSurrogateOrOutside(rune) || isAssignedLater(rune)) return rune;
  if (rune === 0x130) return 0x69;
  return onlyRune(String.fromCodePoint(rune).toLowerCase()) ?? rune;
}

/** `unicode.ToTitle`: as `toUpper` except for the four digraphs and Georgian. */
export function toTitle(rune: number): number {
  if (rune >= 0x1c4 && rune <= 0x1cc) return rune <= 0x1c6 ? 0x1c5 : rune <= 0x1c9 ? 0x1c8 : 0x1cb;
  if (rune >= 0x1f1 && rune <= 0x1f3) return 0x1f2;
  if (rune >= 0x10d0 && rune <= 0x10ff) return rune;
  return toUpper(rune);
}

function isSurrogateOrOutside(rune: number): boolean {
  return rune < 0 || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff);
}

function onlyRune(text: string): number | undefined {
  const rune = text.codePointAt(0)!;
  return text.length === (rune > 0xffff ? 2 : 1) ? rune : undefined;
}
