import { months, weekdays } from "@tiphys/gotemplate/sprig";
import { compositeFormats } from "./time-format.ts";

/** The parts of a time as read; `offset` is seconds east of UTC. */
export interface ReadTime {
  readonly year: number;
  /** From 1; this and `day` may overflow. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  readonly offset: number;
}

/** The text is not in the format; the message is timefmt-go's. */
export class TimeFormatError extends Error {
  override readonly name = "TimeFormatError";
}

/** Reads a time as strptime does. Source: timefmt-go v0.1.8 parse.go. Throws `TimeFormatError`. */
export function parseTime(source: string, format: string): ReadTime {
  const reader = new Reader(source);
  for (const [, colons = "", name = "", literal = ""] of format.matchAll(/%(:*)([\s\S]?)|([\s\S])/g)) {
    if (literal !== "") reader.literal(literal);
    else if (colons !== "") {
      if (name !== "z" || colons.length > 3) throw new TimeFormatError(`expected 'z' after "%${colons.slice(0, 3)}"`);
      reader.zone(colons.length);
    } else if (name === "") throw new TimeFormatError('stray "%"');
    else reader.directive(name);
  }
  return reader.finish();
}

const range: Readonly<Record<string, readonly [digits: number, least: number, most: number]>> = {
  Y: [4, 0, 9999], G: [4, 0, 9999], y: [2, 0, 99], g: [2, 0, 99], C: [2, 0, 99], m: [2, 1, 12], w: [1, 0, 6], u: [1, 1, 7],
  V: [2, 1, 53], U: [2, 0, 53], W: [2, 0, 53], e: [2, 1, 31], d: [2, 1, 31], j: [3, 1, 366], k: [2, 0, 23], H: [2, 0, 23],
  l: [2, 1, 12], I: [2, 1, 12], M: [2, 0, 59], S: [2, 0, 60], f: [6, 0, 999_999],
}; // prettier-ignore

class Reader {
  private at = 0;
  private parts = { year: 1900, month: 1, day: 0, hour: 0, minute: 0, second: 0, nanosecond: 0, offset: 0 };
  private century = -1;
  private week = 0;
  /** From 1, Sunday; 0 for none. */
  private weekday = 0;
  private dayOfYear = 0;
  /** The day that the weeks of the year are counted by: 0 Sunday, 1 Monday, 4 as ISO does; undefined for none. */
  private weekStart: 0 | 1 | 4 | undefined;
  private isAfternoon = false;
  private hasIsoYear = false;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  literal(char: string): void {
    if (this.source[this.at] !== char) throw new TimeFormatError(`expected ${JSON.stringify(char)}`);
    this.at++;
  }

