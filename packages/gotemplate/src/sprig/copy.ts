import { FunctionError } from "../function.ts";
import { type GoValue, GoMap, GoObject, isNilSlice, nilSlice, sliceTypeOf, typedSlice } from "../value.ts";
import { Version } from "./semver-version.ts";

/** Deeper values are taken for ones that contain themselves; Go dies of them. */
const deepestCopy = 1_500;

/** A value that holds another twice, and that one a third twice, is copied exponentially. */
const mostCopied = 1_000_000;

/** Sprig's `deepCopy`, which panics on nil. Throws FunctionError. */
export function deepCopyValue(value: GoValue): GoValue {
  if (value === null) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  return deepCopy(value);
}

/**
 * `copystructure.Copy`: new maps and slices all the way down, everything else as it is.
 * Throws FunctionError for a value that contains itself, or too much.
 */
export function deepCopy(value: GoValue, depth = 0, budget = { left: mostCopied }): GoValue {
  if (depth > deepestCopy) throw new FunctionError("unsupported: a value that contains itself");
  if (typeof value === "object" && --budget.left < 0)
    throw new FunctionError(`unsupported: a copy of more than ${mostCopied} lists and maps`);
  if (Array.isArray(value)) {
    const type = sliceTypeOf(value);
    if (isNilSlice(value)) return nilSlice(type);
    const items = value.map((item) => deepCopy(item, depth + 1, budget));
    return type === "[]interface {}" ? items : typedSlice(type, items);
  }
  // Fields that are not exported are not copied.
  if (value instanceof Version) return zeroVersion(value);
  if (value instanceof GoObject) return value.goDeepCopy();
  if (!(value instanceof Map)) return value;
  const copy = value instanceof GoMap ? emptyLike(value) : new Map<string, GoValue>();
  for (const [key, item] of value) copy.set(key, deepCopy(item, depth + 1, budget));
  return copy;
}

function zeroVersion(version: Version): Version {
  const parts = { major: 0n, minor: 0n, patch: 0n, prerelease: "", metadata: "" };
  return new Version(parts, "", version.goKind === "ptr");
}

/** An empty map of the same Go type, keeping the methods of a named one. */
function emptyLike(map: GoMap): GoMap {
  const copy = new GoMap(map.goType, null, map.isNil);
  if (Object.getPrototypeOf(map) !== GoMap.prototype) copy.goMethod = (name) => map.goMethod(name);
  return copy;
}
