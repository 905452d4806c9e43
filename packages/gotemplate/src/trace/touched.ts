import type { Fragment } from "./align.ts";
import type { ValuePath } from "./value-path.ts";

/** What an expression has touched so far. */
export class Touched {
  /** Paths read, in order, each once. */
  readonly paths = new Set<ValuePath>();
  /** Paths read by the templates that it had executed. */
  readonly inside = new Set<ValuePath>();
  /** Paths that decided which value a variable or a map has. */
  readonly conditions = new Set<ValuePath>();
  /** Texts that other templates put out on behalf of it. */
  readonly fragments = new Map<string, Fragment>();

  /** Takes over what the expression behind a variable or a map touched. */
  include(other: Touched): void {
    addAll(this.paths, other.paths);
    addAll(this.inside, other.inside);
    addAll(this.conditions, other.conditions);
    for (const [text, fragment] of other.fragments) this.fragments.set(text, fragment);
  }

  copy(): Touched {
    const copy = new Touched();
    copy.include(this);
    return copy;
  }

  /** Everything that the value may depend on. */
  *all(): Generator<ValuePath> {
    yield* this.paths;
    yield* this.inside;
    yield* this.conditions;
  }
}

export function addAll<Item>(target: Set<Item>, items: Iterable<Item>): void {
  for (const item of items) target.add(item);
}

/** What went into a map or list that templates made: what is known of single entries, and what may be in any of them. */
export class Made {
  readonly entries = new Map<number | string, Touched>();
  readonly rest = new Touched();
  /** Containers that were merged, copied or picked from: what has the same key there may be what is here. */
  readonly sources = new Set<object>();

  /** Lets `target` include what is behind the entry at a key, or behind all. */
  readInto(target: Touched, key?: number | string): void {
    target.include(this.rest);
    if (key !== undefined) {
      const entry = this.entries.get(key);
      if (entry !== undefined) target.include(entry);
      return;
    }
    for (const entry of this.entries.values()) target.include(entry);
  }
}
