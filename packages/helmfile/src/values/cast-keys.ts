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
        `unexpected type of key in map: expected string, got ${goTypeName(key)}: value=${printed}, map=${printMap(value)}`,
      );
    }
  }
  const out = new Map<string, GoValue>();
  for (const [key, item] of value) out.set(key, castKeys(item));
  return out;
}

/** How fmt sorts keys of several types: by where the types lie in helmfile's binary, then by value. */
const keyTypes = ["string", "int", "float64", "bool"];

function printMap(map: GeneralMap): string {
  const entries = [...map].map(([printed, value]) => {
    const key = map.goKeys.has(printed) ? map.goKeys.get(printed)! : printed;
    const type = key === null ? -1 : keyTypes.indexOf(goTypeName(key));
    return { key, value, printed, rank: key !== null && type < 0 ? keyTypes.length : type };
  });
  entries.sort((a, b) => a.rank - b.rank || compareKeys(a, b));
  return `map[${entries.map(({ printed, value }) => `${printed}:${printValue(value)}`).join(" ")}]`;
}

function compareKeys(
  a: { readonly key: GoValue; readonly printed: string },
  b: { readonly key: GoValue; readonly printed: string },
): number {
  const [left, right] = [a.key, b.key].map((key) => (typeof key === "bigint" ? Number(key) : key));
  if (typeof left === "number" && typeof right === "number") return left - right;
  return a.printed < b.printed ? -1 : a.printed > b.printed ? 1 : 0;
}

function printValue(value: GoValue): string {
  if (value instanceof GeneralMap) return printMap(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(" ")}]`;
  return formatGo("%v", [value]);
}
