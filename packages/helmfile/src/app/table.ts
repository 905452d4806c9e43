import { fromByteString } from "@tiphys/gotemplate";

/** Rows as gosuri/uitable lays them out: every cell padded, tabs between, trailing blanks gone. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = columnWidths(rows);
  const lines = rows.map((row) => row.map((cell, column) => pad(cell, widths[column]!)).join("\t"));
  return trimLines(lines.join("\n"));
}

/** Rows as Go's tabwriter lays them out with one blank of padding; the last cell of a row is not padded. */
export function formatTabbed(rows: readonly (readonly string[])[]): string {
  const widths = columnWidths(rows.map((row) => row.slice(0, -1)));
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : pad(cell, widths[column]! + 1))).join(""),
  );
  return trimLines(lines.join("\n"));
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    });
  }
  return widths;
}

function widthOf(cell: string): number {
  return [...fromByteString(cell)].length;
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - widthOf(cell)));
}

function trimLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/[ \t]+$/, ""))
    .join("\n");
}
