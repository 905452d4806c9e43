import { FunctionError } from "../function.ts";
import { quoteForTime } from "./duration.ts";
import { GoTime, timeFromDate } from "./go-time.ts";
import { daysInMonth, isLeapYear, layoutParts, months, weekdays } from "./time-layout.ts";
import { fixedZone, type TimeZone, utc } from "./time-zone.ts";

/** What is wrong with the element at hand; Go calls it a bad value. */
class BadValue extends Error {}
/** An element that reads well but is out of its range, by name. */
class OutOfRange extends Error {}

class TimeParser {
  private readonly layout: string;
  private readonly value: string;
  private rest: string;
  private year = 0;
  private month = -1;
  private day = -1;
  private dayOfYear = -1;
  private hour = 0;
  private minute = 0;
  private second = 0;
  private nanosecond = 0;
  private isMorning = false;
  private isAfternoon = false;
  private isUtc = false;
  private zoneOffset: number | undefined;
  private zoneName = "";

  constructor(layout: string, value: string) {
    this.layout = layout;
    this.value = value;
    this.rest = value;
  }

  parse(local: TimeZone): GoTime {
    const parts = layoutParts(this.layout);
    for (const [index, { prefix, part }] of parts.entries()) {
      if (!this.skip(prefix)) throw this.mismatch(prefix, this.rest);
      if (part !== "") this.readElement(part, parts[index + 1]?.part ?? "");
    }
    if (this.rest !== "") throw this.failure(`: extra text: ${quoteForTime(this.rest)}`);
    if (this.isAfternoon && this.hour < 12) this.hour += 12;
    else if (this.isMorning && this.hour === 12) this.hour = 0;
    this.settleDate();
    return this.settleZone(local);
  }

  private readElement(part: string, next: string): void {
    const hold = this.rest;
    try {
      this.read(part, next);
    } catch (error) {
      if (error instanceof OutOfRange) throw this.failure(`: ${error.message} out of range`);
      if (error instanceof BadValue) throw this.mismatch(part, hold);
      throw error;
    }
  }

  private mismatch(part: string, rest: string): FunctionError {
    return new FunctionError(
      `parsing time ${quoteForTime(this.value)} as ${quoteForTime(this.layout)}: ` +
        `cannot parse ${quoteForTime(rest)} as ${quoteForTime(part)}`,
    );
  }

  private failure(message: string): FunctionError {
    return new FunctionError(`parsing time ${quoteForTime(this.value)}${message}`);
  }

  /** Passes over literal text; a run of spaces in the layout matches any run in the value. */
  private skip(prefix: string): boolean {
    for (let at = 0; at < prefix.length;) {
      if (prefix[at] === " ") {
        if (this.rest !== "" && this.rest[0] !== " ") return false;
        while (prefix[at] === " ") at++;
        this.rest = this.rest.replace(/^ +/, "");
        continue;
      }
      if (this.rest[0] !== prefix[at]) return false;
      this.rest = this.rest.slice(1);
      at++;
    }
    return true;
  }

  private take(count: number): string {
    if (this.rest.length < count) throw new BadValue();
    const taken = this.rest.slice(0, count);
    this.rest = this.rest.slice(count);
    return taken;
  }

  private takeMatch(pattern: RegExp): string {
    const match = pattern.exec(this.rest);
    if (!match) throw new BadValue();
    return this.take(match[0].length);
  }

  private number(twoDigits: boolean): number {
    return Number(this.takeMatch(twoDigits ? /^[0-9]{2}/ : /^[0-9]{1,2}/));
  }

  private name(names: readonly string[], length?: number): number {
    const lower = this.rest.toLowerCase();
    const index = names.findIndex((name) => lower.startsWith(name.slice(0, length).toLowerCase()));
    if (index < 0) throw new BadValue();
    this.rest = this.rest.slice(names[index]!.slice(0, length).length);
    return index;
  }

