import { breakLength, HASH, isBreakOrEnd, SPACE, TAB } from "./characters.ts";
import type { Scanner } from "./scanner.ts";

/** v3's yaml_parser_scan_comments: takes following comments in one go, also over tabs that v2 would stumble over. */
export function skipComments(scanner: Scanner): void {
  const { text } = scanner;
  for (let peek = 0; peek < 512; peek++) {
    const c = text.charCodeAt(scanner.at + peek);
    if (c === SPACE || c === TAB) continue;
    if (scanner.flowLevel > 0 && (c === 93 || c === 125)) break;
    if (isBreakOrEnd(text, scanner.at + peek)) {
      if (c === 0) break;
      continue;
    }
    if (c !== HASH) break;
    const seen = scanner.at + peek;
    while (scanner.at < seen) {
      if (breakLength(text, scanner.at) > 0) scanner.skipBreak();
      else scanner.at++;
    }
    scanner.skipToBreak();
    peek = 0;
  }
}

/** v3's yaml_parser_scan_line_comment: a comment behind a token, on the token's own line, belongs to it. */
export function skipLineComment(scanner: Scanner): void {
  const { text } = scanner;
  let at = scanner.at;
  const limit = at + 512;
  let c = text.charCodeAt(at);
  while ((c === SPACE || c === TAB) && at < limit) c = text.charCodeAt(++at);
  if (c !== HASH || at >= limit) return;
  let back = scanner.at - 1;
  while (back >= 0 && (text.charCodeAt(back) === SPACE || text.charCodeAt(back) === TAB)) back--;
  if (back >= 0 && back < scanner.lineStart) return;
  scanner.at = at;
  scanner.skipToBreak();
}
