import { months, weekdays } from "@tiphys/gotemplate/sprig";
import { HclError } from "./value.ts";

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const units = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

interface Moment {
  /** The wall clock, as if it were UTC. */
  readonly wall: Date;
  readonly zone: string;
}

function parseTime(text: string): Moment {
  const match = rfc3339.exec(text);
  if (match === null) throw new HclError(`not a valid RFC3339 timestamp: cannot use "${text}" as a timestamp`);
  const wall = new Date(`${text.slice(0, 19)}Z`);
  if (Number.isNaN(wall.getTime())) throw new HclError(`not a valid RFC3339 timestamp: "${text}"`);
  return { wall, zone: match[7]! };
}

export function timeAdd(time: string, duration: string): string {
  const { wall, zone } = parseTime(time);
  const body = duration.replace(/^[-+]/, "");
  const parts = [...body.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.map(([all]) => all).join("") !== body || body === "")
    throw new HclError(`time: invalid duration "${duration}"`);
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * units.get(unit!)!, 0);
  const moved = new Date(wall.getTime() + (duration.startsWith("-") ? -total : total));
  return `${moved.toISOString().slice(0, 19)}${zone}`;
}

/** Runs of one letter are verbs, text in single quotes stands for itself. */
export function formatDate(format: string, time: string): string {
  const { wall, zone } = parseTime(time);
  return format.replaceAll(/'((?:[^']|'')*)'|([a-zA-Z])\2*/g, (all: string, quoted: string | undefined) =>
    quoted === undefined ? dateVerb(all, wall, zone) : quoted.replaceAll("''", "'"),
  );
}

function dateVerb(verb: string, wall: Date, zone: string): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const hour12 = wall.getUTCHours() % 12 === 0 ? 12 : wall.getUTCHours() % 12;
  const half = wall.getUTCHours() < 12 ? "AM" : "PM";
  const table: Record<string, string> = {
    YYYY: String(wall.getUTCFullYear()).padStart(4, "0"),
    YY: two(wall.getUTCFullYear() % 100),
    M: String(wall.getUTCMonth() + 1),
    MM: two(wall.getUTCMonth() + 1),
    MMM: months[wall.getUTCMonth()]!.slice(0, 3),
    MMMM: months[wall.getUTCMonth()]!,
    D: String(wall.getUTCDate()),
    DD: two(wall.getUTCDate()),
    EEE: weekdays[wall.getUTCDay()]!.slice(0, 3),
    EEEE: weekdays[wall.getUTCDay()]!,
    h: String(wall.getUTCHours()),
    hh: two(wall.getUTCHours()),
    H: String(hour12),
    HH: two(hour12),
    AA: half,
    aa: half.toLowerCase(),
    m: String(wall.getUTCMinutes()),
    mm: two(wall.getUTCMinutes()),
    s: String(wall.getUTCSeconds()),
    ss: two(wall.getUTCSeconds()),
    Z: zone,
    ZZZZ: zone === "Z" ? "+0000" : zone.replace(":", ""),
    ZZZ: zone === "Z" ? "UTC" : zone.replace(":", ""),
    ZZZZZ: zone === "Z" ? "+00:00" : zone,
  };
  const text = table[verb];
  if (text === undefined) throw new HclError(`invalid date format verb "${verb}"`);
  return text;
}
