import { jsonText } from "./structured.ts";

/** One column of a wave picture: what may go at the same time. */
export interface WaveColumn {
  readonly environment: string;
  /** ApplicationSet or layer. */
  readonly group: string;
  readonly title: string;
  readonly items: readonly string[];
  /** Edges `[from, to]` that end in this column. */
  readonly needs: readonly (readonly [from: string, to: string])[];
}

export function printWaves(
  columns: readonly WaveColumn[],
  format: "text" | "json" | "mermaid" | "dot" | "svg",
): string {
  switch (format) {
    case "json":
      return jsonText(columns);
    case "mermaid":
      return mermaid(columns);
    case "dot":
      return dot(columns);
    case "svg":
      return svg(columns);
    case "text":
      return text(columns);
  }
}

function text(columns: readonly WaveColumn[]): string {
  if (columns.length === 0) return "nothing rolls out here\n";
  let result = "";
  let heading = "";
  for (const column of columns) {
    const group = `${column.environment} ${column.group}`;
    if (group !== heading) result += `${heading === "" ? "" : "\n"}${group}\n`;
    heading = group;
    result += `  ${column.title}\n${column.items.length === 0 ? "    (none)\n" : column.items.map((item) => `    ${item}\n`).join("")}`;
  }
  return result;
}

interface Node {
  readonly id: string;
  readonly label: string;
}

/** Ids that are unique over environments and groups. */
function nodesOf(column: WaveColumn): Node[] {
  return column.items.map((item) => ({ id: idOf(column, item), label: item }));
}

function idOf(column: WaveColumn, item: string): string {
  return `${column.environment}_${column.group}_${item}`.replace(/[^A-Za-z0-9_]/g, "_");
}

/** Edges: the needs where they are known, else from each item to each of the next column of its group. */
function edgesOf(columns: readonly WaveColumn[]): [string, string][] {
  const edges: [string, string][] = [];
  for (const [index, column] of columns.entries()) {
    for (const [from, to] of column.needs) edges.push([idOf(column, from), idOf(column, to)]);
    const previous = columns
      .slice(0, index)
      .findLast(
        (other) => other.environment === column.environment && other.group === column.group && other.items.length > 0,
      );
    if (
      column.needs.length > 0 ||
      previous === undefined ||
      previous.needs.length > 0 ||
      column.title === "in no step" ||
      column.title.startsWith("level")
    )
      continue;
    for (const from of previous.items)
      for (const to of column.items) edges.push([idOf(previous, from), idOf(column, to)]);
  }
  return edges;
}

function mermaid(columns: readonly WaveColumn[]): string {
  let result = "flowchart LR\n";
  for (const [index, column] of columns.entries()) {
    result += `  subgraph c${index}["${column.environment} ${column.group}: ${column.title.replaceAll('"', "'")}"]\n`;
    for (const { id, label } of nodesOf(column)) result += `    ${id}["${label}"]\n`;
    result += "  end\n";
  }
  for (const [from, to] of edgesOf(columns)) result += `  ${from} --> ${to}\n`;
  return result;
}

function dot(columns: readonly WaveColumn[]): string {
  let result = "digraph waves {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n";
  for (const [index, column] of columns.entries()) {
    result += `  subgraph cluster_${index} {\n    label=${JSON.stringify(`${column.environment} ${column.group}: ${column.title}`)};\n`;
    for (const { id, label } of nodesOf(column)) result += `    ${id} [label=${JSON.stringify(label)}];\n`;
    result += "  }\n";
  }
  for (const [from, to] of edgesOf(columns)) result += `  ${from} -> ${to};\n`;
  return `${result}}\n`;
}

const box = { width: 230, height: 26, gap: 8, column: 270, top: 56, left: 16 };

/** Columns from left to right, one row of columns for each environment and group. */
function svg(columns: readonly WaveColumn[]): string {
  const rows = new Map<string, WaveColumn[]>();
  for (const column of columns) {
    const key = `${column.environment} ${column.group}`;
    rows.set(key, [...(rows.get(key) ?? []), column]);
  }
  let y = 0;
  let body = "";
  let width = 0;
  for (const [title, row] of rows) {
    const most = Math.max(1, ...row.map(({ items }) => items.length));
    body += `  <text x="${box.left}" y="${y + 22}" class="group">${escapeXml(title)}</text>\n`;
    for (const [index, column] of row.entries()) {
      const x = box.left + index * box.column;
      body += `  <text x="${x}" y="${y + 46}" class="title">${escapeXml(shorten(column.title, 38))}</text>\n`;
      for (const [line, item] of column.items.entries()) {
        const top = y + box.top + line * (box.height + box.gap);
        body += `  <rect x="${x}" y="${top}" width="${box.width}" height="${box.height}" rx="5"/><text x="${x + 8}" y="${top + 17}">${escapeXml(shorten(item, 34))}</text>\n`;
      }
      if (index > 0)
        body += `  <path d="M ${x - box.column + box.width + 6} ${y + box.top + 13} H ${x - 8}" marker-end="url(#arrow)"/>\n`;
    }
    width = Math.max(width, box.left * 2 + row.length * box.column);
    y += box.top + most * (box.height + box.gap) + 16;
  }
  const style =
    "text{font:12px sans-serif;fill:#1f2933}.group{font-weight:bold;font-size:14px}.title{fill:#52606d}rect{fill:#e6f0fa;stroke:#3b7ab8}path{stroke:#3b7ab8;fill:none}";
  const marker =
    '<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#3b7ab8"/></marker>';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}">\n  <style>${style}</style>\n  <defs>${marker}</defs>\n  <rect x="0" y="0" width="100%" height="100%" style="fill:#ffffff;stroke:none"/>\n${body}</svg>\n`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
