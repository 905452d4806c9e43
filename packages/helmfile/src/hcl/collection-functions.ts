import { jsonText } from "./format.ts";
import { func, growing } from "./function.ts";
import type { HclFunction } from "./function.ts";
import { equalValues, HclError, isList, isObject, objectOf, toNumber, toText } from "./value.ts";
import type { HclObject, HclValue } from "./value.ts";

export const collectionFunctions: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ["coalesce", func((...list) => firstOr(list, (value) => value !== null, "no non-null arguments"), 1, Infinity)],
  [
    "coalescelist",
    func(
      (...list) => firstOr(list, (value) => isList(value) && value.length > 0, "no non-null arguments"),
      1,
      Infinity,
    ),
  ],
  ["compact", func((list) => listOf(list!).filter((item) => item !== null && item !== ""), 1)],
  ["concat", func((...lists) => lists.flatMap(listOf), 1, Infinity)],
  ["contains", func((list, value) => listOf(list!).some((item) => equalValues(item, value!)), 2)],
  ["distinct", func((list) => unique(listOf(list!)), 1)],
  ["element", func((list, index) => element(listOf(list!), toNumber(index!)), 2)],
  ["chunklist", func((list, size) => chunks(listOf(list!), toNumber(size!)), 2)],
  ["flatten", func((list) => flatten(listOf(list!)), 1)],
  ["keys", func((object) => [...objectFrom(object!).keys()], 1)],
  ["values", func((object) => [...objectFrom(object!).values()], 1)],
  ["length", func((value) => length(value!), 1)],
  ["lookup", func((object, key, fallback) => objectFrom(object!).get(toText(key!)) ?? fallback!, 3)],
  [
    "merge",
    func(
      (...objects) =>
        objectOf(
          objects
            .filter((each) => each !== null)
            .flatMap((each) => [...objectFrom(each)])
            .reduce((all, [key, value]) => all.set(key, value), new Map<string, HclValue>()),
        ),
      0,
      Infinity,
    ),
  ],
  ["reverselist", func((list) => listOf(list!).toReversed(), 1)],
  [
    "setintersection",
    func(
      (first, ...rest) => {
        const others = rest.map((other) => keysOf(listOf(other)));
        return asSet(listOf(first!).filter((item) => others.every((keys) => keys.has(jsonText(item)))));
      },
      1,
      Infinity,
    ),
  ],
  [
    "setproduct",
    growing(
      (work, ...lists) => {
        work.takes(lists.reduce<number>((size, list) => size * listOf(list).length, lists.length));
        return lists
          .map(listOf)
          .reduce<HclValue[][]>((all, list) => all.flatMap((head) => list.map((item) => [...head, item])), [[]]);
      },
      1,
      Infinity,
    ),
  ],
  ["setsubtract", func((a, b) => asSet(without(listOf(a!), keysOf(listOf(b!)))), 2)],
  ["setunion", func((...lists) => asSet(lists.flatMap(listOf)), 1, Infinity)],
  ["slice", func((list, from, to) => slice(listOf(list!), toNumber(from!), toNumber(to!)), 3)],
  [
    "sort",
    func(
      (list) =>
        listOf(list!)
          .map(toText)
          .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
      1,
    ),
  ],
  ["zipmap", func((keys, values) => zip(listOf(keys!), listOf(values!)), 2)],
]);

export function listOf(value: HclValue): readonly HclValue[] {
  if (isList(value)) return value;
  throw new HclError("list or tuple required");
}

function objectFrom(value: HclValue): HclObject {
  if (isObject(value)) return value;
  throw new HclError("must have map or object type");
}

function firstOr(values: readonly HclValue[], holds: (value: HclValue) => boolean, otherwise: string): HclValue {
  const found = values.find(holds);
  if (found === undefined) throw new HclError(otherwise);
  return found;
}

/** Values are equal when their JSON is: the keys of objects are in order. */
function keysOf(list: readonly HclValue[]): ReadonlySet<string> {
  return new Set(list.map(jsonText));
}

function without(list: readonly HclValue[], keys: ReadonlySet<string>): HclValue[] {
  return list.filter((item) => !keys.has(jsonText(item)));
}

function unique(list: readonly HclValue[]): HclValue[] {
  const seen = new Map<string, HclValue>();
  for (const item of list) {
    const key = jsonText(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

/** Sets are in order: numbers by size, texts by bytes. */
function asSet(list: readonly HclValue[]): HclValue[] {
  return unique(list).sort((a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : typeof a === "string" && typeof b === "string"
        ? a < b
          ? -1
          : 1
        : 0,
  );
}

function element(list: readonly HclValue[], index: number): HclValue {
  if (list.length === 0) throw new HclError("cannot use element function with an empty list");
  return list[((index % list.length) + list.length) % list.length]!;
}

function chunks(list: readonly HclValue[], size: number): HclValue[] {
  if (!Number.isInteger(size)) throw new HclError("a whole number is required");
  if (size < 0) throw new HclError("the size argument must be positive");
  if (size === 0) return [list];
  const out: HclValue[] = [];
  for (let i = 0; i < list.length; i += size) out.push(list.slice(i, i + size));
  return out;
}

function flatten(list: readonly HclValue[]): HclValue[] {
  return list.flatMap((item) => (isList(item) ? flatten(item) : [item]));
}

function length(value: HclValue): number {
  if (isList(value)) return value.length;
  if (isObject(value)) return value.size;
  throw new HclError("collection must be a list, a map or a tuple");
}

function slice(list: readonly HclValue[], from: number, to: number): HclValue[] {
  if (from < 0 || from > list.length)
    throw new HclError("start index must be greater than or equal to zero and not larger than the length of the list");
  if (to < from || to > list.length)
    throw new HclError("end index must not be smaller than the start index or larger than the length of the list");
  return list.slice(from, to);
}

function zip(keys: readonly HclValue[], values: readonly HclValue[]): HclObject {
  if (keys.length !== values.length)
    throw new HclError(`number of keys (${keys.length}) does not match number of values (${values.length})`);
  return objectOf(new Map(keys.map((key, index) => [toText(key), values[index]!] as const)));
}
