import { SPACE } from "./characters.ts";

/** Thrown where the text leaves what is plain; it never gets out. */
export const notPlain = new Error("not plain YAML");

const BACKSLASH = 92;

/** What may stand behind a backslash here, and what it makes. */
const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["\\", "\\"],
  ['"', '"'],
  ["/", "/"],
  [" ", " "],
]);

/** The text between quotes with its lines folded (yaml_parser_scan_flow_scalar); escapes stay. `parent` is the column of the block around it. */
export function foldQuoted(value: string, parent: number): string {
  const lines = value.split("\n");
  const last = lines.length - 1;
  let folded = "";
  /** Between the lines: -1 when a backslash joins them, else how many empty ones there are. */
  let breaks = -1;
  for (const [index, line] of lines.entries()) {
    let start = 0;
    let end = line.length;
    if (index > 0) while (line.charCodeAt(start) === SPACE) start++;
    if (index < last) while (end > start && line.charCodeAt(end - 1) === SPACE) end--;
    if (index > 0 && start === line.length && index < last) {
      if (breaks < 0) throw notPlain;
      breaks++;
      continue;
    }
    // go-yaml takes it, but who indents like this means something else.
    if (index > 0 && start <= parent) throw notPlain;
    if (index > 0 && breaks >= 0) folded += breaks === 0 ? " " : "\n".repeat(breaks);
    breaks = 0;
    if (index < last && line.charCodeAt(end - 1) === BACKSLASH && countBackslashes(line, end) % 2 === 1) {
      // An escaped line break; an escaped space at the end would have been cut off.
      if (end < line.length) throw notPlain;
      end--;
      breaks = -1;
    }
    folded += line.slice(start, end);
  }
  return folded;
}

function countBackslashes(line: string, end: number): number {
  let count = 0;
  while (line.charCodeAt(end - 1 - count) === BACKSLASH) count++;
  return count;
}

/** A double-quoted text without its escapes. */
export function unescape(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\([^])/g, (_, letter: string) => {
    const made = escapes.get(letter);
    if (made === undefined) throw notPlain;
    return made;
  });
}
