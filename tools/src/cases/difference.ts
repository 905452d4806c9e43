/** Paths at which two JSON-safe values differ, at most `limit` of them. */
export function differences(actual: unknown, expected: unknown, limit = 20): string[] {
  const found: string[] = [];
  compare(actual, expected, "", found, limit);
  return found;
}

function compare(actual: unknown, expected: unknown, path: string, found: string[], limit: number): void {
  if (found.length >= limit || Object.is(actual, expected) || (actual === 0 && expected === 0)) return;
  if (Array.isArray(actual) && Array.isArray(expected)) {
    for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
      compare(actual[i], expected[i], `${path}[${i}]`, found, limit);
    }
    return;
  }
  if (isRecord(actual) && isRecord(expected)) {
    for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
      const inActual = Object.hasOwn(actual, key);
      const inExpected = Object.hasOwn(expected, key);
      compare(
        inActual ? actual[key] : undefined,
        inExpected ? expected[key] : undefined,
        path === "" ? key : `${path}.${key}`,
        found,
        limit,
      );
    }
    return;
  }
  found.push(`${path || "."}: is ${print(actual)}, wanted ${print(expected)}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function print(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}