  private read(part: string, next: string): void {
    switch (part) {
      case "2006":
        this.year = Number(this.takeMatch(/^[0-9]{4}/));
        return;
      case "06": {
        const sign = this.take(2);
        // Go reads these with Atoi, which lets a sign pass.
        if (!/^[0-9+-][0-9]$/.test(sign)) throw new BadValue();
        this.year = Number(sign);
        this.year += this.year >= 69 ? 1900 : 2000;
        return;
      }
      case "Jan":
        this.month = this.name(months, 3) + 1;
        return;
      case "January":
        this.month = this.name(months) + 1;
        return;
      case "Mon":
        this.name(weekdays, 3);
        return;
      case "Monday":
        this.name(weekdays);
        return;
      case "PM":
      case "pm":
        return this.readHalf(part);
      case "MST":
        return this.readZoneName();
      default:
        return this.readNumeric(part, next);
    }
  }

  private readNumeric(part: string, next: string): void {
    switch (part) {
      case "1":
      case "01":
        this.month = this.number(part === "01");
        if (this.month <= 0 || this.month > 12) throw new OutOfRange("month");
        return;
      case "2":
      case "_2":
      case "02":
        if (part === "_2" && this.rest[0] === " ") this.rest = this.rest.slice(1);
        this.day = this.number(part === "02");
        return;
      case "__2":
      case "002":
        if (part === "__2") this.rest = this.rest.replace(/^ {1,2}/, "");
        this.dayOfYear = Number(this.takeMatch(part === "002" ? /^[0-9]{3}/ : /^[0-9]{1,3}/));
        return;
      case "15":
        this.hour = this.number(false);
        if (this.hour > 23) throw new OutOfRange("hour");
        return;
      case "3":
      case "03":
        this.hour = this.number(part === "03");
        if (this.hour > 12) throw new OutOfRange("hour");
        return;
      case "4":
      case "04":
        this.minute = this.number(part === "04");
        if (this.minute > 59) throw new OutOfRange("minute");
        return;
      case "5":
      case "05":
        return this.readSecond(part, next);
      default:
        return /^[.,]/.test(part) ? this.readFraction(part) : this.readOffset(part);
    }
  }

  private readSecond(part: string, next: string): void {
    this.second = this.number(part === "05");
    if (this.second > 59) throw new OutOfRange("second");
    // A fraction is read even where the layout has none.
    if (/^[.,][0-9]/.test(this.rest) && !/^[.,]/.test(next)) {
      this.nanosecond = fractionToNanoseconds(this.takeMatch(/^[.,][0-9]+/));
    }
  }

  private readFraction(part: string): void {
    if (part[1] === "9") {
      if (/^[.,][0-9]/.test(this.rest)) this.nanosecond = fractionToNanoseconds(this.takeMatch(/^[.,][0-9]+/));
      return;
    }
    this.nanosecond = fractionToNanoseconds(this.take(part.length));
  }

  private readHalf(part: string): void {
    const half = this.take(2);
    const [morning, afternoon] = part === "PM" ? ["AM", "PM"] : ["am", "pm"];
    if (half === afternoon) this.isAfternoon = true;
    else if (half === morning) this.isMorning = true;
    else throw new BadValue();
  }

  private readOffset(part: string): void {
    if (part.startsWith("Z") && this.rest.startsWith("Z")) {
      this.rest = this.rest.slice(1);
      this.isUtc = true;
      return;
    }
    const text = this.take(part.length);
    const colons = part.includes(":") ? [3, 6].filter((at) => at < part.length) : [];
    if (colons.some((at) => text[at] !== ":")) throw new BadValue();
    const fields = part.slice(1).replaceAll(":", "").length / 2;
    const width = colons.length > 0 ? 3 : 2;
    const numbers: number[] = [];
    for (let i = 0; i < fields; i++) {
      const field = text.slice(1 + i * width, 3 + i * width);
      if (!/^[0-9]{2}$/.test(field)) break;
      numbers.push(Number(field));
    }
    const [hours = 0, minutes = 0, seconds = 0] = numbers;
    // Out of range is said before bad, and of the last number that is.
    if (seconds > 60) throw new OutOfRange("time zone offset second");
    if (minutes > 60) throw new OutOfRange("time zone offset minute");
    if (hours > 24) throw new OutOfRange("time zone offset hour");
    if (numbers.length < fields || (text[0] !== "+" && text[0] !== "-")) throw new BadValue();
    const offset = (hours * 60 + minutes) * 60 + seconds;
    this.zoneOffset = text[0] === "-" ? -offset : offset;
  }

