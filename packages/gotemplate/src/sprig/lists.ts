import { define, FunctionError } from "../function.ts";
import { deepEqual, goKind } from "../reflect.ts";
import { type GoFunction, type GoValue, GoNumber, GoObject, nilSlice, sliceTypeOf, typedSlice } from "../value.ts";
import { byteOf, toInt64 } from "./cast.ts";
import { isEmpty } from "./defaults.ts";
import { nilDereference } from "./panics.ts";

/** A named slice type (Helm's VersionSet) is a slice to reflection. */
function withoutName(value: GoValue): GoValue {
  return value instanceof GoObject ? (value.goUnderlying() ?? value) : value;
}

/** The elements of a slice as `interface {}` values. Throws `message` and the kind for anything that is no slice. */
function elements(value: GoValue, message: string): GoValue[] {
  if (value === null) throw nilDereference();
  const list = withoutName(value);
  if (!Array.isArray(list)) throw new FunctionError(`${message} ${goKind(list)}`);
  if (sliceTypeOf(list) === "[]uint8") return list.map((byte) => new GoNumber("uint8", BigInt(byteOf(byte))));
  return list;
}

function chunk(size: bigint, list: GoValue): GoValue {
  const items = elements(list, "Cannot chunk type");
  const width = Number(size);
  const count = Math.floor((items.length - 1) / width) + 1;
  const outOfRange = new FunctionError("runtime error: makeslice: len out of range");
  // A float that is no int64 becomes the smallest one in Go.
  if (!(count >= 0 && count < 2 ** 63)) throw outOfRange;
  const chunks: GoValue[] = [];
  for (let i = 0; i < count; i++) {
    const length = (i === count - 1 && Math.floor(items.length % width)) || width;
    if (length < 0) throw outOfRange;
    chunks.push(items.slice(i * width, i * width + length));
  }
  return typedSlice("[][]interface {}", chunks);
}

/** `reflect.DeepEqual` membership; plain values are looked up instead of compared one by one. */
class Members {
  private readonly plain = new Set<GoValue>();
  private readonly others: GoValue[] = [];

  add(value: GoValue): void {
    if (typeof value === "object" && value !== null) this.others.push(value);
    else this.plain.add(value);
  }

  has(value: GoValue): boolean {
    if (typeof value === "object" && value !== null) return this.others.some((other) => deepEqual(value, other));
    // NaN is not equal to itself in Go.
    return !Number.isNaN(value) && this.plain.has(value);
  }
}

function uniq(list: GoValue): GoValue {
  const seen = new Members();
  return elements(list, "Cannot find uniq on type").filter((item) => {
    if (seen.has(item)) return false;
    seen.add(item);
    return true;
  });
}

function without(list: GoValue, omitted: readonly GoValue[]): GoValue {
  const items = elements(list, "Cannot find without on type");
  const out = new Members();
  for (const value of omitted) out.add(value);
  return items.filter((item) => !out.has(item));
}

function has(needle: GoValue, haystack: GoValue): boolean {
  if (haystack === null) return false;
  const items = elements(haystack, "Cannot find has on type");
  if (typeof needle === "string" || typeof needle === "boolean" || needle === null) return items.includes(needle);
  return items.some((item) => deepEqual(needle, item));
}

/** Sprig's `slice`, which shadows text/template's: lists only, and nil for an empty one. */
function slice(list: GoValue, indices: readonly GoValue[]): GoValue {
  const items = elements(list, "list should be type of slice or array but");
  if (items.length === 0) return null;
  const start = indices.length > 0 ? toInt64(indices[0]!) : 0n;
  const end = indices.length > 1 ? toInt64(indices[1]!) : BigInt(items.length);
  if (start < 0n || end < start || end > BigInt(items.length)) {
    throw new FunctionError("reflect.Value.Slice: slice index out of bounds");
  }
  const part = (list as GoValue[]).slice(Number(start), Number(end));
  const type = sliceTypeOf(list as GoValue[]);
  return type === "[]interface {}" ? part : typedSlice(type, part);
}

