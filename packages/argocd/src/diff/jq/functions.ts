import type { QueryFunction, ValueFunction } from "./machine.ts";
import { queryFunctions } from "./query-functions.ts";
import { valueFunctions } from "./value-functions.ts";

/** By `name/arity`. */
export function findValueFunction(name: string): ValueFunction | undefined {
  return valueFunctions.get(name);
}

export function findQueryFunction(name: string): QueryFunction | undefined {
  return queryFunctions.get(name);
}

/**
 * Functions of gojq that are not here: a program that calls one cannot be judged. `now` is the controller's clock,
 * `builtins` lists gojq's own names, the others are rare functions of numbers.
 */
const missing = new Set([
  "now/0", "builtins/0", "modulemeta/0", "gamma/0", "tgamma/0", "lgamma/0", "erf/0", "erfc/0", "j0/0", "j1/0", "y0/0", "y1/0", "jn/2",
  "yn/2", "fma/3",
]); // prettier-ignore

export function isMissingFunction(name: string): boolean {
  return missing.has(name);
}
