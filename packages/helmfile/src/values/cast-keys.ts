import { formatGo, goTypeName } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { GeneralMap } from "@tiphys/source";
import { isMap } from "./mergo.ts";

/** A map with a key that is no string, with helmfile's text. */
export class KeyTypeError extends Error {
  override readonly name = "HelmfileError";
}

/** helmfile's `RecursivelyStringifyMapKey`: a copy of maps and lists; throws `KeyTypeError` for keys that are no strings. */
export function castKeys(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(castKeys);
  if (!isMap(value)) return value;
  if (value instanceof GeneralMap) {
    for (const [printed, key] of value.goKeys) {
      if (typeof key === "string") continue;
      throw new KeyTypeError(
        `unexpected type of key in map: expected string, got ${goTypeName(key)}: value=${printed}, map=${formatGo("%v", [value])}`,
      );
    }
  }
  const out = new Map<string, GoValue>();
  for (const [key, item] of value) out.set(key, castKeys(item));
  return out;
}