/** Longest list that `concat` makes; Go would go on until memory ends. */
const longestList = 10_000_000;

function concat(lists: readonly GoValue[]): GoValue {
  const joined: GoValue[] = [];
  for (const list of lists) {
    if (list === null) throw nilDereference();
    if (!Array.isArray(withoutName(list))) throw new FunctionError(`Cannot concat type ${goKind(list)} as list`);
    const items = elements(list, "");
    if (joined.length + items.length > longestList)
      throw new FunctionError(`unsupported: a list of ${joined.length + items.length} elements`);
    for (const item of items) joined.push(item);
  }
  return joined.length === 0 ? nilSlice() : joined;
}

/** A list function and its `must…` twin, which differ in nothing that a template sees: a panic reads as an error. */
function defineBoth(names: readonly string[], signature: string, run: (...args: never[]) => GoValue): GoFunction[] {
  const call = run as (...args: GoValue[]) => GoValue;
  return names.map((name) => define(name, signature, (_, ...args: GoValue[]) => call(...args)));
}

const oneList = "func(interface {}) []interface {}";

/** Sprig's functions on lists. From list.go. */
export const listFunctions: readonly GoFunction[] = [
  ...defineBoth(["list", "tuple"], "func(...interface {}) []interface {}", (...items: GoValue[]) => items),
  ...defineBoth(
    ["append", "push", "mustAppend", "mustPush"],
    "func(interface {}, interface {}) []interface {}",
    (list: GoValue, item: GoValue) => [...elements(list, "Cannot push on type"), item],
  ),
  ...defineBoth(
    ["prepend", "mustPrepend"],
    "func(interface {}, interface {}) []interface {}",
    (list: GoValue, item: GoValue) => [item, ...elements(list, "Cannot prepend on type")],
  ),
  ...defineBoth(
    ["first", "mustFirst"],
    "func(interface {}) interface {}",
    (list: GoValue) => elements(list, "Cannot find first on type").at(0) ?? null,
  ),
  ...defineBoth(
    ["last", "mustLast"],
    "func(interface {}) interface {}",
    (list: GoValue) => elements(list, "Cannot find last on type").at(-1) ?? null,
  ),
  ...defineBoth(["rest", "mustRest"], oneList, (list: GoValue) => {
    const items = elements(list, "Cannot find rest on type");
    return items.length === 0 ? nilSlice() : items.slice(1);
  }),
  ...defineBoth(["initial", "mustInitial"], oneList, (list: GoValue) => {
    const items = elements(list, "Cannot find initial on type");
    return items.length === 0 ? nilSlice() : items.slice(0, -1);
  }),
  ...defineBoth(["reverse", "mustReverse"], oneList, (list: GoValue) =>
    elements(list, "Cannot find reverse on type").slice().reverse(),
  ),
  ...defineBoth(["compact", "mustCompact"], oneList, (list: GoValue) =>
    elements(list, "Cannot compact on type").filter((item) => !isEmpty(item)),
  ),
  ...defineBoth(["uniq", "mustUniq"], oneList, uniq),
  ...defineBoth(
    ["without", "mustWithout"],
    "func(interface {}, ...interface {}) []interface {}",
    (list: GoValue, ...omitted: GoValue[]) => without(list, omitted),
  ),
  ...defineBoth(["has", "mustHas"], "func(interface {}, interface {}) bool", has),
  ...defineBoth(
    ["slice", "mustSlice"],
    "func(interface {}, ...interface {}) interface {}",
    (list: GoValue, ...indices: GoValue[]) => slice(list, indices),
  ),
  ...defineBoth(["chunk", "mustChunk"], "func(int, interface {}) [][]interface {}", chunk),
  define("concat", "func(...interface {}) interface {}", (_, ...lists: GoValue[]) => concat(lists)),
];
