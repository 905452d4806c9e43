import { define, FunctionError } from "../function.ts";
import { type CallContext, type GoFunction, type GoKind, GoObject, type GoValue, int64 } from "../value.ts";
import { durationArgument, GoDuration, saturate } from "./duration.ts";
import type { JsonMarshaler } from "./json-encode.ts";
import { quoteJson } from "./json-encode.ts";
import { formatTime } from "./time-format.ts";
import { civilFromDays, daysFromCivil, months, weekdays } from "./time-layout.ts";
import { localTimeZone, type TimeZone, utc } from "./time-zone.ts";

const second = 1_000_000_000n;

/** A moment as the clock on the wall of its zone shows it. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 is the first of January. */
  readonly dayOfYear: number;
  readonly zoneName: string;
  readonly offsetSeconds: number;
}

/** Seconds since 1970 of the zero `time.Time`: year 1, UTC. */
const zeroSeconds = -62_135_596_800n;

/** Go counts seconds unsigned from the first of January of the year -292277022399; what lies before comes out far in the future. */
const firstSecond = -9_223_371_966_579_724_800n;

function wrapped(seconds: bigint): bigint {
  return seconds < firstSecond ? seconds + (1n << 64n) : seconds;
}

/** A `time.Time`. */
export class GoTime extends GoObject implements JsonMarshaler {
  readonly goType: string = "time.Time";
  readonly goKind: GoKind = "struct";
  /** Seconds since 1970 UTC. */
  readonly seconds: bigint;
  readonly nanosecond: number;
  readonly zone: TimeZone;
  private wall: WallClock | undefined;

  constructor(seconds: bigint, nanosecond: number, zone: TimeZone) {
    super();
    this.seconds = seconds;
    this.nanosecond = nanosecond;
    this.zone = zone;
  }

  get isZero(): boolean {
    return this.seconds === zeroSeconds && this.nanosecond === 0;
  }

  /** Nanoseconds since 1970; not wrapped. */
  get unixNanoseconds(): bigint {
    return this.seconds * second + BigInt(this.nanosecond);
  }

  in(zone: TimeZone): GoTime {
    return new GoTime(this.seconds, this.nanosecond, zone);
  }

  add(nanoseconds: bigint): GoTime {
    return timeFromNanoseconds(this.unixNanoseconds + nanoseconds, this.zone);
  }

  /** Nanoseconds from `other` to this, at most what a Duration holds. */
  since(other: GoTime): bigint {
    return saturate(this.unixNanoseconds - other.unixNanoseconds);
  }

  clock(): WallClock {
    if (this.wall) return this.wall;
    const offset = this.zone.lookup(Number(this.seconds));
    const local = wrapped(this.seconds) + BigInt(offset.seconds);
    const ofDay = Number(((local % 86_400n) + 86_400n) % 86_400n);
    const days = Number((local - BigInt(ofDay)) / 86_400n);
    const date = civilFromDays(days);
    this.wall = {
      ...date,
      hour: Math.floor(ofDay / 3600),
      minute: Math.floor(ofDay / 60) % 60,
      second: ofDay % 60,
      nanosecond: this.nanosecond,
      weekday: (((days + 4) % 7) + 7) % 7,
      dayOfYear: days - daysFromCivil(date.year, 1, 1) + 1,
      zoneName: offset.name,
      offsetSeconds: offset.seconds,
    };
    return this.wall;
  }

  format(layout: string): string {
    return formatTime(this.clock(), layout);
  }

  override goString(): string {
    return this.format("2006-01-02 15:04:05.999999999 -0700 MST");
  }

  goMarshalJson(): string {
    const { year } = this.clock();
    if (year < 0 || year > 9999) {
      throw new FunctionError(
        "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]",
      );
    }
    return quoteJson(this.format("2006-01-02T15:04:05.999999999Z07:00"));
  }

  override goMethod(name: string): GoFunction | undefined {
    return timeMethods[name]?.(this);
  }
}

/** The zero `time.Time`. */
export const zeroTime: GoTime = new GoTime(zeroSeconds, 0, utc);

function timeFromNanoseconds(nanoseconds: bigint, zone: TimeZone): GoTime {
  const rest = ((nanoseconds % second) + second) % second;
  return new GoTime((nanoseconds - rest) / second, Number(rest), zone);
}

/** The moment of a context, in its local zone. */
export function timeNow(context: CallContext): GoTime {
  context.onClock?.();
  return timeFromNanoseconds(BigInt(Math.trunc(context.now * 1000)) * 1000n, localTimeZone(context.timeZone));
}

/** The parts that make a moment; each may overflow into the next larger one. */
export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

/** `time.Date`. */
export function timeFromDate(parts: DateParts, zone: TimeZone): GoTime {
  const days = daysFromCivil(parts.year, parts.month, 1) + parts.day - 1;
  const wall = days * 86_400 + parts.hour * 3600 + parts.minute * 60 + parts.second;
  let { seconds } = zone.lookup(wall);
  if (seconds !== 0) ({ seconds } = zone.lookup(wall - seconds));
  return new GoTime(BigInt(wall - seconds), parts.nanosecond, zone);
}

/** A `time.Month` or `time.Weekday`: an int with a name. */
class NamedInteger extends GoObject {
  readonly goType: string;
  readonly goKind: GoKind = "int";
  private readonly number: number;
  private readonly text: string;

  constructor(goType: string, number: number, text: string) {
    super();
    this.goType = goType;
    this.number = number;
    this.text = text;
  }

  override goString(): string {
    return this.text;
  }

