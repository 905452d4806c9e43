import { months, weekdays } from "@tiphys/gotemplate/sprig";
import { addFunctions, addUnsupported, type LibraryFunction } from "./arguments.ts";
import type { LuaState } from "./state.ts";
import { LuaTable } from "./table.ts";

/** `os.time` and `os.date` as in Argo CD v3.6.1 util/lua/oslib_safe.go and gopher-lua oslib.go; local time is UTC. */

const two = (value: number): string => String(value).padStart(2, "0");

/** What a flag prints; upstream maps flags to Go layouts, of which `%a` is a plain word and `%x` day, month, year mixed up. */
const flags: Readonly<Record<string, (date: Date) => string>> = {
  a: () => "mon",
  A: (date) => weekdays[date.getUTCDay()] as string,
  b: (date) => (months[date.getUTCMonth()] as string).slice(0, 3),
  B: (date) => months[date.getUTCMonth()] as string,
  c: (date) =>
    `${two(date.getUTCDate())} ${flag("b", date)} ${flag("y", date)} ${flag("H", date)}:${flag("M", date)} UTC`,
  d: (date) => two(date.getUTCDate()),
  F: (date) => `${flag("Y", date)}-${flag("m", date)}-${flag("d", date)}`,
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  m: (date) => two(date.getUTCMonth() + 1),
  M: (date) => two(date.getUTCMinutes()),
  p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  P: (date) => (date.getUTCHours() < 12 ? "am" : "pm"),
  S: (date) => two(date.getUTCSeconds()),
  x: (date) => `${flag("H", date)}/${flag("M", date)}/${flag("S", date)}`,
  X: (date) => `${flag("H", date)}:${flag("M", date)}:${flag("S", date)}`,
  y: (date) => two(date.getUTCFullYear() % 100),
  Y: (date) => String(date.getUTCFullYear()).padStart(4, "0"),
  z: () => "+0000",
  Z: () => "UTC",
  w: (date) => String(date.getUTCDay()),
};

function flag(name: string, date: Date): string {
  return flags[name]?.(date) ?? "";
}

function format(date: Date, pattern: string): string {
  return pattern.replace(/%(.)/gs, (whole, name: string) => {
    if (name === "%") return "%";
    return Object.hasOwn(flags, name) ? flag(name, date) : whole;
  });
}

function integerField(table: LuaTable, name: string, otherwise: number): number {
  const value = table.get(name);
  return typeof value === "number" ? Math.trunc(value) : otherwise;
}

const functions: Readonly<Record<string, LibraryFunction>> = {
  time: (args) => {
    if (args.count === 0) return [Math.floor(args.state.now / 1000)];
    const table = args.table(1);
    const year = integerField(table, "year", -1);
    const date = new Date(0);
    date.setUTCFullYear(year, integerField(table, "month", -1) - 1, integerField(table, "day", -1));
    date.setUTCHours(integerField(table, "hour", 12), integerField(table, "min", 0), integerField(table, "sec", 0));
    return [Math.floor(date.getTime() / 1000)];
  },
  date: (args) => {
    const pattern = (args.count >= 1 ? args.string(1) : "%c").replace(/^!+/, "");
    const seconds = args.count >= 2 ? args.integer(2) : Math.floor(args.state.now / 1000);
    const date = new Date(seconds * 1000);
    if (Number.isNaN(date.getTime())) args.state.raise("unsupported: a time beyond year 275760");
    if (!pattern.startsWith("*t")) return [format(date, pattern)];
    const table = args.state.table();
    const fields: readonly (readonly [string, number | boolean])[] = [
      ["year", date.getUTCFullYear()],
      ["month", date.getUTCMonth() + 1],
      ["day", date.getUTCDate()],
      ["hour", date.getUTCHours()],
      ["min", date.getUTCMinutes()],
      ["sec", date.getUTCSeconds()],
      ["wday", date.getUTCDay() + 1],
      ["yday", 0],
      ["isdst", false],
    ];
    for (const [name, value] of fields) table.set(name, value);
    return [table];
  },
};

/** `time` and `date` only, as scripts of argocd-cm get them. */
export function safeOs(target: LuaTable): LuaTable {
  return addFunctions(target, functions);
}

/** The library that built-in scripts see; what touches the machine is refused by name. */
export function openOs(state: LuaState): LuaTable {
  const library = safeOs(new LuaTable());
  addFunctions(library, {
    difftime: (args) => [Number(BigInt.asIntN(64, BigInt(args.integer(1)) - BigInt(args.integer(2))))],
  });
  addUnsupported(library, "os", [
    "clock",
    "execute",
    "exit",
    "getenv",
    "remove",
    "rename",
    "setenv",
    "setlocale",
    "tmpname",
  ]);
  state.globals.set("os", library);
  return library;
}
