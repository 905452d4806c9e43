import type { HclValue } from "./value.ts";
import type { Work } from "./work.ts";

/** A function of HCL with its least and largest number of arguments. Throws `HclError`. */
export interface HclFunction {
  readonly arity: readonly [number, number];
  readonly call: (args: readonly HclValue[], work: Work) => HclValue;
}

/** Makes a table entry; `to` is the same as `from` when left out. */
export function func(call: (...args: readonly HclValue[]) => HclValue, from: number, to = from): HclFunction {
  return { arity: [from, to], call: (args) => call(...args) };
}

/** The same for a function whose result may be far larger than its arguments: it tells `work` before it makes it. */
export function growing(
  call: (work: Work, ...args: readonly HclValue[]) => HclValue,
  from: number,
  to = from,
): HclFunction {
  return { arity: [from, to], call: (args, work) => call(work, ...args) };
}
