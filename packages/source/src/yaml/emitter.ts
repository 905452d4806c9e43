import { largestOutput } from "@tiphys/gotemplate";
import { analyzeScalar, emptyText, isPrintable } from "./analyze-scalar.ts";
import { breakLength, LF, sequenceLength, SPACE } from "./characters.ts";

/** Scalar styles by the place where the emitter may use them. */
const PLAIN = 0;
const SINGLE = 1;
const DOUBLE = 2;
const LITERAL = 3;

/** Where a node stands; decides how far it is indented. */
export type Position = "root" | "item" | "value" | "key";

export interface EmitterOptions {
  readonly v3: boolean;
  readonly indent: number;
  /** Column after which a space may become a line break; Infinity for never. */
  readonly width: number;
}

/**
 * Writes block YAML as emitterc.go of go-yaml v2.4.3 and v3.0.4 do. The caller walks the value and calls `scalar`,
 * `startItem`, `startKey` … in document order; empty collections are written with `empty`.
 */
export class Emitter {
  protected readonly v3: boolean;
  protected readonly bestIndent: number;
  protected readonly width: number;
  protected out = "";
  protected column = 0;
  protected indent = -1;
  protected readonly indents: number[] = [];
  protected whitespace = true;
  protected indention = true;

  constructor(options: EmitterOptions) {
    this.v3 = options.v3;
    this.bestIndent = options.indent;
    this.width = options.width;
  }

  /** Ends the document and gives the whole text. */
  finish(): string {
    this.writeIndent();
    return this.out;
  }

  /** Opens a non-empty list. `position` is where the list itself stands. */
  openSequence(position: Position): void {
    const compact = !this.v3 && position === "value" && !this.indention;
    this.increaseIndent(false, compact, position);
  }

  openMapping(position: Position): void {
    this.increaseIndent(false, false, position);
  }

  close(): void {
    if (this.out.length > largestOutput) throw new RangeError(`unsupported: more than ${largestOutput} bytes of YAML`);
    this.indent = this.indents.pop()!;
  }

  startItem(): void {
    this.writeIndent();
    this.indicator("-", true, false, true);
  }

  /** Begins an entry. True when the key must be written as a complex one: `? key`. */
  startKey(key: string, tag: string): boolean {
    this.writeIndent();
    const complex = analyzeScalar(key, this.v3).multiline || key.length + tag.length > 128;
    if (complex) this.indicator("?", true, false, true);
    return complex;
  }

  startValue(complex: boolean): void {
    if (complex) {
      this.writeIndent();
      this.indicator(":", true, false, true);
    } else this.indicator(":", false, false, false);
  }

  /** `[]` or `{}`. */
  empty(open: string, close: string): void {
    this.indicator(open, true, true, false);
    this.indicator(close, false, false, false);
  }

  /** A scalar that needs no thought: a number, a boolean, null. */
  word(text: string): void {
    if (!this.whitespace) this.put(" ", 1);
    this.put(text, text.length);
    this.whitespace = false;
    this.indention = false;
  }

  /** A string. `plain` says whether it may be plain as far as its meaning goes; `simpleKey` forbids line breaks. */
  scalar(text: string, tag: string, plain: boolean, position: Position, simpleKey: boolean): void {
    const analysis = text === "" ? emptyText : analyzeScalar(text, this.v3);
    let style = text.includes("\n") ? LITERAL : plain ? PLAIN : DOUBLE;
    if (simpleKey && analysis.multiline) style = DOUBLE;
    if (style === PLAIN && (!analysis.plain || (text === "" && simpleKey))) style = SINGLE;
    if (style === SINGLE && !analysis.single) style = DOUBLE;
    if (style === LITERAL && (!analysis.block || simpleKey)) style = DOUBLE;
    if (tag !== "") this.writeTag(tag);
    this.increaseIndent(true, false, position);
    if (style === PLAIN) this.writePlain(text, !simpleKey);
    else if (style === SINGLE) this.writeSingleQuoted(text, !simpleKey);
    else if (style === DOUBLE) this.writeDoubleQuoted(text, !simpleKey);
    else this.writeLiteral(text);
    this.close();
  }

  protected increaseIndent(flow: boolean, indentless: boolean, position: Position): void {
    this.indents.push(this.indent);
    if (this.indent < 0) this.indent = flow ? this.bestIndent : 0;
    else if (!indentless) {
      if (!this.v3) this.indent += this.bestIndent;
      else if (position === "item") this.indent += 2;
      else this.indent = this.bestIndent * Math.floor((this.indent + this.bestIndent) / this.bestIndent);
    }
  }

