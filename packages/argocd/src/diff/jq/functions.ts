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

/** Functions of gojq that are not here: a program that calls one cannot be judged. */
const missing = new Set([
  "capture/1", "capture/2", "fromdate/0", "fromdateiso8601/0", "fromstream/1", "getpath/2", "gmtime/0", "gsub/2", "gsub/3", "halt/0",
  "halt_error/0", "halt_error/1", "input_filename/0", "localtime/0", "match/1", "match/2", "mktime/0", "now/0",
  "scan/1", "scan/2", "split/2", "splits/1", "splits/2", "strflocaltime/1", "strftime/1", "strptime/1", "sub/2", "sub/3", "todate/0",
  "todateiso8601/0", "truncate_stream/1", "modulemeta/0", "bsearch/1", "tostream/0", "builtins/0", "significand/0", "frexp/0", "modf/0", "logb/0", "gamma/0", "tgamma/0", "lgamma/0", "erf/0", "erfc/0", "j0/0", "j1/0", "y0/0",
  "y1/0", "copysign/2", "drem/2", "fdim/2", "jn/2", "nextafter/2", "nexttoward/2", "remainder/2", "ldexp/2", "scalb/2", "scalbln/2", "yn/2", "fma/3",
  "INDEX/1", "INDEX/2", "JOIN/2", "JOIN/3", "JOIN/4",
  "combinations/0", "combinations/1",
]); // prettier-ignore

export function isMissingFunction(name: string): boolean {
  return missing.has(name);
}
