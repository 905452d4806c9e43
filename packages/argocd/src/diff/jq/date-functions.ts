import type { GoValue } from "@tiphys/gotemplate";
import { timeFromDate, utc, type GoTime } from "@tiphys/gotemplate/sprig";
import type { ValueFunction } from "./machine.ts";
import { formatTime } from "./time-format.ts";
import { parseTime, TimeFormatError } from "./time-parse.ts";
import { JqError, jqType, preview } from "./value.ts";

/** Times of larger years are refused: far beyond what Go's own arithmetic holds. */
const maxPart = 1e12;

function refuse(name: string, value: GoValue, argument?: GoValue): JqError {
  const shown = argument === undefined ? name : `${name}(${preview(argument)})`;
  return new JqError(`${shown} cannot be applied to: ${jqType(value)} (${preview(value)})`);
}

/** Broken down time: year, month from 0, day, hour, minute, second with its fraction, weekday, day of the year from 0. */
function brokenDown(seconds: number): GoValue[] {
  if (!(Math.abs(seconds) < maxPart)) throw new JqError(`time is out of range: ${seconds}`);
  // gojq cuts the seconds toward zero but takes the fraction from the second below.
  const nanosecond = Math.trunc((seconds - Math.floor(seconds)) * 1e9);
  const parts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: Math.trunc(seconds), nanosecond };
  const clock = timeFromDate(parts, utc).clock();
  const second = clock.second + clock.nanosecond / 1e9;
  return [clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, second, clock.weekday, clock.dayOfYear - 1];
}

function timeOf(list: readonly GoValue[], name: string): GoTime {
  const part = (index: number): number => {
    const value = list[index] ?? (index in list ? null : 0);
    if (typeof value !== "number" || !(Math.abs(value) < maxPart))
      throw new JqError(`${name} cannot be applied to: array (${preview([...list])}): expected an array of 8 numbers`);
    return index === 5 ? value : Math.trunc(value);
  };
  const [year, month, day, hour, minute, seconds] = [0, 1, 2, 3, 4, 5].map(part) as [
    number, number, number, number, number, number,
  ]; // prettier-ignore
  part(6);
  part(7);
  const nanosecond = Math.trunc((seconds - Math.floor(seconds)) * 1e9);
  return timeFromDate({ year, month: month + 1, day, hour, minute, second: Math.trunc(seconds), nanosecond }, utc);
}

function epochOf(time: GoTime): number {
  return Number(time.seconds) + time.nanosecond / 1e9;
}

const gmtime =
  (name: string): ValueFunction =>
  (value) => {
    if (typeof value !== "number") throw refuse(name, value);
    return brokenDown(value);
  };

const strftime =
  (name: string): ValueFunction =>
  (value, [format]) => {
    const list = typeof value === "number" ? brokenDown(value) : value;
    if (!Array.isArray(list) || typeof format !== "string") throw refuse(name, list, format as GoValue);
    return formatTime(timeOf(list, name), format);
  };

function strptime(value: GoValue, format: GoValue): GoValue {
  if (typeof value !== "string" || typeof format !== "string") throw refuse("strptime", value, format);
  try {
    const { offset, ...parts } = parseTime(value, format);
    const time = timeFromDate({ ...parts, second: parts.second - offset }, utc);
    if (time.isZero) throw refuse("strptime", value, format);
    return brokenDown(epochOf(time));
  } catch (error) {
    if (!(error instanceof TimeFormatError)) throw error;
    throw new JqError(`${refuse("strptime", value, format).message}: ${error.message}`);
  }
}

/** By `name/arity`. Local time is UTC: Argo CD's image sets no zone. `now` is not here: nothing offline knows it. */
export const dateFunctions: Readonly<Record<string, ValueFunction>> = {
  "gmtime/0": gmtime("gmtime"),
  "localtime/0": gmtime("localtime"),
  "mktime/0": (value) => {
    if (!Array.isArray(value)) throw refuse("mktime", value);
    return epochOf(timeOf(value, "mktime"));
  },
  "strftime/1": strftime("strftime"),
  "strflocaltime/1": strftime("strflocaltime"),
  "strptime/1": (value, [format]) => strptime(value, format as GoValue),
};
