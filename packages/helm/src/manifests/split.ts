import type { Profile } from "../profile.ts";

/**
 * `SplitManifests` (pkg/release/v1/util/manifest.go): the documents of a file, without their separators and leading space.
 * `text` is a byte string. Where the separator may stand is the profile's.
 */
export function splitManifests(text: string, profile: Profile): string[] {
  const trim = profile.trimsDocuments ? trimSpace : trimSpaceLeft;
  const body = trim(text);
  const parts = profile.documentSeparator === "line-start" ? splitAtLineStart(body) : splitAfterSpace(body);
  const documents: string[] = [];
  for (const part of parts) {
    const document = trim(part);
    if (document !== "") documents.push(document);
  }
  return documents;
}

/** Helm 4.2.4 and later: `(?m)^---[ \t]*`. */
function splitAtLineStart(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let at = text.startsWith("---") ? 0 : next(text, 0);
  while (at >= 0) {
    parts.push(text.slice(start, at));
    start = at + 3;
    while (text[start] === " " || text[start] === "\t") start++;
    at = next(text, start);
  }
  parts.push(text.slice(start));
  return parts;
}

function next(text: string, from: number): number {
  const at = text.indexOf("\n---", from === 0 ? 0 : from - 1);
  // A separator right behind another one begins no line.
  return at < 0 ? -1 : at + 1;
}

/** Until Helm 4.2.3: `(?:^|\s*\n)---\s*`. */
function splitAfterSpace(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let at = text.startsWith("---") ? 0 : text.indexOf("\n---");
  while (at >= 0) {
    let end = at;
    while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
    parts.push(text.slice(start, end));
    start = text.startsWith("---", at) ? at + 3 : at + 4;
    while (start < text.length && isSpace(text.charCodeAt(start))) start++;
    // `\s*\n` needs a line feed that the separator before has not taken.
    at = text.indexOf("\n---", start);
  }
  parts.push(text.slice(start));
  return parts;
}

/** RE2's `\s`. */
function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 12 || code === 13;
}

/** `strings.TrimLeftFunc(text, unicode.IsSpace)` on a byte string. */
export function trimSpaceLeft(text: string): string {
  let at = 0;
  for (;;) {
    const size = spaceAt(text, at);
    if (size === 0) return at === 0 ? text : text.slice(at);
    at += size;
  }
}

/** `strings.TrimSpace` on a byte string. */
export function trimSpace(text: string): string {
  const left = trimSpaceLeft(text);
  let end = left.length;
  for (;;) {
    const size = spaceBefore(left, end);
    if (size === 0) return end === left.length ? left : left.slice(0, end);
    end -= size;
  }
}

/** Bytes of the white space rune at `at`; 0 when there is none. */
function spaceAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 32 || (code >= 9 && code <= 13)) return 1;
  if (code < 0xc2 || Number.isNaN(code)) return 0;
  if (code === 0xc2) {
    const second = text.charCodeAt(at + 1);
    return second === 0x85 || second === 0xa0 ? 2 : 0;
  }
  return wideSpaces.has(text.slice(at, at + 3)) ? 3 : 0;
}

function spaceBefore(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  if (code === 32 || (code >= 9 && code <= 13)) return 1;
  if (code < 0x80 || Number.isNaN(code)) return 0;
  if (end >= 2 && spaceAt(text, end - 2) === 2) return 2;
  return end >= 3 && wideSpaces.has(text.slice(end - 3, end)) ? 3 : 0;
}

/** U+1680, U+2000–200A, U+2028, U+2029, U+202F, U+205F and U+3000 as UTF-8 bytes. */
const wideSpaces: ReadonlySet<string> = new Set([
  "\xe1\x9a\x80",
  ...Array.from({ length: 11 }, (_, i) => `\xe2\x80${String.fromCharCode(0x80 + i)}`),
  "\xe2\x80\xa8",
  "\xe2\x80\xa9",
  "\xe2\x80\xaf",
  "\xe2\x81\x9f",
  "\xe3\x80\x80",
]);
