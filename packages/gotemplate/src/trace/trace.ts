import type { Tree } from "../parse/node.ts";
import { realign } from "./align.ts";
import type { SpanList } from "./span-list.ts";
import type { ValuePath } from "./value-path.ts";

/** Where a place of an output comes from. */
export interface TraceOrigin {
  /** The name under which the template's text was parsed: its file. */
  readonly file: string;
  /** The template: the file or a definition in it. */
  readonly template: string;
  /** Line, from 1, and byte column, from 1, in the file. */
  readonly line: number;
  readonly column: number;
  /** The values that were read to make this text; empty for literal text. */
  readonly paths: readonly ValuePath[];
  /** The values that decided that it is there: those read by the `if`, `with` and `range` around it. */
  readonly conditions: readonly ValuePath[];
  /** The whole text that the template was parsed from. */
  readonly text: string;
}

/** The origins of one output, span by span. */
export class Trace {
  readonly text: string;
  readonly #spans: SpanList;
  readonly #trees: readonly Tree[];
  readonly #pathSets: readonly (readonly ValuePath[])[];

  constructor(
    text: string,
    spans: SpanList,
    tables: { trees: readonly Tree[]; pathSets: readonly (readonly ValuePath[])[] },
  ) {
    this.text = text;
    this.#spans = spans;
    this.#trees = tables.trees;
    this.#pathSets = tables.pathSets;
  }

  /** How many spans there are. */
  get spanCount(): number {
    return this.#spans.count;
  }

  /** Start and end of a span in the output, in bytes. */
  spanAt(span: number): { readonly start: number; readonly end: number } {
    return { start: this.#spans.start(span), end: this.#spans.end(span) };
  }

  /** The origin of the byte at `offset`; undefined where a function filled in, such as indentation. */
  originAt(offset: number): TraceOrigin | undefined {
    const span = this.#spans.find(offset);
    if (span < 0) return undefined;
    const tree = this.#trees[this.#spans.template(span)]!;
    const paths = this.#spans.paths(span);
    const position = this.#spans.position(span) + (paths < 0 ? offset - this.#spans.start(span) : 0);
    const before = tree.text.slice(0, position);
    const lineStart = before.lastIndexOf("\n") + 1;
    return {
      file: tree.parseName,
      template: tree.name,
      line: before.split("\n").length,
      column: position - lineStart + 1,
      paths: paths < 0 ? [] : this.#pathSets[paths]!,
      conditions: this.#pathSets[this.#spans.conditions(span)]!,
      text: tree.text,
    };
  }

  /** The origin of the first byte from `offset` to `end` that has one. */
  originFrom(offset: number, end: number): TraceOrigin | undefined {
    const own = this.originAt(offset);
    if (own !== undefined) return own;
    const next = this.#spans.firstBehind(offset);
    const start = next < this.#spans.count ? this.#spans.start(next) : end;
    return start < end ? this.originAt(start) : undefined;
  }

  /** The origins of the text from `start` to `end`, one for each span; at least that of its first byte. */
  originsBetween(start: number, end: number): TraceOrigin[] {
    const origins: TraceOrigin[] = [];
    for (let span = this.#spans.firstBehind(start); span < this.#spans.count; span++) {
      const at = this.#spans.start(span);
      if (at >= end && at > start) break;
      const origin = this.originAt(Math.max(at, start));
      if (origin !== undefined) origins.push(origin);
    }
    return origins;
  }

  /** The trace of a text made from the output by trimming, indenting or cutting lines at its ends; undefined for other changes. */
  of(text: string): Trace | undefined {
    if (text === this.text) return this;
    const spans = realign({ text: this.text, spans: this.#spans }, text);
    return spans && new Trace(text, spans, { trees: this.#trees, pathSets: this.#pathSets });
  }
}
