import { fromByteString, GoNumber, GoObject, toByteString, type GoValue } from "@tiphys/gotemplate";

/** JSON-like data with UTF-16 strings. Objects have no prototype, so any key is safe. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Values nested deeper than this are cut off with an error; nothing real is that deep. */
const maxDepth = 2000;

/**
 * Plain data for reports and comparing. Whole numbers of any Go type become numbers while they are exact, else decimal strings;
 * NaN and infinities become their names. Objects with fields become objects by field name, or their text when they have
 * one; functions become null. Throws RangeError for what contains itself.
 */
export function toPlain(value: GoValue, depth = 0): Plain {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return plainNumber(value);
  if (typeof value === "string") return fromByteString(value);
  if (typeof value === "bigint") return plainInteger(value);
  if (depth > maxDepth) throw new RangeError(`value nested deeper than ${maxDepth} levels`);
  if (Array.isArray(value)) return value.map((item) => toPlain(item, depth + 1));
  if (value instanceof Map) {
    const out: Record<string, Plain> = Object.create(null) as Record<string, Plain>;
    for (const [key, item] of value) out[fromByteString(key)] = toPlain(item, depth + 1);
    return out;
  }
  if (value instanceof GoNumber)
    return typeof value.value === "bigint" ? plainInteger(value.value) : plainNumber(value.value);
  if (!(value instanceof GoObject)) return null;
  const names = value.goFieldNames();
  if (names.length === 0) {
    const text = value.goString();
    return text === undefined ? null : fromByteString(text);
  }
  const out: Record<string, Plain> = Object.create(null) as Record<string, Plain>;
  for (const name of names) out[name] = toPlain(value.goField(name) ?? null, depth + 1);
  return out;
}

function plainNumber(value: number): Plain {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? value : value > 0 ? "+Inf" : "-Inf";
}

function plainInteger(value: bigint): Plain {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value.toString();
}

/** The Go value that encoding/json would decode from the same data: every number is float64. `undefined` becomes nil in lists and is left out of objects. */
export function fromPlain(value: unknown, depth = 0): GoValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string") return toByteString(value);
  if (depth > maxDepth) throw new RangeError(`value nested deeper than ${maxDepth} levels`);
  if (Array.isArray(value)) return value.map((item) => fromPlain(item, depth + 1));
  if (typeof value !== "object") throw new TypeError(`no plain data: ${typeof value}`);
  const map = new Map<string, GoValue>();
  const entries = value instanceof Map ? value : Object.entries(value);
  for (const [key, item] of entries)
    if (item !== undefined) map.set(toByteString(String(key)), fromPlain(item, depth + 1));
  return map;
}
