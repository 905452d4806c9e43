import { breakLength, isBlankOrEnd, LF, SPACE } from "./characters.ts";
import { Emitter } from "./emitter.ts";

/** Writes comments between what else is written, and folded block scalars (emitterc.go of go-yaml v3.0.4, never folding lines). */
export class CommentEmitter extends Emitter {
  /** Comments that are to be written, as the emitter's fields in go-yaml: some wait for the next place that takes them. */
  protected head = "";
  protected line = "";
  protected foot = "";
  protected tail = "";
  /** Indentation of the foot comment that was just written; the next line at it keeps a distance. */
  protected footIndent = -1;

  constructor(indent: number) {
    super({ v3: true, indent, width: Infinity });
  }

  get text(): string {
    return this.out;
  }

  protected override writeIndent(): void {
    const indent = Math.max(this.indent, 0);
    if (this.footIndent === indent) {
      if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.putBreak();
      this.putBreak();
      this.whitespace = true;
    }
    super.writeIndent();
    this.footIndent = -1;
  }

  protected override endBlockHeader(): void {
    if (this.line === "") this.putBreak();
    else this.processLine();
  }

  /** yaml_emitter_write_folded_scalar. */
  protected writeFoldedBlock(text: string): void {
    this.writeBlockHeader(">", text);
    let afterBreak = true;
    let leadingSpaces = true;
    for (let i = 0; i < text.length;) {
      const length = breakLength(text, i);
      if (length === 0) {
        if (afterBreak) {
          this.writeIndent();
          const c = text.charCodeAt(i);
          leadingSpaces = c === SPACE || c === 9;
        }
        const start = i;
        while (i < text.length && breakLength(text, i) === 0) i++;
        this.putCharacters(text.slice(start, i));
        afterBreak = false;
        continue;
      }
      if (!afterBreak && !leadingSpaces && text.charCodeAt(i) === LF) {
        // go-yaml looks behind the breaks that the *whole text* begins with.
        let k = 0;
        while (breakLength(text, k) > 0) k += breakLength(text, k);
        if (!isBlankOrEnd(text, k)) this.putBreak();
      }
      const step = text.charCodeAt(i) === 13 ? 1 : length;
      this.writeBreak(text.slice(i, i + step));
      i += step;
      afterBreak = true;
    }
  }

  private putCharacters(text: string): void {
    let columns = text.length;
    for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xc0) === 0x80) columns--;
    this.put(text, columns);
    this.indention = false;
  }

  protected processHead(): void {
    if (this.tail !== "") {
      this.writeIndent();
      this.writeComment(this.tail);
      this.tail = "";
      this.footIndent = Math.max(this.indent, 0);
    }
    if (this.head === "") return;
    this.writeIndent();
    this.writeComment(this.head);
    this.head = "";
  }

  protected processLine(): void {
    if (this.line === "") return;
    if (!this.whitespace) this.put(" ", 1);
    this.writeComment(this.line);
    this.line = "";
  }

  protected processFoot(): void {
    if (this.foot === "") return;
    this.writeIndent();
    this.writeComment(this.foot);
    this.foot = "";
    this.footIndent = Math.max(this.indent, 0);
  }

  private writeComment(text: string): void {
    let afterBreak = false;
    let hasSign = false;
    for (let i = 0; i < text.length;) {
      const length = breakLength(text, i);
      if (length > 0) {
        const step = text.charCodeAt(i) === 13 ? 1 : length;
        this.writeBreak(text.slice(i, i + step));
        i += step;
        afterBreak = true;
        hasSign = false;
        continue;
      }
      if (afterBreak) this.writeIndent();
      if (!hasSign && text[i] !== "#") this.put("# ", 2);
      hasSign = true;
      const start = i;
      while (i < text.length && breakLength(text, i) === 0) i++;
      this.putCharacters(text.slice(start, i));
      afterBreak = false;
    }
    if (!afterBreak) this.putBreak();
    this.whitespace = true;
  }
}
