import { GlobError } from "./error.ts";
import { runesOf } from "./runes.ts";

const [STAR, QUESTION, OPEN, CLOSE, BRACE, BRACE_END, BACKSLASH, SLASH, BANG, CARET, DASH, COMMA] = runesOf(
  "*?[]{}\\/!^-,",
) as [number, number, number, number, number, number, number, number, number, number, number, number];

const badPattern = (): GlobError => new GlobError("syntax error in pattern");

/** How much work one match may be; patterns of many alternatives multiply. */
const maxSteps = 5_000_000;

/**
 * bmatcuk/doublestar v4.10.0 `Match` on `/` paths: `*`, `**` as a whole segment, `?`, `[a-z]`, `[!x]`, `{a,b}`, `\x`.
 * Byte strings. Throws `GlobError` on a bad pattern.
 */
export function doublestarMatch(pattern: string, name: string): boolean {
  const matcher = new DoublestarMatcher(runesOf(name));
  return matcher.match(
    runesOf(pattern),
    { doubleStarPattern: -1, doubleStarName: -1, starPattern: -1, starName: -1 },
    0,
    0,
  );
}

/** Places to go back to: behind the last `**` and the last `*`. */
interface Backtrack {
  doubleStarPattern: number;
  doubleStarName: number;
  starPattern: number;
  starName: number;
}

class DoublestarMatcher {
  private readonly name: readonly number[];
  private steps = 0;

  constructor(name: readonly number[]) {
    this.name = name;
  }

  match(pattern: readonly number[], before: Backtrack, patternStart: number, nameStart: number): boolean {
    const { name } = this;
    const back = { ...before };
    let p = patternStart;
    let n = nameStart;
    let startOfSegment = true;
    while (n < name.length) {
      if (++this.steps > maxSteps) throw new GlobError("unsupported: pattern takes too long to match");
      if (p < pattern.length) {
        const c = pattern[p]!;
        if (c === STAR) {
          if (pattern[++p] === STAR) {
            p++;
            if (startOfSegment) {
              if (p >= pattern.length) return true;
              if (pattern[p] === SLASH) {
                p++;
                back.doubleStarPattern = p;
                back.doubleStarName = n;
                back.starPattern = -1;
                back.starName = -1;
                continue;
              }
            }
          }
          startOfSegment = false;
          back.starPattern = p;
          back.starName = n;
          continue;
        }
        if (c === BRACE) return this.matchAlternatives(pattern, back, p, n);
        if (c === QUESTION || c === OPEN) startOfSegment = false;
        const end = this.matchOne(pattern, p, name[n]!);
        if (end >= 0) {
          if (c !== QUESTION && c !== OPEN) startOfSegment = name[n] === SLASH;
          p = end;
          n++;
          continue;
        }
        // A class that did not match leaves the place inside it, and only the rest from there is checked for faults.
        if (end < -1) p = ~end;
      }
      const again = this.goBack(back);
      if (again === undefined) {
        if (p < pattern.length && !isValidFrom(pattern, p)) throw badPattern();
        return false;
      }
      ({ p, n, startOfSegment } = again);
    }
    return isZeroLength(pattern.slice(p), 0);
  }

  /** End in the pattern of the one character that matches `rune`; negative when it does not. */
  private matchOne(pattern: readonly number[], at: number, rune: number): number {
    const c = pattern[at]!;
    if (c === QUESTION) return rune === SLASH ? -1 : at + 1;
    if (c === OPEN) return matchClass(pattern, at + 1, rune);
    if (c !== BACKSLASH) return c === rune ? at + 1 : -1;
    if (at + 1 >= pattern.length) throw badPattern();
    return pattern[at + 1] === rune ? at + 2 : -1;
  }

  private goBack(back: Backtrack): { p: number; n: number; startOfSegment: boolean } | undefined {
    const { name } = this;
    if (back.starPattern >= 0 && name[back.starName] !== SLASH) {
      back.starName++;
      return { p: back.starPattern, n: back.starName, startOfSegment: false };
    }
    if (back.doubleStarPattern < 0) return undefined;
    const slash = name.indexOf(SLASH, back.doubleStarName);
    if (slash < 0 || slash + 1 > name.length) return undefined;
    back.doubleStarName = slash + 1;
    return { p: back.doubleStarPattern, n: slash + 1, startOfSegment: true };
  }

