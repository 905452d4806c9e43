import { breakLength, HASH, isBreakOrEnd, SPACE, TAB } from "./characters.ts";
import type { ScannedComment } from "./comments.ts";
import type { Scanner } from "./scanner.ts";
import * as T from "./token.ts";

/** How far go-yaml looks for the next comment. */
const reach = 512;

/**
 * v3's yaml_parser_scan_comments: takes following comments in one go, also over tabs that v2 would stumble over. Comments that are
 * kept are heads of what follows or feet of what was, by empty lines and indentation. The scanner stood at `scanAt` before blanks.
 */
export function scanComments(scanner: Scanner, scanAt: number, scanLine: number): void {
  const { text, comments } = scanner;
  const found = comments === undefined ? undefined : new CommentRun(scanner, scanAt, scanLine);
  let peek = 0;
  for (; peek < reach; peek++) {
    const at = scanner.at + peek;
    const c = text.charCodeAt(at);
    found?.step();
    if (c === SPACE || c === TAB) continue;
    const closesFlow = scanner.flowLevel > 0 && (c === 93 || c === 125);
    if (closesFlow || isBreakOrEnd(text, at)) {
      found?.lineEnd(at, closesFlow);
      if (closesFlow || c === 0) break;
      continue;
    }
    found?.content(at);
    if (c !== HASH) break;
    while (scanner.at < at) {
      if (breakLength(text, scanner.at) > 0) scanner.skipBreak();
      else scanner.at++;
    }
    scanner.skipToBreak();
    found?.comment(at);
    peek = 0;
  }
  found?.finish(scanner.at + peek - 1);
}

/** Comments on lines of their own, one after the other, as they are taken apart (scannerc.go, go-yaml v3.0.4). */
class CommentRun {
  private readonly scanner: Scanner;
  private scanAt: number;
  private tokenAt: number;
  private readonly behindValue: boolean;
  /** The line on which a comment is still a foot of what was before. */
  private readonly footLine: number;
  private nextIndent: number;
  private firstEmpty: boolean;
  private recentEmpty = false;
  private line: number;
  private column: number;
  private text = "";
  private startAt = 0;
  private startLine = 0;
  private startColumn = 0;

  constructor(scanner: Scanner, scanAt: number, scanLine: number) {
    this.scanner = scanner;
    this.scanAt = scanAt;
    const last = scanner.recentToken(1)!;
    const token = last.type === T.FLOW_ENTRY ? (scanner.recentToken(2) ?? last) : last;
    this.tokenAt = token.at;
    this.behindValue = token.type === T.VALUE;
    this.nextIndent = Math.max(scanner.indent, 0);
    const newlines = newlinesBefore(scanner);
    this.firstEmpty = newlines <= 1;
    this.line = scanner.line;
    this.column = scanner.at - scanner.lineStart;
    const below = newlines === 0 && this.column > 1 ? 1 : 0;
    this.footLine = scanLine > 0 ? scanner.line - newlines + 1 + below : -1;
  }

  step(): void {
    this.column++;
  }

  /** At a line break, the end, or the bracket that closes a flow collection. */
  lineEnd(at: number, closesFlow: boolean): void {
    if (closesFlow || !this.recentEmpty) {
      const isDedented = this.startColumn - 1 < this.nextIndent;
      const isFoot = (this.startLine === this.footLine && !this.behindValue) || isDedented;
      if (closesFlow || (this.firstEmpty && isFoot)) {
        if (this.text !== "") {
          if (isDedented) this.tokenAt = this.startAt;
          this.addFoot(at);
        }
      } else if (this.text !== "" && this.scanner.text.charCodeAt(at) !== 0) this.text += "\n";
    }
    if (closesFlow || breakLength(this.scanner.text, at) === 0) return;
    this.firstEmpty = false;
    this.recentEmpty = true;
    this.column = 0;
    this.line++;
  }

  /** At the first character of a line that is not empty: a comment at another indentation ends the one before. */
  content(at: number): void {
    if (this.text !== "" && this.column - 1 < this.nextIndent && this.column !== this.startColumn) this.addFoot(at);
    if (this.scanner.text.charCodeAt(at) !== HASH) return;
    if (this.text === "") {
      this.startAt = at;
      this.startLine = this.line;
      this.startColumn = this.column;
    } else this.text += "\n";
    this.recentEmpty = false;
  }

  /** Takes the comment from `at` to where the scanner is now. */
  comment(at: number): void {
    const { scanner } = this;
    this.text += scanner.text.slice(at, scanner.at);
    this.column = 0;
    this.line = scanner.line;
    this.nextIndent = Math.max(scanner.indent, 0);
  }

  finish(endAt: number): void {
    if (this.text !== "") this.add({ tokenAt: this.startAt, endAt, head: this.text, foot: "" });
  }

  private addFoot(at: number): void {
    this.add({ tokenAt: this.tokenAt, endAt: at, head: "", foot: this.text });
    this.scanAt = this.tokenAt = at;
    this.text = "";
  }

  private add(comment: Pick<ScannedComment, "tokenAt" | "endAt" | "head" | "foot">): void {
    const { scanAt, startAt, startLine, startColumn } = this;
    this.scanner.comments!.add({ scanAt, startAt, startLine, startColumn, line: "", ...comment });
  }
}

/** Line breaks between the last character that is no blank and the scanner. */
function newlinesBefore({ text, at }: Scanner): number {
  let count = 0;
  for (let i = at; i > 0;) {
    const c = text.charCodeAt(i - 1);
    const start = c === SPACE || c === TAB ? i - 1 : breakStart(text, i);
    if (start < 0) break;
    if (c !== SPACE && c !== TAB) count++;
    i = start;
  }
  return count;
}

/** Where the line break begins that ends before `end`; -1 when there is none. */
function breakStart(text: string, end: number): number {
  for (let start = Math.max(end - 3, 0); start < end; start++) {
    if (start + breakLength(text, start) === end) return start;
  }
  return -1;
}

/** v3's yaml_parser_scan_line_comment: a comment behind a token, on the token's own line, belongs to the token at `tokenAt`. */
export function scanLineComment(scanner: Scanner, tokenAt: number): void {
  const { text } = scanner;
  let at = scanner.at;
  const limit = at + reach;
  let c = text.charCodeAt(at);
  while ((c === SPACE || c === TAB) && at < limit) c = text.charCodeAt(++at);
  if (c !== HASH || at >= limit) return;
  let back = scanner.at - 1;
  while (back >= 0 && (text.charCodeAt(back) === SPACE || text.charCodeAt(back) === TAB)) back--;
  if (back >= 0 && back < scanner.lineStart) return;
  scanner.at = at;
  scanner.skipToBreak();
  scanner.comments?.add({
    scanAt: 0,
    tokenAt,
    startAt: at,
    startLine: scanner.line,
    startColumn: at - scanner.lineStart,
    endAt: 0,
    head: "",
    line: text.slice(at, scanner.at),
    foot: "",
  });
}

/** A comment behind the `- ` of a new list, with more below, is the head of what follows (yaml_parser_scan_to_next_token). */
export function liftLineComment(scanner: Scanner): void {
  const comment = scanner.comments?.last;
  if (comment === undefined || comment.line === "" || breakLength(scanner.text, scanner.at) > 0) return;
  if (scanner.recentToken(2)?.type !== T.BLOCK_SEQUENCE_START || scanner.recentToken(1)!.type !== T.BLOCK_ENTRY) return;
  comment.head = comment.line;
  comment.line = "";
  if (comment.startLine === scanner.line - 1) comment.tokenAt = scanner.at;
}
