import type { GoValue } from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";

/** encoding/json's Marshal: sorted keys, no spaces, `<`, `>` and `&` escaped. */
export function marshalJson(value: GoValue): string {
  return encodeJson(value);
}

/** A copy that shares no plain Map and no plain array with the original. */
export function cloneJson(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(cloneJson);
  if (value instanceof Map && value.constructor === Map) {
    const copy = new Map<string, GoValue>();
    for (const [key, item] of value) copy.set(key, cloneJson(item));
    return copy;
  }
  return value;
}
