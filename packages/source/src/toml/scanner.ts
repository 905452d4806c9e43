import { formatGo } from "@tiphys/gotemplate";
import { TomlError } from "./error.ts";

/** What `next` gives at the end of the text; Go's lexer has the rune 0 for it. */
export const end = 0;

const newline = 10;
const carriageReturn = 13;

/** Reads a TOML document (byte string) rune by rune as BurntSushi/toml's lexer does, and words its errors. */
export class TomlScanner {
  readonly text: string;
  /** Where the next rune is. */
  at = 0;
  /** Where the item being read starts. */
  start = 0;
  /** 1-based. */
  line = 1;
  /** The latest `next` was beyond the text, and has not been taken back. */
  atEnd = false;
  /** The key that errors name. */
  readonly #lastKey: () => string;

  constructor(text: string, lastKey: () => string) {
    this.text = text;
    this.#lastKey = lastKey;
  }

  /** The rune at the place, and moves behind it. Throws `TomlError` for control characters and bytes that are no UTF-8. */
  next(): number {
    const code = this.text.charCodeAt(this.at);
    if (Number.isNaN(code)) {
      this.atEnd = true;
      return end;
    }
    if (code === newline) this.line++;
    if (code >= 0x80) return this.#wide(code);
    const isLoneReturn = code === carriageReturn && this.text.charCodeAt(this.at + 1) !== newline;
    if ((code < 0x20 && code !== 9 && code !== newline && code !== carriageReturn) || code === 0x7f || isLoneReturn) {
      this.failIn(this.line, `TOML files cannot contain control characters: '0x${code.toString(16).padStart(2, "0")}'`);
    }
    this.at++;
    return code;
  }

  #wide(first: number): number {
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
    const bytes = Uint8Array.from(this.text.slice(this.at, this.at + length), (byte) => byte.charCodeAt(0));
    let rune: string;
    try {
      rune = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.error(`invalid UTF-8 byte: 0x${first.toString(16).padStart(2, "0")}`);
    }
    this.at += length;
    return rune.codePointAt(0)!;
  }

  /** Takes back the rune that `next` gave. */
  back(rune: number): void {
    if (this.atEnd) {
      this.atEnd = false;
      return;
    }
    this.at -= rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    if (rune === newline) this.line--;
  }

  peek(): number {
    const rune = this.next();
    this.back(rune);
    return rune;
  }

  /** Moves on when the next rune is `wanted`. */
  accept(wanted: string): boolean {
    const rune = this.next();
    if (rune === wanted.charCodeAt(0)) return true;
    this.back(rune);
    return false;
  }

  /** Skips spaces and tabs, and starts an item. */
  skipSpace(): void {
    for (let rune = this.next(); ; rune = this.next()) {
      if (rune === 32 || rune === 9) continue;
      this.back(rune);
      this.start = this.at;
      return;
    }
  }

  /** Skips the rest of a comment, up to the end of the line. */
  skipComment(): void {
    for (let rune = this.next(); ; rune = this.next()) {
      if (rune !== newline && rune !== carriageReturn && rune !== end) continue;
      this.back(rune);
      this.start = this.at;
      return;
    }
  }

  /** Text of the item read so far. */
  get current(): string {
    return this.text.slice(this.start, this.at);
  }

  /** Go's errorf: at the end of the text the line before counts when a newline ends it. */
  fail(message: string): never {
    const before = this.atEnd && this.at >= 1 && this.text.charCodeAt(this.at - 1) === newline;
    return this.failIn(this.line - (before ? 1 : 0), message);
  }

  /** Go's error: at the end of the text it is the line before. */
  error(message: string): never {
    return this.failIn(this.line - (this.atEnd ? 1 : 0), message);
  }

  failIn(line: number, message: string): never {
    const key = this.#lastKey();
    const place = key === "" ? "" : ` (last key ${formatGo("%q", [key])})`;
    throw new TomlError(`toml: line ${line}${place}: ${message}`, Math.max(1, line));
  }
}

/** A rune as `%q` prints it. */
export function quotedRune(rune: number): string {
  return formatGo("%q", [BigInt(rune)]);
}

/** A rune as a byte string. */
export function runeText(rune: number): string {
  return formatGo("%c", [BigInt(rune)]);
}
