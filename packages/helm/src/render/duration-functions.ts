import {
  define,
  formatFloat,
  FunctionError,
  goKind,
  GoNumber,
  GoObject,
  goTypeName,
  int64,
  quoteGo,
  type GoFunction,
  type GoValue,
} from "@tiphys/gotemplate";
import { GoDuration, parseDuration } from "@tiphys/gotemplate/sprig";

/* The duration functions of pkg/engine/funcs.go (Helm 4.3.1). Durations are whole nanoseconds. */

const second = 1_000_000_000n;
const minute = 60n * second;
const hour = 60n * minute;
const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);

/** Whole units and the rest apart, as Go's Seconds(), Minutes() and Hours() divide. */
function inUnit(nanoseconds: bigint, unit: bigint): number {
  return Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit);
}

/** `asDuration`. Throws `FunctionError`. */
function asDuration(value: GoValue): bigint {
  if (value instanceof GoDuration) return value.nanoseconds;
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
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
  }
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
    throw new FunctionError(
      `invalid duration seconds: ${Number.isNaN(seconds) ? "NaN" : seconds > 0 ? "+Inf" : "-Inf"}`,
    );
  }
  const limit = Number(maxInt64) / 1e9;
  if (seconds > limit || seconds < -limit)
    throw new FunctionError(`duration seconds overflow: ${formatFloat(seconds)}`);
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
  return define(name, "func(interface {}) float64", (_context, value: GoValue) =>
    orZero(0, () => convert(asDuration(value))),
  );
}

function int64Function(name: string, unit: bigint): GoFunction {
  return define(name, "func(interface {}) int64", (_context, value: GoValue) =>
    int64(orZero(0n, () => asDuration(value) / unit)),
  );
}

function multipleFunction(name: string, apply: (value: bigint, multiple: bigint) => bigint): GoFunction {
  return define(
    name,
    "func(interface {}, interface {}) time.Duration",
    (_context, value: GoValue, multiple: GoValue) => {
      const duration = orZero<bigint | undefined>(undefined, () => asDuration(value));
      if (duration === undefined) return new GoDuration(0n);
      const step = orZero<bigint | undefined>(undefined, () => asDuration(multiple));
      return new GoDuration(step === undefined ? duration : apply(duration, step));
    },
  );
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

const hours = (nanoseconds: bigint): number => inUnit(nanoseconds, hour);

/** The functions that Helm 4.3 added. */
export const durationFunctions: readonly GoFunction[] = [
  define(
    "mustToDuration",
    "func(interface {}) time.Duration",
    (_context, value: GoValue) => new GoDuration(asDuration(value)),
  ),
  floatFunction("durationSeconds", (nanoseconds) => inUnit(nanoseconds, second)),
  int64Function("durationMilliseconds", 1_000_000n),
  int64Function("durationMicroseconds", 1_000n),
  int64Function("durationNanoseconds", 1n),
  floatFunction("durationMinutes", (nanoseconds) => inUnit(nanoseconds, minute)),
  floatFunction("durationHours", hours),
  floatFunction("durationDays", (nanoseconds) => hours(nanoseconds) / 24),
  floatFunction("durationWeeks", (nanoseconds) => hours(nanoseconds) / 24 / 7),
  multipleFunction("durationRoundTo", round),
  multipleFunction("durationTruncateTo", truncate),
];
