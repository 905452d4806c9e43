import { sequenceLength } from "../yaml/characters.ts";
import { GlobError } from "./error.ts";

/**
 * The matchers of gobwas/glob 0.2.3 (match/*.go), their slips included: they decide what Helm's Files.Glob finds. Strings are
 * byte strings, offsets and segments count bytes, `length` counts runes (-1 when it is not fixed).
 */
export interface Matcher {
  readonly kind: string;
  readonly length: number;
  match(text: string): boolean;
  /** The first place where it matches and the possible ends, relative to that place; undefined when it is nowhere. */
  index(text: string): Found | undefined;
}

/** A place and the ends that a match from there may have. */
export interface Found {
  readonly at: number;
  readonly ends: readonly number[];
}

function codePointAt(text: string, at: number): number {
  const c = text.charCodeAt(at);
  const width = sequenceLength(c);
  let value = width < 2 ? c : c & (width === 2 ? 0x1f : width === 3 ? 0x0f : 0x07);
  for (let k = 1; k < width; k++) value = (value << 6) | (text.charCodeAt(at + k) & 0x3f);
  return value;
}

/** Bytes of the rune at `at`. */
export const widthAt = (text: string, at: number): number => sequenceLength(text.charCodeAt(at)) || 1;

/** Starts of the runes of a text. */
function starts(text: string): number[] {
  const out: number[] = [];
  for (let at = 0; at < text.length; at += widthAt(text, at)) out.push(at);
  return out;
}

function indexOfAny(text: string, separators: readonly number[]): number {
  if (separators.length === 0) return -1;
  for (let at = 0; at < text.length; at += widthAt(text, at)) if (separators.includes(codePointAt(text, at))) return at;
  return -1;
}

export class Nothing implements Matcher {
  readonly kind = "nothing";
  readonly length = 0;
  match(text: string): boolean {
    return text === "";
  }
  index(): Found {
    return { at: 0, ends: [0] };
  }
}

export class Text implements Matcher {
  readonly kind = "text";
  readonly length: number;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
    this.length = starts(text).length;
  }
  match(text: string): boolean {
    return text === this.text;
  }
  index(text: string): Found | undefined {
    const at = text.indexOf(this.text);
    return at < 0 ? undefined : { at, ends: [this.text.length] };
  }
}

/** One rune by a test: `?`, a list or a range. An empty text passes as U+FFFD, as in gobwas. */
export class OneRune implements Matcher {
  readonly kind: "single" | "list" | "range";
  readonly length = 1;
  readonly accepts: (rune: number) => boolean;
  /** Separators of `?`; members of a list. */
  readonly runes: readonly number[];
  readonly negated: boolean;
  constructor(
    kind: "single" | "list" | "range",
    accepts: (rune: number) => boolean,
    runes: readonly number[] = [],
    negated = false,
  ) {
    this.kind = kind;
    this.accepts = accepts;
    this.runes = runes;
    this.negated = negated;
  }
  match(text: string): boolean {
    if (text === "") return this.accepts(0xfffd);
    if (text.length > widthAt(text, 0)) return false;
    return this.accepts(codePointAt(text, 0));
  }
  index(text: string): Found | undefined {
    const at = starts(text).find((start) => this.accepts(codePointAt(text, start)));
    return at === undefined ? undefined : { at, ends: [widthAt(text, at)] };
  }
}

export class Any implements Matcher {
  readonly kind = "any";
  readonly length = -1;
  readonly separators: readonly number[];
  constructor(separators: readonly number[]) {
    this.separators = separators;
  }
  match(text: string): boolean {
    return indexOfAny(text, this.separators) < 0;
  }
  index(text: string): Found {
    const stop = indexOfAny(text, this.separators);
    const part = stop < 0 ? text : text.slice(0, stop);
    return { at: 0, ends: [...starts(part), part.length] };
  }
}

export class Super implements Matcher {
  readonly kind = "super";
  readonly length = -1;
  match(): boolean {
    return true;
  }
  index(text: string): Found {
    return { at: 0, ends: [...starts(text), text.length] };
  }
}