  private readZoneName(): void {
    if (this.rest.startsWith("UTC")) {
      this.rest = this.rest.slice(3);
      this.isUtc = true;
      return;
    }
    const length = zoneNameLength(this.rest);
    if (length === 0) throw new BadValue();
    this.zoneName = this.take(length);
  }

  private settleDate(): void {
    if (this.dayOfYear >= 0) this.settleDayOfYear();
    else {
      if (this.month < 0) this.month = 1;
      if (this.day < 0) this.day = 1;
    }
    if (this.day < 1 || this.day > daysInMonth(this.month, this.year)) throw this.failure(": day out of range");
  }

  private settleDayOfYear(): void {
    const last = isLeapYear(this.year) ? 366 : 365;
    if (this.dayOfYear < 1 || this.dayOfYear > last) throw this.failure(": day-of-year out of range");
    let month = 1;
    let day = this.dayOfYear;
    for (; day > daysInMonth(month, this.year); month++) day -= daysInMonth(month, this.year);
    if (this.month >= 0 && this.month !== month) throw this.failure(": day-of-year does not match month");
    if (this.day >= 0 && this.day !== day) throw this.failure(": day-of-year does not match day");
    this.month = month;
    this.day = day;
  }

  private settleZone(local: TimeZone): GoTime {
    const { year, month, day, hour, minute, second, nanosecond } = this;
    const date = { year, month, day, hour, minute, second, nanosecond };
    if (this.isUtc) return timeFromDate(date, utc);
    if (this.zoneOffset !== undefined) {
      const moment = timeFromDate(date, utc).add(BigInt(-this.zoneOffset) * 1_000_000_000n);
      const inForce = local.lookup(Number(moment.seconds));
      const isLocal = inForce.seconds === this.zoneOffset && (this.zoneName === "" || inForce.name === this.zoneName);
      return moment.in(isLocal ? local : fixedZone(this.zoneName, this.zoneOffset));
    }
    if (this.zoneName === "") return timeFromDate(date, local);
    return this.settleNamedZone(timeFromDate(date, utc), local);
  }

  private settleNamedZone(moment: GoTime, local: TimeZone): GoTime {
    const named = local.abbreviations.filter((zone) => zone.name === this.zoneName);
    const inForce = named.find((zone) => local.lookup(Number(moment.seconds) - zone.seconds).name === zone.name);
    const found = inForce ?? named[0];
    if (found) return moment.add(BigInt(-found.seconds) * 1_000_000_000n).in(local);
    // An abbreviation that means nothing here keeps its name and the clock it came with.
    const hours = this.zoneName.startsWith("GMT") ? Number(this.zoneName.slice(3)) : 0;
    return moment.in(fixedZone(this.zoneName, hours * 3600));
  }
}

/** `parseNanoseconds`: at most nine digits count. */
function fractionToNanoseconds(text: string): number {
  if (!/^[.,][0-9]*$/.test(text)) throw new BadValue();
  return Number(text.slice(1, 10).padEnd(9, "0"));
}

/** `parseTimeZone`: how many bytes at the start look like a zone abbreviation. */
function zoneNameLength(text: string): number {
  if (text.length < 3) return 0;
  if (text.startsWith("ChST") || text.startsWith("MeST")) return 4;
  if (text.startsWith("GMT")) return 3 + signedOffsetLength(text.slice(3));
  if (text[0] === "+" || text[0] === "-") return signedOffsetLength(text);
  const upper = /^[A-Z]{0,6}/.exec(text)![0].length;
  if (upper === 5) return text[4] === "T" ? 5 : 0;
  if (upper === 4) return text[3] === "T" || text.startsWith("WITA") ? 4 : 0;
  return upper === 3 ? 3 : 0;
}

function signedOffsetLength(text: string): number {
  const match = /^[+-]([0-9]+)/.exec(text);
  return match && Number(match[1]) <= 23 ? match[0].length : 0;
}

/** `time.ParseInLocation` (time/format.go, Go 1.26). Throws FunctionError with Go's text. */
export function parseTime(layout: string, value: string, local: TimeZone): GoTime {
  return new TimeParser(layout, value).parse(local);
}
