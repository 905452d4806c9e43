import type { GoValue } from "@tiphys/gotemplate";
import { COLON, DASH, HASH, isBlankOrEnd, LF, SPACE } from "./characters.ts";
import { Anchors, setMissing } from "./plain-anchors.ts";
import { isReadable } from "./plain-characters.ts";
import { FlowReader } from "./plain-flow.ts";
import { foldQuoted, notPlain, unescape } from "./plain-quoted.ts";
import { resolvePlain } from "./plain-scalar.ts";

/*
 * The YAML that manifests and values are mostly written in, read by whole lines: block mappings and lists, plain and quoted scalars of one or
 * more lines, block scalars, comments, collections in brackets, anchors and aliases. It gives what go-yaml gives or, for everything
 * else and for every error, nothing: then the exact parser reads the text. All places below are of scannerc.go (go-yaml v2.4.3, v3.0.4).
 */

/** Deeper documents are left to the exact parser, which counts. */
const mostLevels = 100;
/** Longer keys are left to the exact parser: a simple key has a limit. */
const longestKey = 256;

const key = /[\w./][\w./-]*:(?=[ \n]|$)/y;
const quotedKey = /(?:"[^"\\\n\t]*"|'[^'\n\t]*'):(?=[ \n]|$)/y;
const doubleQuoted = /"(?:[^"\\\t]|\\[^\t])*"/y;
const singleQuoted = /'(?:[^'\t]|'')*'/y;
const alias = /\*([\w-]+)/y;
const anchor = /&([\w-]+)/y;
const merge = "<<: *";
const blockHeader = /([|>])([+-]?)/y;
const restOfLine = / *(?: #[^\n]*)?(?:\n|$)/y;
const indentation = / */y;
/** What `toYaml` makes of nothing, and templates read again. */
const emptyCollection = /^(?:\{\}|\[\])\n*$/;

/** The values of all documents of `text`, or only of the first; undefined when the text is more than plain. */
export function readPlain(text: string, v3: boolean, onlyFirst: boolean): GoValue[] | undefined {
  if (emptyCollection.test(text)) return [text.startsWith("{") ? new Map() : []];
  // The exact reader takes both for one line break.
  const lines = text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
  if (!isReadable(lines)) return undefined;
  try {
    return new PlainReader(lines, v3).documents(onlyFirst);
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

class PlainReader {
  readonly #text: string;
  readonly #v3: boolean;
  #at = 0;
  /** Column of the line's first token, which is at `#at`; -1 at the end of the document. */
  #column = -1;
  #levels = 0;
  #anchors = new Anchors();

  constructor(text: string, v3: boolean) {
    this.#text = text;
    this.#v3 = v3;
  }

  documents(onlyFirst: boolean): GoValue[] {
    const values: GoValue[] = [];
    this.#nextLine();
    // Nothing, or comments. v3 looks closer at these.
    if (this.#at >= this.#text.length && !this.#v3) return values;
    if (this.#column < 0) this.#skipMarker();
    for (;;) {
      if (this.#column < 0) throw notPlain;
      this.#anchors = new Anchors();
      values.push(this.#node(this.#column, -1));
      if (this.#column >= 0) throw notPlain;
      if (this.#at >= this.#text.length) return values;
      if (onlyFirst) {
        // v3 looks for comments behind the document and sees what is wrong there.
        if (this.#v3) throw notPlain;
        return values;
      }
      this.#skipMarker();
    }
  }

  /** `---` on a line of its own, and what stands before the document's first token. */
  #skipMarker(): void {
    if (!this.#text.startsWith("---", this.#at)) throw notPlain;
    this.#at += 3;
    this.#endLine();
  }

  /** From the start of a line to the first token of this or a later one. */
  #nextLine(): void {
    const text = this.#text;
    let code: number;
    for (;;) {
      this.#column = this.#spaces();
      this.#at += this.#column;
      code = text.charCodeAt(this.#at);
      if (code === LF) this.#at++;
      else if (code === HASH) {
        const end = text.indexOf("\n", this.#at);
        this.#at = end < 0 ? text.length : end + 1;
      } else break;
    }
    if (this.#at >= text.length) this.#column = -1;
    else if (code === 9) throw notPlain;
    else if (this.#column === 0 && (code === DASH || code === 46) && this.#isMarker()) this.#column = -1;
  }

  #isMarker(): boolean {
    const text = this.#text;
    if (!text.startsWith("---", this.#at) && !text.startsWith("...", this.#at)) return false;
    return this.#isBlank(this.#at + 3);
  }

  #isBlank(at: number): boolean {
    return at >= this.#text.length || isBlankOrEnd(this.#text, at);
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  /** Nothing but a comment may follow in the line. */
  #endLine(): void {
    if (!this.#skip(restOfLine)) throw notPlain;
    this.#nextLine();
  }

  #isDash(): boolean {
    return this.#text.charCodeAt(this.#at) === DASH && this.#isBlank(this.#at + 1);
  }

  /** The node whose first token stands here, in `column`; the block around it is at `parent`. */
  #node(column: number, parent: number): GoValue {
    if (++this.#levels > mostLevels) throw notPlain;
    let value: GoValue;
    if (this.#isDash()) value = this.#sequence(column, false);
    else {
      const first = this.#key();
      if (first !== undefined) value = this.#mapping(column, first);
      else if (parent < 0) throw notPlain;
      else value = this.#scalar(parent);
    }
    this.#levels--;
    return value;
  }

  /** A key and its colon; undefined, and nowhere, where there is none. */
  #key(): string | undefined {
    const start = this.#at;
    // A match as an object would cost more than finding it.
    const isQuoted = !this.#skip(key);
    if (isQuoted && !this.#skip(quotedKey)) return this.#mergeKey();
    const name = isQuoted ? this.#text.slice(start + 1, this.#at - 2) : this.#text.slice(start, this.#at - 1);
    if (name.length > longestKey) throw notPlain;
    if (isQuoted ? name === "<<" : this.#resolved(name) !== name) throw notPlain;
    return name;
  }

  /** `<<` before an alias. v2 merges where the key stands, v3 behind all others. */
  #mergeKey(): string | undefined {
    if (!this.#v3 || !this.#text.startsWith(merge, this.#at)) return undefined;
    this.#at += merge.length - 1;
    return "<<";
  }

  #mapping(column: number, first: string): Map<string, GoValue> {
    const map = new Map<string, GoValue>();
    let merged: GoValue | undefined;
    let name: string | undefined = first;
    for (;;) {
      if (name === undefined || map.has(name)) throw notPlain;
      if (name !== "<<") map.set(name, this.#valueOfKey(column));
      else if (merged === undefined) merged = this.#alias();
      else throw notPlain;
      if (this.#column !== column) break;
      name = this.#key();
    }
    if (this.#column > column) throw notPlain;
    if (merged !== undefined) setMissing(map, merged);
    return map;
  }

  #valueOfKey(column: number): GoValue {
    this.#skip(indentation);
    if (this.#text[this.#at] === "&") return this.#anchored(column);
    if (!this.#isLineEnd()) return this.#scalar(column);
    this.#endLine();
    if (this.#column > column) return this.#node(this.#column, column);
    return this.#column === column && this.#isDash() ? this.#sequence(column, true) : null;
  }

  /** An anchor that ends its line, and the block that it names. */
  #anchored(column: number): GoValue {
    anchor.lastIndex = this.#at;
    const name = anchor.exec(this.#text)?.[1];
    if (name === undefined) throw notPlain;
    this.#at = anchor.lastIndex;
    this.#endLine();
    if (this.#column <= column) throw notPlain;
    return this.#anchors.define(name, () => this.#node(this.#column, column));
  }

  /** A copy of what the alias here names. */
  #alias(): GoValue {
    alias.lastIndex = this.#at;
    const name = alias.exec(this.#text)?.[1];
    if (name === undefined) throw notPlain;
    this.#at = alias.lastIndex;
    this.#endLine();
    return this.#anchors.copy(name);
  }

  /** The end of the line or a comment, in front of which a space has been skipped. */
  #isLineEnd(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    if (code === HASH) this.#at--;
    return code === HASH || code === LF || this.#at >= this.#text.length;
  }

  /** A list; `isCompact` when its dashes stand under the key that it belongs to, so that the next key ends it. */
  #sequence(column: number, isCompact: boolean): GoValue[] {
    const items: GoValue[] = [];
    do {
      this.#at++;
      items.push(this.#item(column));
    } while (this.#column === column && this.#isDash());
    if (this.#column > column || (this.#column === column && !isCompact)) throw notPlain;
    return items;
  }

  #item(column: number): GoValue {
    const start = this.#at;
    this.#skip(indentation);
    const inner = column + 1 + this.#at - start;
    if (!this.#isLineEnd()) return this.#node(inner, column);
    this.#endLine();
    return this.#column > column ? this.#node(this.#column, column) : null;
  }

  /** A scalar, or a collection in brackets, that starts here. */
  #scalar(parent: number): GoValue {
    const text = this.#text;
    switch (text[this.#at]) {
      case '"':
        return unescape(this.#quoted(doubleQuoted, parent));
      case "'":
        return this.#quoted(singleQuoted, parent).replaceAll("''", "'");
      case "|":
      case ">":
        return this.#block(parent);
      case "[":
      case "{":
        return this.#flow();
      case "*":
        return this.#alias();
      case "-":
      case "?":
      case ":":
        if (this.#isBlank(this.#at + 1)) throw notPlain;
        break;
      case "]":
      case "}":
      case ",":
      case "#":
      case "&":
      case "!":
      case "%":
      case "@":
      case "`":
      case "\t":
        throw notPlain;
    }
    return this.#resolved(this.#plain(parent));
  }

  /** What stands between quotes, its lines folded (yaml_parser_scan_flow_scalar), its escapes as they are. */
  #quoted(pattern: RegExp, parent: number): string {
    const start = this.#at + 1;
    if (!this.#skip(pattern)) throw notPlain;
    const value = this.#text.slice(start, this.#at - 1);
    this.#endLine();
    return value.includes("\n") ? foldQuoted(value, parent) : value;
  }

  #flow(): GoValue {
    const reader = new FlowReader(this.#text, this.#at, (text) => this.#resolved(text));
    const value = reader.collection();
    // The blanks behind it belong to a comment.
    this.#at = this.#text.lastIndexOf(value instanceof Map ? "}" : "]", reader.end - 1) + 1;
    this.#endLine();
    return value;
  }

  #resolved(text: string): GoValue {
    return resolvePlain(text, this.#v3);
  }

  /** A plain scalar of one or more lines (yaml_parser_scan_plain_scalar). */
  #plain(parent: number): string {
    let value = this.#plainLine();
    for (;;) {
      const hasComment = this.#text.charCodeAt(this.#at) === SPACE;
      const end = this.#text.indexOf("\n", this.#at);
      this.#at = end < 0 ? this.#text.length : end + 1;
      const breaks = this.#breaksBefore(parent);
      if (breaks < 0) break;
      if (hasComment) throw notPlain;
      value += (breaks === 0 ? " " : "\n".repeat(breaks)) + this.#plainLine();
    }
    this.#nextLine();
    return value;
  }

  /** How many empty lines stand before a line that goes on with the scalar, whose first character is then here; -1 when none does. */
  #breaksBefore(parent: number): number {
    const text = this.#text;
    const start = this.#at;
    for (let breaks = 0, line = start; ; breaks++) {
      indentation.lastIndex = line;
      indentation.test(text);
      const at = indentation.lastIndex;
      const code = text.charCodeAt(at);
      if (code === LF) {
        line = at + 1;
        continue;
      }
      if (code === 9) throw notPlain;
      if (at >= text.length || at - line <= parent || code === HASH) return -1;
      this.#at = at;
      return breaks;
    }
  }

  /** The rest of a line as part of a plain scalar, without a comment; leaves off at the blanks behind it. */
  #plainLine(): string {
    const text = this.#text;
    const start = this.#at;
    const lineEnd = text.indexOf("\n", start);
    let line = text.slice(start, lineEnd < 0 ? text.length : lineEnd);
    if (line.includes("\t")) throw notPlain;
    const comment = line.indexOf(" #");
    if (comment >= 0) line = line.slice(0, comment);
    let end = line.length;
    while (line.charCodeAt(end - 1) === SPACE) end--;
    line = line.slice(0, end);
    if (line.charCodeAt(end - 1) === COLON || line.includes(": ")) throw notPlain;
    this.#at = comment >= 0 ? start + comment : lineEnd < 0 ? text.length : lineEnd;
    return line;
  }

  /** A literal or folded scalar (yaml_parser_scan_block_scalar) without an indentation of its own. */
  #block(parent: number): string {
    const text = this.#text;
    const isFolded = text.charCodeAt(this.#at) === 62;
    this.#skip(blockHeader);
    const sign = text[this.#at - 1];
    if (!this.#skip(restOfLine)) throw notPlain;
    const start = this.#at;
    let breaks = this.#emptyLines(Infinity);
    const indent = this.#spaces();
    if (text.charCodeAt(this.#at + indent) === 9) throw notPlain;
    if (indent <= parent || this.#at + indent >= text.length) {
      this.#nextLine();
      return sign === "+" ? "\n".repeat(breaks) : "";
    }
    // A longer one of the empty lines in front would say what the indentation is.
    if (this.#at - start > breaks && longestLine(text.slice(start, this.#at)) > indent) throw notPlain;
    let value = "";
    let lineBreak = "";
    let wasBlank = false;
    while (this.#spaces() >= indent && this.#at + indent < text.length) {
      const at = this.#at + indent;
      const end = text.indexOf("\n", at);
      const line = text.slice(at, end < 0 ? text.length : end);
      const isBlank = line.charCodeAt(0) === SPACE || line.charCodeAt(0) === 9;
      if (!isFolded || lineBreak === "" || wasBlank || isBlank) value += lineBreak;
      else if (breaks === 0) value += " ";
      value += "\n".repeat(breaks) + line;
      wasBlank = isBlank;
      lineBreak = end < 0 ? "" : "\n";
      this.#at = end < 0 ? text.length : end + 1;
      breaks = this.#emptyLines(indent);
    }
    if (text.charCodeAt(this.#at + this.#spaces()) === 9) throw notPlain;
    this.#nextLine();
    return sign === "-" ? value : value + lineBreak + (sign === "+" ? "\n".repeat(breaks) : "");
  }

  /** Skips lines of up to `indent` spaces and counts them. */
  #emptyLines(indent: number): number {
    for (let count = 0; ; count++) {
      const spaces = this.#spaces();
      const end = this.#at + spaces;
      if (spaces > indent || this.#text.charCodeAt(end) !== LF) return count;
      this.#at = end + 1;
    }
  }

  /** How many spaces stand here. */
  #spaces(): number {
    indentation.lastIndex = this.#at;
    indentation.test(this.#text);
    return indentation.lastIndex - this.#at;
  }
}

function longestLine(lines: string): number {
  return lines.split("\n").reduce((longest, line) => Math.max(longest, line.length), 0);
}
