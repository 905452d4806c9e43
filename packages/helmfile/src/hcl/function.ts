import type { HclValue } from "./value.ts";

/** A function of HCL with its least and largest number of arguments. Throws `HclError`. */
export interface HclFunction {
  readonly arity: readonly [number, number];
  readonly call: (args: readonly HclValue[]) => HclValue;
}

/** Makes a table entry; `to` is the same as `from` when left out. */
export function func(call: (...args: readonly HclValue[]) => HclValue, from: number, to = from): HclFunction {
  return { arity: [from, to], call: (args) => call(...args) };
}
