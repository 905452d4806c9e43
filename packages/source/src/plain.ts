import type { GoValue } from "@tiphys/gotemplate";

/** JSON-like data with UTF-16 strings; objects have no prototype, so any key is safe. Whole numbers of any Go type become numbers while they are exact, else decimal strings. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** Plain data for reports and comparing. Objects with fields become objects by field name, functions null. */
export function toPlain(_value: GoValue): Plain {
  throw new Error("toPlain is not finished");
}

/** The Go value that encoding/json would decode from the same data: every number is float64. */
export function fromPlain(_value: unknown): GoValue {
  throw new Error("fromPlain is not finished");
}
