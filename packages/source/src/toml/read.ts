import { toByteString, type GoValue } from "@tiphys/gotemplate";
import { TomlError } from "./error.ts";
import { float, readNumberOrDate, readSignedNumber } from "./scalars.ts";
import { end, quotedRune, runeText, TomlScanner } from "./scanner.ts";
import { readString } from "./strings.ts";
import { keyText, TomlTables, type Key } from "./tables.ts";

/**
 * A TOML document (byte string) as BurntSushi/toml 1.6 decodes it into map[string]any: ints are int64, floats float64, dates go
 * through `time` or stay text. Throws `TomlError` with Go's text.
 */
export function readToml(
  text: string,
  options: { readonly time?: (text: string) => GoValue } = {},
): Map<string, GoValue> {
  const plain = text.replace(/^(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)/, "");
  if (plain.slice(0, 6).includes("\0")) {
    throw new TomlError(
      "toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8",
      1,
    );
  }
  try {
    return new TomlReader(plain, options.time ?? toByteString).read();
  } catch (error) {
    if (error instanceof RangeError) throw new TomlError("toml: nested too deeply");
    throw error;
  }
}

const isNewline = (rune: number): boolean => rune === 10 || rune === 13;
const isSpace = (rune: number): boolean => rune === 32 || rune === 9;

class TomlReader {
  readonly #scanner: TomlScanner;
  readonly #tables: TomlTables;
  readonly #time: (text: string) => GoValue;
  /** The last part of the key whose value is being read. */
  #key = "";
  /** Line of the key at hand, which errors about tables name. */
  #keyLine = 1;

  constructor(text: string, time: (text: string) => GoValue) {
    this.#time = time;
    this.#scanner = new TomlScanner(text, () => this.#lastKey());
    this.#tables = new TomlTables((message) => this.#scanner.failIn(this.#keyLine, message));
  }

  #lastKey(): string {
    const { context } = this.#tables;
    if (this.#key === "") return keyText(context);
    return context.length === 0 ? this.#key : `${keyText(context)}.${this.#key}`;
  }

  read(): Map<string, GoValue> {
    const scanner = this.#scanner;
    for (;;) {
      const rune = scanner.next();
      if (isSpace(rune) || isNewline(rune)) {
        scanner.start = scanner.at;
        continue;
      }
      if (rune === end) return this.#tables.root;
      if (rune === 35) scanner.skipComment();
      else {
        if (rune === 91) this.#header();
        else {
          scanner.back(rune);
          this.#pair();
        }
        if (this.#lineEnd()) return this.#tables.root;
      }
    }
  }

  /** Nothing but white space and a comment may follow on the line; true at the end of the text. */
  #lineEnd(): boolean {
    const scanner = this.#scanner;
    for (;;) {
      const rune = scanner.next();
      if (isSpace(rune)) continue;
      if (rune === end) return true;
      if (rune === 35) scanner.skipComment();
      else if (!isNewline(rune)) {
        scanner.fail(
          `expected a top-level item to end with a newline, comment, or EOF, but got ${quotedRune(rune)} instead`,
        );
      }
      scanner.start = scanner.at;
      return false;
    }
  }

  /** `[key]` or `[[key]]`, behind its first bracket. */
  #header(): void {
    const scanner = this.#scanner;
    const inList = scanner.accept("[");
    const key: string[] = [];
    for (;;) {
      scanner.skipSpace();
      const first = scanner.peek();
      if (first === 93 || first === end) scanner.fail("unexpected end of table name (table names cannot be empty)");
      if (first === 46) scanner.fail("unexpected table separator (table names cannot be empty)");
      if (key.length === 0) this.#keyLine = scanner.line;
      key.push(this.#keyPart());
      scanner.skipSpace();
      const rune = scanner.next();
      if (rune === 93) break;
      if (rune !== 46) scanner.fail(`expected '.' or ']' to end table name, but got ${quotedRune(rune)} instead`);
    }
    if (inList) {
      const rune = scanner.next();
      if (rune !== 93)
        scanner.fail(`expected end of table array name delimiter ']', but got ${quotedRune(rune)} instead`);
    }
    this.#tables.open(key, inList);
    this.#tables.unmarkList(key);
  }

