import { type GoMap, type GoValue, sliceTypeOf, sprint } from "@tiphys/gotemplate";

/**
 * jeremywohl/flatten with DotStyle: nested maps and lists become `a.b.0`; empty ones vanish. Only plain maps and
 * `[]interface {}` are looked into. Where two paths make the same key, Go's winner is random; here the later one in key order.
 */
export function flatten(nested: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const flat = new Map<string, GoValue>();
  flattenInto(flat, nested, "", 0);
  return flat;
}

function flattenInto(
  flat: Map<string, GoValue>,
  nested: GoValue | ReadonlyMap<string, GoValue>,
  prefix: string,
  depth: number,
): void {
  const assign = (key: string, value: GoValue) => {
    const path = depth === 0 ? key : `${prefix}.${key}`;
    if (isPlainMap(value) || isPlainSlice(value)) flattenInto(flat, value, path, depth + 1);
    else flat.set(path, value);
  };
  if (nested instanceof Map) for (const key of [...nested.keys()].sort()) assign(key, nested.get(key)!);
  else if (Array.isArray(nested)) nested.forEach((item, index) => assign(String(index), item));
}

function isPlainMap(value: GoValue): value is Map<string, GoValue> {
  return value instanceof Map && goTypeOf(value) === "map[string]interface {}";
}

function isPlainSlice(value: GoValue): value is GoValue[] {
  return Array.isArray(value) && sliceTypeOf(value) === "[]interface {}";
}

/** Go's type of a map: a GoMap knows its own, any other Map is `map[string]interface {}`. */
export function goTypeOf(map: ReadonlyMap<string, GoValue>): string {
  return (map as Partial<GoMap>).goType ?? "map[string]interface {}";
}

/** Go's `%v` of a value. */
export function printValue(value: GoValue): string {
  return typeof value === "string" ? value : sprint([value]);
}

/** Parameters as the label set that selectors look at (generator_spec_processor.go, flattenParameters). */
export function flattenToStrings(params: ReadonlyMap<string, GoValue>): Map<string, string> {
  const strings = new Map<string, string>();
  for (const [key, value] of flatten(normalizeForFlatten(params))) strings.set(key, printValue(value));
  return strings;
}

/** Turns `map[string]string` into plain maps, so that flatten looks into them; not inside lists. */
function normalizeForFlatten(params: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const normalized = new Map<string, GoValue>();
  for (const [key, value] of params) {
    if (value instanceof Map && goTypeOf(value) === "map[string]string") normalized.set(key, new Map(value));
    else if (value instanceof Map && goTypeOf(value) === "map[string]interface {}")
      normalized.set(key, normalizeForFlatten(value));
    else normalized.set(key, value);
  }
  return normalized;
}
