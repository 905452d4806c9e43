import type { GoValue } from "@tiphys/gotemplate";
import { fromByteString, GoNumber, GoObject, toByteString } from "@tiphys/gotemplate";

/** JSON-like data with UTF-16 strings; objects have no prototype, so any key is safe. Whole numbers of any Go type become numbers while they are exact, else decimal strings. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Plain data for reports and comparing. Objects with fields become objects by field name, functions null. */
export function toPlain(value: GoValue): Plain {
  switch (typeof value) {
    case "string":
      return fromByteString(value);
    case "bigint":
      return plainInteger(value);
    case "boolean":
    case "number":
      return value;
  }
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Map) {
    const plain: Record<string, Plain> = Object.create(null) as Record<string, Plain>;
    for (const [key, item] of value) plain[fromByteString(key)] = toPlain(item);
    return plain;
  }
  if (value instanceof GoNumber) return typeof value.value === "bigint" ? plainInteger(value.value) : value.value;
  return value instanceof GoObject ? plainObject(value) : null;
}

function plainInteger(value: bigint): Plain {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function plainObject(value: GoObject): Plain {
  const text = value.goString();
  if (text !== undefined) return fromByteString(text);
  const plain: Record<string, Plain> = Object.create(null) as Record<string, Plain>;
  for (const name of value.goFieldNames()) plain[name] = toPlain(value.goField(name) ?? null);
  return plain;
}

/** The Go value that encoding/json would decode from the same data: every number is float64. */
export function fromPlain(value: unknown): GoValue {
  if (typeof value === "string") return toByteString(value);
  if (typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value === null || value === undefined || typeof value !== "object") return null;
  if (Array.isArray(value)) return value.map(fromPlain);
  const entries = value instanceof Map ? value : Object.entries(value);
  const map = new Map<string, GoValue>();
  for (const [key, item] of entries as Iterable<[string, unknown]>) {
    if (item !== undefined) map.set(toByteString(key), fromPlain(item));
  }
  return map;
}