  /** One part of a key, quoted or bare; empty where there is none. */
  #keyPart(): string {
    const scanner = this.#scanner;
    for (const quote of ['"', "'"] as const) if (scanner.accept(quote)) return readString(scanner, quote, false);
    scanner.start = scanner.at;
    let rune = scanner.next();
    while (rune < 0x80 && /[A-Za-z0-9_-]/.test(String.fromCharCode(rune))) rune = scanner.next();
    scanner.back(rune);
    const part = scanner.current;
    scanner.start = scanner.at;
    return part;
  }

  /** All parts of a key and its `=`. */
  #fullKey(): Key {
    const scanner = this.#scanner;
    scanner.skipSpace();
    const first = scanner.peek();
    if (first === 61 || first === end) scanner.fail("unexpected '=': key name appears blank");
    if (first === 46) scanner.fail("unexpected '.': keys cannot start with a '.'");
    this.#keyLine = scanner.line;
    const key: string[] = [];
    for (;;) {
      scanner.skipSpace();
      const next = scanner.peek();
      if (key.length > 0 && (next === 61 || next === end)) scanner.fail("unexpected '='");
      if (key.length > 0 && next === 46) scanner.fail("unexpected '.'");
      key.push(this.#keyPart());
      scanner.skipSpace();
      const rune = scanner.next();
      if (rune === 61) return key;
      if (rune === 46) continue;
      if (rune === end) scanner.fail("unexpected EOF; expected key separator '='");
      const message = `expected '.' or '=', but got ${quotedRune(rune)} instead`;
      if (rune === 10) scanner.failIn(scanner.line - 1, message);
      scanner.fail(message);
    }
  }

  /** `key = value`; gives the key that was set. */
  #pair(): { key: Key; value: GoValue } {
    const tables = this.#tables;
    const outer = tables.context;
    const key = this.#fullKey();
    this.#key = key.at(-1)!;
    for (const part of key.slice(0, -1)) tables.openImplicit([...tables.context, part]);
    const value = this.#value(false);
    tables.set(this.#key, value);
    tables.context = outer;
    if (!this.#isInline) this.#key = "";
    return { key, value };
  }

  #isInline = false;

  #value(inList: boolean): GoValue {
    const scanner = this.#scanner;
    scanner.skipSpace();
    const rune = scanner.next();
    const char = rune < 0x80 ? String.fromCharCode(rune) : "";
    if (/[0-9]/.test(char)) {
      scanner.back(rune);
      return readNumberOrDate(scanner, this.#time);
    }
    if (char === "[") return this.#list();
    if (char === "{") return this.#inlineTable(inList);
    if (char === '"' || char === "'") return readString(scanner, char, true);
    if (char === ".") scanner.fail("floats must start with a digit, not '.'");
    if (char === "-" || char === "+") return readSignedNumber(scanner);
    if ((char === "i" || char === "n") && this.#isSpecialFloat()) return float(scanner, this.#take());
    if (/\p{L}/u.test(String.fromCodePoint(rune))) {
      scanner.back(rune);
      return this.#word();
    }
    if (rune === end) scanner.fail("unexpected EOF; expected value");
    const message = `expected value but found ${quotedRune(rune)} instead`;
    if (rune === 10) scanner.failIn(scanner.line - 1, message);
    return scanner.fail(message);
  }

  #take(): string {
    const text = this.#scanner.current;
    this.#scanner.start = this.#scanner.at;
    return text;
  }

  #isSpecialFloat(): boolean {
    const scanner = this.#scanner;
    return (scanner.accept("n") && scanner.accept("f")) || (scanner.accept("a") && scanner.accept("n"));
  }

  #word(): boolean {
    const scanner = this.#scanner;
    const start = scanner.at;
    let rune = scanner.next();
    while (rune !== end && /\p{L}/u.test(String.fromCodePoint(rune))) rune = scanner.next();
    scanner.back(rune);
    const word = scanner.text.slice(start, scanner.at);
    scanner.start = scanner.at;
    if (word === "true" || word === "false") return word === "true";
    return scanner.fail(`expected value but found ${JSON.stringify(word)} instead`);
  }

  #list(): GoValue[] {
    const scanner = this.#scanner;
    this.#tables.markList([...this.#tables.context, this.#key]);
    const items: GoValue[] = [];
    for (;;) {
      const rune = this.#skipBlank();
      if (rune === 44) scanner.fail("unexpected comma");
      if (rune === 93) break;
      scanner.back(rune);
      items.push(this.#value(true));
      const after = this.#skipBlank();
      if (after === 93) break;
      if (after !== 44) scanner.fail(`expected a comma (',') or array terminator (']'), but got ${runeOrEnd(after)}`);
    }
    scanner.start = scanner.at;
    return items;
  }

  /** The rune after white space, newlines and comments. */
  #skipBlank(): number {
    const scanner = this.#scanner;
    for (;;) {
      const rune = scanner.next();
      if (rune === 35) scanner.skipComment();
      else if (!isSpace(rune) && !isNewline(rune)) return rune;
      scanner.start = scanner.at;
    }
  }

  #inlineTable(inList: boolean): Map<string, GoValue> {
    const scanner = this.#scanner;
    const tables = this.#tables;
    const [outerContext, outerKey, outerInline] = [tables.context, this.#key, this.#isInline];
    tables.context = [...outerContext, outerKey];
    this.#key = "";
    this.#isInline = true;
    tables.openInline(tables.context, inList);
    const table = new Map<string, GoValue>();
    let rune = this.#skipBlank();
    while (rune !== 125) {
      if (rune === 44) scanner.fail("unexpected comma");
      scanner.back(rune);
      const { key, value } = this.#pair();
      setIn(table, key, value);
      rune = this.#skipBlank();
      if (rune === 125) break;
      if (rune !== 44)
        scanner.fail(`expected a comma or an inline table terminator '}', but got ${runeOrEnd(rune)} instead`);
      rune = this.#skipBlank();
    }
    scanner.start = scanner.at;
    tables.context = outerContext;
    this.#key = outerKey;
    this.#isInline = outerInline;
    return table;
  }
}

function setIn(table: Map<string, GoValue>, key: Key, value: GoValue): void {
  let inner = table;
  for (const part of key.slice(0, -1)) {
    let next = inner.get(part);
    if (next === undefined) inner.set(part, (next = new Map()));
    inner = next as Map<string, GoValue>;
  }
  inner.set(key.at(-1)!, value);
}

function runeOrEnd(rune: number): string {
  return rune === end ? "end of file" : `'${runeText(rune)}'`;
}
