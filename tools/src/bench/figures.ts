/** The middle value; of two middle ones, their mean. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `a / b` for each pair, as its median, with the tenth and the ninetieth of a hundred: `0.42 (0.30 to 0.81)`. */
export function ratios(pairs: readonly (readonly [number, number])[]): string {
  const all = pairs.map(([a, b]) => a / b).toSorted((a, b) => a - b);
  if (all.length === 0) return "-";
  const at = (part: number): string => all[Math.min(all.length - 1, Math.floor(all.length * part))]!.toFixed(2);
  return `${median(all).toFixed(2)} (${at(0.1)} to ${at(0.9)})`;
}

export function milliseconds(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

/** A plain table: the first row is its head, the first column is left, the others right. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  for (const row of rows) {
    console.log(
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  "),
    );
  }
}

/** Every part-th of the entries, so that `limit` of them stand for all. */
export function spread<Entry>(entries: readonly Entry[], limit: number): Entry[] {
  if (limit >= entries.length) return [...entries];
  return Array.from({ length: limit }, (_, index) => entries[Math.floor((index * entries.length) / limit)]!);
}
