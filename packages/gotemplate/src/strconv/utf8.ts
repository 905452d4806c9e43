/** Go's `utf8.RuneError`: what invalid bytes decode to. */
export const runeError = 0xfffd;

/** Go's `utf8.MaxRune`. */
export const maxRune = 0x10ffff;

/**
 * The rune that starts at byte `at`, times 8, plus its width in bytes (1–4; 0 at the end of the text).
 * Invalid UTF-8 gives `runeError` with width 1, as `utf8.DecodeRuneInString`.
 */
export function decodeRune(bytes: string, at: number): number {
  if (at >= bytes.length) return runeError * 8;
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return first * 8 + 1;
  const invalid = runeError * 8 + 1;
  if (first < 0xc2 || first > 0xf4) return invalid;
  const second = at + 1 < bytes.length ? bytes.charCodeAt(at + 1) : 0;
  if ((second & 0xc0) !== 0x80) return invalid;
  if (first < 0xe0) return (((first & 0x1f) << 6) | (second & 0x3f)) * 8 + 2;
  const third = at + 2 < bytes.length ? bytes.charCodeAt(at + 2) : 0;
  if ((third & 0xc0) !== 0x80) return invalid;
  if (first < 0xf0) {
    const rune = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
    if (rune < 0x800 || (rune >= 0xd800 && rune <= 0xdfff)) return invalid;
    return rune * 8 + 3;
  }
  const fourth = at + 3 < bytes.length ? bytes.charCodeAt(at + 3) : 0;
  if ((fourth & 0xc0) !== 0x80) return invalid;
  const rune = ((first & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
  if (rune < 0x10000 || rune > maxRune) return invalid;
  return rune * 8 + 4;
}

/** The UTF-8 bytes of a rune; surrogates and numbers beyond Unicode give those of U+FFFD. */
export function encodeRune(rune: number): string {
  if (rune < 0 || rune > maxRune || (rune >= 0xd800 && rune <= 0xdfff)) rune = runeError;
  if (rune < 0x80) return String.fromCharCode(rune);
  if (rune < 0x800) return String.fromCharCode(0xc0 | (rune >> 6), 0x80 | (rune & 0x3f));
  if (rune < 0x10000)
    return String.fromCharCode(0xe0 | (rune >> 12), 0x80 | ((rune >> 6) & 0x3f), 0x80 | (rune & 0x3f));
  return String.fromCharCode(
    0xf0 | (rune >> 18),
    0x80 | ((rune >> 12) & 0x3f),
    0x80 | ((rune >> 6) & 0x3f),
    0x80 | (rune & 0x3f),
  );
}

/** How many runes a byte string holds; each invalid byte counts as one. */
export function runeCount(bytes: string): number {
  let count = 0;
  for (let i = 0; i < bytes.length; count++) {
    i += bytes.charCodeAt(i) < 0x80 ? 1 : decodeRune(bytes, i) & 7;
  }
  return count;
}

/** Whether `rune` can be encoded: no surrogate, not beyond Unicode. */
export function isValidRune(rune: number): boolean {
  return (rune >= 0 && rune < 0xd800) || (rune > 0xdfff && rune <= maxRune);
}
