import { HclError } from "./value.ts";
import type { HclRange } from "./value.ts";
import { deepest } from "./work.ts";

const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;

/** A token of several characters whose kind is clear from the first. */
const word = /[\p{ID_Start}_][\p{ID_Continue}-]*|\d+(\.\d+)?([eE][+-]?\d+)?/uy;

/** Walks over a text and knows the place. */
export class Reader {
  readonly text: string;
  position: number;
  readonly #starts: number[] = [0];
  #depth = 0;

  constructor(text: string, position = 0) {
    this.text = text;
    this.position = position;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  looksAt(token: string): boolean {
    return this.text.startsWith(token, this.position);
  }

  /** Runs what reads something that stands inside of something else. Throws `HclError` when that goes too deep. */
  deeper<Result>(read: () => Result): Result {
    if (this.#depth >= deepest) throw this.fail(`unsupported: nested deeper than ${deepest} levels`);
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** Steps over `token` when it comes next. */
  take(token: string): boolean {
    if (!this.looksAt(token)) return false;
    this.position += token.length;
    return true;
  }

  /** Steps over what a sticky pattern matches. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  identifier(): string | undefined {
    return this.match(identifier);
  }

  /** Steps over blanks and comments; over line breaks only when `lines`. A comment to the end of a line leaves its break. */
  skip(lines: boolean): void {
    for (;;) {
      const before = this.position;
      this.match(lines ? /[ \t\r\n]+/y : /[ \t\r]+/y);
      this.match(/(#|\/\/)[^\n]*/y);
      this.match(/\/\*[^]*?\*\//y);
      if (this.position === before) return;
    }
  }

  range(from: number, to = this.position): HclRange {
    const start = this.#place(from);
    const end = this.#place(to);
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }

  /** An error about the next token. */
  fail(message: string, from = this.position, to = this.#tokenEnd()): HclError {
    return new HclError(message, this.range(from, to));
  }

  #tokenEnd(): number {
    const start = this.position;
    this.match(word);
    const end = Math.max(this.position, start + 1);
    this.position = start;
    return Math.min(end, this.text.length);
  }

  #place(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }
}
