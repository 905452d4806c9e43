/** Numbers per span: start, end, template, position, paths, conditions. */
const columns = 6;

/** Spans of an output in order, as columns of numbers. Offsets count bytes of the output. */
export class SpanList {
  #data = new Int32Array(columns * 16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  start(span: number): number {
    return this.#data[span * columns]!;
  }

  end(span: number): number {
    return this.#data[span * columns + 1]!;
  }

  /** Number of the template in the recorder's list. */
  template(span: number): number {
    return this.#data[span * columns + 2]!;
  }

  /** Byte position in the template's text. */
  position(span: number): number {
    return this.#data[span * columns + 3]!;
  }

  /** Number of the path set in the recorder's list; -1 for literal text, whose bytes are those of the template. */
  paths(span: number): number {
    return this.#data[span * columns + 4]!;
  }

  /** Number of the set of paths that decided that this text is there. */
  conditions(span: number): number {
    return this.#data[span * columns + 5]!;
  }

  add(
    start: number,
    end: number,
    origin: readonly [template: number, position: number, paths: number, conditions: number],
  ): void {
    if (end <= start) return;
    if ((this.#count + 1) * columns > this.#data.length) {
      const grown = new Int32Array(this.#data.length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data.set([start, end, ...origin], this.#count++ * columns);
  }

  /** The part of span `span` of `from` that `start`–`end` is; literal text keeps the place of its first byte. */
  addPart(from: SpanList, span: number, part: { start: number; end: number; at: number }): void {
    const paths = from.paths(span);
    const skipped = paths < 0 ? part.start - from.start(span) : 0;
    const position = from.position(span) + skipped;
    const end = part.at + part.end - part.start;
    this.add(part.at, end, [from.template(span), position, paths, from.conditions(span)]);
  }

  /** Appends all spans of another list, moved by `shift`. */
  append(other: SpanList, shift: number): void {
    for (let i = 0; i < other.#count; i++) {
      this.addPart(other, i, { start: other.start(i), end: other.end(i), at: other.start(i) + shift });
    }
  }

  /** The span that holds an offset; -1 when none does. */
  find(offset: number): number {
    const span = this.firstBehind(offset);
    return span < this.#count && this.start(span) <= offset ? span : -1;
  }

  /** The first span that ends behind an offset; `count` when none does. */
  firstBehind(offset: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.end(middle) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
