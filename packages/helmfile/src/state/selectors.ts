/* pkg/state/release_filters.go of helmfile 1.8.0. */

/** One `-l`: all of it must hold. */
export interface LabelFilter {
  readonly positive: readonly (readonly [string, string])[];
  readonly negative: readonly (readonly [string, string])[];
}

/** A selector that is not `k=v` or `k!=v`. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
}

const mismatch = /^[a-zA-Z0-9_./+-]+!=[a-zA-Z0-9_./+-]+$/;
const match = /^[a-zA-Z0-9_./+-]+=[a-zA-Z0-9_./+-]+$/;

/** Parses `tier=front,team!=b`. Throws `SelectorError` with helmfile's text. */
export function parseSelector(selector: string): LabelFilter {
  const positive: [string, string][] = [];
  const negative: [string, string][] = [];
  for (const label of selector.split(",")) {
    if (mismatch.test(label)) {
      const [key, value] = label.split("!=");
      negative.push([key!, value!]);
    } else if (match.test(label)) {
      const [key, value] = label.split("=");
      positive.push([key!, value!]);
    } else {
      throw new SelectorError(`malformed label: ${label}. Expected label in form k=v or k!=v`);
    }
  }
  return { positive, negative };
}

export function matchesLabels(filter: LabelFilter, labels: ReadonlyMap<string, string> | undefined): boolean {
  return (
    filter.positive.every(([key, value]) => labels?.get(key) === value) &&
    filter.negative.every(([key, value]) => labels?.get(key) !== value)
  );
}

/** Whether some pair of selectors could choose one release; only positive labels count. Selectors with errors are compatible. */
export function selectorsAreCompatible(left: readonly string[], right: readonly string[]): boolean {
  if (left.length === 0 || right.length === 0) return true;
  let leftFilters: LabelFilter[];
  let rightFilters: LabelFilter[];
  try {
    leftFilters = left.map(parseSelector);
    rightFilters = right.map(parseSelector);
  } catch {
    return true;
  }
  return leftFilters.some((a) => rightFilters.some((b) => areCompatible(a, b)));
}

function areCompatible(a: LabelFilter, b: LabelFilter): boolean {
  return a.positive.every(([key, value]) =>
    b.positive.every(([otherKey, otherValue]) => key !== otherKey || value === otherValue),
  );
}
