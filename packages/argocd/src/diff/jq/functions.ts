import type { QueryFunction, ValueFunction } from "./machine.ts";
import { queryFunctions } from "./query-functions.ts";
import { preludeNames } from "./prelude.ts";
import { valueFunctions } from "./value-functions.ts";

/** By `name/arity`. */
export function findValueFunction(name: string): ValueFunction | undefined {
  return name === "builtins/0" ? () => [...builtInNames()] : valueFunctions.get(name);
}

export function findQueryFunction(name: string): QueryFunction | undefined {
  return queryFunctions.get(name);
}

/**
 * Functions of gojq that are not here: a program that calls one cannot be judged. `now` is the controller's clock,
 * the others are rare functions of numbers.
 */
const missing = new Set([
  "now/0", "modulemeta/0", "gamma/0", "tgamma/0", "lgamma/0", "erf/0", "erfc/0", "j0/0", "j1/0", "y0/0", "y1/0", "jn/2",
  "yn/2",
]); // prettier-ignore

/** gojq lists these, but a program that calls one does not compile. */
const listedOnly = ["debug/1", "input/0", "inputs/0"];

let names: readonly string[] | undefined;

/** The names of all functions, sorted; those that begin with `_` are gojq's own. */
function builtInNames(): readonly string[] {
  names ??= [
    ...valueFunctions.keys(),
    ...queryFunctions.keys(),
    ...preludeNames(),
    ...missing,
    ...listedOnly,
    "builtins/0",
  ]
    .filter((name) => !name.startsWith("_"))
    .sort();
  return names;
}

export function isMissingFunction(name: string): boolean {
  return missing.has(name);
}