export class Prefix implements Matcher {
  readonly kind = "prefix";
  readonly length = -1;
  readonly prefix: string;
  /** Separators that must not follow; empty for `**`. */
  readonly separators: readonly number[];
  constructor(prefix: string, separators: readonly number[] = []) {
    this.prefix = prefix;
    this.separators = separators;
  }
  match(text: string): boolean {
    return text.startsWith(this.prefix) && indexOfAny(text.slice(this.prefix.length), this.separators) < 0;
  }
  index(text: string): Found | undefined {
    const at = text.indexOf(this.prefix);
    if (at < 0) return undefined;
    let rest = text.slice(at + this.prefix.length);
    const stop = indexOfAny(rest, this.separators);
    if (stop >= 0) rest = rest.slice(0, stop);
    const length = this.prefix.length;
    return { at, ends: [length, ...starts(rest).map((start) => length + start + widthAt(rest, start))] };
  }
}

export class Suffix implements Matcher {
  readonly kind = "suffix";
  readonly length = -1;
  readonly suffix: string;
  constructor(suffix: string) {
    this.suffix = suffix;
  }
  match(text: string): boolean {
    return text.endsWith(this.suffix);
  }
  index(text: string): Found | undefined {
    const at = text.indexOf(this.suffix);
    return at < 0 ? undefined : { at: 0, ends: [at + this.suffix.length] };
  }
}

export class SuffixAny implements Matcher {
  readonly kind = "suffixAny";
  readonly length = -1;
  private readonly suffix: string;
  private readonly separators: readonly number[];
  constructor(suffix: string, separators: readonly number[]) {
    this.suffix = suffix;
    this.separators = separators;
  }
  match(text: string): boolean {
    return (
      text.endsWith(this.suffix) && indexOfAny(text.slice(0, text.length - this.suffix.length), this.separators) < 0
    );
  }
  index(text: string): Found | undefined {
    const found = text.indexOf(this.suffix);
    if (found < 0) return undefined;
    const before = starts(text.slice(0, found)).filter((start) => this.separators.includes(codePointAt(text, start)));
    const at = before.length === 0 ? 0 : before.at(-1)! + 1;
    return { at, ends: [found + this.suffix.length - at] };
  }
}

/** Prefix and suffix may overlap: `a/**` + `/c` matches `a/c`. */
export class PrefixSuffix implements Matcher {
  readonly kind = "prefixSuffix";
  readonly length = -1;
  private readonly prefix: string;
  private readonly suffix: string;
  constructor(prefix: string, suffix: string) {
    this.prefix = prefix;
    this.suffix = suffix;
  }
  match(text: string): boolean {
    return text.startsWith(this.prefix) && text.endsWith(this.suffix);
  }
  index(text: string): Found | undefined {
    const at = text.indexOf(this.prefix);
    if (at < 0) return undefined;
    if (this.suffix === "") return { at, ends: [text.length - at] };
    const ends: number[] = [];
    for (let rest = text.slice(at); ;) {
      const found = rest.lastIndexOf(this.suffix);
      if (found < 0) break;
      ends.unshift(found + this.suffix.length);
      rest = rest.slice(0, found);
    }
    return ends.length === 0 ? undefined : { at, ends };
  }
}

export class Contains implements Matcher {
  readonly kind = "contains";
  readonly length = -1;
  private readonly needle: string;
  private readonly negated: boolean;
  constructor(needle: string, negated: boolean) {
    this.needle = needle;
    this.negated = negated;
  }
  match(text: string): boolean {
    return text.includes(this.needle) !== this.negated;
  }
  index(text: string): Found | undefined {
    const found = text.indexOf(this.needle);
    let rest = text;
    let offset = 0;
    if (!this.negated) {
      if (found < 0) return undefined;
      offset = found + this.needle.length;
      if (text.length <= offset) return { at: 0, ends: [offset] };
      rest = text.slice(offset);
    } else if (found >= 0) rest = text.slice(0, found);
    return { at: 0, ends: [...starts(rest).map((start) => offset + start), offset + rest.length] };
  }
}

