import { GlobError } from "./error.ts";
import { type Matcher, widthAt } from "./gobwas-matchers.ts";

/** How many places a match may try; patterns of many stars multiply them. */
const maxSteps = 1_000_000;
let steps = 0;

/** Matches with a bound on the work, so that a hostile pattern ends in an error. */
export function matchBounded(matcher: Matcher, text: string): boolean {
  steps = 0;
  return matcher.match(text);
}

/** A matcher with what must stand left and right of it. */
export class Tree implements Matcher {
  readonly kind = "tree";
  readonly length: number;
  readonly value: Matcher;
  readonly left: Matcher | undefined;
  readonly right: Matcher | undefined;
  private readonly leftLength: number;
  private readonly rightLength: number;

  constructor(
    value: Matcher,
    left: Matcher | undefined,
    right: Matcher | undefined,
    lengths?: { left: number; right: number; all: number },
  ) {
    this.value = value;
    this.left = left;
    this.right = right;
    this.leftLength = lengths?.left ?? left?.length ?? 0;
    this.rightLength = lengths?.right ?? right?.length ?? 0;
    const known = value.length !== -1 && this.leftLength !== -1 && this.rightLength !== -1;
    this.length = lengths?.all ?? (known ? this.leftLength + value.length + this.rightLength : -1);
  }

  /** The same tree with other sides; lengths stay those of before, as in gobwas. */
  withSides(left: Matcher | undefined, right: Matcher | undefined): Tree {
    return new Tree(this.value, left, right, { left: this.leftLength, right: this.rightLength, all: this.length });
  }

  index(): undefined {
    return undefined;
  }

  match(text: string): boolean {
    if (this.length !== -1 && this.length > text.length) return false;
    let offset = Math.max(this.leftLength, 0);
    const limit = this.rightLength >= 0 ? text.length - this.rightLength : text.length;
    while (offset < limit) {
      if (++steps > maxSteps) throw new GlobError("unsupported: pattern takes too long to match");
      const found = this.value.index(text.slice(offset, limit));
      if (found === undefined) return false;
      const at = offset + found.at;
      const before = text.slice(0, at);
      if (this.left === undefined ? before === "" : this.left.match(before)) {
        for (let i = found.ends.length - 1; i >= 0; i--) {
          const after = text.slice(at + found.ends[i]!);
          if (this.right === undefined ? after === "" : this.right.match(after)) return true;
        }
      }
      offset = at + (at < text.length ? widthAt(text, at) : 0);
      if (at >= text.length) break;
    }
    return false;
  }
}
