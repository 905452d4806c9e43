import { formatGo, goTypeName } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { GeneralMap } from "@tiphys/source";
import { isMap } from "./mergo.ts";

/** A map with a key that is no string, with helmfile's text. */
export class KeyTypeError extends Error {
  override readonly name = "HelmfileError";
}

/**
 * helmfile's `RecursivelyStringifyMapKey`: a copy of maps and lists. Throws `KeyTypeError` for the first key that is no string; Go mostly
 * begins with what was put in first, too.
 */
export function castKeys(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(castKeys);
  if (!isMap(value)) return value;
  const out = new Map<string, GoValue>();
  for (const [printed, item] of value) {
    const key = goKeyOf(value, printed);
    if (typeof key !== "string")
      throw new KeyTypeError(
        `unexpected type of key in map: expected string, got ${goTypeName(key)}: value=${printed}, map=${formatGeneral(value, "%v")}`,
      );
    out.set(printed, castKeys(item));
  }
  return out;
}

function goKeyOf(map: ReadonlyMap<string, GoValue>, printed: string): GoValue {
  return map instanceof GeneralMap && map.goKeys.has(printed) ? map.goKeys.get(printed)! : printed;
}

/** How fmt sorts keys of several types: by where the types lie in helmfile's binary, then by value. */
const keyTypes = ["string", "int", "float64", "bool"];

/** A value as `%v` or `%s` prints it, with maps whose keys are of several types. */
export function formatGeneral(value: GoValue, verb: "%v" | "%s"): string {
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return `[${value.map((item) => formatGeneral(item, verb)).join(" ")}]`;
  if (!isMap(value)) return formatGo(verb, [value]);
  const entries = [...value].map(([printed, item]) => {
    const key = goKeyOf(value, printed);
    const type = key === null ? -1 : keyTypes.indexOf(goTypeName(key));
    return { key, printed, item, rank: key !== null && type < 0 ? keyTypes.length : type };
  });
  entries.sort((a, b) => a.rank - b.rank || compareKeys(a, b));
  return `map[${entries.map(({ key, item }) => `${formatGeneral(key, verb)}:${formatGeneral(item, verb)}`).join(" ")}]`;
}

interface PrintedKey {
  readonly key: GoValue;
  readonly printed: string;
}

function compareKeys(a: PrintedKey, b: PrintedKey): number {
  const [left, right] = [a.key, b.key].map((key) => (typeof key === "bigint" ? Number(key) : key));
  if (typeof left === "number" && typeof right === "number") return left - right;
  return a.printed < b.printed ? -1 : a.printed > b.printed ? 1 : 0;
}
