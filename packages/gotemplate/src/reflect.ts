import { GoMap, GoNumber, GoObject, isNilSlice, nilSlice, sliceTypeOf } from "./value.ts";
import type { GoFunction, GoKind, GoNumberType, GoValue } from "./value.ts";

/** Whether a value is a Go function. */
export function isGoFunction(value: GoValue | undefined): value is GoFunction {
  return typeof value === "object" && value !== null && (value as { isGoFunction?: unknown }).isGoFunction === true;
}

function functionTypeName(fn: GoFunction): string {
  const last = fn.parameters.length - 1;
  const parameters = fn.parameters.map((type, i) => (fn.variadic && i === last ? "..." + type : type));
  return `func(${parameters.join(", ")})${fn.result === "" ? "" : " " + fn.result}`;
}

/** The type of a value as `%T` prints it; `<nil>` for nil. */
export function goTypeName(value: GoValue | undefined): string {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return "float64";
    case "bigint":
      return "int";
    case "undefined":
      return "<nil>";
  }
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return sliceTypeOf(value);
  if (value instanceof GoMap) return value.goType;
  if (value instanceof Map) return "map[string]interface {}";
  if (value instanceof GoNumber) return value.type;
  if (value instanceof GoObject) return value.goType;
  return functionTypeName(value);
}

/** The reflect kind of a value; `invalid` for nil. */
export function goKind(value: GoValue | undefined): GoKind {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return "float64";
    case "bigint":
      return "int";
    case "undefined":
      return "invalid";
  }
  if (value === null) return "invalid";
  if (Array.isArray(value)) return "slice";
  if (value instanceof Map) return "map";
  if (value instanceof GoNumber) return value.type;
  if (value instanceof GoObject) return value.goKind;
  return "func";
}

/** The value itself, or what a named type (`time.Duration`) holds. */
export function underlying(value: GoValue): GoValue {
  return value instanceof GoObject ? (value.goUnderlying() ?? value) : value;
}

/** Template truth: not the zero of its type, not empty. */
export function isTrue(value: GoValue | undefined): boolean {
  switch (typeof value) {
    case "string":
      return value !== "";
    case "boolean":
      return value;
    case "number":
      return value !== 0;
    case "bigint":
      return value !== 0n;
    case "undefined":
      return false;
  }
  if (value === null) return false;
  if (value instanceof Map) return value.size > 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof GoNumber) return Number(value.value) !== 0;
  const inner = underlying(value);
  return inner === value || isTrue(inner);
}

/** The keys of a map in Go's order (bytes). */
export function mapKeysSorted(map: ReadonlyMap<string, GoValue>): string[] {
  const keys = [...map.keys()];
  // JavaScript's default order is by UTF-16 unit, which is byte order on byte strings.
  return keys.sort();
}

const numberTypes: ReadonlySet<string> = new Set([
  "int8",
  "int16",
  "int32",
  "int64",
  "uint",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "uintptr",
  "float32",
]);

/** Whether `type` names an integer type. */
export function isIntegerType(type: string): boolean {
  return type === "int" || (numberTypes.has(type) && type !== "float32");
}

/** The zero of a Go type given by name: `""` for string, a nil map for `map[…]…`, null for interfaces and pointers. */
export function zeroOf(type: string): GoValue {
  switch (type) {
    case "string":
      return "";
    case "bool":
      return false;
    case "int":
      return 0n;
    case "float64":
      return 0;
  }
  if (numberTypes.has(type)) return new GoNumber(type as GoNumberType, type === "float32" ? 0 : 0n);
  if (type.startsWith("[]")) return nilSlice(type);
  if (type.startsWith("map[")) return new GoMap(type, null, true);
  return null;
}

/** The element type of a map. */
export function mapElementType(map: ReadonlyMap<string, GoValue>): string {
  return map instanceof GoMap ? map.goElementType : "interface {}";
}

/** The element type of a slice; undefined when its type is a name that does not say. */
export function sliceElementType(slice: GoValue[]): string | undefined {
  const type = sliceTypeOf(slice);
  return type.startsWith("[]") ? type.slice(2) : undefined;
}

/** Whether a value is a nil map, slice or interface. */
export function isNilValue(value: GoValue | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return isNilSlice(value);
  return value instanceof GoMap && value.isNil;
}

/** Go's `reflect.DeepEqual`. */
export function deepEqual(a: GoValue, b: GoValue): boolean {
  return isEqual(a, b, { left: comparedBeforeMemory });
}

/** Containers that are compared before pairs are remembered, as Go does from the start: values that share parts are few. */
const comparedBeforeMemory = 100_000;

interface Comparison {
  /** Containers to compare before memory begins. */
  left: number;
  /** Pairs that are or were compared; Go takes them for equal. */
  seen?: Map<object, Set<object>>;
}

function isEqual(a: GoValue, b: GoValue, comparison: Comparison): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (goTypeName(a) !== goTypeName(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length || isNilSlice(a) !== isNilSlice(b)) return false;
    return a === b || wasCompared(a, b, comparison) || a.every((item, i) => isEqual(item, b[i]!, comparison));
  }
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size || isNilValue(a) !== isNilValue(b)) return false;
    if (a === b || wasCompared(a, b, comparison)) return true;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !isEqual(value, other, comparison)) return false;
    }
    return true;
  }
  if (a instanceof GoNumber && b instanceof GoNumber) return a.value === b.value;
  if (a instanceof GoObject && b instanceof GoObject) return a === b || objectsAreEqual(a, b);
  return false;
}

function wasCompared(a: object, b: object, comparison: Comparison): boolean {
  if (comparison.left-- > 0) return false;
  const seen = (comparison.seen ??= new Map<object, Set<object>>());
  const others = seen.get(a);
  if (others?.has(b)) return true;
  if (others) others.add(b);
  else seen.set(a, new Set([b]));
  return false;
}

/** Objects without fields or text of their own are equal only when they are the same. */
function objectsAreEqual(a: GoObject, b: GoObject): boolean {
  const names = a.goFieldNames();
  const text = a.goString();
  if (names.length === 0 && text === undefined) return false;
  return text === b.goString() && names.every((name) => deepEqual(a.goField(name) ?? null, b.goField(name) ?? null));
}
