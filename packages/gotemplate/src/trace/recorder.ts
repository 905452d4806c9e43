import type { ParsedTemplate } from "../parse/parse.ts";
import type { Tree } from "../parse/node.ts";
import type { GoValue } from "../value.ts";
import { realign } from "./align.ts";
import { SpanList } from "./span-list.ts";
import { Made, Touched } from "./touched.ts";
import { Trace } from "./trace.ts";
import { ValuePath } from "./value-path.ts";

/** Where an action stands. */
export interface ActionPlace {
  readonly tree: Tree;
  readonly position: number;
}

/** Functions that write into the map that they are given and return it. */
const writers: ReadonlySet<string> = new Set(["merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"]);

/**
 * Records where output comes from. Put into a `CallContext` as `trace`, it makes every `TemplateSet.execute` under that
 * context run the traced form of its templates, which puts out the same bytes.
 */
export class TraceRecorder {
  /** Every path that was read, whether or not there was a value. */
  readonly reads = new Set<ValuePath>();
  readonly #paths = new WeakMap<object, ValuePath>();
  readonly #made = new WeakMap<object, Made>();
  readonly #roots = new Map<string, ValuePath>();
  readonly #trees: Tree[] = [];
  readonly #treeNumbers = new Map<Tree, number>();
  /** Trees of texts that are no files: what `tpl` was given. */
  readonly #inline = new WeakSet<Tree>();
  readonly #pathSets: ValuePath[][] = [[]];
  readonly #pathSetNumbers = new Map<string, number>([["", 0]]);
  readonly #pathNumbers = new Map<ValuePath, number>();
  /** What the running actions have touched, the innermost last. */
  readonly #touched: Touched[] = [new Touched()];
  /** The sets of paths that decided that what runs is run, the innermost last. */
  readonly #conditions: number[] = [0];
  /** What the evaluated arguments of the running calls have touched. */
  readonly #arguments: Touched[] = [];
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

  /** The paths that decided that what runs now is run. */
  get conditions(): readonly ValuePath[] {
    return this.#pathSets[this.#conditions.at(-1)!]!;
  }

  pathOf(value: GoValue | undefined): ValuePath | undefined {
    return typeof value === "object" && value !== null ? this.#paths.get(value) : undefined;
  }

  /** What went into a container that templates made or wrote into. */
  madeOf(value: GoValue | undefined): Made | undefined {
    return typeof value === "object" && value !== null ? this.#made.get(value) : undefined;
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
    const made = this.madeOf(container);
    const key = typeof keys[0] === "string" ? keys[0] : Number(keys[0]);
    made?.readInto(this.touched, key);
    if (made) this.readSources(made, key, result);
  }

  /** Runs `evaluate` as an action of its own and gives what it touched. */
  during<Result>(evaluate: () => Result): { readonly result: Result; readonly touched: Touched } {
    const touched = new Touched();
    this.#touched.push(touched);
    try {
      return { result: evaluate(), touched };
    } finally {
      this.#touched.pop();
      // Nobody asks what all actions of a file have read together.
      if (this.#touched.length > 1) for (const path of touched.all()) this.touched.inside.add(path);
    }
  }

  /** Runs `body`, which is only run, or run so often, because of what `decided` has read. */
  under<Result>(decided: Touched, body: () => Result): Result {
    this.#conditions.push(this.#union(this.#conditions.at(-1)!, decided.all()));
    try {
      return body();
    } finally {
      this.#conditions.pop();
    }
  }

  /** Evaluates an argument and keeps apart what it touched, for `takeArguments`. */
  argument<Result>(evaluate: () => Result): Result {
    const { result, touched } = this.during(evaluate);
    this.touched.include(touched);
    this.#arguments.push(touched);
    return result;
  }

  /** What the last `count` arguments have touched. */
  takeArguments(count: number): Touched[] {
    return this.#arguments.splice(this.#arguments.length - count, count);
  }

  /** Notes what a function made: a text that it only indented, trimmed or quoted keeps its origins; a container is made of all that was read. */
  derived(name: string, args: readonly GoValue[], result: unknown): void {
    if (typeof result === "object" && result !== null) {
      const isNew = this.pathOf(result as GoValue) === undefined && !this.#made.has(result);
      if (!isNew && !writers.has(name)) return;
      const made = this.#making(result);
      made.rest.include(this.touched);
      for (const arg of args) if (typeof arg === "object" && arg !== null && arg !== result) made.sources.add(arg);
      return;
    }
    const { fragments } = this.touched;
    if (typeof result !== "string" || fragments.size === 0 || fragments.has(result)) return;
    for (const arg of args) {
      const fragment = typeof arg === "string" ? fragments.get(arg) : undefined;
      const spans = fragment && realign(fragment, result);
      if (spans) fragments.set(result, { text: result, spans });
    }
  }

  /** Notes what `dict`, `list` or `set` put where. */
  made(container: object, entries: Iterable<readonly [key: number | string, touched: Touched]>): void {
    const made = this.#making(container);
    for (const [key, touched] of entries) {
      const own = touched.copy();
      for (const path of this.conditions) own.conditions.add(path);
      made.entries.set(key, own);
    }
  }

  #making(container: object): Made {
    let made = this.#made.get(container);
    if (made === undefined) this.#made.set(container, (made = new Made()));
    return made;
  }

