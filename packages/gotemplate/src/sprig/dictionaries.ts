import { define, FunctionError } from "../function.ts";
import { mapKeysSorted } from "../reflect.ts";
import { type GoFunction, type GoValue, GoMap, typedSlice } from "../value.ts";
import { strval } from "./cast.ts";
import { assertedType, MergeError, type MergeOptions, mergeMaps } from "./merge.ts";

/** A `map[string]interface {}` argument; nil for the nil map. */
type Dictionary = Map<string, GoValue> | null;

const plainMap = "map[string]interface {}";

function isNilDictionary(dictionary: Dictionary): dictionary is null {
  return dictionary === null || (dictionary instanceof GoMap && dictionary.isNil);
}

/** The map behind a `map[string]interface {}` parameter that Go converted from a named map type keeps its identity. */
function dict(items: readonly GoValue[]): GoValue {
  const made = new Map<string, GoValue>();
  for (let i = 0; i < items.length; i += 2) {
    made.set(strval(items[i]!), i + 1 < items.length ? items[i + 1]! : "");
  }
  return made;
}

function set(dictionary: Dictionary, key: string, value: GoValue): GoValue {
  if (isNilDictionary(dictionary)) throw new FunctionError("assignment to entry in nil map");
  dictionary.set(key, value);
  return dictionary;
}

function unset(dictionary: Dictionary, key: string): GoValue {
  dictionary?.delete(key);
  return dictionary ?? new GoMap(plainMap, null, true);
}

function mergeAll(target: Dictionary, sources: readonly Dictionary[], options: MergeOptions): GoValue {
  let merged = target;
  for (const source of sources) {
    if (isNilDictionary(source)) continue;
    if (isNilDictionary(merged)) merged = new Map();
    mergeMaps(merged, source, options);
  }
  return merged ?? new GoMap(plainMap, null, true);
}

/** `merge` and `mergeOverwrite` give an empty string where their `must…` twins fail. */
function mergeQuietly(target: Dictionary, sources: readonly Dictionary[], options: MergeOptions): GoValue {
  try {
    return mergeAll(target, sources, options);
  } catch (error) {
    if (error instanceof MergeError) return "";
    throw error;
  }
}

function assertType(value: GoValue, wanted: string): void {
  const actual = assertedType(value);
  if (actual !== wanted) {
    throw new FunctionError(`interface conversion: interface {} is ${actual}, not ${wanted}`);
  }
}

/** Sprig's `dig`: the value under a chain of keys, or the default where a key is missing. */
function dig(values: readonly GoValue[]): GoValue {
  if (values.length < 3) throw new FunctionError("dig needs at least three arguments");
  let step: GoValue = values.at(-1)!;
  assertType(step, plainMap);
  const keys = values.slice(0, -2);
  for (const key of keys) assertType(key, "string");
  for (const [index, key] of keys.entries()) {
    if (index > 0) assertType(step, plainMap);
    const dictionary: Map<string, GoValue> = step as Map<string, GoValue>;
    if (!dictionary.has(key as string)) return values.at(-2)!;
    step = dictionary.get(key as string)!;
  }
  return step;
}

function pick(dictionary: Dictionary, keys: readonly string[]): GoValue {
  const picked = new Map<string, GoValue>();
  for (const key of keys) {
    if (dictionary?.has(key)) picked.set(key, dictionary.get(key)!);
  }
  return picked;
}

function omit(dictionary: Dictionary, keys: readonly string[]): GoValue {
  const omitted = new Set(keys);
  return new Map([...(dictionary ?? [])].filter(([key]) => !omitted.has(key)));
}

function defineMerge(name: string, overwrite: boolean, must: boolean): GoFunction {
  const signature = `func(${plainMap}, ...${plainMap}) interface {}`;
  const merge = must ? mergeAll : mergeQuietly;
  return define(name, signature, (_, target: Dictionary, ...sources: Dictionary[]) =>
    merge(target, sources, { overwrite }),
  );
}

/** Sprig's functions on dicts. From dict.go. Dicts are shared: what one template sets, all see. */
export const dictionaryFunctions: readonly GoFunction[] = [
  define("dict", `func(...interface {}) ${plainMap}`, (_, ...items: GoValue[]) => dict(items)),
  define("get", `func(${plainMap}, string) interface {}`, (_, dictionary: Dictionary, key: string) =>
    dictionary?.has(key) ? dictionary.get(key)! : "",
  ),
  define(
    "set",
    `func(${plainMap}, string, interface {}) ${plainMap}`,
    (_, target: Dictionary, key: string, v: GoValue) => set(target, key, v),
  ),
  define("unset", `func(${plainMap}, string) ${plainMap}`, (_, target: Dictionary, key: string) => unset(target, key)),
  define(
    "hasKey",
    `func(${plainMap}, string) bool`,
    (_, dictionary: Dictionary, key: string) => dictionary?.has(key) ?? false,
  ),
  define("pluck", `func(string, ...${plainMap}) []interface {}`, (_, key: string, ...dictionaries: Dictionary[]) =>
    dictionaries.filter((dictionary) => dictionary?.has(key)).map((dictionary) => dictionary!.get(key)!),
  ),
  // Go gives keys and values in random order.
  define("keys", `func(...${plainMap}) []string`, (_, ...dictionaries: Dictionary[]) =>
    typedSlice(
      "[]string",
      dictionaries.flatMap((dictionary) => (dictionary ? mapKeysSorted(dictionary) : [])),
    ),
  ),
  define("values", `func(${plainMap}) []interface {}`, (_, dictionary: Dictionary) =>
    dictionary ? mapKeysSorted(dictionary).map((key) => dictionary.get(key)!) : [],
  ),
  define("pick", `func(${plainMap}, ...string) ${plainMap}`, (_, dictionary: Dictionary, ...keys: string[]) =>
    pick(dictionary, keys),
  ),
  define("omit", `func(${plainMap}, ...string) ${plainMap}`, (_, dictionary: Dictionary, ...keys: string[]) =>
    omit(dictionary, keys),
  ),
  define("dig", "func(...interface {}) interface {}", (_, ...values: GoValue[]) => dig(values)),
  defineMerge("merge", false, false),
  defineMerge("mergeOverwrite", true, false),
  defineMerge("mustMerge", false, true),
  defineMerge("mustMergeOverwrite", true, true),
];
