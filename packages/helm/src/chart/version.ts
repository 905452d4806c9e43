import { FunctionError } from "@tiphys/gotemplate";
import { parseConstraints, parseVersion, type Constraints } from "@tiphys/gotemplate/sprig";

const ranges = new Map<string, Constraints | undefined>();

/** `IsCompatibleRange` (pkg/chart/v2/util/compatible.go): false also when either text is no version or range. */
export function isCompatibleRange(range: string, version: string): boolean {
  const parsed = orUndefined(() => parseVersion(version));
  if (!parsed) return false;
  let constraints = ranges.get(range);
  if (!constraints && !ranges.has(range)) {
    constraints = orUndefined(() => parseConstraints(range));
    if (ranges.size > 10_000) ranges.clear();
    ranges.set(range, constraints);
  }
  return constraints?.check(parsed) ?? false;
}

/** Whether Masterminds' `semver.NewVersion` takes the text. */
export function isValidVersion(version: string): boolean {
  return orUndefined(() => parseVersion(version)) !== undefined;
}

function orUndefined<Result>(parse: () => Result): Result | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FunctionError) return undefined;
    throw error;
  }
}
