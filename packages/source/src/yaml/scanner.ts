import { breakLength, CR, DASH, HASH, isBlankOrEnd, isBreakOrEnd, LF, SPACE, TAB } from "./characters.ts";
import type { Comments } from "./comments.ts";
import { YamlError } from "./error.ts";
import { readerError, type YamlInput } from "./input.ts";
import type { YamlDialect } from "./node.ts";
import { liftLineComment, scanComments, scanLineComment } from "./scan-comment.ts";
import { scanAnchor, scanDirective, scanTag } from "./scan-property.ts";
import { scanBlockScalar, scanFlowScalar, scanPlainScalar } from "./scan-scalar.ts";
import { SimpleKeys } from "./simple-key.ts";
import * as T from "./token.ts";
import { Token } from "./token.ts";

const maxDepth = 10000;

/**
 * Tokens of a text, one after the other: scannerc.go of go-yaml v2.4.3 and v3.0.4. The two differ in looking ahead (v3 keeps
 * two tokens more, so a fault is found earlier), in comments and in the line that a message names.
 */
export class Scanner {
  readonly text: string;
  readonly v3: boolean;
  readonly ascii: boolean;
  /** Where comments go; undefined when nobody wants them (v2 never does). */
  readonly comments: Comments | undefined;
  at = 0;
  line = 0;
  /** Offset of the current line's first character; columns are counted from here in bytes. */
  lineStart = 0;
  flowLevel = 0;
  indent = -1;
  simpleKeyAllowed = false;
  tokensParsed = 0;
  private readonly fault: string | undefined;
  private readonly faultLine: number | undefined;
  private readonly end: number;
  /** No CR, NEL, LS or PS: a line's end can be searched for. */
  private readonly onlyLineFeeds: boolean;
  private queue: Token[] = [];
  private head = 0;
  private available = false;
  private started = false;
  private readonly indents: number[] = [];
  private readonly keys: SimpleKeys;

  constructor(input: YamlInput, dialect: YamlDialect, comments?: Comments) {
    this.comments = comments;
    this.text = input.text;
    this.end = input.end;
    this.fault = input.fault;
    this.faultLine = input.faultLine;
    this.ascii = input.ascii;
    this.onlyLineFeeds = input.ascii && !input.text.includes("\r");
    this.v3 = dialect === "v3";
    this.keys = new SimpleKeys(this);
  }

  /** The next token without taking it. Throws `YamlError`. */
  peek(): Token {
    if (!this.available) this.fetchMoreTokens();
    const token = this.queue[this.head]!;
    if (this.comments !== undefined) this.comments.unfold(token);
    return token;
  }

  /** The token that was made `back` tokens ago; 1 is the last one. */
  recentToken(back: number): Token | undefined {
    return this.queue[this.queue.length - back];
  }

  /** Takes the token that `peek` gave. */
  skip(): void {
    this.available = false;
    this.tokensParsed++;
    this.head++;
    if (this.head === this.queue.length) {
      this.queue.length = 0;
      this.head = 0;
    } else if (this.head > 1024) {
      this.queue.splice(0, this.head);
      this.head = 0;
    }
  }

  /** Throws the reader's fault when the next `count` characters reach it. */
  need(count: number): void {
    if (this.fault !== undefined && this.at + count > this.end) throw readerError(this.fault, this.faultLine);
  }

  /** A scanner error: v2 names the line where the scanner stands, v3 the one where the construct began. */
  fail(problem: string, contextLine: number): never {
    this.need(1);
    throw this.errorAt(problem, contextLine);
  }

  private errorAt(problem: string, contextLine: number): YamlError {
    const first = this.v3 ? contextLine : this.line;
    const second = this.v3 ? this.line : contextLine;
    // v2 adds one only to the scanner's own line (yaml.go, parser.fail).
    const line = first !== 0 ? first + 1 : second !== 0 ? (this.v3 ? second + 1 : second) : 0;
    return new YamlError(`yaml: ${line === 0 ? "" : `line ${line}: `}${problem}`, line || 1);
  }

  push(type: number): void {
    this.queue.push(new Token(type, this.at, this.line, "", "", 0));
  }

  /** Inserts at a token's number; a token that is gone already cannot be preceded, so then it goes to the end. */
  private insert(number: number, token: Token): void {
    const queue = this.queue;
    queue.push(token);
    if (number < this.tokensParsed) return;
    const position = this.head + number - this.tokensParsed;
    for (let i = queue.length - 1; i > position; i--) queue[i] = queue[i - 1]!;
    queue[position] = token;
  }

  private fetchMoreTokens(): void {
    const lookahead = this.v3 ? 2 : 0;
    for (;;) {
      if (this.head < this.queue.length - lookahead) {
        const key = this.keys.waitingAt(this.tokensParsed);
        if (key === undefined || !this.keys.isValid(key)) break;
      }
      this.fetchNextToken();
    }
    this.available = true;
  }

