import { GoMap, GoObject } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";

export type ValueMap = Map<string, GoValue>;

export function isMap(value: GoValue | undefined): value is ValueMap {
  return value instanceof Map;
}

/**
 * dario.cat/mergo 1.0 `Merge(&target, &source, WithOverride)` of values: maps merge, everything else of the source wins,
 * also null, `false` and `[]`; only `{}` over a map that has keys changes nothing. Writes into `target`.
 */
export function mergeValues(target: ValueMap, source: ValueMap): void {
  for (const [key, value] of source) {
    const old = target.get(key);
    if (isMap(value) && isMap(old) && sameMapType(value, old)) {
      mergeValues(old, value);
      // Go puts the source's own map where the target's was empty before.
      continue;
    }
    target.set(key, value);
  }
}

function sameMapType(a: ValueMap, b: ValueMap): boolean {
  return (a instanceof GoMap ? a.goType : "") === (b instanceof GoMap ? b.goType : "");
}

/** A copy that shares nothing that can change. */
export function copyValue(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(copyValue);
  if (value instanceof GoObject || !isMap(value)) return value;
  return value instanceof GoMap ? value : copyMap(value);
}

export function copyMap(map: ValueMap): ValueMap {
  const out: ValueMap = new Map();
  for (const [key, value] of map) out.set(key, copyValue(value));
  return out;
}
