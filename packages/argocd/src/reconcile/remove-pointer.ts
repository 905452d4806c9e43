import type { GoValue } from "@tiphys/gotemplate";

/** The object without what a JSON pointer names; a pointer that names nothing changes nothing. Only what lies on its way is copied. */
export function removePointer(object: Map<string, GoValue>, pointer: string): Map<string, GoValue> {
  if (!pointer.startsWith("/")) return object;
  const path = pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  return remove(object, path) as Map<string, GoValue>;
}

function remove(value: GoValue, [token, ...rest]: readonly string[]): GoValue {
  if (token === undefined) return value;
  if (value instanceof Map) {
    const inner = value.get(token);
    if (inner === undefined) return value;
    const copy = new Map(value);
    if (rest.length === 0) copy.delete(token);
    else copy.set(token, remove(inner, rest));
    return copy;
  }
  if (!Array.isArray(value)) return value;
  const index = arrayIndex(token, value.length);
  if (index === undefined) return value;
  const copy = [...value];
  if (rest.length === 0) copy.splice(index, 1);
  else copy[index] = remove(copy[index]!, rest);
  return copy;
}

/** evanphx/json-patch: a negative index counts from the end. */
function arrayIndex(token: string, length: number): number | undefined {
  if (!/^-?\d+$/.test(token)) return undefined;
  const index = Number(token);
  const at = index < 0 ? index + length : index;
  return at >= 0 && at < length ? at : undefined;
}
