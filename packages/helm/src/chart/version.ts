import { FunctionError, type CallContext } from "@tiphys/gotemplate";
import { sprigFunctions } from "@tiphys/gotemplate/sprig";

/** Masterminds/semver as sprig calls it: neither function uses anything of its context. */
const noContext = undefined as unknown as CallContext;

/** `IsCompatibleRange` (pkg/chart/v2/util/compatible.go): false also when either text is no version or range. */
export function isCompatibleRange(range: string, version: string): boolean {
  return call("semverCompare", [range, version]) === true;
}

/** Whether Masterminds' `semver.NewVersion` takes the text. */
export function isValidVersion(version: string): boolean {
  return call("semver", [version]) !== undefined;
}

function call(name: string, args: string[]): unknown {
  const implementation = sprigFunctions().get(name);
  if (!implementation) throw new Error(`sprig has no ${name}`);
  try {
    return implementation.call(noContext, args);
  } catch (error) {
    if (error instanceof FunctionError) return undefined;
    throw error;
  }
}
