import { HclError, isList, isObject } from "./value.ts";
import type { HclValue } from "./value.ts";

/** Rounds of loops and calls of functions that the files of one environment may take together, as in templates. */
const mostRounds = 1_000_000;
/** Characters and items that they may make together. */
const mostMade = 64 << 20;
/** Brackets, templates and signs inside each other, and variables that need each other one after the other. */
export const deepest = 200;
/** Lists and objects inside each other. */
const deepestValue = 1000;

interface Extent {
  /** Characters and items of the value written out. */
  readonly size: number;
  readonly depth: number;
}

/** What evaluation has taken so far. */
export class Work {
  #rounds = 0;
  #made = 0;
  /** Values are shared, so one may be far larger than what it took to make. */
  readonly #extents = new WeakMap<object, Extent>();

  /** Throws `HclError` when there were too many. */
  round(): void {
    if (++this.#rounds > mostRounds)
      throw new HclError(`unsupported: more than ${mostRounds} rounds of loops and calls of functions`);
  }

  /** Throws `HclError` when a value is nested too deep, or too large together with those before it. */
  made(value: HclValue): void {
    const { size, depth } = this.#extentOf(value);
    if (depth > deepestValue) throw new HclError(`unsupported: a value nested deeper than ${deepestValue} levels`);
    this.takes(size);
  }

  /** The same for the size of what is about to be made. */
  takes(size: number): void {
    this.#made += size;
    if (!(this.#made <= mostMade))
      throw new HclError(`unsupported: values of more than ${mostMade} characters and items`);
  }

  #extentOf(value: HclValue): Extent {
    if (!isList(value) && !isObject(value)) return { size: typeof value === "string" ? value.length : 1, depth: 0 };
    const known = this.#extents.get(value);
    if (known !== undefined) return known;
    let size = 1;
    let depth = 0;
    for (const item of value.values()) {
      const extent = this.#extentOf(item);
      size += extent.size;
      depth = Math.max(depth, extent.depth);
    }
    if (isObject(value)) for (const key of value.keys()) size += key.length;
    const extent = { size, depth: depth + 1 };
    this.#extents.set(value, extent);
    return extent;
  }
}
