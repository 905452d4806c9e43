/** How much work one match may be. */
const maxSteps = 2_000_000;

const MATCH = 0;
const NO_MATCH = 1;
const ABORT_ALL = 2;
const ABORT_TO_STARSTAR = 3;

export interface WildmatchOptions {
  /** A `*` stops at `/`, and `**` as a whole segment does not. */
  readonly pathname: boolean;
  readonly ignoreCase: boolean;
}

/** git's wildmatch (wildmatch.c, git 2.39). */
export function wildmatch(pattern: string, text: string, options: WildmatchOptions): boolean {
  return new Wildmatch(pattern, text, options).match(0, 0) === MATCH;
}

/** Lower case of an ASCII letter; git folds no others. */
const lower = (character: string): string =>
  character >= "A" && character <= "Z" ? character.toLowerCase() : character;

class Wildmatch {
  private readonly pattern: string;
  private readonly text: string;
  private readonly pathname: boolean;
  private readonly ignoreCase: boolean;
  private steps = 0;

  constructor(pattern: string, text: string, { pathname, ignoreCase }: WildmatchOptions) {
    this.pattern = pattern;
    this.text = text;
    this.pathname = pathname;
    this.ignoreCase = ignoreCase;
  }

  match(patternStart: number, textStart: number): number {
    const { pattern, text } = this;
    let t = textStart;
    for (let p = patternStart; p < pattern.length; p++, t++) {
      let c = pattern[p]!;
      if (t >= text.length && c !== "*") return ABORT_ALL;
      const character = this.ignoreCase ? lower(text[t] ?? "") : text[t];
      if (c === "*") return this.matchStar(p, t);
      if (c === "?") {
        if (this.pathname && character === "/") return NO_MATCH;
      } else if (c === "[") {
        const range = this.matchClass(p + 1, character!);
        if (range === undefined) return ABORT_ALL;
        if (!range.matched || (this.pathname && character === "/")) return NO_MATCH;
        p = range.end;
      } else {
        if (c === "\\") c = pattern[++p] ?? "";
        if (character !== (this.ignoreCase ? lower(c) : c)) return NO_MATCH;
      }
    }
    return t < text.length ? NO_MATCH : MATCH;
  }

  private matchStar(star: number, t: number): number {
    const { pattern, text } = this;
    let p = star + 1;
    let crossesSlash = !this.pathname;
    if (pattern[p] === "*") {
      const before = star - 1;
      while (pattern[p] === "*") p++;
      if (this.pathname) {
        const startsSegment = before < 0 || pattern[before] === "/";
        const endsSegment =
          p >= pattern.length || pattern[p] === "/" || (pattern[p] === "\\" && pattern[p + 1] === "/");
        if (startsSegment && endsSegment) {
          // `**/x` also matches `x`.
          if (pattern[p] === "/" && this.match(p + 1, t) === MATCH) return MATCH;
          crossesSlash = true;
        } else crossesSlash = false;
      }
    }
    if (p >= pattern.length) {
      if (!crossesSlash && text.indexOf("/", t) >= 0) return ABORT_TO_STARSTAR;
      return MATCH;
    }
    if (!crossesSlash && pattern[p] === "/") {
      const slash = text.indexOf("/", t);
      if (slash < 0) return ABORT_ALL;
      return this.match(p + 1, slash + 1);
    }
    for (let at = t; at < text.length; at++) {
      if (++this.steps > maxSteps) return ABORT_ALL;
      const result = this.match(p, at);
      if (result !== NO_MATCH) {
        if (!crossesSlash || result !== ABORT_TO_STARSTAR) return result;
      } else if (!crossesSlash && text[at] === "/") return ABORT_TO_STARSTAR;
    }
    return ABORT_ALL;
  }

  /** Whether `character` is in the class that starts at `start`, and the index of its `]`; undefined when the class never ends. */
  private matchClass(start: number, character: string): { matched: boolean; end: number } | undefined {
    const { pattern } = this;
    let p = start;
    const negated = pattern[p] === "!" || pattern[p] === "^";
    if (negated) p++;
    let matched = false;
    let previous = "";
    for (let first = true; first || pattern[p] !== "]"; first = false, p++) {
      let c = pattern[p];
      if (c === undefined) return undefined;
      if (c === "\\") {
        c = pattern[++p];
        if (c === undefined) return undefined;
        if (c === character) matched = true;
      } else if (c === "-" && previous !== "" && p + 1 < pattern.length && pattern[p + 1] !== "]") {
        c = pattern[++p]!;
        if (c === "\\") c = pattern[++p];
        if (c === undefined) return undefined;
        if (previous <= character && character <= c) matched = true;
        const upper = character.toUpperCase();
        if (this.ignoreCase && previous <= upper && upper <= c) matched = true;
        c = "";
      } else if (c === "[" && pattern[p + 1] === ":") {
        const close = pattern.indexOf("]", p + 2);
        if (close < 0) return undefined;
        if (pattern[close - 1] !== ":" || close - 1 < p + 2) {
          // No name of a class after all: an ordinary bracket.
          if (character === "[") matched = true;
        } else {
          const known = namedClasses.get(pattern.slice(p + 2, close - 1));
          if (known === undefined) return undefined;
          if (known.test(character) || (this.ignoreCase && known.test(character.toUpperCase()))) matched = true;
          p = close;
          c = "";
        }
      } else if (c === character) matched = true;
      previous = c;
    }
    return { matched: matched !== negated, end: p };
  }
}

const namedClasses: ReadonlyMap<string, RegExp> = new Map([
  ["alnum", /^[A-Za-z0-9]$/],
  ["alpha", /^[A-Za-z]$/],
  ["blank", /^[ \t]$/],
  ["cntrl", /^[\x00-\x1f\x7f]$/],
  ["digit", /^[0-9]$/],
  ["graph", /^[\x21-\x7e]$/],
  ["lower", /^[a-z]$/],
  ["print", /^[\x20-\x7e]$/],
  ["punct", /^[!-/:-@[-`{-~]$/],
  ["space", /^[ \t\n\v\f\r]$/],
  ["upper", /^[A-Z]$/],
  ["xdigit", /^[0-9A-Fa-f]$/],
]);
