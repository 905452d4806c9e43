// Mirrors the comparison functions of text/template/funcs.go, Go 1.26.
import { formatGo } from "../fmt/print.ts";
import { FunctionError } from "../function.ts";
import { deepEqual, goKind, goTypeName, isNilValue, underlying } from "../reflect.ts";
import { GoNumber, GoObject } from "../value.ts";
import type { GoValue } from "../value.ts";
import type { Value } from "./frame.ts";

type BasicKind = "bool" | "float" | "int" | "string" | "uint" | "none";

/** A value of a basic kind, without its type. */
interface Basic {
  readonly kind: BasicKind;
  readonly value: bigint | boolean | number | string | undefined;
}

function basicOf(value: Value): Basic {
  switch (typeof value) {
    case "string":
      return { kind: "string", value };
    case "number":
      return { kind: "float", value };
    case "bigint":
      return { kind: "int", value };
    case "boolean":
      return { kind: "bool", value };
  }
  if (value instanceof GoNumber) {
    return {
      kind: value.type === "float32" ? "float" : value.type.startsWith("u") ? "uint" : "int",
      value: value.value,
    };
  }
  if (value instanceof GoObject) {
    const inner = underlying(value);
    if (inner !== value) return basicOf(inner);
  }
  return { kind: "none", value: undefined };
}

function incompatible(a: Value, b: Value): FunctionError {
  return new FunctionError(`incompatible types for comparison: ${goTypeName(a)} and ${goTypeName(b)}`);
}

const areIntegers = (a: Basic, b: Basic): boolean =>
  (a.kind === "int" && b.kind === "uint") || (a.kind === "uint" && b.kind === "int");

function equalPair(a: Value, b: Value): boolean {
  if (typeof a === "string" && typeof b === "string") return a === b;
  const left = basicOf(a);
  const right = basicOf(b);
  if (left.kind !== right.kind) {
    if (areIntegers(left, right)) return left.value === right.value;
    if (isValid(a) && isValid(b)) throw incompatible(a, b);
    return false;
  }
  return left.kind === "none" ? equalOthers(a, b) : left.value === right.value;
}

const isValid = (value: Value): value is Exclude<GoValue, null> => value !== undefined && value !== null;

/** Maps, slices, structs, pointers, functions and nil. */
function equalOthers(a: Value, b: Value): boolean {
  if (isValid(a) && isValid(b) && goKind(a) !== goKind(b)) {
    throw new FunctionError(
      `non-comparable types ${formatGo("%s", [a])}: ${goTypeName(a)}, ${goTypeName(b)}: ${formatGo("%v", [b])}`,
    );
  }
  if (isNilValue(a) || isNilValue(b)) return isNilValue(a) === isNilValue(b);
  if (!(b instanceof GoObject))
    throw new FunctionError(`non-comparable type ${formatGo("%s", [b!])}: ${goTypeName(b)}`);
  return a === b || (b.goKind === "struct" && deepEqual(a!, b));
}

/** `eq first other…`: whether `first` equals any of the others. */
export function equalsAny(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new FunctionError("missing argument for comparison");
  for (const other of others) {
    if (equalPair(first, other)) return true;
  }
  return false;
}

/** `lt` */
export function isLess(a: Value, b: Value): boolean {
  const left = basicOf(a);
  if (left.kind === "none") throw new FunctionError("invalid type for comparison");
  const right = basicOf(b);
  if (right.kind === "none") throw new FunctionError("invalid type for comparison");
  if (left.kind !== right.kind && !areIntegers(left, right)) throw incompatible(a, b);
  if (left.kind === "bool") throw new FunctionError("invalid type for comparison");
  return left.value! < right.value!;
}

/** `le` */
export function isLessOrEqual(a: Value, b: Value): boolean {
  return isLess(a, b) || equalsAny(a, [b]);
}
