import { cidrFunctions } from "./cidr.ts";
import { collectionFunctions } from "./collection-functions.ts";
import { at } from "./expression.ts";
import type { FunctionArgument, FunctionCall } from "./expression.ts";
import type { HclFunction } from "./function.ts";
import { encodingFunctions } from "./encoding-functions.ts";
import { numberFunctions } from "./number-functions.ts";
import { textFunctions } from "./text-functions.ts";
import { HclError } from "./value.ts";
import type { HclRange, HclValue } from "./value.ts";
import type { Work } from "./work.ts";

/* The functions of pkg/hcllang/hcl_functions.go of helmfile 1.8.0. */

const functions: ReadonlyMap<string, HclFunction> = new Map([
  ...numberFunctions,
  ...textFunctions,
  ...collectionFunctions,
  ...encodingFunctions,
  ...cidrFunctions,
]);

/** Calls a function as an expression does; `try` and `can` see faults of their arguments. */
export function callFunction({ name, args, nameRange, openRange, closeRange }: FunctionCall, work: Work): HclValue {
  at(openRange, () => work.round());
  if (name === "can") return fault(args[0]!) === undefined;
  if (name === "try") return firstThatWorks(args, openRange);
  const found = functions.get(name);
  if (found === undefined)
    throw new HclError(
      `Call to unknown function; There is no function named "${name}".${suggestionFor(name)}`,
      nameRange,
    );
  const [least, most] = found.arity;
  if (args.length < least)
    throw new HclError(`Not enough function arguments; Function "${name}" expects ${least} argument(s).`, closeRange);
  if (args.length > most)
    throw new HclError(
      `Too many function arguments; Function "${name}" expects only ${most} argument(s).`,
      args[most]!.range,
    );
  const values = args.map((arg) => arg.evaluate());
  try {
    for (const value of values) work.made(value);
    const result = found.call(values, work);
    work.made(result);
    return result;
  } catch (error) {
    // What JavaScript's numbers and texts cannot hold.
    const fault = error instanceof RangeError ? new HclError("unsupported: an argument is out of range") : error;
    if (!(fault instanceof HclError) || fault.range !== undefined) throw error;
    throw new HclError(`Error in function call; Call to function "${name}" failed: ${fault.message}.`, openRange);
  }
}

/** hclsyntax/didyoumean.go of hcl 2: a name at most two edits away; of several the first, where Go takes any. */
function suggestionFor(name: string): string {
  const near = ["can", "try", ...functions.keys()].toSorted().find((known) => editDistance(name, known) < 3);
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

/** Levenshtein's. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_item, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

function fault({ evaluate }: FunctionArgument): HclError | undefined {
  try {
    evaluate();
    return undefined;
  } catch (error) {
    if (error instanceof HclError) return error;
    throw error;
  }
}

function firstThatWorks(args: readonly FunctionArgument[], range: HclRange): HclValue {
  for (const arg of args) if (fault(arg) === undefined) return arg.evaluate();
  throw new HclError('Error in function call; Call to function "try" failed: no expression succeeded.', range);
}