  /** Notes that an entry of a made container may be the one with the same key in a container which it was made of. */
  readSources({ sources }: Made, key: number | string, value: GoValue | undefined, seen = new Set<object>()): void {
    for (const source of sources) {
      if (seen.has(source)) continue;
      seen.add(source);
      const own = source instanceof Map ? (source as Map<unknown, GoValue>).get(key) : undefined;
      if (own === undefined) continue;
      const path = this.pathOf(own) ?? this.pathOf(source as GoValue)?.child(key);
      if (path) this.read(own, path);
      const made = this.#made.get(source);
      made?.readInto(this.touched, key);
      if (made) this.readSources(made, key, value, seen);
      if (typeof own === "object" && own !== null) this.madeOf(value)?.sources.add(own);
    }
  }

  /** Lets a container inside of another one, which templates made, be known as made of the same. */
  insideMade(value: GoValue | undefined, made: Touched): void {
    if (typeof value !== "object" || value === null || this.#paths.has(value) || this.#made.has(value)) return;
    this.#making(value).rest.include(made);
  }

  /** Says that a text is no file: what it puts out belongs to the action that had it rendered. */
  inline({ trees }: ParsedTemplate): void {
    for (const tree of trees.values()) this.#inline.add(tree);
  }

  /** Notes that a whole template has been executed, for the action that asked for it. */
  finished(text: string, spans: SpanList): void {
    this.#latest = new Trace(text, spans, { trees: this.#trees, pathSets: this.#pathSets });
    if (this.#touched.length > 1 && text !== "") this.touched.fragments.set(text, { text, spans });
  }

  /** Adds literal text of a template. */
  addText(spans: SpanList, [start, end]: readonly [number, number], { tree, position }: ActionPlace): void {
    spans.add(start, end, [this.#treeNumber(tree), position, -1, this.#conditions.at(-1)!]);
  }

  /** Adds the text that an action put out: as the templates that made it have it, else as the action's own. */
  addResult(spans: SpanList, start: number, { text, touched, at }: ActionResult): void {
    const own = this.#treeNumber(at.tree);
    const conditions = this.#union(this.#conditions.at(-1)!, touched.conditions);
    const fragment = touched.fragments.get(text);
    if (fragment === undefined) {
      const paths = this.#union(this.#union(0, touched.paths), touched.inside);
      spans.add(start, start + text.length, [own, at.position, paths, conditions]);
      return;
    }
    const from = fragment.spans;
    for (let span = 0; span < from.count; span++) {
      const range = { start: from.start(span), end: from.end(span), at: from.start(span) + start };
      const tree = this.#trees[from.template(span)]!;
      if (!this.#inline.has(tree)) {
        spans.addPart(from, span, range);
        continue;
      }
      const paths = this.#union(Math.max(from.paths(span), 0), touched.paths);
      const both = this.#union(from.conditions(span), touched.conditions);
      spans.add(range.at, range.at + range.end - range.start, [own, at.position, paths, both]);
    }
  }

  #treeNumber(tree: Tree): number {
    let number = this.#treeNumbers.get(tree);
    if (number === undefined) {
      number = this.#trees.push(tree) - 1;
      this.#treeNumbers.set(tree, number);
    }
    return number;
  }

  /** The number of a set of paths with more paths in it. */
  #union(set: number, more: Iterable<ValuePath>): number {
    const known = this.#pathSets[set]!;
    const all = new Set(known);
    for (const path of more) all.add(path);
    if (all.size === known.length) return set;
    const list = [...all];
    const key = list
      .map((path) => this.#pathNumber(path))
      .sort((a, b) => a - b)
      .join();
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

/** What an action put out, and what it touched for it. */
export interface ActionResult {
  readonly text: string;
  readonly touched: Touched;
  readonly at: ActionPlace;
}
