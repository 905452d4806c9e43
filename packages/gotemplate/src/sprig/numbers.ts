import { define, FunctionError } from "../function.ts";
import { pow } from "../go-math.ts";
import { sprint } from "../fmt/print.ts";
import { type GoFunction, type GoValue, int64, typedSlice } from "../value.ts";
import { parseInteger, toFloat64, toInt64 } from "./cast.ts";
import {
  addDecimals,
  type Decimal,
  decimalFromFloat,
  decimalToFloat,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
} from "./decimal.ts";
import { randomBelow } from "./random.ts";

/** Longest list of numbers that `until`, `untilStep` and `seq` make; Go would go on until memory ends. */
const longestSequence = 10_000_000n;

/** Sprig's `untilStep`. Throws for more than ten million numbers. */
function untilStep(start: bigint, stop: bigint, step: bigint): bigint[] {
  if (stop < start ? step >= 0n : step <= 0n) return [];
  const distance = stop < start ? start - stop : stop - start;
  const stride = step < 0n ? -step : step;
  const count = (distance + stride - 1n) / stride;
  if (count > longestSequence) throw new FunctionError(`unsupported: a list of ${count} numbers`);
  const numbers: bigint[] = [];
  for (let i = 0n; i < count; i++) numbers.push(start + i * step);
  return numbers;
}

function until(count: bigint): bigint[] {
  return untilStep(0n, count, count < 0n ? -1n : 1n);
}

function seq(parameters: readonly bigint[]): string {
  const [first = 0n, second = 0n, third = 0n] = parameters;
  let numbers: bigint[] = [];
  if (parameters.length === 1) {
    const step = first < 1n ? -1n : 1n;
    numbers = untilStep(1n, BigInt.asIntN(64, first + step), step);
  } else if (parameters.length === 2) {
    const step = second < first ? -1n : 1n;
    numbers = untilStep(first, BigInt.asIntN(64, second + step), step);
  } else if (parameters.length === 3) {
    if (third < first && second > 0n) return "";
    numbers = untilStep(first, BigInt.asIntN(64, third + (third < first ? -1n : 1n)), second);
  }
  return numbers.join(" ");
}

function divide(dividend: GoValue, divisor: GoValue, remainder: boolean): GoValue {
  const by = toInt64(divisor);
  if (by === 0n) throw new FunctionError("runtime error: integer divide by zero");
  return int64(remainder ? toInt64(dividend) % by : toInt64(dividend) / by);
}

type DecimalOperation = (a: Decimal, b: Decimal) => Decimal;

function overDecimals(first: GoValue, rest: readonly GoValue[], operation: DecimalOperation): number {
  let result = decimalFromFloat(toFloat64(first));
  for (const value of rest) result = operation(result, decimalFromFloat(toFloat64(value)));
  return decimalToFloat(result);
}

/** Sprig's `round`; the third argument is the fraction from which it rounds up. */
function round(value: GoValue, places: bigint, roundOn = 0.5): number {
  const power = pow(10, Number(places));
  const digit = power * toFloat64(value);
  const rest = digit - Math.trunc(digit);
  return (rest >= roundOn ? Math.ceil(digit) : Math.floor(digit)) / power;
}

/** `math.Max` and `math.Min`: an infinity wins over NaN, unlike in JavaScript. */
function maximum(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}
function minimum(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}

function largest(first: GoValue, rest: readonly GoValue[]): GoValue {
  return int64(rest.map(toInt64).reduce((a, b) => (b > a ? b : a), toInt64(first)));
}
function smallest(first: GoValue, rest: readonly GoValue[]): GoValue {
  return int64(rest.map(toInt64).reduce((a, b) => (b < a ? b : a), toInt64(first)));
}

/** `strconv.Atoi` without its error: zero for bad syntax, the nearest number for what does not fit. */
function atoi(text: string): bigint {
  const parsed = parseInteger(text, 10);
  if (typeof parsed === "bigint") return parsed;
  if (parsed === "invalid syntax") return 0n;
  return text.startsWith("-") ? -0x8000000000000000n : 0x7fffffffffffffffn;
}

