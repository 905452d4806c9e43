import { GlobError } from "./error.ts";
import { runesOf } from "./runes.ts";

const STAR = 42;
const SLASH = 47;
const QUESTION = 63;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const CARET = 94;
const DASH = 45;

/**
 * Go's path.Match (and filepath.Match on Unix), Go 1.26: `*`, `?`, `[a-z]`, `[^x]`, `\x`; `*` never crosses `/`.
 * Throws `GlobError` "syntax error in pattern". Byte strings.
 */
export function pathMatch(pattern: string, name: string): boolean {
  return new PathMatcher(runesOf(pattern)).match(runesOf(name));
}

const badPattern = (): GlobError => new GlobError("syntax error in pattern");

class PathMatcher {
  private readonly pattern: readonly number[];

  constructor(pattern: readonly number[]) {
    this.pattern = pattern;
  }

  match(name: readonly number[]): boolean {
    let at = 0;
    let from = 0;
    while (at < this.pattern.length) {
      let star = false;
      while (this.pattern[at] === STAR) {
        star = true;
        at++;
      }
      const end = this.chunkEnd(at);
      if (star && at === end) return !name.slice(from).includes(SLASH);
      const matched = this.matchFrom(name, { from, at, end, star });
      if (matched === undefined) {
        // Before returning false go on to see whether the rest is well formed.
        this.checkRest(end);
        return false;
      }
      from = matched;
      at = end;
    }
    return from === name.length;
  }

  /** Where the chunk matched ends; with a star in front of it any start that crosses no slash is tried. */
  private matchFrom(
    name: readonly number[],
    chunk: { from: number; at: number; end: number; star: boolean },
  ): number | undefined {
    const { from, at, end, star } = chunk;
    const isLast = end >= this.pattern.length;
    const first = this.matchChunk(at, end, name, from);
    if (first !== undefined && (first === name.length || !isLast)) return first;
    if (!star) return undefined;
    for (let i = from; i < name.length && name[i] !== SLASH; i++) {
      const next = this.matchChunk(at, end, name, i + 1);
      if (next === undefined || (isLast && next < name.length)) continue;
      return next;
    }
    return undefined;
  }

  private checkRest(from: number): void {
    let at = from;
    while (at < this.pattern.length) {
      while (this.pattern[at] === STAR) at++;
      const end = this.chunkEnd(at);
      this.matchChunk(at, end, [], 0);
      at = end;
    }
  }

  /** End of the pattern up to the next star outside brackets. */
  private chunkEnd(start: number): number {
    let inRange = false;
    for (let i = start; i < this.pattern.length; i++) {
      const c = this.pattern[i];
      if (c === BACKSLASH) {
        if (i + 1 < this.pattern.length) i++;
      } else if (c === OPEN) inRange = true;
      else if (c === CLOSE) inRange = false;
      else if (c === STAR && !inRange) return i;
    }
    return this.pattern.length;
  }

  /** End of the match in `name`; undefined when there is none. The chunk is read to its end either way, to find faults. */
  private matchChunk(start: number, end: number, name: readonly number[], from: number): number | undefined {
    const { pattern } = this;
    let failed = false;
    let n = from;
    for (let at = start; at < end;) {
      if (!failed && n >= name.length) failed = true;
      const c = pattern[at]!;
      if (c === OPEN) {
        const range = this.matchRange(at + 1, end, failed ? undefined : name[n]);
        at = range.end;
        if (!range.matched) failed = true;
        n++;
      } else if (c === QUESTION) {
        if (!failed && name[n] === SLASH) failed = true;
        n++;
        at++;
      } else {
        if (c === BACKSLASH && ++at >= end) throw badPattern();
        if (!failed && pattern[at] !== name[n]) failed = true;
        n++;
        at++;
      }
    }
    return failed ? undefined : n;
  }

  private matchRange(start: number, end: number, rune: number | undefined): { end: number; matched: boolean } {
    const { pattern } = this;
    let at = start;
    const negated = at < end && pattern[at] === CARET;
    if (negated) at++;
    let matched = false;
    for (let count = 0; ; count++) {
      if (at < end && pattern[at] === CLOSE && count > 0) {
        at++;
        break;
      }
      const low = this.rangeCharacter(at, end);
      at = low.end;
      let high = low.rune;
      if (pattern[at] === DASH) {
        const next = this.rangeCharacter(at + 1, end);
        at = next.end;
        high = next.rune;
      }
      if (rune !== undefined && low.rune <= rune && rune <= high) matched = true;
    }
    return { end: at, matched: rune !== undefined && matched !== negated };
  }

  private rangeCharacter(start: number, end: number): { rune: number; end: number } {
    let at = start;
    const c = this.pattern[at];
    if (at >= end || c === DASH || c === CLOSE) throw badPattern();
    if (c === BACKSLASH && ++at >= end) throw badPattern();
    // A character cannot be a bracket's last one: its `]` must follow.
    if (at + 1 >= end) throw badPattern();
    return { rune: this.pattern[at]!, end: at + 1 };
  }
}
