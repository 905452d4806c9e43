import { define, formatFloat, FunctionError, goKind, GoNumber, GoObject, goTypeName, int64, quoteGo, type GoFunction, type GoKind, type GoValue } from "@tiphys/gotemplate";

/* The duration functions of pkg/engine/funcs.go (Helm 4.3.1). Durations are whole nanoseconds. */

const nanosecondsOf: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\xc2\xb5s": 1_000n,
  "\xce\xbcs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const second = 1_000_000_000n;
const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);

/** A `time.Duration`. */
export class Duration extends GoObject {
  readonly goType = "time.Duration";
  readonly goKind: GoKind = "int64";
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = BigInt.asIntN(64, nanoseconds);
  }
  override goUnderlying(): GoValue {
    return int64(this.nanoseconds);
  }
  override goString(): string {
    return formatDuration(this.nanoseconds);
  }
  override goMethod(name: string): GoFunction | undefined {
    const { nanoseconds } = this;
    switch (name) {
      case "String":
        return define(name, "func() string", () => this.goString());
      case "Hours":
      case "Minutes":
      case "Seconds": {
        const unit = name === "Hours" ? "h" : name === "Minutes" ? "m" : "s";
        return define(name, "func() float64", () => inUnit(nanoseconds, nanosecondsOf[unit]!));
      }
      case "Milliseconds":
        return define(name, "func() int64", () => int64(nanoseconds / 1_000_000n));
      case "Microseconds":
        return define(name, "func() int64", () => int64(nanoseconds / 1_000n));
      case "Nanoseconds":
        return define(name, "func() int64", () => int64(nanoseconds));
      case "Abs":
        return define(name, "func() time.Duration", () => new Duration(absolute(nanoseconds)));
      default:
        return undefined;
    }
  }
}

function absolute(value: bigint): bigint {
  return value >= 0n ? value : value === minInt64 ? maxInt64 : -value;
}

/** Whole units and the rest apart, as Go's Seconds(), Minutes() and Hours() divide. */
function inUnit(nanoseconds: bigint, unit: bigint): number {
  return Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit);
}

/** `Duration.String()`. */
function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (value < 1_000n) return `${sign}${value}ns`;
  if (value < 1_000_000n) return `${sign}${fraction(value, 3)}\xc2\xb5s`;
  if (value < second) return `${sign}${fraction(value, 6)}ms`;
  const hours = value / nanosecondsOf["h"]!;
  const minutes = (value % nanosecondsOf["h"]!) / nanosecondsOf["m"]!;
  let text = `${fraction(value % nanosecondsOf["m"]!, 9)}s`;
  if (hours > 0n || minutes > 0n) text = `${minutes}m${text}`;
  if (hours > 0n) text = `${hours}h${text}`;
  return sign + text;
}

function fraction(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const rest = String(value % unit).padStart(digits, "0").replace(/0+$/, "");
  return rest === "" ? String(value / unit) : `${value / unit}.${rest}`;
}

/** `time.ParseDuration`; undefined where it fails. */
function parseDuration(text: string): bigint | undefined {
  const match = /^([+-]?)(.*)$/s.exec(text)!;
  const body = match[2]!;
  if (body === "0") return 0n;
  if (body === "") return undefined;
  let total = 0n;
  let at = 0;
  while (at < body.length) {
    const part = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]+)/.exec(body.slice(at));
    if (!part || (part[1] === "" && (part[2] ?? "") === "")) return undefined;
    const unit = Object.hasOwn(nanosecondsOf, part[3]!) ? nanosecondsOf[part[3]!] : undefined;
    if (unit === undefined) return undefined;
    total += BigInt(part[1] || "0") * unit;
    const digits = (part[2] ?? "").slice(0, 18);
    if (digits !== "") total += BigInt(Math.trunc(Number(digits) * (Number(unit) / 10 ** digits.length)));
    if (total > maxInt64 + 1n) return undefined;
    at += part[0].length;
  }
  if (match[1] === "-") return -total;
  return total > maxInt64 ? undefined : total;
}

/** `asDuration`. Throws `FunctionError`. */
function asDuration(value: GoValue): bigint {
  if (value instanceof Duration) return value.nanoseconds;
  if (value === null) throw new FunctionError("invalid duration");
  if (typeof value === "string") return textDuration(value);
  if (typeof value === "bigint") return wholeSeconds(value);
  if (typeof value === "number") return floatSeconds(value);
  if (value instanceof GoNumber) {
    return typeof value.value === "bigint" ? wholeSeconds(value.value) : floatSeconds(value.value);
  }
  if (value instanceof GoObject && goKind(value) === "int64") {
    const underlying = value.goUnderlying();
    if (underlying instanceof GoNumber && typeof underlying.value === "bigint") return wholeSeconds(underlying.value);
  }
  throw new FunctionError(`unsupported duration type ${goTypeName(value)}`);
}

