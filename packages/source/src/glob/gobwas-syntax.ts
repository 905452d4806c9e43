import { encodeCodePoint } from "../yaml/characters.ts";
import { GlobError } from "./error.ts";
import { runesOf } from "./runes.ts";

/** A node of gobwas' syntax tree. Texts are byte strings, class members code points. */
export type GobwasNode =
  | { readonly kind: "nothing" | "any" | "super" | "single" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly runes: readonly number[]; readonly negated: boolean }
  | { readonly kind: "range"; readonly low: number; readonly high: number; readonly negated: boolean }
  | GobwasGroup;

/** A sequence (`pattern`) or alternatives (`anyOf`) of nodes. */
export interface GobwasGroup {
  readonly kind: "pattern" | "anyOf";
  readonly children: readonly GobwasNode[];
}

const [STAR, COMMA, QUESTION, BACKSLASH, OPEN, CLOSE, BRACE, BRACE_END, BANG, DASH] = runesOf("*,?\\[]{}!-") as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Longer patterns are refused: compiling takes time with the cube of the length. */
const maxLength = 1000;

/** Reads a pattern as gobwas/glob 0.2.3 (syntax/lexer, syntax/ast). An unclosed `{` is no error. Throws `GlobError`. */
export function parseGobwas(pattern: string): GobwasGroup {
  const runes = runesOf(pattern);
  if (runes.length > maxLength) throw new GlobError(`unsupported: pattern longer than ${maxLength} characters`);
  return new Parser(runes).parse();
}

class Parser {
  private readonly runes: readonly number[];
  private at = 0;

  constructor(runes: readonly number[]) {
    // gobwas takes NUL for the end.
    const end = runes.indexOf(0);
    this.runes = end < 0 ? runes : runes.slice(0, end);
  }

  parse(): GobwasGroup {
    if (this.runes.includes(0xfffd)) throw new GlobError("could not read rune");
    return this.parsePattern(0);
  }

  private parsePattern(depth: number): GobwasGroup {
    const children: GobwasNode[] = [];
    for (;;) {
      const rune = this.runes[this.at];
      if (rune === undefined || (depth > 0 && (rune === COMMA || rune === BRACE_END)))
        return { kind: "pattern", children };
      if (rune === STAR) {
        this.at++;
        const isSuper = this.runes[this.at] === STAR;
        if (isSuper) this.at++;
        children.push({ kind: isSuper ? "super" : "any" });
      } else if (rune === QUESTION) {
        this.at++;
        children.push({ kind: "single" });
      } else if (rune === OPEN) {
        this.at++;
        children.push(this.parseClass());
      } else if (rune === BRACE) {
        this.at++;
        children.push(this.parseAlternatives(depth));
      } else {
        const text = this.parseText(
          depth > 0 ? [QUESTION, STAR, OPEN, BRACE, BRACE_END, COMMA] : [QUESTION, STAR, OPEN, BRACE],
        );
        if (text.length > 0) children.push({ kind: "text", text: text.map(encodeCodePoint).join("") });
      }
    }
  }

  /** Characters up to a breaker; a backslash takes the next one as it is. */
  private parseText(breakers: readonly number[]): number[] {
    const text: number[] = [];
    for (; ; this.at++) {
      let rune = this.runes[this.at];
      if (rune === undefined || breakers.includes(rune)) return text;
      if (rune === BACKSLASH) rune = this.runes[++this.at];
      if (rune === undefined) return text;
      text.push(rune);
    }
  }

  private parseAlternatives(depth: number): GobwasGroup {
    const children: GobwasNode[] = [];
    for (;;) {
      children.push(this.parsePattern(depth + 1));
      if (this.runes[this.at++] !== COMMA) return { kind: "anyOf", children };
    }
  }

  private parseClass(): GobwasNode {
    let negated = false;
    if (this.runes[this.at] === BANG) {
      negated = true;
      this.at++;
    }
    const low = this.runes[this.at];
    if (low !== undefined && this.runes[this.at + 1] === DASH) return this.parseRange(low, negated);
    if (low === undefined) throw new GlobError("unexpected end of input");
    const runes = this.parseText([CLOSE]);
    if (this.runes[this.at] === undefined) throw new GlobError("unexpected end of input");
    this.at++;
    if (runes.length === 0) throw new GlobError("could not parse range");
    return { kind: "list", runes, negated };
  }

  private parseRange(low: number, negated: boolean): GobwasNode {
    const high = this.runes[this.at + 2];
    const close = this.runes[this.at + 3];
    if (high === undefined || close === undefined) throw new GlobError("unexpected end of input");
    if (close !== CLOSE) throw new GlobError("expected close range character");
    if (high < low) {
      throw new GlobError(
        `hi character '${encodeCodePoint(high)}' should be greater than lo '${encodeCodePoint(low)}'`,
      );
    }
    this.at += 4;
    return { kind: "range", low, high, negated };
  }
}