export class Min implements Matcher {
  readonly kind = "min";
  readonly length = -1;
  private readonly limit: number;
  constructor(limit: number) {
    this.limit = limit;
  }
  match(text: string): boolean {
    return text !== "" && starts(text).length >= this.limit;
  }
  index(text: string): Found | undefined {
    const ends = starts(text)
      .slice(Math.max(this.limit - 1, 0))
      .map((start) => start + widthAt(text, start));
    return text.length - this.limit + 1 <= 0 || ends.length === 0 ? undefined : { at: 0, ends };
  }
}

export class Max implements Matcher {
  readonly kind = "max";
  readonly length = -1;
  private readonly limit: number;
  constructor(limit: number) {
    this.limit = limit;
  }
  match(text: string): boolean {
    return starts(text).length <= this.limit;
  }
  index(text: string): Found {
    return {
      at: 0,
      ends: [
        0,
        ...starts(text)
          .slice(0, this.limit)
          .map((start) => start + widthAt(text, start)),
      ],
    };
  }
}

export class EveryOf implements Matcher {
  readonly kind = "everyOf";
  readonly length: number;
  private readonly matchers: readonly Matcher[];
  constructor(matchers: readonly Matcher[]) {
    this.matchers = matchers;
    this.length = matchers.length === 0 ? 0 : -1;
  }
  match(text: string): boolean {
    return this.matchers.every((matcher) => matcher.match(text));
  }
  index(text: string): Found | undefined {
    let at = 0;
    let offset = 0;
    let rest = text;
    let current: number[] = [];
    for (const [i, matcher] of this.matchers.entries()) {
      const found = matcher.index(rest);
      if (found === undefined) return undefined;
      if (i === 0) current = [...found.ends];
      else {
        const delta = at - (found.at + offset);
        const ends = new Set(found.ends);
        current = current.filter((end) => ends.has(end + delta)).map((end) => end + delta);
        if (current.length === 0) return undefined;
      }
      at = found.at + offset;
      rest = text.slice(at);
      offset += found.at;
    }
    return { at, ends: current };
  }
}

export class AnyOf implements Matcher {
  readonly kind = "anyOf";
  readonly length: number;
  readonly matchers: readonly Matcher[];
  constructor(matchers: readonly Matcher[]) {
    this.matchers = matchers;
    let length = -1;
    for (const matcher of matchers) {
      if (length === -1) length = matcher.length;
      else if (matcher.length === -1 || matcher.length !== length) {
        length = -1;
        break;
      }
    }
    this.length = length;
  }
  match(text: string): boolean {
    return this.matchers.some((matcher) => matcher.match(text));
  }
  index(text: string): Found | undefined {
    let at = -1;
    let ends: readonly number[] = [];
    for (const matcher of this.matchers) {
      const found = matcher.index(text);
      if (found === undefined || (at >= 0 && found.at > at)) continue;
      if (at < 0 || found.at < at) {
        at = found.at;
        ends = found.ends;
      } else ends = [...new Set([...ends, ...found.ends])].sort((a, b) => a - b);
    }
    return at < 0 ? undefined : { at, ends };
  }
}

export class Row implements Matcher {
  readonly kind = "row";
  readonly length: number;
  private readonly matchers: readonly Matcher[];
  constructor(length: number, matchers: readonly Matcher[]) {
    this.length = length;
    this.matchers = matchers;
  }
  match(text: string): boolean {
    return starts(text).length === this.length && this.matchAll(text);
  }
  index(text: string): Found | undefined {
    for (const at of starts(text)) {
      if (text.length - at < this.length) break;
      if (this.matchAll(text.slice(at))) return { at, ends: [this.length] };
    }
    return undefined;
  }
  private matchAll(text: string): boolean {
    let at = 0;
    for (const matcher of this.matchers) {
      const runes = starts(text.slice(at));
      const count = matcher.length > 0 ? Math.min(matcher.length, runes.length) : runes.length;
      if (count < matcher.length) return false;
      const last = count === 0 ? 0 : runes[count - 1]!;
      // gobwas takes one byte of the last rune, whatever its width.
      const end = at + last + 1;
      if (end > text.length)
        throw new GlobError(`runtime error: slice bounds out of range [:${end}] with length ${text.length}`);
      if (!matcher.match(text.slice(at, end))) return false;
      at = end;
    }
    return true;
  }
}
