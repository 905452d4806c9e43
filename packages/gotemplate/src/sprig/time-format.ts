import type { WallClock } from "./go-time.ts";
import { layoutParts, months, weekdays } from "./time-layout.ts";

/** `appendInt` of time/format.go. */
function padded(value: number, width: number): string {
  return (value < 0 ? "-" : "") + String(Math.abs(value)).padStart(width, "0");
}

function zoneOffset(clock: WallClock, part: string): string {
  const seconds = clock.offsetSeconds;
  if (seconds === 0 && part.startsWith("Z")) return "Z";
  // Go divides the offset with its sign, so the minutes are cut towards zero.
  const minutes = Math.abs(Math.trunc(seconds / 60));
  const colon = part.includes(":") ? ":" : "";
  const digits = part.replace(/[^0-9]/g, "").length;
  let out = (Math.trunc(seconds / 60) < 0 ? "-" : "+") + padded(Math.floor(minutes / 60), 2);
  if (digits > 2) out += colon + padded(minutes % 60, 2);
  if (digits > 4) out += colon + padded(Math.abs(seconds) % 60, 2);
  return out;
}

function fraction(nanosecond: number, part: string): string {
  const digits = part.length - 1;
  const trims = part[1] === "9";
  if (trims && nanosecond === 0) return "";
  const shown = padded(nanosecond, 9).slice(0, digits).padEnd(Math.min(digits, 9), "0");
  const text = trims ? shown.replace(/0+$/, "") : shown;
  return text === "" ? "" : part[0]! + text;
}

function hourOf12(hour: number): number {
  return hour % 12 === 0 ? 12 : hour % 12;
}

const formatters: Readonly<Record<string, (clock: WallClock) => string>> = {
  January: (clock) => months[clock.month - 1]!,
  Jan: (clock) => months[clock.month - 1]!.slice(0, 3),
  Monday: (clock) => weekdays[clock.weekday]!,
  Mon: (clock) => weekdays[clock.weekday]!.slice(0, 3),
  MST: (clock) => clock.zoneName || zoneOffset(clock, "-0700"),
  "1": (clock) => padded(clock.month, 0),
  "01": (clock) => padded(clock.month, 2),
  "2": (clock) => padded(clock.day, 0),
  "02": (clock) => padded(clock.day, 2),
  _2: (clock) => String(clock.day).padStart(2),
  __2: (clock) => String(clock.dayOfYear).padStart(3),
  "002": (clock) => padded(clock.dayOfYear, 3),
  "15": (clock) => padded(clock.hour, 2),
  "3": (clock) => padded(hourOf12(clock.hour), 0),
  "03": (clock) => padded(hourOf12(clock.hour), 2),
  "4": (clock) => padded(clock.minute, 0),
  "04": (clock) => padded(clock.minute, 2),
  "5": (clock) => padded(clock.second, 0),
  "05": (clock) => padded(clock.second, 2),
  "06": (clock) => padded(Math.abs(clock.year) % 100, 2),
  "2006": (clock) => padded(clock.year, 4),
  PM: (clock) => (clock.hour >= 12 ? "PM" : "AM"),
  pm: (clock) => (clock.hour >= 12 ? "pm" : "am"),
};

/** `Time.Format` (time/format.go, Go 1.26). */
export function formatTime(clock: WallClock, layout: string): string {
  let out = "";
  for (const { prefix, part } of layoutParts(layout)) {
    out += prefix;
    if (part === "") break;
    const format = formatters[part];
    if (format) out += format(clock);
    else out += /^[.,]/.test(part) ? fraction(clock.nanosecond, part) : zoneOffset(clock, part);
  }
  return out;
}
