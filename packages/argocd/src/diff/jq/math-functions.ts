import { log10, log2, pow, scaled, splitExponent } from "@tiphys/gotemplate";
/** To the nearest integer, halves to even. */
function roundToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

function remainder(value: number, divisor: number): number {
  if (!Number.isFinite(value) || Number.isNaN(divisor) || divisor === 0) return Number.NaN;
  if (!Number.isFinite(divisor)) return value;
  const size = Math.abs(divisor);
  // Twice the divisor first, so that the last quotient is known to be even or odd.
  let rest = size < Number.MAX_VALUE / 2 ? Math.abs(value) % (2 * size) : Math.abs(value);
  if (rest * 2 > size) {
    rest -= size;
    if (rest * 2 >= size) rest -= size;
  }
  return value < 0 || Object.is(value, -0) ? -rest : rest;
}

function copySign(value: number, sign: number): number {
  return Math.abs(value) * (sign < 0 || Object.is(sign, -0) ? -1 : 1);
}

function nextAfter(from: number, to: number): number {
  if (Number.isNaN(from) || Number.isNaN(to)) return Number.NaN;
  if (from === to) return from;
  if (from === 0) return copySign(Number.MIN_VALUE, to);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, from);
  view.setBigInt64(0, view.getBigInt64(0) + (to > from === from > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

function logb(value: number): number {
  if (value === 0) return -Infinity;
  return Number.isFinite(value) ? splitExponent(value)[1] - 1 : Math.abs(value);
}

const extreme = (choose: (a: number, b: number) => number) => (a: number, b: number) =>
  Number.isNaN(a) ? b : Number.isNaN(b) ? a : choose(a, b);

/** A finite number as `mantissa * 2^exponent`. */
function exactParts(value: number): readonly [mantissa: bigint, exponent: number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return [bits >> 63n === 1n ? -mantissa : mantissa, Math.max(biased, 1) - 1075];
}

/** Go's math.FMA: `a * b + c`, rounded once. */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const plain = a * b + c;
  if (![a, b, c].every(Number.isFinite) || a === 0 || b === 0) return plain;
  // A product that is too small for a number keeps its sign.
  if (c === 0) return a * b;
  const [first, second, third] = [exactParts(a), exactParts(b), exactParts(c)];
  const exponent = Math.min(first[1] + second[1], third[1]);
  const product = (first[0] * second[0]) << BigInt(first[1] + second[1] - exponent);
  const sum = product + (third[0] << BigInt(third[1] - exponent));
  return fromExact(sum, exponent);
}

/** The nearest number, of two the even one. */
function fromExact(mantissa: bigint, exponent: number): number {
  const size = mantissa < 0n ? -mantissa : mantissa;
  const shift = Math.max(size.toString(2).length - 53, -1074 - exponent, 0);
  const half = shift === 0 ? 0n : 1n << BigInt(shift - 1);
  let kept = size >> BigInt(shift);
  const rest = size - (kept << BigInt(shift));
  if (shift > 0 && (rest > half || (rest === half && (kept & 1n) === 1n))) kept += 1n;
  const value = Number(kept) * 2 ** (exponent + shift);
  return mantissa < 0n ? -value : value;
}

/** Functions of one number, by name. */
export const mathFunctions: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs, fabs: Math.abs, floor: Math.floor, ceil: Math.ceil, round: (value) => Math.sign(value) * Math.round(Math.abs(value)), trunc: Math.trunc,
  sqrt: Math.sqrt, cbrt: Math.cbrt, exp: Math.exp, exp2: (value) => 2 ** value, exp10: (value) => 10 ** value, log: Math.log, log2,
  log10, sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan, sinh: Math.sinh,
  cosh: Math.cosh, tanh: Math.tanh, asinh: Math.asinh, acosh: Math.acosh, atanh: Math.atanh, expm1: Math.expm1, log1p: Math.log1p,
  nearbyint: roundToEven, rint: roundToEven, significand: (value) => splitExponent(value)[0] * 2, logb,
}; // prettier-ignore

/** Functions of two numbers, by name. */
export const mathFunctions2: Readonly<Record<string, (a: number, b: number) => number>> = {
  fmin: extreme(Math.min), fmax: extreme(Math.max), fmod: (a, b) => a % b, hypot: Math.hypot, atan2: Math.atan2, pow,
  copysign: copySign, fdim: (a, b) => (a <= b ? 0 : a - b), remainder, drem: (a, b) => { const rest = remainder(a, b); return rest === 0 ? copySign(rest, a) : rest; },
  ldexp: scaled, scalb: scaled, scalbln: scaled, nextafter: nextAfter, nexttoward: nextAfter,
}; // prettier-ignore
