/** Takes out of a text what differs from run to run and machine to machine, as `record.py` does. */
export function maskText(text: string, root: string): string {
  const escaped = root.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text
    .replaceAll(`${root}/case`, "<ROOT>")
    .replaceAll(`${root}/_charts`, "<ROOT>/../_charts")
    .replaceAll(new RegExp(`${escaped}/tmp/helmfile\\d+`, "g"), "<TMP>")
    .replaceAll(new RegExp(`${escaped}/tmp/chartify[A-Za-z0-9._-]*?\\d{5,}`, "g"), "<CHARTIFY>")
    .replaceAll(new RegExp(`${escaped}/tmp/([A-Za-z_.-]*)\\d{5,}`, "g"), "<TMP>/$1<N>")
    .replaceAll(/((?:-values|-strategic-merge-patch|-json-patch|-patch)[A-Za-z0-9-]*?-)[0-9a-f]{5,12}\b/g, "$1<HASH>")
    .replaceAll(root, "<TOP>")
    .replaceAll(/^(\S+ .*\s)\d+s$/gm, "$1<N>s")
    .replaceAll(/\(\d+ bytes\)/g, "(<N> bytes)")
    .replaceAll(/ on \d+\.\d+\.\d+\.\d+:\d+: /g, " on <DNS>: ");
}

const wandering = ["WARNING: ", "Writing values file ", "skipping missing values file "];

/** helmfile walks a Go map in write-values: sorts the lines whose order is random. */
export function sortWanderingLines(text: string): string {
  const lines = text.split(/(?<=\n)/);
  const moves = (line: string): boolean => wandering.some((start) => line.startsWith(start));
  const sorted = lines.filter(moves).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return lines.map((line) => (moves(line) ? sorted.shift()! : line)).join("");
}

/** What is said of every release of a successful run: not worth recording. */
export function hasMoreToSay(text: string): boolean {
  return text.replaceAll(/^(Building dependency release=|Templating release=|Writing values file ).*$/gm, "").trim() !== "";
}
