import { fromByteString, toByteString, type GoValue } from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import { isMap } from "../../unstructured.ts";

/** JSON text as gojq writes it: what JSON has no numbers for becomes null or the largest number. */
export function toJson(value: GoValue): string {
  return encodeJson(jsonValue(value));
}

/** A value of which all numbers are JSON numbers. */
export function jsonValue(value: GoValue): GoValue {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    return Number.isNaN(value) ? null : Math.sign(value) * Number.MAX_VALUE;
  }
  if (Array.isArray(value)) return value.map(jsonValue);
  return isMap(value) ? new Map([...value].map(([key, inner]) => [key, jsonValue(inner)])) : value;
}

/** An error of a running program; `try` catches it. */
export class JqError extends Error {
  override readonly name = "JqError";
  readonly value: GoValue;
  constructor(value: GoValue) {
    super(typeof value === "string" ? value : toJson(value));
    this.value = value;
  }
}

export type JqType = "null" | "boolean" | "number" | "string" | "array" | "object";

export function jqType(value: GoValue): JqType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (isMap(value)) return "object";
  return typeof value as JqType;
}

export function isTrue(value: GoValue): boolean {
  return value !== null && value !== false;
}

const typeOrder: readonly JqType[] = ["null", "boolean", "number", "string", "array", "object"];

/** jq's order of all values. */
export function compareValues(a: GoValue, b: GoValue): number {
  const [left, right] = [jqType(a), jqType(b)];
  if (left !== right) return typeOrder.indexOf(left) - typeOrder.indexOf(right);
  switch (left) {
    case "boolean":
      return Number(a) - Number(b);
    case "number":
      return (a as number) < (b as number) || Number.isNaN(a) ? -1 : a === b ? 0 : 1;
    case "string":
      return (a as string) < (b as string) ? -1 : a === b ? 0 : 1;
    case "array":
      return compareLists(a as GoValue[], b as GoValue[]);
    case "object": {
      const [first, second] = [a as Map<string, GoValue>, b as Map<string, GoValue>];
      const keys = sortedKeys(first);
      const byKeys = compareLists(keys, sortedKeys(second));
      if (byKeys !== 0) return byKeys;
      for (const key of keys) {
        const order = compareValues(first.get(key) as GoValue, second.get(key) as GoValue);
        if (order !== 0) return order;
      }
      return 0;
    }
    default:
      return 0;
  }
}

function compareLists(a: readonly GoValue[], b: readonly GoValue[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compareValues(a[index] as GoValue, b[index] as GoValue);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

export function sortedKeys(map: ReadonlyMap<string, GoValue>): string[] {
  return [...map.keys()].sort();
}

/** Characters of a byte string. */
export function characters(text: string): string[] {
  return Array.from(fromByteString(text), toByteString);
}

/** As much of a value as can show; there may be far more of it. */
function clip(value: GoValue, left: { parts: number }): GoValue {
  left.parts--;
  if (typeof value === "string") return value.slice(0, 40);
  if (Array.isArray(value)) {
    const items: GoValue[] = [];
    for (let at = 0; at < value.length && left.parts > 0; at++) items.push(clip(value[at] as GoValue, left));
    return items;
  }
  if (!isMap(value)) return value;
  const out = new Map<string, GoValue>();
  for (const key of sortedKeys(value)) {
    if (left.parts <= 0) break;
    out.set(key.slice(0, 40), clip(value.get(key) as GoValue, left));
  }
  return out;
}

/** Bytes of a value that messages show. */
const previewLength = 30;

/** A value as `error` and messages show it: JSON, cut with a mark that closes it. Source: gojq v0.12.19 preview.go. */
export function preview(value: GoValue): string {
  const json = toJson(clip(value, { parts: 40 }));
  if (json.length <= previewLength) return json;
  const closing: Partial<Record<JqType, string>> = { string: '"', array: "]", object: "}" };
  const mark = ` ...${closing[jqType(value)] ?? ""}`;
  let text = json.slice(0, previewLength - mark.length);
  // No character is cut.
  const rest = json.slice(text.length);
  if (/^[\x80-\xbf]/.test(rest)) text = text.replace(/[\xc0-\xff][\x80-\xbf]*$/, "");
  return text + mark;
}

export function typeError(what: string, value: GoValue): JqError {
  return new JqError(`${what}: ${jqType(value)} (${preview(value)})`);
}