  override goUnderlying(): GoValue {
    return BigInt(this.number);
  }

  override goMethod(name: string): GoFunction | undefined {
    return name === "String" ? define("String", "func() string", () => this.text) : undefined;
  }
}

/** A `*time.Location`. */
class Location extends GoObject {
  readonly goType = "*time.Location";
  readonly goKind: GoKind = "ptr";
  readonly zone: TimeZone;

  constructor(zone: TimeZone) {
    super();
    this.zone = zone;
  }

  override goString(): string {
    return this.zone.name;
  }

  override goMethod(name: string): GoFunction | undefined {
    return name === "String" ? define("String", "func() string", () => this.zone.name) : undefined;
  }
}

type Method = (time: GoTime) => GoFunction;

function getter(name: string, type: string, get: (time: GoTime, context: CallContext) => GoValue): Method {
  return (time) => define(name, `func() ${type}`, (context) => get(time, context));
}

function clockGetter(name: string, get: (clock: WallClock) => number): Method {
  return getter(name, "int", (time) => BigInt(get(time.clock())));
}

function comparison(name: string, holds: (order: bigint) => boolean): Method {
  return (time) =>
    define(name, "func(time.Time) bool", (_, other: GoTime) => holds(time.unixNanoseconds - other.unixNanoseconds));
}

/** `Time.Round` and `Time.Truncate` count from the zero time. */
function toMultiple(time: GoTime, unit: bigint, rounds: boolean): GoTime {
  if (unit <= 0n) return time;
  const zero = zeroSeconds * second;
  const sinceZero = time.unixNanoseconds - zero;
  const rest = ((sinceZero % unit) + unit) % unit;
  const up = rounds && rest * 2n >= unit;
  return time.add(up ? unit - rest : -rest);
}

function addDate(time: GoTime, years: bigint, monthCount: bigint, days: bigint): GoTime {
  const clock = time.clock();
  const date = {
    ...clock,
    year: clock.year + Number(years),
    month: clock.month + Number(monthCount),
    day: clock.day + Number(days),
  };
  return timeFromDate(date, time.zone);
}

const timeMethods: Readonly<Record<string, Method>> = Object.assign(Object.create(null), {
  Year: clockGetter("Year", (clock) => clock.year),
  Day: clockGetter("Day", (clock) => clock.day),
  Hour: clockGetter("Hour", (clock) => clock.hour),
  Minute: clockGetter("Minute", (clock) => clock.minute),
  Second: clockGetter("Second", (clock) => clock.second),
  Nanosecond: clockGetter("Nanosecond", (clock) => clock.nanosecond),
  YearDay: clockGetter("YearDay", (clock) => clock.dayOfYear),
  Month: getter("Month", "time.Month", (time) => {
    const { month } = time.clock();
    return new NamedInteger("time.Month", month, months[month - 1]!);
  }),
  Weekday: getter("Weekday", "time.Weekday", (time) => {
    const { weekday } = time.clock();
    return new NamedInteger("time.Weekday", weekday, weekdays[weekday]!);
  }),
  Unix: getter("Unix", "int64", (time) => int64(time.seconds)),
  UnixMilli: getter("UnixMilli", "int64", (time) =>
    int64(time.seconds * 1000n + BigInt(Math.trunc(time.nanosecond / 1e6))),
  ),
  UnixMicro: getter("UnixMicro", "int64", (time) =>
    int64(time.seconds * 1_000_000n + BigInt(Math.trunc(time.nanosecond / 1e3))),
  ),
  UnixNano: getter("UnixNano", "int64", (time) => int64(time.unixNanoseconds)),
  IsZero: getter("IsZero", "bool", (time) => time.isZero),
  String: getter("String", "string", (time) => time.goString()),
  UTC: getter("UTC", "time.Time", (time) => time.in(utc)),
  Local: getter("Local", "time.Time", (time, context) => time.in(localTimeZone(context.timeZone))),
  Location: getter("Location", "*time.Location", (time) => new Location(time.zone)),
  In: (time: GoTime) => define("In", "func(*time.Location) time.Time", (_, place: Location) => time.in(place.zone)),
  Format: (time: GoTime) => define("Format", "func(string) string", (_, layout: string) => time.format(layout)),
  Add: (time: GoTime) =>
    define("Add", "func(time.Duration) time.Time", (_, duration: GoValue) => time.add(durationArgument(duration))),
  AddDate: (time: GoTime) =>
    define("AddDate", "func(int, int, int) time.Time", (_, years: bigint, monthCount: bigint, days: bigint) =>
      addDate(time, years, monthCount, days),
    ),
  Sub: (time: GoTime) =>
    define("Sub", "func(time.Time) time.Duration", (_, other: GoTime) => new GoDuration(time.since(other))),
  Round: (time: GoTime) =>
    define("Round", "func(time.Duration) time.Time", (_, unit: GoValue) =>
      toMultiple(time, durationArgument(unit), true),
    ),
  Truncate: (time: GoTime) =>
    define("Truncate", "func(time.Duration) time.Time", (_, unit: GoValue) =>
      toMultiple(time, durationArgument(unit), false),
    ),
  Compare: (time: GoTime) =>
    define("Compare", "func(time.Time) int", (_, other: GoTime) => {
      const order = time.unixNanoseconds - other.unixNanoseconds;
      return order < 0n ? -1n : order > 0n ? 1n : 0n;
    }),
  After: comparison("After", (order) => order > 0n),
  Before: comparison("Before", (order) => order < 0n),
  Equal: comparison("Equal", (order) => order === 0n),
});
