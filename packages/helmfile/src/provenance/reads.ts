import type { Trace, ValuePath } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import type { Reads } from "./environment-sources.ts";

const readsBehind = new WeakMap<Origin, readonly Reads[]>();

/** Remembers the values that a template read to make what stands at a place. */
export function rememberReads(origin: Origin, reads: readonly Reads[]): Origin {
  if (reads.some(({ paths, conditions }) => paths.length + conditions.length > 0)) readsBehind.set(origin, reads);
  return origin;
}

/** What was read for a place, by each template that had a hand in it; empty for what no template made. */
export function readsOf(origin: Origin): readonly Reads[] {
  return readsBehind.get(origin) ?? [];
}

/** All that was read for the bytes from `start` to `end` of a template's output, and for that they are there. */
export function readsBetween(trace: Trace, start: number, end: number): Omit<Reads, "seen"> {
  const paths = new Set<ValuePath>();
  const conditions = new Set<ValuePath>();
  for (const origin of trace.originsBetween(start, end)) {
    for (const path of origin.paths) paths.add(path);
    for (const path of origin.conditions) conditions.add(path);
  }
  return { paths: [...paths], conditions: [...conditions].filter((path) => !paths.has(path)) };
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