  private fetchNextToken(): void {
    if (!this.started) {
      this.started = true;
      this.simpleKeyAllowed = true;
      this.need(1);
      this.push(T.STREAM_START);
    } else {
      const scanLine = this.line;
      const scanAt = this.at;
      this.scanToNextToken();
      // Only a comment at the end of the text can stand in front of a place where characters and bytes differ.
      const column = this.comments === undefined ? this.at - this.lineStart : this.charactersSince(this.lineStart);
      if (this.flowLevel === 0 && this.indent > column) {
        this.unroll(column, this.v3 ? scanAt : this.at, this.v3 ? scanLine : this.line);
      }
      if (this.fault !== undefined) this.need(4);
      this.dispatch();
    }
  }

  private dispatch(): void {
    const text = this.text;
    const at = this.at;
    const c = text.charCodeAt(at);
    if (c === 0) return this.fetchStreamEnd();
    if (at === this.lineStart) {
      if (c === 37) return this.fetchDirective();
      if (
        c === DASH &&
        text.charCodeAt(at + 1) === DASH &&
        text.charCodeAt(at + 2) === DASH &&
        isBlankOrEnd(text, at + 3)
      )
        return this.fetchDocumentIndicator(T.DOCUMENT_START);
      if (c === 46 && text.charCodeAt(at + 1) === 46 && text.charCodeAt(at + 2) === 46 && isBlankOrEnd(text, at + 3))
        return this.fetchDocumentIndicator(T.DOCUMENT_END);
    }
    // A comment behind `:` or `,` belongs to the token before.
    const belongsBefore = this.flowLevel === 0 ? c === 58 : c === 44;
    const last = belongsBefore ? this.recentToken(1) : undefined;
    this.fetchByCharacter(c);
    if (this.v3 && this.queue[this.queue.length - 1]!.type !== T.BLOCK_ENTRY) scanLineComment(this, last?.at ?? at);
  }

  private fetchByCharacter(c: number): void {
    const text = this.text;
    const at = this.at;
    switch (c) {
      case 91:
        return this.fetchFlowStart(T.FLOW_SEQUENCE_START);
      case 123:
        return this.fetchFlowStart(T.FLOW_MAPPING_START);
      case 93:
        return this.fetchFlowEnd(T.FLOW_SEQUENCE_END);
      case 125:
        return this.fetchFlowEnd(T.FLOW_MAPPING_END);
      case 44:
        return this.fetchFlowEntry();
      case DASH:
        if (isBlankOrEnd(text, at + 1)) return this.fetchBlockEntry();
        return this.fetchPlain();
      case 63:
        if (this.flowLevel > 0 || isBlankOrEnd(text, at + 1)) return this.fetchKey();
        return this.fetchPlain();
      case 58:
        if (this.flowLevel > 0 || isBlankOrEnd(text, at + 1)) return this.fetchValue();
        return this.fetchPlain();
      case 42:
      case 38:
        this.keys.save(this.tokensParsed + this.queue.length - this.head);
        this.simpleKeyAllowed = false;
        this.queue.push(scanAnchor(this, c === 42 ? T.ALIAS : T.ANCHOR));
        return;
      case 33:
        this.keys.save(this.tokensParsed + this.queue.length - this.head);
        this.simpleKeyAllowed = false;
        this.queue.push(scanTag(this));
        return;
      case 124:
      case 62:
        if (this.flowLevel > 0) break;
        this.keys.remove();
        this.simpleKeyAllowed = true;
        this.queue.push(scanBlockScalar(this, c === 124));
        return;
      case 39:
      case 34:
        this.keys.save(this.tokensParsed + this.queue.length - this.head);
        this.simpleKeyAllowed = false;
        this.queue.push(scanFlowScalar(this, c === 39));
        return;
      case HASH:
      case 37:
      case 64:
      case 96:
        break;
      default:
        if (!isBlankOrEnd(text, at)) return this.fetchPlain();
    }
    this.fail("found character that cannot start any token", this.line);
  }

  private fetchPlain(): void {
    this.keys.save(this.tokensParsed + this.queue.length - this.head);
    this.simpleKeyAllowed = false;
    this.queue.push(scanPlainScalar(this));
  }

