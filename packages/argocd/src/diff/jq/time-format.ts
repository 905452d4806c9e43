import { type GoTime, months, weekdays } from "@tiphys/gotemplate/sprig";

/** timefmt-go v0.1.8 as gojq v0.12.19 uses it, for times in UTC: the part of strftime that gojq knows. */

/** Directives that stand for others; what is no directive in them is text. */
export const compositeFormats: Readonly<Record<string, string>> = {
  c: "a b e H:M:S Y", "+": "a b e H:M:S Z Y", v: "e-b-Y", r: "I:M:S p", F: "Y-m-d", D: "m/d/y", x: "m/d/y",
  T: "H:M:S", X: "H:M:S", R: "H:M",
}; // prettier-ignore

/** Wider fields than this are cut. */
const maxWidth = 1024;

interface Field {
  readonly width: number;
  /** The pad; empty for none. */
  readonly pad: string;
  /** Asked for with `_`, `0` or `-`; else the directive's own pad is taken. */
  readonly isExplicit: boolean;
  readonly upper: boolean;
  readonly swap: boolean;
}

type WallClock = ReturnType<GoTime["clock"]>;

function padNumber(value: number, width: number, { pad }: Field): string {
  if (pad === "") return String(value);
  const text = String(value);
  if (value >= 0) return text.padStart(width, pad);
  // Zeros stand behind the sign, blanks before it.
  return pad === "0" ? `-${text.slice(1).padStart(width - 1, "0")}` : text.padStart(width, pad);
}

function padText(text: string, { width, pad, isExplicit, upper, swap }: Field): string {
  const cased = swap && (text[1] ?? "a") < "a" ? text.toLowerCase() : upper || swap ? text.toUpperCase() : text;
  return pad === "" ? cased : cased.padStart(width, isExplicit ? pad : " ");
}

/** ISO 8601: the year of a week is that of its Thursday. */
function isoWeek(clock: WallClock): { readonly year: number; readonly week: number } {
  const thursday = clock.dayOfYear - ((clock.weekday + 6) % 7) + 3;
  const length = (year: number): number => (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 366 : 365);
  if (thursday < 1) return { year: clock.year - 1, week: Math.ceil((thursday + length(clock.year - 1)) / 7) };
  if (thursday > length(clock.year)) return { year: clock.year + 1, week: 1 };
  return { year: clock.year, week: Math.ceil(thursday / 7) };
}

type Directive = (time: GoTime, clock: WallClock, field: Field) => string;

const number =
  (least: number, value: (clock: WallClock, time: GoTime) => number): Directive =>
  (time, clock, field) =>
    padNumber(value(clock, time), Math.max(field.width, least), field);
/** Takes the given width even where it is less than usual. */
const sized =
  (usual: number, value: (clock: WallClock) => number): Directive =>
  (_, clock, field) =>
    padNumber(value(clock), field.width || usual, field);
const blankPadded =
  (directive: Directive): Directive =>
  (time, clock, field) =>
    directive(time, clock, field.isExplicit ? field : { ...field, pad: " " });
const text =
  (value: (clock: WallClock) => string): Directive =>
  (_, clock, field) =>
    padText(value(clock), field);

const hour12 = (clock: WallClock): number => clock.hour % 12 || 12;
const noon = (clock: WallClock): string => (clock.hour < 12 ? "AM" : "PM");
const monthName = (clock: WallClock): string => months[clock.month - 1] as string;
const dayName = (clock: WallClock): string => weekdays[clock.weekday] as string;

function century(_: GoTime, { year }: WallClock, field: Field): string {
  const value = Math.trunc(year / 100);
  const width = Math.max(field.width, 2);
  // Years -99 to -1 are of the century "-0".
  return year < 0 && value === 0 ? `${padNumber(-1, width, field).slice(0, -1)}0` : padNumber(value, width, field);
}