  protected put(text: string, columns: number): void {
    this.out += text;
    this.column += columns;
  }

  protected putBreak(): void {
    this.out += "\n";
    this.column = 0;
    if (this.v3) this.indention = true;
  }

  protected writeIndent(): void {
    const indent = Math.max(this.indent, 0);
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.putBreak();
    if (this.column < indent) this.put(spaces(indent - this.column), indent - this.column);
    this.whitespace = true;
    this.indention = true;
  }

  protected indicator(text: string, needWhitespace: boolean, isWhitespace: boolean, isIndention: boolean): void {
    if (needWhitespace && !this.whitespace) this.put(" ", 1);
    this.put(text, text.length);
    this.whitespace = isWhitespace;
    this.indention = this.indention && isIndention;
  }

  protected writeTag(tag: string): void {
    if (!this.whitespace) this.put(" ", 1);
    this.put(tag, tag.length);
    this.whitespace = false;
    this.indention = false;
  }

  protected writePlain(text: string, allowBreaks: boolean): void {
    if ((!this.v3 || text !== "") && !this.whitespace) this.put(" ", 1);
    this.writeFolded(text, allowBreaks, false);
    if (!this.v3 || text !== "") this.whitespace = false;
    this.indention = false;
  }

  protected writeSingleQuoted(text: string, allowBreaks: boolean): void {
    this.indicator("'", true, false, false);
    this.writeFolded(text, allowBreaks, true);
    this.indicator("'", false, false, false);
    this.whitespace = false;
    this.indention = false;
  }

  /** Characters of a plain or single-quoted scalar. A single space past the width becomes a line break. */
  private writeFolded(text: string, allowBreaks: boolean, quoted: boolean): void {
    const fits = !allowBreaks || this.column + text.length <= this.width;
    if (fits && (!quoted || !hasBreak(text))) {
      this.put(quoted && text.includes("'") ? text.replaceAll("'", "''") : text, columnsOf(text));
      return;
    }
    let afterSpace = false;
    let afterBreak = false;
    for (let i = 0; i < text.length;) {
      const c = text.charCodeAt(i);
      if (c === SPACE) {
        const foldable = allowBreaks && !afterSpace && this.column > this.width && text.charCodeAt(i + 1) !== SPACE;
        if (foldable && (!quoted || (i > 0 && i < text.length - 1))) this.writeIndent();
        else this.put(" ", 1);
        i++;
        afterSpace = true;
        continue;
      }
      const length = breakLength(text, i);
      if (length > 0) {
        if (!afterBreak && c === LF) this.putBreak();
        this.writeBreak(text.slice(i, i + length));
        i += length;
        this.indention = true;
        afterBreak = true;
        continue;
      }
      if (afterBreak) this.writeIndent();
      const end = runEnd(text, i);
      const run = text.slice(i, end);
      this.put(quoted ? run.replaceAll("'", "''") : run, columnsOf(run) + (quoted ? run.split("'").length - 1 : 0));
      i = end;
      this.indention = false;
      afterSpace = false;
      afterBreak = false;
    }
  }

  protected writeBreak(text: string): void {
    if (text === "\n") return this.putBreak();
    this.out += text;
    this.column = 0;
    if (this.v3) this.indention = true;
  }

  protected writeDoubleQuoted(text: string, allowBreaks: boolean): void {
    this.indicator('"', true, false, false);
    // go-yaml asks whether the *whole text* begins with a byte order mark, so then every character is escaped.
    const escapeAll = text.startsWith("\xef\xbb\xbf");
    let afterSpace = false;
    for (let i = 0; i < text.length;) {
      const c = text.charCodeAt(i);
      if (escapeAll || needsEscape(text, i)) {
        const width = sequenceLength(c);
        const escaped = escapeOf(text, i, width);
        this.put(escaped, escaped.length);
        i += width;
        afterSpace = false;
      } else if (c === SPACE) {
        if (allowBreaks && !afterSpace && this.column > this.width && i > 0 && i < text.length - 1) {
          this.writeIndent();
          if (text.charCodeAt(i + 1) === SPACE) this.put("\\", 1);
        } else this.put(" ", 1);
        i++;
        afterSpace = true;
      } else {
        const width = sequenceLength(c);
        this.put(text.slice(i, i + width), 1);
        i += width;
        afterSpace = false;
      }
    }
    this.indicator('"', false, false, false);
    this.whitespace = false;
    this.indention = false;
  }

