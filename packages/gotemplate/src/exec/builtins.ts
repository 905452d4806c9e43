// Mirrors the builtins of text/template/funcs.go, Go 1.26. `and`, `or` and `call` are compiled in call.ts.
import { formatGo, sprint, sprintln } from "../fmt/print.ts";
import { define, FunctionError } from "../function.ts";
import { goTypeName, isIntegerType, isTrue, mapElementType, sliceElementType, underlying, zeroOf } from "../reflect.ts";
import { GoNumber, isNilSlice, nilSlice, sliceTypeOf, typedSlice } from "../value.ts";
import type { GoFunction, GoValue } from "../value.ts";
import { equalsAny, isLess, isLessOrEqual } from "./comparison.ts";
import { escapeHtml, escapeQuery, escapeScript } from "./escape.ts";
import type { Value } from "./frame.ts";
import { indirect } from "./printable.ts";
import { canBeNil, isAssignable, typedElement } from "./types.ts";
import type { Converted } from "./types.ts";

/** Go's indexArg: an index from 0 to `limit`. */
function indexOf(index: Value, limit: number): number {
  if (index === undefined || index === null) throw new FunctionError("cannot index slice/array with nil");
  const plain = underlying(index);
  const value = plain instanceof GoNumber ? plain.value : plain;
  if (typeof value !== "bigint") throw new FunctionError(`cannot index slice/array with type ${goTypeName(index)}`);
  // uint64 indexes are taken as int64.
  const signed = BigInt.asIntN(64, value);
  if (signed < 0n || signed > BigInt(limit)) throw new FunctionError(`index out of range: ${signed}`);
  return Number(signed);
}

function indexStep(item: GoValue, index: Value): GoValue {
  const inner = underlying(item);
  if (inner instanceof Map) {
    if (index === undefined || index === null) throw new FunctionError("value is nil; should be of type string");
    const key = underlying(index);
    if (typeof key !== "string") throw new FunctionError(`value has type ${goTypeName(index)}; should be string`);
    const value = inner.get(key);
    return value === undefined ? zeroOf(mapElementType(inner)) : typedElement(value, mapElementType(inner));
  }
  if (Array.isArray(inner)) {
    const at = indexOf(index, inner.length);
    if (at === inner.length) throw new FunctionError("reflect: slice index out of range");
    return typedElement(inner[at]!, sliceElementType(inner));
  }
  if (typeof inner === "string") {
    const at = indexOf(index, inner.length);
    if (at === inner.length) throw new FunctionError("reflect: string index out of range");
    return new GoNumber("uint8", BigInt(inner.charCodeAt(at)));
  }
  throw new FunctionError(`can't index item of type ${goTypeName(indirect(item))}`);
}

function index(item: Value, indexes: readonly Value[]): GoValue {
  if (item === undefined || item === null) throw new FunctionError("index of untyped nil");
  let at: GoValue = item;
  for (const step of indexes) {
    if (at === null) throw new FunctionError("index of nil pointer");
    at = indexStep(at, step);
  }
  return at;
}

function slice(item: Value, indexes: readonly Value[]): GoValue {
  if (item === undefined || item === null) throw new FunctionError("slice of untyped nil");
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  const inner = underlying(item);
  if (typeof inner !== "string" && !Array.isArray(inner))
    throw new FunctionError(`can't slice item of type ${goTypeName(indirect(item))}`);
  if (typeof inner === "string" && indexes.length === 3) throw new FunctionError("cannot 3-index slice a string");
  const bounds = indexes.map((step) => indexOf(step, inner.length));
  const from = bounds[0] ?? 0;
  const to = bounds[1] ?? inner.length;
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  if (bounds.length === 3 && to > bounds[2]!) throw new FunctionError(`invalid slice index: ${to} > ${bounds[2]}`);
  if (typeof inner === "string") return inner.slice(from, to);
  return isNilSlice(inner) ? nilSlice(sliceTypeOf(inner)) : typedSlice(sliceTypeOf(inner), inner.slice(from, to));
}

function length(item: Value): bigint {
  // The texts of reflect's panic and of Go's own check; the first means a pipeline that gave nothing.
  if (item === undefined) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  if (item === null) throw new FunctionError("len of nil pointer");
  const inner = underlying(item);
  if (typeof inner === "string" || Array.isArray(inner)) return BigInt(inner.length);
  if (inner instanceof Map) return BigInt(inner.size);
  throw new FunctionError(`len of type ${goTypeName(indirect(item))}`);
}

const raw = "reflect.Value";

/** The builtins by name, except those that do not evaluate all of their arguments. */
export const builtins: ReadonlyMap<string, GoFunction> = new Map(
  [
    define("eq", `func(${raw}, ...${raw}) bool`, (_context, first: Value, ...others: Value[]) =>
      equalsAny(first, others),
    ),
    define("ne", `func(${raw}, ${raw}) bool`, (_context, a: Value, b: Value) => !equalsAny(a, [b])),
    define("lt", `func(${raw}, ${raw}) bool`, (_context, a: Value, b: Value) => isLess(a, b)),
    define("le", `func(${raw}, ${raw}) bool`, (_context, a: Value, b: Value) => isLessOrEqual(a, b)),
    define("gt", `func(${raw}, ${raw}) bool`, (_context, a: Value, b: Value) => !isLessOrEqual(a, b)),
    define("ge", `func(${raw}, ${raw}) bool`, (_context, a: Value, b: Value) => !isLess(a, b)),
    define("not", `func(${raw}) bool`, (_context, value: Value) => !isTrue(value)),
    define("index", `func(${raw}, ...${raw}) ${raw}`, (_context, item: Value, ...indexes: Value[]) =>
      index(item, indexes),
    ),
    define("slice", `func(${raw}, ...${raw}) ${raw}`, (_context, item: Value, ...indexes: Value[]) =>
      slice(item, indexes),
    ),
    define("len", `func(${raw}) int`, (_context, item: Value) => length(item)),
    define("print", "func(...interface {}) string", (_context, ...args: GoValue[]) => sprint(args)),
    define("printf", "func(string, ...interface {}) string", (_context, format: string, ...args: GoValue[]) =>
      formatGo(format, args),
    ),
    define("println", "func(...interface {}) string", (_context, ...args: GoValue[]) => sprintln(args)),
    define("html", "func(...interface {}) string", (_context, ...args: GoValue[]) => escapeHtml(args)),
    define("js", "func(...interface {}) string", (_context, ...args: GoValue[]) => escapeScript(args)),
    define("urlquery", "func(...interface {}) string", (_context, ...args: GoValue[]) => escapeQuery(args)),
  ].map((fn) => [fn.name, fn]),
);

/** Go's prepareArg: an argument of `call`, in the type wanted, or the text of its error. Integers change size as needed. */
export function prepareArgument(value: Value, type: string): Converted {
  if (value === undefined || value === null) {
    return canBeNil(type) ? { value: zeroOf(type) } : { error: `value is nil; should be of type ${type}` };
  }
  const plain = underlying(value);
  const integer = plain instanceof GoNumber ? plain.value : plain;
  if (typeof integer === "bigint" && isIntegerType(type)) {
    const bits = Number(/\d+$/.exec(type)?.[0] ?? 64);
    return { value: type.startsWith("u") ? BigInt.asUintN(bits, integer) : BigInt.asIntN(bits, integer) };
  }
  return isAssignable(value, type) ? { value } : { error: `value has type ${goTypeName(value)}; should be ${type}` };
}
