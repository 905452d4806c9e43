import { fromByteString } from "@tiphys/gotemplate";
import type { Trace, ValuePath } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";

const readsBehind = new WeakMap<Origin, readonly string[]>();

/** Remembers the values that a template read to make what stands at a place. */
export function rememberReads(origin: Origin, reads: readonly string[]): Origin {
  if (reads.length > 0) readsBehind.set(origin, reads);
  return origin;
}

/** `.Values.domain` and the like; empty for what no template made. */
export function readsOf(origin: Origin): readonly string[] {
  return readsBehind.get(origin) ?? [];
}

/** All that was read for the bytes from `start` to `end` of a template's output. */
export function readsBetween(trace: Trace, start: number, end: number): string[] {
  const paths = new Set<ValuePath>();
  for (let span = firstSpan(trace, start); span < trace.spanCount; span++) {
    const at = trace.spanAt(span);
    if (at.start >= end && at.start > start) break;
    for (const path of trace.originAt(Math.max(at.start, start))?.paths ?? []) paths.add(path);
  }
  return [...paths].map((path) => fromByteString(path.toString()));
}

/** The first span that ends behind `offset`; spans are in order. */
function firstSpan(trace: Trace, offset: number): number {
  let low = 0;
  let high = trace.spanCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (trace.spanAt(middle).end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where a YAML value that begins on a line ends: behind the line and the deeper ones below it. */
export function valueEnd(text: string, starts: readonly number[], line: number): number {
  const indent = (at: number): number => {
    const from = starts[at - 1]!;
    const lineText = text.slice(from, starts[at] ?? text.length);
    return lineText.trim() === "" ? Infinity : lineText.search(/[^ ]/);
  };
  // The first key of a list's item is as deep as the item's other keys, which stand below it.
  const own = /^(?: |- )*/.exec(text.slice(starts[line - 1]!, starts[line] ?? text.length))![0].length;
  let next = line + 1;
  while (next <= starts.length && indent(next) > own) next++;
  return (starts[next - 1] ?? text.length) - 1;
}
