/** Where two texts part, line by line; lines in `ignored` (1-based) are not compared. undefined when they agree. */
export function compareLines(actual: string, expected: string, ignored: readonly number[] = []): string | undefined {
  if (actual === expected) return undefined;
  const actualLines = actual.split("\n");
  const expectedLines = expected.split("\n");
  const skip = new Set(ignored);
  const differences: string[] = [];
  const count = Math.max(actualLines.length, expectedLines.length);
  for (let i = 0; i < count && differences.length < 40; i++) {
    if (
      actualLines[i] === expectedLines[i] ||
      (skip.has(i + 1) && actualLines[i] !== undefined && expectedLines[i] !== undefined)
    )
      continue;
    if (expectedLines[i] !== undefined) differences.push(`${i + 1} - ${expectedLines[i]}`);
    if (actualLines[i] !== undefined) differences.push(`${i + 1} + ${actualLines[i]}`);
  }
  return differences.length === 0 ? undefined : differences.join("\n");
}

/** The first line of Helm's message: the one that begins with `Error: `. */
export function firstErrorLine(stderr: string): string {
  return stderr.split("\n").find((line) => line.startsWith("Error: ")) ?? "";
}