  directive(name: string): void {
    const composite = compositeFormats[name];
    if (composite !== undefined) {
      for (const part of composite) if (/[A-Za-z]/.test(part)) this.directive(part); else this.literal(part); // prettier-ignore
    } else if (name in range) this.number(name);
    else if (name === "B") this.parts.month = this.oneOf(months, name);
    else if (name === "b" || name === "h")
      this.parts.month = this.oneOf(months.map((month) => month.slice(0, 3)), name); // prettier-ignore
    else if (name === "A") this.weekday = this.oneOf(weekdays, name);
    else if (name === "a")
      this.weekday = this.oneOf(weekdays.map((day) => day.slice(0, 3)), name); // prettier-ignore
    else if (name === "p" || name === "P") this.isAfternoon = this.oneOf(["AM", "PM"], name) === 2;
    else if (name === "s") this.epoch();
    else if (name === "Z") this.zoneName();
    else if (name === "z") this.zone(0);
    else if (name === "t" || name === "n") this.blanks(name);
    else if (name === "%") this.literal("%");
    else throw new TimeFormatError(`unexpected format "%${name}"`);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private digits(name: string): number {
    const [digits, least, most] = range[name] as readonly [number, number, number];
    const found = this.take(new RegExp(`[0-9]{0,${digits}}`, "y"));
    const value = Number(found);
    if (found === "" || value < least || value > most) throw new TimeFormatError(`cannot parse "%${name}"`);
    return value;
  }

  private number(name: string): void {
    if (name === "e" || name === "k" || name === "l") this.take(/ ?/y);
    const sign = "YGC".includes(name) && this.take(/-?/y) === "-" ? -1 : 1;
    if (name === "C" && sign < 0) throw new TimeFormatError('negative century is not supported for "%C"');
    const from = this.at;
    const value = this.digits(name);
    const { parts } = this;
    switch (name) {
      case "G":
      case "Y":
        this.hasIsoYear ||= name === "G";
        parts.year = sign * value;
        break;
      case "g":
      case "y":
        this.hasIsoYear ||= name === "g";
        parts.year = value + (value < 69 ? 2000 : 1900);
        break;
      case "C":
        this.century = value;
        break;
      case "m":
        parts.month = value;
        break;
      case "w":
        this.weekday = value + 1;
        break;
      case "u":
        this.weekday = (value % 7) + 1;
        break;
      case "V":
      case "U":
      case "W":
        this.week = value;
        this.weekStart = name === "V" ? 4 : name === "U" ? 0 : 1;
        this.weekday ||= name === "U" ? 1 : 2;
        break;
      case "e":
      case "d":
        parts.day = value;
        break;
      case "j":
        this.dayOfYear = value;
        break;
      case "f":
        parts.nanosecond = value * 10 ** (6 - (this.at - from)) * 1000;
        break;
      case "M":
        parts.minute = value;
        break;
      case "S":
        parts.second = value;
        break;
      default:
        parts.hour = (name === "I" || name === "l") && value === 12 ? 0 : value;
    }
  }

  private oneOf(candidates: readonly string[], name: string): number {
    const rest = this.source.slice(this.at).toLowerCase();
    const index = candidates.findIndex((candidate) => rest.startsWith(candidate.toLowerCase()));
    if (index < 0) throw new TimeFormatError(`cannot parse "%${name}"`);
    this.at += (candidates[index] as string).length;
    return index + 1;
  }

  private epoch(): void {
    const sign = this.take(/-?/y) === "-" ? -1 : 1;
    const digits = this.take(/[0-9]{1,19}/y);
    if (digits === "") throw new TimeFormatError('cannot parse "%s"');
    // Later directives change single parts of it.
    Object.assign(this.parts, civilTime(sign * Number(digits)));
  }

  /** Names of zones are read but, in UTC, mean nothing: Go gives names that it does not know no offset. */
  private zoneName(): void {
    const name = this.take(/[A-Z]*/y);
    if (!/^(?:[A-Z]{3}|[A-Z]{3}T|WITA|[A-Z]{4}T)$/.test(name) || /^GMT./.test(name))
      throw new TimeFormatError(`cannot parse "${name}" with "%Z"`);
  }

  zone(colons: number): void {
    if (this.source[this.at] === "Z") {
      this.at++;
      this.parts.offset = 0;
      return;
    }
    const colon = colons === 3 ? ":?" : ":";
    const minutes = `${colon}[0-5][0-9]`;
    const seconds = ":[0-5][0-9]";
    const forms = [
      // A colon after the hours asks for minutes and allows seconds.
      `(?::[0-5][0-9](?:${seconds})?|[0-5][0-9]|(?!:))`,
      minutes,
      minutes + seconds,
      `(?:${minutes}(?:${seconds})?|:)?`,
    ];
    const found = this.take(new RegExp(`[+-](?:[01][0-9]|2[0-3])${forms[colons] as string}`, "y"));
    if (found === "") throw new TimeFormatError(`cannot parse "%${":".repeat(colons)}z"`);
    const [hour = 0, minute = 0, second = 0] = (found.match(/[0-9]{2}/g) ?? []).map(Number);
    this.parts.offset = (found.startsWith("-") ? -1 : 1) * ((hour * 60 + minute) * 60 + second);
  }

  private blanks(name: string): void {
    if (this.take(/[ \t\n\v\f\r]*/y) === "") throw new TimeFormatError(`expected a space for "%${name}"`);
  }

  finish(): ReadTime {
    if (this.at < this.source.length)
      throw new TimeFormatError(`unparsed string ${JSON.stringify(this.source.slice(this.at))}`);
    const { parts } = this;
    if (this.isAfternoon) parts.hour += 12;
    if (this.century >= 0) parts.year = this.century * 100 + (parts.year % 100);
    if (parts.day !== 0) return parts;
    if (this.dayOfYear > 0) {
      if (this.hasIsoYear) throw new TimeFormatError('use "%Y" to parse non-ISO year for "%j"');
      return { ...parts, month: 1, day: this.dayOfYear };
    }
    return this.weekStart === undefined ? { ...parts, day: 1 } : { ...parts, month: 1, day: this.dayOfWeek() };
  }

  /** The day, from the first of January, that week and weekday name. */
  private dayOfWeek(): number {
    const weekStart = this.weekStart as 0 | 1 | 4;
    if (weekStart === 4 && !this.hasIsoYear) throw new TimeFormatError('use "%G" to parse ISO year for "%V"');
    if (weekStart !== 4 && this.hasIsoYear)
      throw new TimeFormatError('use "%Y" to parse non-ISO year for "%U" or "%W"');
    const week = weekStart > 0 && this.weekday === 1 ? this.week + 1 : this.week;
    // `Date.UTC` reads years below 100 as of the 20th century; 400 years later the weekdays are the same.
    const start = Date.UTC(2000 + (((this.parts.year % 400) + 400) % 400), 0, -weekStart) / 86_400_000;
    const weekday = (((start + 4) % 7) + 7) % 7;
    return -weekStart + week * 7 - weekday + this.weekday - 1;
  }
}

function civilTime(seconds: number): Partial<ReadTime> {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) throw new TimeFormatError('cannot parse "%s"');
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}
