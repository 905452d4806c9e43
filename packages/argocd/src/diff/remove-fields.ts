import type { GoValue } from "@tiphys/gotemplate";
import { isMap } from "../unstructured.ts";

/**
 * What of `live` has a counterpart in `config`: fields that only live has are left out, list elements pair up by index and
 * surplus ones stay. Upstream: gitops-engine v3.6.1 pkg/utils/json/json.go.
 */
export function removeMapFields(
  config: ReadonlyMap<string, GoValue>,
  live: ReadonlyMap<string, GoValue>,
): Map<string, GoValue> {
  const out = new Map<string, GoValue>();
  for (const [key, wanted] of config) {
    const value = live.get(key);
    if (value !== undefined) out.set(key, value === null ? null : removeFields(wanted, value));
  }
  return out;
}

export function removeListFields(config: readonly GoValue[], live: readonly GoValue[]): GoValue[] {
  return live.map((value, index) =>
    index < config.length && value !== null ? removeFields(config[index] as GoValue, value) : value,
  );
}

function removeFields(config: GoValue, live: GoValue): GoValue {
  if (isMap(config)) return isMap(live) ? removeMapFields(config, live) : live;
  return Array.isArray(config) && Array.isArray(live) ? removeListFields(config, live) : live;
}