function textDuration(value: string): bigint {
  const text = value.trim();
  if (text === "") throw new FunctionError("empty duration");
  const parsed = parseDuration(text);
  if (parsed !== undefined) return parsed;
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return floatSeconds(Number(text));
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return floatSeconds(text.startsWith("-") ? -Infinity : Infinity);
  if (/^nan$/i.test(text)) return floatSeconds(Number.NaN);
  throw new FunctionError(`could not parse duration ${quoteGo(value)}`);
}

function wholeSeconds(seconds: bigint): bigint {
  if (seconds > maxInt64 / second || seconds < minInt64 / second) {
    throw new FunctionError(`duration seconds overflow: ${seconds}`);
  }
  return seconds * second;
}

function floatSeconds(seconds: number): bigint {
  if (!Number.isFinite(seconds)) {
    throw new FunctionError(`invalid duration seconds: ${Number.isNaN(seconds) ? "NaN" : seconds > 0 ? "+Inf" : "-Inf"}`);
  }
  const limit = Number(maxInt64) / 1e9;
  if (seconds > limit || seconds < -limit) throw new FunctionError(`duration seconds overflow: ${formatFloat(seconds)}`);
  const nanoseconds = BigInt(Math.trunc(seconds * 1e9));
  return nanoseconds > maxInt64 ? minInt64 : nanoseconds;
}

function orZero<Result>(zero: Result, compute: () => Result): Result {
  try {
    return compute();
  } catch (error) {
    if (error instanceof FunctionError) return zero;
    throw error;
  }
}

function floatFunction(name: string, convert: (nanoseconds: bigint) => number): GoFunction {
  return define(name, "func(interface {}) float64", (_context, value: GoValue) => orZero(0, () => convert(asDuration(value))));
}

function int64Function(name: string, unit: bigint): GoFunction {
  return define(name, "func(interface {}) int64", (_context, value: GoValue) =>
    int64(orZero(0n, () => asDuration(value) / unit)),
  );
}

function multipleFunction(name: string, apply: (value: bigint, multiple: bigint) => bigint): GoFunction {
  return define(name, "func(interface {}, interface {}) time.Duration", (_context, value: GoValue, multiple: GoValue) => {
    const duration = orZero<bigint | undefined>(undefined, () => asDuration(value));
    if (duration === undefined) return new Duration(0n);
    const step = orZero<bigint | undefined>(undefined, () => asDuration(multiple));
    return new Duration(step === undefined ? duration : apply(duration, step));
  });
}

/** `Duration.Round`: to the nearest multiple, halves away from zero, saturating. */
function round(value: bigint, multiple: bigint): bigint {
  if (multiple <= 0n) return value;
  const rest = value % multiple;
  if (value < 0n) {
    if (-rest + -rest < multiple) return value - rest;
    const rounded = value - multiple - rest;
    return rounded < minInt64 ? minInt64 : rounded;
  }
  if (rest + rest < multiple) return value - rest;
  const rounded = value + multiple - rest;
  return rounded > maxInt64 ? maxInt64 : rounded;
}

function truncate(value: bigint, multiple: bigint): bigint {
  return multiple <= 0n ? value : value - (value % multiple);
}

const hours = (nanoseconds: bigint): number => inUnit(nanoseconds, nanosecondsOf["h"]!);

/** The functions that Helm 4.3 added. */
export const durationFunctions: readonly GoFunction[] = [
  define("mustToDuration", "func(interface {}) time.Duration", (_context, value: GoValue) => new Duration(asDuration(value))),
  floatFunction("durationSeconds", (nanoseconds) => inUnit(nanoseconds, second)),
  int64Function("durationMilliseconds", 1_000_000n),
  int64Function("durationMicroseconds", 1_000n),
  int64Function("durationNanoseconds", 1n),
  floatFunction("durationMinutes", (nanoseconds) => inUnit(nanoseconds, nanosecondsOf["m"]!)),
  floatFunction("durationHours", hours),
  floatFunction("durationDays", (nanoseconds) => hours(nanoseconds) / 24),
  floatFunction("durationWeeks", (nanoseconds) => hours(nanoseconds) / 24 / 7),
  multipleFunction("durationRoundTo", round),
  multipleFunction("durationTruncateTo", truncate),
];
