import { SpanList } from "./span-list.ts";

/** A text with the origin of its parts. */
export interface Fragment {
  readonly text: string;
  readonly spans: SpanList;
}

/** What functions that keep the structure of a text put in or leave out: white space and quotes. */
const fillers = /^[\s"'`]*$/;

/**
 * The origins of `result`, which a function made of `fragment`: found line by line, so that whatever indents, trims, wraps
 * or quotes keeps the places of what is inside. Undefined when the text was changed otherwise.
 */
export function realign(fragment: Fragment, result: string): SpanList | undefined {
  const { text, spans } = fragment;
  const aligned = new SpanList();
  const cut = result === "" ? -1 : text.indexOf(result);
  if (cut >= 0) {
    copySpans({ from: spans, to: aligned }, 0, { start: cut, end: cut + result.length, at: 0 });
    return aligned;
  }
  let at = 0;
  let span = 0;
  for (let lineStart = 0; lineStart < text.length;) {
    const newline = text.indexOf("\n", lineStart);
    const lineEnd = newline < 0 ? text.length : newline;
    const line = text.slice(lineStart, lineEnd);
    const start = lineStart + line.length - line.trimStart().length;
    const end = lineStart + line.trimEnd().length;
    if (end > start) {
      const found = result.indexOf(text.slice(start, end), at);
      if (found < 0 || !fillers.test(result.slice(at, found))) return undefined;
      span = copySpans({ from: spans, to: aligned }, span, { start, end, at: found });
      at = found + end - start;
    }
    lineStart = lineEnd + 1;
  }
  return fillers.test(result.slice(at)) ? aligned : undefined;
}

/** Copies the parts of spans that lie in `start`–`end` to `at`; returns the span to go on with. */
function copySpans(
  { from, to }: { from: SpanList; to: SpanList },
  span: number,
  range: { start: number; end: number; at: number },
): number {
  while (span < from.count && from.end(span) <= range.start) span++;
  for (let i = span; i < from.count && from.start(i) < range.end; i++) {
    const start = Math.max(from.start(i), range.start);
    const end = Math.min(from.end(i), range.end);
    to.addPart(from, i, { start, end, at: range.at + start - range.start });
  }
  return span;
}
