/** The byte string with every invalid UTF-8 byte replaced by U+FFFD, as encoding/json writes it. */
export function replaceInvalidUtf8(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes) || isValidUtf8(bytes)) return bytes;
  let out = "";
  for (let at = 0; at < bytes.length;) {
    const width = validSequence(bytes, at);
    out += width === 0 ? "\xef\xbf\xbd" : bytes.slice(at, at + width);
    at += width || 1;
  }
  return out;
}

/** Whether a byte string is valid UTF-8 (utf8.ValidString). */
export function isValidUtf8(bytes: string): boolean {
  for (let at = 0; at < bytes.length;) {
    if (bytes.charCodeAt(at) < 0x80) {
      at++;
      continue;
    }
    const width = validSequence(bytes, at);
    if (width === 0) return false;
    at += width;
  }
  return true;
}

/** Length of the valid sequence at `at`; 0 when there is none. */
function validSequence(bytes: string, at: number): number {
  const c = bytes.charCodeAt(at);
  if (c < 0x80) return 1;
  const width = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 0;
  if (width === 0 || c > 0xf4 || at + width > bytes.length) return 0;
  const second = bytes.charCodeAt(at + 1);
  const low = c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80;
  const high = c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let k = 2; k < width; k++) if ((bytes.charCodeAt(at + k) & 0xc0) !== 0x80) return 0;
  return width;
}