const conversions = [
  define("atoi", "func(string) int", (_, text: string) => atoi(text)),
  define("int", "func(interface {}) int", (_, value: GoValue) => toInt64(value)),
  define("int64", "func(interface {}) int64", (_, value: GoValue) => int64(toInt64(value))),
  define("float64", "func(interface {}) float64", (_, value: GoValue) => toFloat64(value)),
  define("toDecimal", "func(interface {}) int64", (_, value: GoValue) => {
    const parsed = parseInteger(sprint([value]), 8);
    return int64(typeof parsed === "bigint" ? parsed : 0n);
  }),
];

const sequences = [
  define("seq", "func(...int) string", (_, ...parameters: bigint[]) => seq(parameters)),
  define("until", "func(int) []int", (_, count: bigint) => typedSlice("[]int", until(count))),
  define("untilStep", "func(int, int, int) []int", (_, start: bigint, stop: bigint, step: bigint) =>
    typedSlice("[]int", untilStep(start, stop, step)),
  ),
  define("randInt", "func(int, int) int", (context, low: bigint, high: bigint) => {
    if (high <= low) throw new FunctionError("invalid argument to Intn");
    return low + randomBelow(context.random, high - low);
  }),
];

const integerArithmetic = [
  define("add1", "func(interface {}) int64", (_, value: GoValue) => int64(toInt64(value) + 1n)),
  define("add", "func(...interface {}) int64", (_, ...values: GoValue[]) =>
    int64(values.map(toInt64).reduce((a, b) => a + b, 0n)),
  ),
  define("sub", "func(interface {}, interface {}) int64", (_, a: GoValue, b: GoValue) =>
    int64(toInt64(a) - toInt64(b)),
  ),
  define("div", "func(interface {}, interface {}) int64", (_, a: GoValue, b: GoValue) => divide(a, b, false)),
  define("mod", "func(interface {}, interface {}) int64", (_, a: GoValue, b: GoValue) => divide(a, b, true)),
  define("mul", "func(interface {}, ...interface {}) int64", (_, first: GoValue, ...rest: GoValue[]) =>
    int64(rest.map(toInt64).reduce((a, b) => BigInt.asIntN(64, a * b), toInt64(first))),
  ),
  define("biggest", "func(interface {}, ...interface {}) int64", (_, a: GoValue, ...rest: GoValue[]) =>
    largest(a, rest),
  ),
  define("max", "func(interface {}, ...interface {}) int64", (_, a: GoValue, ...rest: GoValue[]) => largest(a, rest)),
  define("min", "func(interface {}, ...interface {}) int64", (_, a: GoValue, ...rest: GoValue[]) => smallest(a, rest)),
];

const floatArithmetic = [
  define("add1f", "func(interface {}) float64", (_, value: GoValue) => overDecimals(value, [1n], addDecimals)),
  define("addf", "func(...interface {}) float64", (_, ...values: GoValue[]) => overDecimals(0, values, addDecimals)),
  define("subf", "func(interface {}, ...interface {}) float64", (_, a: GoValue, ...rest: GoValue[]) =>
    overDecimals(a, rest, subtractDecimals),
  ),
  define("divf", "func(interface {}, ...interface {}) float64", (_, a: GoValue, ...rest: GoValue[]) =>
    overDecimals(a, rest, divideDecimals),
  ),
  define("mulf", "func(interface {}, ...interface {}) float64", (_, a: GoValue, ...rest: GoValue[]) =>
    overDecimals(a, rest, multiplyDecimals),
  ),
  define("maxf", "func(interface {}, ...interface {}) float64", (_, a: GoValue, ...rest: GoValue[]) =>
    rest.map(toFloat64).reduce(maximum, toFloat64(a)),
  ),
  define("minf", "func(interface {}, ...interface {}) float64", (_, a: GoValue, ...rest: GoValue[]) =>
    rest.map(toFloat64).reduce(minimum, toFloat64(a)),
  ),
  define("ceil", "func(interface {}) float64", (_, value: GoValue) => Math.ceil(toFloat64(value))),
  define("floor", "func(interface {}) float64", (_, value: GoValue) => Math.floor(toFloat64(value))),
  define("round", "func(interface {}, int, ...float64) float64", (_, value: GoValue, places: bigint, on?: number) =>
    round(value, places, on),
  ),
];

/** Sprig's numbers and arithmetic. From numeric.go and functions.go. */
export const numberFunctions: readonly GoFunction[] = [
  ...conversions,
  ...sequences,
  ...integerArithmetic,
  ...floatArithmetic,
];
