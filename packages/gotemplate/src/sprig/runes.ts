import { decodeRune as decodePacked, encodeRune, runeError } from "../strconv/utf8.ts";

/** True when every byte of `bytes` is ASCII. */
export function isAscii(bytes: string): boolean {
  return !beyondAscii.test(bytes);
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const beyondAscii = /[^\0-\x7f]/;

/** The rune at `at` and its length in bytes: `[0xfffd, 1]` for invalid bytes, `[0xfffd, 0]` at the end. */
export function decodeRune(bytes: string, at: number): [rune: number, size: number] {
  const packed = decodePacked(bytes, at);
  return [packed >> 3, packed & 7];
}

/** `[]rune(bytes)`. */
export function toRunes(bytes: string): number[] {
  const runes: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const [rune, size] = decodeRune(bytes, at);
    runes.push(rune);
    at += size;
  }
  return runes;
}

/** `string(runes)`. */
export function fromRunes(runes: readonly number[]): string {
  let out = "";
  for (const rune of runes) out += encodeRune(rune);
  return out;
}

/** `strings.Map`: every rune replaced by what `mapping` gives; invalid bytes become U+FFFD unless nothing changes. */
export function mapRunes(bytes: string, mapping: (rune: number) => number): string {
  let out = "";
  let changed = false;
  for (let at = 0; at < bytes.length;) {
    const [rune, size] = decodeRune(bytes, at);
    const mapped = mapping(rune);
    if (mapped !== rune || (rune === runeError && size === 1)) changed = true;
    out += encodeRune(mapped);
    at += size;
  }
  return changed ? out : bytes;
}