const directives: Readonly<Record<string, Directive>> = {
  Y: sized(4, (clock) => clock.year),
  y: number(2, (clock) => Math.abs(clock.year % 100)),
  C: century,
  G: sized(4, (clock) => isoWeek(clock).year),
  g: number(2, (clock) => Math.abs(isoWeek(clock).year % 100)),
  m: number(2, (clock) => clock.month),
  B: text(monthName),
  b: text((clock) => monthName(clock).slice(0, 3)),
  h: text((clock) => monthName(clock).slice(0, 3)),
  A: text(dayName),
  a: text((clock) => dayName(clock).slice(0, 3)),
  w: number(0, (clock) => clock.weekday),
  u: number(0, (clock) => clock.weekday || 7),
  V: number(2, (clock) => isoWeek(clock).week),
  U: number(2, (clock) => Math.trunc((clock.dayOfYear + 6 - clock.weekday) / 7)),
  W: number(2, (clock) => Math.trunc((clock.dayOfYear - (clock.weekday > 0 ? clock.weekday - 7 : 0)) / 7)),
  d: number(2, (clock) => clock.day),
  e: blankPadded(number(2, (clock) => clock.day)),
  j: number(3, (clock) => clock.dayOfYear),
  H: number(2, (clock) => clock.hour),
  k: blankPadded(number(2, (clock) => clock.hour)),
  I: number(2, hour12),
  l: blankPadded(number(2, hour12)),
  p: text(noon),
  P: (_, clock, field) => padText(noon(clock), { ...field, swap: !(field.upper || field.swap) }),
  M: number(2, (clock) => clock.minute),
  S: number(2, (clock) => clock.second),
  s: blankPadded(number(0, (_, time) => Number(time.seconds))),
  f: sized(6, (clock) => Math.trunc(clock.nanosecond / 1000)),
  Z: text(() => "UTC"),
  t: (_, __, field) => padText("\t", { ...field, upper: false, swap: false }),
  n: (_, __, field) => padText("\n", { ...field, upper: false, swap: false }),
  "%": (_, __, field) => padText("%", { ...field, upper: false, swap: false }),
};

/** `+0000` with as many colons as asked for; the pad stands between sign and hours. */
function offset(colons: number, field: Field): string {
  const rest = colons === 0 ? "00" : colons === 1 ? ":00" : colons === 2 ? ":00:00" : "";
  if (field.pad === "") return `+0${rest}`;
  const hours = field.pad === " " ? "0" : "00";
  const body = `${hours}${rest}`;
  return field.pad === "0"
    ? `+${body.padStart(field.width - 1, "0")}`
    : `+${body}`.padStart(Math.max(field.width, body.length + 2), " ");
}

const directivePattern = /%((?:[-_^#0]|[1-9][0-9]*)*)(:*)([\s\S]?)/g;

/** A time in UTC as `format` says. What is no directive stays as it is. */
export function formatTime(time: GoTime, format: string): string {
  const clock = time.clock();
  return format.replace(directivePattern, (whole: string, flags: string, colons: string, name: string) => {
    const field = readFlags(flags);
    if (name === "z" && colons.length <= 3) return offset(colons.length, field);
    if (name === "" || colons !== "") return padText(whole, { ...field, upper: false, swap: false });
    const composite = compositeFormats[name];
    if (composite !== undefined) {
      const plain: Field = { ...readFlags(""), upper: field.upper, swap: name === "c" || name === "+" ? false : field.swap }; // prettier-ignore
      return composite.replace(/[A-Za-z]/g, (part) => (directives[part] as Directive)(time, clock, plain));
    }
    const directive = directives[name];
    if (directive !== undefined) return directive(time, clock, field);
    return padText(whole.slice(0, -1), { ...field, width: field.width - 1, upper: false, swap: false }) + name;
  });
}

function readFlags(flags: string): Field {
  let [width, pad, isExplicit, upper, swap] = [0, "0", false, false, false];
  for (const flag of flags.match(/[-_^#0]|[1-9][0-9]*/g) ?? []) {
    if (flag === "^") upper = true;
    else if (flag === "#") swap = true;
    else if (flag === "-") [pad, isExplicit] = ["", true];
    else if (flag === "_" || flag === "0") [pad, isExplicit] = [flag === "_" ? " " : "0", true];
    else {
      width = Math.min(Number(flag), maxWidth);
      // A width behind `-` pads with blanks.
      if (pad === "") pad = " ";
    }
  }
  return { width, pad, isExplicit, upper, swap };
}
