import type { GoValue } from "@tiphys/gotemplate";
import { dereference, type GoType, structType, type StructType } from "../api/schema.ts";

/**
 * A generator's own template filled up from the ApplicationSet's: mergo.Merge without override, so what the first one leaves
 * empty (false, 0 and "" too) is taken from the second, maps and structs go deep, lists are taken whole.
 */
export function mergeTemplates(own: Map<string, GoValue>, base: Map<string, GoValue>): Map<string, GoValue> {
  if (own.size === 0) return base;
  return mergeFields(own, base, structType("ApplicationSetTemplate"));
}

function mergeFields(
  own: ReadonlyMap<string, GoValue>,
  base: ReadonlyMap<string, GoValue>,
  type: StructType,
): Map<string, GoValue> {
  const merged = new Map<string, GoValue>();
  for (const field of type.fields) {
    const item = merge(own.get(field.name), base.get(field.name), field.type);
    if (item !== undefined) merged.set(field.name, item);
  }
  return merged;
}

function merge(own: GoValue | undefined, base: GoValue | undefined, type: GoType): GoValue | undefined {
  if (own === undefined || own === null) return base;
  if (base === undefined || base === null) return own;
  const inner = dereference(type);
  switch (inner.kind) {
    case "struct":
      return own instanceof Map && base instanceof Map ? mergeFields(own, base, inner) : own;
    case "map":
      return own instanceof Map && base instanceof Map ? mergeMaps(own, base) : own;
    case "slice":
      return Array.isArray(own) && own.length === 0 ? base : own;
    case "rawObject":
    case "json":
      return own;
    default:
      return own === "" || own === false || own === 0 ? base : own;
  }
}

function mergeMaps(own: ReadonlyMap<string, GoValue>, base: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const merged = new Map(own);
  for (const [key, value] of base) {
    const present = merged.get(key);
    if (present === undefined || present === "" || present === false) merged.set(key, value);
  }
  return merged;
}