  /** What follows the `|` of a block scalar, to the end of its line. */
  protected endBlockHeader(): void {
    this.putBreak();
  }

  protected writeBlockHeader(indicator: string, text: string): void {
    this.indicator(indicator, true, false, false);
    if (text.charCodeAt(0) === SPACE || breakLength(text, 0) > 0)
      this.indicator(String(this.bestIndent), false, false, false);
    const chomping = chompingOf(text);
    if (chomping !== "") this.indicator(chomping, false, false, false);
    this.endBlockHeader();
    this.indention = true;
    this.whitespace = true;
  }

  protected writeLiteral(text: string): void {
    this.writeBlockHeader("|", text);
    let afterBreak = true;
    const onlyLineFeeds = !mayHoldOtherBreaks.test(text);
    for (let i = 0; i < text.length;) {
      const length = breakLength(text, i);
      if (length > 0) {
        // CR LF is two breaks to the writer.
        const step = text.charCodeAt(i) === 13 ? 1 : length;
        this.writeBreak(text.slice(i, i + step));
        i += step;
        this.indention = true;
        afterBreak = true;
        continue;
      }
      if (afterBreak) this.writeIndent();
      const end = lineEnd(text, i, onlyLineFeeds);
      const line = text.slice(i, end);
      this.put(line, columnsOf(line));
      i = end;
      this.indention = false;
      afterBreak = false;
    }
  }
}

const padding = " ".repeat(64);
const spaces = (count: number): string => (count <= 64 ? padding.slice(0, count) : " ".repeat(count));

/** `-`, `+` or nothing behind a `|`. */
function chompingOf(text: string): string {
  const last = lastCharacter(text, text.length);
  if (breakLength(text, last) === 0) return "-";
  if (last === 0) return "+";
  return breakLength(text, lastCharacter(text, last)) > 0 ? "+" : "";
}

/** Start of the character that ends at `end`. */
function lastCharacter(text: string, end: number): number {
  let at = end - 1;
  while (at > 0 && (text.charCodeAt(at) & 0xc0) === 0x80) at--;
  return at;
}

/** NEL, LS and PS lie beyond ASCII. */
const mayHoldOtherBreaks = /[\r\x80-\xff]/;
const notAscii = /[\x80-\xff]/;

function lineEnd(text: string, start: number, onlyLineFeeds: boolean): number {
  if (onlyLineFeeds) {
    const end = text.indexOf("\n", start);
    return end < 0 ? text.length : end;
  }
  let end = start;
  while (end < text.length && breakLength(text, end) === 0) end++;
  return end;
}

/** Characters of a byte string. */
function columnsOf(text: string): number {
  if (!notAscii.test(text)) return text.length;
  let count = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xc0) === 0x80) count--;
  return count;
}

function hasBreak(text: string): boolean {
  if (!mayHoldOtherBreaks.test(text)) return text.includes("\n");
  for (let i = 0; i < text.length; i++) if (breakLength(text, i) > 0) return true;
  return false;
}

function runEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) !== SPACE && breakLength(text, at) === 0) at++;
  return at;
}

function needsEscape(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c >= 0x20 && c < 0x7f) return c === 34 || c === 92;
  return !isPrintable(text, at) || breakLength(text, at) > 0;
}

const shortEscapes: ReadonlyMap<number, string> = new Map([
  [0x00, "\\0"],
  [0x07, "\\a"],
  [0x08, "\\b"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0b, "\\v"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
  [0x1b, "\\e"],
  [0x22, '\\"'],
  [0x5c, "\\\\"],
  [0x85, "\\N"],
  [0xa0, "\\_"],
  [0x2028, "\\L"],
  [0x2029, "\\P"],
]);

function escapeOf(text: string, at: number, width: number): string {
  let value = text.charCodeAt(at) & (width === 1 ? 0x7f : width === 2 ? 0x1f : width === 3 ? 0x0f : 0x07);
  for (let k = 1; k < width; k++) value = (value << 6) | (text.charCodeAt(at + k) & 0x3f);
  const short = shortEscapes.get(value);
  if (short !== undefined) return short;
  const [letter, digits] = value <= 0xff ? ["x", 2] : value <= 0xffff ? ["u", 4] : ["U", 8];
  return `\\${letter}${value
    .toString(16)
    .toUpperCase()
    .padStart(digits as number, "0")}`;
}
