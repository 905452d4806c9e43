/** A pattern that the matcher refuses, with Go's text. */
export class GlobError extends Error {
  override readonly name = "GlobError";
}

const badPattern = "syntax error in pattern";

/**
 * Go's path.Match (and filepath.Match on Unix): `*`, `?`, `[a-z]`, `\x`; `*` never crosses `/`. Throws `GlobError`
 * "syntax error in pattern". Byte strings; `?` and classes take one UTF-8 character. Mirrors path/match.go of Go 1.26.
 */
export function pathMatch(pattern: string, name: string): boolean {
  let rest = pattern;
  let text = name;
  while (rest.length > 0) {
    const { star, chunk, tail } = scanChunk(rest);
    rest = tail;
    if (star && chunk === "") return !text.includes("/");
    const direct = matchChunk(chunk, text);
    if (direct !== undefined && (direct.length === 0 || rest.length > 0)) {
      text = direct;
      continue;
    }
    let matched = false;
    if (star) {
      for (let skip = 0; skip < text.length && text[skip] !== "/"; skip++) {
        const after = matchChunk(chunk, text.slice(skip + 1));
        if (after === undefined || (rest.length === 0 && after.length > 0)) continue;
        text = after;
        matched = true;
        break;
      }
    }
    if (matched) continue;
    while (rest.length > 0) {
      const next = scanChunk(rest);
      matchChunk(next.chunk, "");
      rest = next.tail;
    }
    return false;
  }
  return text.length === 0;
}

/** Leading stars, then all up to the next star that stands outside a class. */
function scanChunk(pattern: string): { star: boolean; chunk: string; tail: string } {
  let start = 0;
  while (pattern[start] === "*") start++;
  let inClass = false;
  let at = start;
  for (; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === "\\" && at + 1 < pattern.length) at++;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "*" && !inClass) break;
  }
  return { star: start > 0, chunk: pattern.slice(start, at), tail: pattern.slice(at) };
}

/** What is left of `text` behind the chunk; undefined when it does not match. A bad chunk throws even so. */
function matchChunk(chunk: string, text: string): string | undefined {
  let failed = false;
  let pattern = chunk;
  let rest = text;
  while (pattern.length > 0) {
    if (!failed && rest.length === 0) failed = true;
    switch (pattern[0]) {
      case "[": {
        let character = 0;
        if (!failed) {
          const size = characterSize(rest);
          character = codePoint(rest, size);
          rest = rest.slice(size);
        }
        const result = matchClass(pattern.slice(1), character);
        pattern = result.tail;
        if (!result.matches) failed = true;
        continue;
      }
      case "?":
        if (!failed) {
          if (rest[0] === "/") failed = true;
          rest = rest.slice(characterSize(rest));
        }
        pattern = pattern.slice(1);
        continue;
      case "\\":
        pattern = pattern.slice(1);
        if (pattern.length === 0) throw new GlobError(badPattern);
    }
    if (!failed) {
      if (pattern[0] !== rest[0]) failed = true;
      rest = rest.slice(1);
    }
    pattern = pattern.slice(1);
  }
  return failed ? undefined : rest;
}

/** A class behind its `[`: `^` negates, ranges are by code point. */
function matchClass(text: string, character: number): { matches: boolean; tail: string } {
  let pattern = text;
  const negated = pattern[0] === "^";
  if (negated) pattern = pattern.slice(1);
  let matches = false;
  for (let ranges = 0; ; ranges++) {
    if (pattern.length > 0 && pattern[0] === "]" && ranges > 0) return { matches: matches !== negated, tail: pattern.slice(1) };
    const low = classCharacter(pattern);
    pattern = low.tail;
    let high = low.character;
    if (pattern[0] === "-") {
      const upper = classCharacter(pattern.slice(1));
      high = upper.character;
      pattern = upper.tail;
    }
    if (low.character <= character && character <= high) matches = true;
  }
}

function classCharacter(pattern: string): { character: number; tail: string } {
  if (pattern.length === 0 || pattern[0] === "-" || pattern[0] === "]") throw new GlobError(badPattern);
  let rest = pattern;
  if (rest[0] === "\\") {
    rest = rest.slice(1);
    if (rest.length === 0) throw new GlobError(badPattern);
  }
  const size = characterSize(rest);
  const character = codePoint(rest, size);
  if (character === 0xfffd && size === 1) throw new GlobError(badPattern);
  const tail = rest.slice(size);
  if (tail.length === 0) throw new GlobError(badPattern);
  return { character, tail };
}

/** Bytes of the UTF-8 character at the start; 1 for a byte that starts none. */
function characterSize(text: string): number {
  const first = text.charCodeAt(0);
  const size = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 1;
  for (let index = 1; index < size; index++) if ((text.charCodeAt(index) & 0xc0) !== 0x80) return 1;
  return size;
}

function codePoint(text: string, size: number): number {
  const first = text.charCodeAt(0);
  if (size === 1) return first < 0x80 ? first : 0xfffd;
  let value = first & (0xff >> (size + 1));
  for (let index = 1; index < size; index++) value = (value << 6) | (text.charCodeAt(index) & 0x3f);
  return value;
}
