import type { GoValue } from "@tiphys/gotemplate";
import { isMap } from "../../unstructured.ts";
import { characters, compareValues, JqError, jqType, typeError } from "./value.ts";

/** Keys, indexes and slices, outermost first. */
export type JqPath = readonly GoValue[];

/** Lists that a program makes by setting far indexes stay below this. */
const maxIndex = 1 << 24;

/** `value[key]`. Throws `JqError`. */
export function indexValue(value: GoValue, key: GoValue): GoValue {
  if (isMap(key)) {
    if (value !== null && !(key.has("start") && key.has("end")))
      throw typeError(`expected "start" and "end" for slicing but got`, key);
    return sliceValue(value, key.get("start") ?? null, key.get("end") ?? null);
  }
  if (value === null) {
    if (typeof key === "string" || typeof key === "number" || Array.isArray(key)) return null;
    if (key === null) throw typeError("expected a string for object key but got", key);
  } else if (isMap(value)) {
    if (typeof key === "string") return value.get(key) ?? null;
    throw typeError("expected a string for object key but got", key);
  } else if (Array.isArray(value)) {
    if (typeof key === "number") return value[normalIndex(key, value.length)] ?? null;
    if (Array.isArray(key)) return indices(value, key);
    throw typeError("expected a number for indexing an array but got", key);
  }
  if (typeof value === "string" && typeof key === "number")
    return characters(value)[normalIndex(key, characters(value).length)] ?? null;
  throw typeError(typeof key === "string" ? "expected an object but got" : "expected an array but got", value);
}

function normalIndex(key: number, length: number): number {
  const index = Math.trunc(key);
  return index < 0 ? index + length : index;
}

/** Where `part` begins in `list`. */
export function indices(list: readonly GoValue[], part: readonly GoValue[]): GoValue[] {
  if (part.length === 0) return [];
  const found: GoValue[] = [];
  for (let at = 0; at + part.length <= list.length; at++) {
    if (part.every((item, offset) => compareValues(item, list[at + offset] as GoValue) === 0)) found.push(at);
  }
  return found;
}

function bounds(length: number, from: GoValue, to: GoValue): readonly [number, number] {
  const place = (value: GoValue, otherwise: number, round: (value: number) => number): number => {
    if (value === null) return otherwise;
    if (typeof value !== "number") throw new JqError(`expected a number for slicing but got: ${jqType(value)}`);
    const index = round(value);
    return Math.min(length, Math.max(0, index < 0 ? index + length : index));
  };
  const start = place(from, 0, Math.floor);
  return [start, Math.max(start, place(to, length, Math.ceil))];
}

function isAscii(text: string): boolean {
  return !/[\x80-\xff]/.test(text);
}

/** Steps that slicing a text takes: all of it is looked at. */
export function sliceCost(text: string): number {
  return Math.ceil(text.length / (isAscii(text) ? 512 : 16));
}

/** `value[from:to]`. Throws `JqError`. */
export function sliceValue(value: GoValue, from: GoValue, to: GoValue): GoValue {
  if (value === null) return null;
  if (typeof value === "string") {
    if (isAscii(value)) return value.slice(...bounds(value.length, from, to));
    const chars = characters(value);
    return chars.slice(...bounds(chars.length, from, to)).join("");
  }
  if (!Array.isArray(value)) throw typeError("expected an array but got", value);
  return value.slice(...bounds(value.length, from, to));
}

export function getPath(value: GoValue, path: JqPath): GoValue {
  return path.reduce<GoValue>((at, key) => {
    if (at !== null && typeof at !== "object") throw new JqError(`getpath cannot be applied to: ${jqType(value)}`);
    return indexValue(at, key);
  }, value);
}

/** A copy in which the place at `path` holds what `change` makes of it. Throws `JqError`. */
export function updatePath(value: GoValue, path: JqPath, change: (value: GoValue) => GoValue): GoValue {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (isMap(key)) return updateSlice(value, key, (part) => updatePath(part, rest, change));
  const inner = updatePath(indexValue(value, key), rest, change);
  if (typeof key === "string") {
    if (value !== null && !isMap(value)) throw typeError("expected an object but got", value);
    return new Map(value ?? []).set(key, inner);
  }
  if (typeof key !== "number") throw typeError("expected a number for indexing an array but got", key);
  if (value !== null && !Array.isArray(value)) throw typeError("expected an array but got", value);
  const list = [...(value ?? [])];
  const index = normalIndex(key, list.length);
  if (index < 0) throw new JqError(`array index should not be negative: ${key}`);
  if (index >= maxIndex) throw new JqError(`array index too large: ${key}`);
  while (list.length < index) list.push(null);
  list[index] = inner;
  return list;
}

function updateSlice(value: GoValue, key: ReadonlyMap<string, GoValue>, change: (value: GoValue) => GoValue): GoValue {
  if (value !== null && !Array.isArray(value)) throw typeError("expected an array but got", value);
  const list = value ?? [];
  const [from, to] = bounds(list.length, key.get("start") ?? null, key.get("end") ?? null);
  const part = change(value === null ? null : list.slice(from, to));
  if (!Array.isArray(part)) throw typeError("expected an array but got", part);
  return [...list.slice(0, from), ...part, ...list.slice(to)];
}

/** A copy without the places at `paths`; missing ones are passed over. Throws `JqError`. */
export function deletePaths(value: GoValue, paths: readonly JqPath[]): GoValue {
  const sorted = [...paths].sort((a, b) => compareValues(b as GoValue[], a as GoValue[]));
  return sorted.reduce<GoValue>((at, path) => deletePath(at, path), value);
}

function deletePath(value: GoValue, path: JqPath): GoValue {
  const [key, ...rest] = path;
  if (key === undefined) return null;
  if (value === null) return null;
  if (isMap(key)) {
    return updateSlice(value, key, (part) => (rest.length === 0 ? [] : deletePath(part, rest)));
  }
  if (typeof key === "string") {
    if (!isMap(value)) throw typeError("expected an object but got", value);
    const inner = value.get(key);
    if (inner === undefined) return value;
    const copy = new Map(value);
    if (rest.length === 0) copy.delete(key);
    else copy.set(key, deletePath(inner, rest));
    return copy;
  }
  if (typeof key !== "number") throw typeError("expected a number for indexing an array but got", key);
  if (!Array.isArray(value)) throw typeError("expected an array but got", value);
  const index = normalIndex(key, value.length);
  const inner = value[index];
  if (inner === undefined) return value;
  const copy = [...value];
  if (rest.length === 0) copy.splice(index, 1);
  else copy[index] = deletePath(inner, rest);
  return copy;
}