  private matchAlternatives(pattern: readonly number[], back: Backtrack, open: number, n: number): boolean {
    const close = closingBrace(pattern, open + 1);
    if (close < 0) throw badPattern();
    let start = open + 1;
    const head = pattern.slice(0, open);
    const tail = pattern.slice(close + 1);
    for (;;) {
      const comma = nextComma(pattern, start, close);
      const option = pattern.slice(start, comma < 0 ? close : comma);
      const matched = this.match([...head, ...option, ...tail], back, open, n);
      if (matched || comma < 0) return matched;
      start = comma + 1;
    }
  }
}

function matchClass(pattern: readonly number[], start: number, rune: number): number {
  let at = start;
  if (at >= pattern.length) throw badPattern();
  const negated = pattern[at] === BANG || pattern[at] === CARET;
  if (negated) at++;
  if (at >= pattern.length || pattern[at] === CLOSE) throw badPattern();
  let matched = false;
  let last = Infinity;
  while (at < pattern.length && pattern[at] !== CLOSE) {
    let c = pattern[at++]!;
    if (last !== Infinity && c === DASH && at < pattern.length && pattern[at] !== CLOSE) {
      if (pattern[at] === BACKSLASH) at++;
      c = pattern[at++] ?? 0xfffd;
      if (last <= rune && rune <= c) {
        matched = true;
        break;
      }
      last = Infinity;
      continue;
    }
    if (c === BACKSLASH) c = pattern[at++] ?? 0xfffd;
    if (c === rune) {
      matched = true;
      break;
    }
    last = c;
  }
  if (matched === negated) {
    if (at >= pattern.length) throw badPattern();
    return ~at;
  }
  for (; at < pattern.length; at++) {
    if (pattern[at] === BACKSLASH) at++;
    else if (pattern[at] === CLOSE) return at + 1;
  }
  throw badPattern();
}

function closingBrace(pattern: readonly number[], start: number): number {
  let open = 1;
  for (let i = start; i < pattern.length; i++) {
    if (pattern[i] === BACKSLASH) i++;
    else if (pattern[i] === BRACE) open++;
    else if (pattern[i] === BRACE_END && --open === 0) return i;
  }
  return -1;
}

function nextComma(pattern: readonly number[], start: number, end: number): number {
  let open = 1;
  for (let i = start; i < end; i++) {
    if (pattern[i] === BACKSLASH) i++;
    else if (pattern[i] === BRACE) open++;
    else if (pattern[i] === BRACE_END) open--;
    else if (pattern[i] === COMMA && open === 1) return i;
  }
  return -1;
}

/** Whether what is left of a pattern may match nothing. */
function isZeroLength(pattern: readonly number[], depth: number): boolean {
  const length = pattern.length;
  const stars = (at: number): boolean => pattern[at] === STAR && pattern[at + 1] === STAR;
  if (length === 0 || (length === 1 && pattern[0] === STAR) || (length === 2 && stars(0))) return true;
  if (length === 3 && ((pattern[0] === SLASH && stars(1)) || (stars(0) && pattern[2] === SLASH))) return true;
  if (length === 4 && pattern[0] === SLASH && stars(1) && pattern[3] === SLASH) return true;
  if (pattern[0] === BRACE && depth < 1000) {
    const close = closingBrace(pattern, 1);
    if (close < 0) throw badPattern();
    for (let start = 1; ;) {
      const comma = nextComma(pattern, start, close);
      const option = pattern.slice(start, comma < 0 ? close : comma);
      const result = isZeroLength([...option, ...pattern.slice(close + 1)], depth + 1);
      if (result || comma < 0) return result;
      start = comma + 1;
    }
  }
  if (!isValidFrom(pattern, 0)) throw badPattern();
  return false;
}

/** doublestar's ValidatePattern on the rest of a pattern. */
function isValidFrom(pattern: readonly number[], start: number): boolean {
  let depth = 0;
  for (let at = start; at < pattern.length; at++) {
    const c = pattern[at];
    if (c === BACKSLASH) {
      if (++at >= pattern.length) return false;
    } else if (c === OPEN) {
      at++;
      if (at >= pattern.length) return false;
      if (pattern[at] === CARET || pattern[at] === BANG) at++;
      if (at >= pattern.length || pattern[at] === CLOSE) return false;
      while (at < pattern.length && pattern[at] !== CLOSE) at += pattern[at] === BACKSLASH ? 2 : 1;
      if (at >= pattern.length) return false;
    } else if (c === BRACE) depth++;
    else if (c === BRACE_END) {
      if (depth === 0) return false;
      depth--;
    }
  }
  return depth === 0;
}
