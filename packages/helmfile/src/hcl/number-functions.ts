import { func } from "./function.ts";
import type { HclFunction } from "./function.ts";
import { HclError, isList, toNumber, toText } from "./value.ts";
import type { HclValue } from "./value.ts";

const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

export const numberFunctions: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ["abs", func((n) => Math.abs(toNumber(n!)), 1)],
  ["ceil", func((n) => Math.ceil(toNumber(n!)), 1)],
  ["floor", func((n) => Math.floor(toNumber(n!)), 1)],
  ["int", func((n) => Math.trunc(toNumber(n!)), 1)],
  ["log", func((n, base) => Math.log(toNumber(n!)) / Math.log(toNumber(base!)), 2)],
  ["max", func((...list) => extreme(list, Math.max), 1, Infinity)],
  ["min", func((...list) => extreme(list, Math.min), 1, Infinity)],
  ["parseint", func((text, base) => parseInteger(toText(text!), toNumber(base!)), 2)],
  ["pow", func((n, power) => toNumber(n!) ** toNumber(power!), 2)],
  ["signum", func((n) => Math.sign(toNumber(n!)), 1)],
  ["range", func((...bounds) => numbersBetween(bounds.map(toNumber)), 1, 3)],
]);

function extreme(values: readonly HclValue[], choose: (...numbers: number[]) => number): number {
  return choose(...values.flatMap((value) => (isList(value) ? value.map(toNumber) : [toNumber(value)])));
}

function parseInteger(text: string, base: number): number {
  if (base < 2 || base > 62) throw new HclError("base must be a whole number between 2 and 62 inclusive");
  const negative = text.startsWith("-");
  const body = /^[-+]/.test(text) ? text.slice(1) : text;
  let out = 0;
  for (const char of body) {
    const digit = digits.indexOf(base <= 36 ? char.toLowerCase() : char);
    if (digit < 0 || digit >= base) throw new HclError(`cannot parse "${text}" as a base ${base} integer`);
    out = out * base + digit;
  }
  if (body === "") throw new HclError(`cannot parse "${text}" as a base ${base} integer`);
  return negative ? -out : out;
}

const maxRange = 1024;

function numbersBetween(bounds: readonly number[]): number[] {
  const [start, end] = bounds.length === 1 ? [0, bounds[0]!] : [bounds[0]!, bounds[1]!];
  const step = bounds[2] ?? (end < start ? -1 : 1);
  if (step === 0) throw new HclError("step must not be zero");
  if (end !== start && end > start !== step > 0)
    throw new HclError(
      end > start
        ? "end must be less than start when step is negative"
        : "end must be greater than start when step is positive",
    );
  const out: number[] = [];
  for (let n = start; step > 0 ? n < end : n > end; n += step) {
    if (out.length >= maxRange)
      throw new HclError(
        "more than 1024 values were generated; either decrease the difference between start and end or use a smaller step",
      );
    out.push(n);
  }
  return out;
}
