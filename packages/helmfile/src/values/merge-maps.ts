import type { GoValue } from "@tiphys/gotemplate";
import { isMap } from "./mergo.ts";
import type { ValueMap } from "./mergo.ts";

/** How two lists at one key become one: `sparse` replaces unless the new list has nulls, `merge` goes item by item. */
export type ListStrategy = "sparse" | "merge";

/**
 * helmfile's own merge between the levels of state values (pkg/maputil/maputil.go `MergeMaps`, 1.8.0): a new map; maps
 * merge; null never overrides a key that exists.
 */
export function mergeMaps(base: ValueMap, override: ValueMap, lists: ListStrategy = "sparse"): ValueMap {
  const out = new Map(base);
  for (const [key, value] of override) {
    const old = out.get(key);
    if (value === null) {
      if (!out.has(key)) out.set(key, null);
    } else if (isMap(value) && isMap(old)) {
      out.set(key, mergeMaps(old, value, lists));
    } else if (Array.isArray(value) && Array.isArray(old)) {
      out.set(key, mergeLists(old, value, lists));
    } else {
      out.set(key, value);
    }
  }
  return out;
}

function mergeLists(base: readonly GoValue[], override: GoValue[], lists: ListStrategy): GoValue[] {
  if (lists === "sparse" && !override.includes(null)) return override;
  const out: GoValue[] = [...base];
  while (out.length < override.length) out.push(null);
  override.forEach((value, index) => {
    if (value === null) return;
    const old = base[index];
    out[index] = isMap(value) && isMap(old) ? mergeMaps(old, value, lists) : value;
  });
  return out;
}
