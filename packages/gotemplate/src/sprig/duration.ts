import { define, FunctionError } from "../function.ts";
import { type GoFunction, type GoKind, GoNumber, GoObject, type GoValue, int64 } from "../value.ts";
import { toInt64 } from "./cast.ts";

/** Go's time.Duration: nanoseconds in an int64. From time/time.go and format.go, Go 1.26. */

const second = 1_000_000_000n;
const largest = 0x7fffffffffffffffn;
const smallest = -0x8000000000000000n;

const units: Readonly<Record<string, bigint>> = Object.assign(Object.create(null), {
  ns: 1n,
  us: 1000n,
  "\xc2\xb5s": 1000n,
  "\xce\xbcs": 1000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3600n * second,
});

/** `time.quote`: only for error texts. */
export function quoteForTime(text: string): string {
  let out = "";
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (code < 32 || code >= 0x80) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else out += char === '"' || char === "\\" ? `\\${char}` : char;
  }
  return `"${out}"`;
}

/** Go's float64 arithmetic for the digits after the point. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > largest / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > largest + 1n) break;
    value = next;
    scale *= 10;
  }
  return value === 0n ? 0n : BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

/** `time.ParseDuration`, in nanoseconds. Throws FunctionError with Go's text. */
export function parseDuration(text: string): bigint {
  const fail = (problem: string): never => {
    throw new FunctionError(`time: ${problem} ${quoteForTime(text)}`);
  };
  const negative = text.startsWith("-");
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") fail("invalid duration");
  let total = 0n;
  while (rest !== "") {
    const number = /^([0-9]*)(?:\.([0-9]*))?/.exec(rest)!;
    const [whole = "", fraction = ""] = [number[1], number[2]];
    if (whole === "" && fraction === "") fail("invalid duration");
    const value = BigInt(whole === "" ? 0 : whole);
    if (value > largest + 1n) fail("invalid duration");
    rest = rest.slice(number[0].length);
    const name = /^[^.0-9]*/.exec(rest)![0];
    if (name === "") fail("missing unit in duration");
    const unit = units[name];
    if (unit === undefined) return fail(`unknown unit ${quoteForTime(name)} in duration`);
    rest = rest.slice(name.length);
    total += value * unit + fractionOf(fraction, unit);
    if (total > largest + 1n) fail("invalid duration");
  }
  if (!negative && total > largest) fail("invalid duration");
  return negative ? -total : total;
}

/** `Duration.String`: `1h2m3.5s`. */
export function formatDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size === 0n) return "0s";
  if (size < 1000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${withFraction(size, 3)}\xc2\xb5s`;
  if (size < second) return `${sign}${withFraction(size, 6)}ms`;
  const minutes = size / (60n * second);
  const seconds = `${withFraction(size % (60n * second), 9)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return `${sign}${hours > 0n ? `${hours}h` : ""}${minutes % 60n}m${seconds}`;
}

function withFraction(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const fraction = (value % unit).toString().padStart(digits, "0").replace(/0+$/, "");
  return `${value / unit}${fraction === "" ? "" : `.${fraction}`}`;
}

/** `Duration.Round`: to a multiple of `unit`, half away from zero. */
export function roundDuration(nanoseconds: bigint, unit: bigint): bigint {
  if (unit <= 0n) return nanoseconds;
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const rest = size % unit;
  const rounded = rest * 2n < unit ? size - rest : size + unit - rest;
  return saturate(nanoseconds < 0n ? -rounded : rounded);
}

/** The nearest int64, as Go's durations stop at their limits. */
export function saturate(value: bigint): bigint {
  return value > largest ? largest : value < smallest ? smallest : value;
}

/** A `time.Duration` in a template. */
export class GoDuration extends GoObject {
  readonly goType = "time.Duration";
  readonly goKind: GoKind = "int64";
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = BigInt.asIntN(64, nanoseconds);
  }

  override goString(): string {
    return formatDuration(this.nanoseconds);
  }

  override goUnderlying(): GoValue {
    return int64(this.nanoseconds);
  }

  override goMethod(name: string): GoFunction | undefined {
    return durationMethods[name]?.(this.nanoseconds);
  }
}

/** The nanoseconds of a duration argument, however it arrives. */
export function durationArgument(value: GoValue): bigint {
  return value instanceof GoDuration ? value.nanoseconds : toInt64(value);
}

function inUnit(name: string, unit: bigint): (nanoseconds: bigint) => GoFunction {
  return (nanoseconds) =>
    define(name, "func() float64", () => Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit));
}

function wholeUnits(name: string, unit: bigint): (nanoseconds: bigint) => GoFunction {
  return (nanoseconds) => define(name, "func() int64", () => new GoNumber("int64", nanoseconds / unit));
}

const durationMethods: Readonly<Record<string, (nanoseconds: bigint) => GoFunction>> = Object.assign(
  Object.create(null),
  {
    Hours: inUnit("Hours", 3600n * second),
    Minutes: inUnit("Minutes", 60n * second),
    Seconds: inUnit("Seconds", second),
    Milliseconds: wholeUnits("Milliseconds", 1_000_000n),
    Microseconds: wholeUnits("Microseconds", 1000n),
    Nanoseconds: wholeUnits("Nanoseconds", 1n),
    String: (value: bigint) => define("String", "func() string", () => formatDuration(value)),
    Abs: (value: bigint) =>
      define("Abs", "func() time.Duration", () => new GoDuration(saturate(value < 0n ? -value : value))),
    Round: (value: bigint) =>
      define(
        "Round",
        "func(time.Duration) time.Duration",
        (_, unit: GoValue) => new GoDuration(roundDuration(value, durationArgument(unit))),
      ),
    Truncate: (value: bigint) =>
      define("Truncate", "func(time.Duration) time.Duration", (_, unit: GoValue) => {
        const by = durationArgument(unit);
        return new GoDuration(by <= 0n ? value : value - (value % by));
      }),
  },
);
