import type { Tree } from "../parse/node.ts";
import type { GoValue } from "../value.ts";
import { realign } from "./align.ts";
import type { Fragment } from "./align.ts";
import { SpanList } from "./span-list.ts";
import { Trace } from "./trace.ts";
import { ValuePath } from "./value-path.ts";

/** What the expression of one action has touched so far. */
export class Touched {
  /** Paths read, in order, each once. */
  readonly paths = new Set<ValuePath>();
  /** Texts that other templates put out on behalf of it. */
  readonly fragments = new Map<string, Fragment>();

  /** Takes over what the expression behind a variable touched. */
  include(other: Touched): void {
    for (const path of other.paths) this.paths.add(path);
    for (const [text, fragment] of other.fragments) this.fragments.set(text, fragment);
  }
}

/**
 * Records where output comes from. Put into a `CallContext` as `trace`, it makes every `TemplateSet.execute` under that
 * context run the traced form of its templates, which puts out the same bytes.
 */
export class TraceRecorder {
  /** Every path that was read, whether or not there was a value. */
  readonly reads = new Set<ValuePath>();
  readonly #paths = new WeakMap<object, ValuePath>();
  readonly #roots = new Map<string, ValuePath>();
  readonly #trees: Tree[] = [];
  readonly #treeNumbers = new Map<Tree, number>();
  readonly #pathSets: ValuePath[][] = [];
  readonly #pathSetNumbers = new Map<string, number>();
  readonly #pathNumbers = new Map<ValuePath, number>();
  /** What the running actions have touched, the innermost last. */
  readonly #touched: Touched[] = [new Touched()];
  #latest: Trace | undefined;

  /** Names a container of values: what lies below it is known as `name.key…` from now on. */
  root(container: object, name: string): void {
    let path = this.#roots.get(name);
    if (!path) this.#roots.set(name, (path = new ValuePath(name)));
    this.#paths.set(container, path);
  }

  /** The trace of the template that finished last. */
  get latest(): Trace | undefined {
    return this.#latest;
  }

  /** What the innermost running action has touched. */
  get touched(): Touched {
    return this.#touched.at(-1)!;
  }

  pathOf(value: GoValue | undefined): ValuePath | undefined {
    return typeof value === "object" && value !== null ? this.#paths.get(value) : undefined;
  }

  /** Notes that `value` was read at `path`. A container keeps the path it was first seen at. */
  read(value: GoValue | undefined, path: ValuePath): void {
    this.reads.add(path);
    this.touched.paths.add(path);
    this.name(value, path);
  }

  /** Gives a container its path, without counting as a read. */
  name(value: GoValue | undefined, path: ValuePath): void {
    if (typeof value === "object" && value !== null && !this.#paths.has(value)) this.#paths.set(value, path);
  }

  /** Notes what `index container key…` found. */
  indexed([container, ...keys]: readonly GoValue[], result: GoValue): void {
    let path = this.pathOf(container);
    for (const key of keys) path = path?.child(typeof key === "string" ? key : Number(key));
    if (path) this.read(result, path);
  }

  /** Runs `evaluate` as an action of its own and gives what it touched. */
  during<Result>(evaluate: () => Result): { readonly result: Result; readonly touched: Touched } {
    const touched = new Touched();
    this.#touched.push(touched);
    try {
      return { result: evaluate(), touched };
    } finally {
      this.#touched.pop();
    }
  }

  /** A text that a function made of others: keeps the origins of the one it only indented, trimmed or quoted. */
  derived(args: readonly GoValue[], result: unknown): void {
    const { fragments } = this.touched;
    if (typeof result !== "string" || fragments.size === 0 || fragments.has(result)) return;
    for (const arg of args) {
      const fragment = typeof arg === "string" ? fragments.get(arg) : undefined;
      const spans = fragment && realign(fragment, result);
      if (spans) fragments.set(result, { text: result, spans });
    }
  }

  /** Notes that a whole template has been executed, for the action that asked for it. */
  finished(text: string, spans: SpanList): void {
    this.#latest = new Trace(text, spans, { trees: this.#trees, pathSets: this.#pathSets });
    if (this.#touched.length > 1 && text !== "") this.touched.fragments.set(text, { text, spans });
  }

  treeNumber(tree: Tree): number {
    let number = this.#treeNumbers.get(tree);
    if (number === undefined) {
      number = this.#trees.push(tree) - 1;
      this.#treeNumbers.set(tree, number);
    }
    return number;
  }

  /** The number of the set of paths behind a value: those read for it, and those behind the texts it was made of. */
  pathSetNumber({ paths, fragments }: Touched): number {
    const all = new Set(paths);
    for (const { spans } of fragments.values()) {
      for (let span = 0; span < spans.count; span++) {
        const set = spans.paths(span);
        if (set >= 0) for (const path of this.#pathSets[set]!) all.add(path);
      }
    }
    const list = [...all];
    const key = list.map((path) => this.#pathNumber(path)).join();
    let number = this.#pathSetNumbers.get(key);
    if (number === undefined) {
      number = this.#pathSets.push(list) - 1;
      this.#pathSetNumbers.set(key, number);
    }
    return number;
  }

  #pathNumber(path: ValuePath): number {
    let number = this.#pathNumbers.get(path);
    if (number === undefined) this.#pathNumbers.set(path, (number = this.#pathNumbers.size));
    return number;
  }
}
