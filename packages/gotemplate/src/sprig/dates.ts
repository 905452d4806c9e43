import { define, FunctionError } from "../function.ts";
import { type CallContext, type GoFunction, GoNumber, type GoValue } from "../value.ts";
import { parseInteger } from "./cast.ts";
import { formatDuration, parseDuration, roundDuration } from "./duration.ts";
import { GoTime, timeNow, zeroTime } from "./go-time.ts";
import { parseTime } from "./time-parse.ts";
import { loadTimeZone, localTimeZone, type TimeZone, utc } from "./time-zone.ts";

const second = 1_000_000_000n;

/** A `time.Time`, or seconds since 1970; undefined for what sprig takes for now. */
function momentOf(value: GoValue, zone: TimeZone, integerTypes: readonly string[]): GoTime | undefined {
  if (value instanceof GoTime) return value;
  if (typeof value === "bigint") return new GoTime(value, 0, zone);
  if (value instanceof GoNumber && integerTypes.includes(value.type)) return new GoTime(BigInt(value.value), 0, zone);
  return undefined;
}

function dateInZone(context: CallContext, layout: string, date: GoValue, zoneName: string): string {
  const local = localTimeZone(context.timeZone);
  const moment = momentOf(date, local, ["int64", "int32"]) ?? timeNow(context);
  const zone = zoneName === "Local" ? local : (loadTimeZone(zoneName) ?? utc);
  return moment.in(zone).format(layout);
}

function ago(context: CallContext, date: GoValue): string {
  const now = timeNow(context);
  const moment = momentOf(date, now.zone, ["int64"]) ?? now;
  return formatDuration(roundDuration(now.since(moment), second));
}

function duration(seconds: GoValue): string {
  let count = 0n;
  if (typeof seconds === "string") {
    const parsed = parseInteger(seconds, 10);
    if (typeof parsed === "bigint") count = parsed;
    // ParseInt gives the nearest number together with its error, which sprig ignores.
    else if (parsed === "value out of range") count = seconds.startsWith("-") ? -(1n << 63n) : (1n << 63n) - 1n;
  } else if (seconds instanceof GoNumber && seconds.type === "int64") count = BigInt(seconds.value);
  return formatDuration(BigInt.asIntN(64, count * second));
}

const largeUnits: readonly (readonly [seconds: bigint, name: string])[] = [
  [365n * 86_400n, "y"],
  [30n * 86_400n, "mo"],
  [86_400n, "d"],
  [3600n, "h"],
  [60n, "m"],
  [1n, "s"],
];

function durationRound(context: CallContext, value: GoValue): string {
  let nanoseconds = 0n;
  if (typeof value === "string") nanoseconds = parseDurationQuietly(value);
  else if (value instanceof GoNumber && value.type === "int64") nanoseconds = BigInt(value.value);
  else if (value instanceof GoTime) nanoseconds = timeNow(context).since(value);
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const [seconds, name] of largeUnits) {
    if (size > seconds * second) return `${size / (seconds * second)}${name}`;
  }
  return "0s";
}

function parseDurationQuietly(text: string): bigint {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof FunctionError) return 0n;
    throw error;
  }
}

function modifyQuietly(change: string, date: GoTime): GoTime {
  return date.add(parseDurationQuietly(change));
}

function toDateQuietly(context: CallContext, layout: string, text: string): GoTime {
  try {
    return parseTime(layout, text, localTimeZone(context.timeZone));
  } catch (error) {
    if (error instanceof FunctionError) return zeroTime;
    throw error;
  }
}

function defineModify(name: string, modify: (change: string, date: GoTime) => GoTime): GoFunction {
  return define(name, "func(string, time.Time) time.Time", (_, change: string, date: GoTime) => modify(change, date));
}

function defineInZone(name: string): GoFunction {
  return define(name, "func(string, interface {}, string) string", dateInZone);
}

const mustModify = (change: string, date: GoTime): GoTime => date.add(parseDuration(change));

/** Sprig's dates and durations. From date.go. The clock and the local zone are those of the call's context. */
export const dateFunctions: readonly GoFunction[] = [
  define("now", "func() time.Time", (context) => timeNow(context)),
  define("ago", "func(interface {}) string", ago),
  define("date", "func(string, interface {}) string", (context, layout: string, date: GoValue) =>
    dateInZone(context, layout, date, "Local"),
  ),
  defineInZone("dateInZone"),
  defineInZone("date_in_zone"),
  defineModify("dateModify", modifyQuietly),
  defineModify("date_modify", modifyQuietly),
  defineModify("mustDateModify", mustModify),
  defineModify("must_date_modify", mustModify),
  define("duration", "func(interface {}) string", (_, seconds: GoValue) => duration(seconds)),
  define("durationRound", "func(interface {}) string", durationRound),
  define("htmlDate", "func(interface {}) string", (context, date: GoValue) =>
    dateInZone(context, "2006-01-02", date, "Local"),
  ),
  define("htmlDateInZone", "func(interface {}, string) string", (context, date: GoValue, zone: string) =>
    dateInZone(context, "2006-01-02", date, zone),
  ),
  define("toDate", "func(string, string) time.Time", toDateQuietly),
  define("mustToDate", "func(string, string) time.Time", (context, layout: string, text: string) =>
    parseTime(layout, text, localTimeZone(context.timeZone)),
  ),
  define("unixEpoch", "func(time.Time) string", (_, date: GoTime) => date.seconds.toString()),
];