  private rollIndent(column: number, number: number, at: number, line: number, type: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > maxDepth) this.fail(`exceeded max depth of ${maxDepth}`, this.keys.current.line);
    const token = new Token(type, at, line, "", "", 0);
    if (number < 0) this.queue.push(token);
    else this.insert(number, token);
  }

  private unroll(column: number, at: number, line: number): void {
    if (this.flowLevel > 0) return;
    let end = this.comments === undefined ? at : at - 1;
    while (this.indent > column) {
      if (this.comments !== undefined) end = this.comments.blockEnd(end, this.indent);
      this.queue.push(new Token(T.BLOCK_END, end, line, "", "", 0));
      this.indent = this.indents.pop()!;
    }
  }

  private fetchStreamEnd(): void {
    this.need(1);
    if (this.at !== this.lineStart) {
      this.lineStart = this.at;
      this.line++;
    }
    this.unroll(-1, this.at, this.line);
    this.keys.remove();
    this.simpleKeyAllowed = false;
    this.push(T.STREAM_END);
  }

  private fetchDirective(): void {
    this.unroll(-1, this.at, this.line);
    this.keys.remove();
    this.simpleKeyAllowed = false;
    this.queue.push(scanDirective(this));
  }

  private fetchDocumentIndicator(type: number): void {
    this.unroll(-1, this.at, this.line);
    this.keys.remove();
    this.simpleKeyAllowed = false;
    this.push(type);
    this.at += 3;
  }

  private fetchFlowStart(type: number): void {
    this.keys.save(this.tokensParsed + this.queue.length - this.head);
    this.flowLevel++;
    this.keys.open(this.tokensParsed + this.queue.length - this.head);
    if (this.flowLevel > maxDepth) this.fail(`exceeded max depth of ${maxDepth}`, this.line);
    this.simpleKeyAllowed = true;
    this.push(type);
    this.at++;
  }

  private fetchFlowEnd(type: number): void {
    this.keys.remove();
    if (this.flowLevel > 0) {
      const { tokenNumber } = this.keys.current;
      this.flowLevel--;
      this.keys.unlistNumber(tokenNumber);
    }
    this.simpleKeyAllowed = false;
    this.push(type);
    this.at++;
  }

  private fetchFlowEntry(): void {
    this.keys.remove();
    this.simpleKeyAllowed = true;
    this.push(T.FLOW_ENTRY);
    this.at++;
  }

  private fetchBlockEntry(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) this.fail("block sequence entries are not allowed in this context", this.line);
      this.rollIndent(this.at - this.lineStart, -1, this.at, this.line, T.BLOCK_SEQUENCE_START);
    }
    this.keys.remove();
    this.simpleKeyAllowed = true;
    this.push(T.BLOCK_ENTRY);
    this.at++;
  }

  private fetchKey(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) this.fail("mapping keys are not allowed in this context", this.line);
      this.rollIndent(this.at - this.lineStart, -1, this.at, this.line, T.BLOCK_MAPPING_START);
    }
    this.keys.remove();
    this.simpleKeyAllowed = this.flowLevel === 0;
    this.push(T.KEY);
    this.at++;
  }

  private fetchValue(): void {
    const key = this.keys.current;
    if (this.keys.isValid(key)) {
      this.insert(key.tokenNumber, new Token(T.KEY, key.at, key.line, "", "", 0));
      // The key's line is the current one, or isValid had refused it.
      this.rollIndent(key.at - this.lineStart, key.tokenNumber, key.at, key.line, T.BLOCK_MAPPING_START);
      this.keys.unlist(key);
      this.simpleKeyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.simpleKeyAllowed) this.fail("mapping values are not allowed in this context", this.line);
        this.rollIndent(this.at - this.lineStart, -1, this.at, this.line, T.BLOCK_MAPPING_START);
      }
      this.simpleKeyAllowed = this.flowLevel === 0;
    }
    this.push(T.VALUE);
    this.at++;
  }

  /** Characters between an offset and the current place. */
  charactersSince(start: number): number {
    if (this.ascii) return this.at - start;
    let count = 0;
    for (let i = start; i < this.at; i++) if ((this.text.charCodeAt(i) & 0xc0) !== 0x80) count++;
    return count;
  }

  /** Moves over the line break at the current place, if there is one. */
  skipBreak(): void {
    const length = breakLength(this.text, this.at);
    if (length === 0) return;
    this.at += length;
    this.line++;
    this.lineStart = this.at;
  }

  private scanToNextToken(): void {
    const text = this.text;
    const { at: scanAt, line: scanLine } = this;
    for (;;) {
      let at = this.at;
      let c = text.charCodeAt(at);
      const tabs = this.flowLevel > 0 || !this.simpleKeyAllowed;
      while (c === SPACE || (c === TAB && tabs)) c = text.charCodeAt(++at);
      this.at = at;
      if (this.comments !== undefined) liftLineComment(this);
      if (c === HASH) {
        if (this.v3) scanComments(this, scanAt, scanLine);
        else this.skipToBreak();
        at = this.at;
        c = text.charCodeAt(at);
      }
      if (c === LF) {
        this.at = at + 1;
        this.line++;
        this.lineStart = at + 1;
      } else if ((c === CR || c >= 0xc2) && breakLength(text, at) > 0) this.skipBreak();
      else break;
      if (this.flowLevel === 0) this.simpleKeyAllowed = true;
    }
  }

  /** Moves to the end of the line. */
  skipToBreak(): void {
    const text = this.text;
    if (this.onlyLineFeeds) {
      const newline = text.indexOf("\n", this.at);
      this.at = newline < 0 ? this.end : newline;
      return;
    }
    let at = this.at;
    while (!isBreakOrEnd(text, at)) at++;
    this.at = at;
  }
}
