// Mirrors validateType, canBeNil and reflect's assignability as text/template needs them, Go 1.26.
import { goTypeName, isIntegerType, underlying, zeroOf } from "../reflect.ts";
import { plainView } from "../map-view.ts";
import { GoMap, GoNumber, GoObject } from "../value.ts";
import type { GoNumberType, GoValue } from "../value.ts";
import type { Value } from "./frame.ts";

/** How a call checks an argument before it looks at type names. Numbers, because calls are what templates do most. */
export type Check = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
/** Everything is welcome; what is nothing becomes nil. */
export const checkAny = 0;
export const checkString = 1;
export const checkInt = 2;
export const checkFloat = 3;
export const checkBool = 4;
/** `map[string]interface {}` */
export const checkMap = 5;
/** By type name. */
export const checkType = 6;
/** Takes what the expression gave, nil states and all; also for literals, which are checked when compiled. */
export const checkNothing = 7;

const quickChecks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["interface {}", checkAny],
  ["any", checkAny],
  ["string", checkString],
  ["int", checkInt],
  ["float64", checkFloat],
  ["bool", checkBool],
  ["map[string]interface {}", checkMap],
  ["reflect.Value", checkNothing],
]);

/** The quick check for a parameter type. */
export function checkFor(type: string): Check {
  return quickChecks.get(type) ?? checkType;
}

const interfaceTypes: ReadonlySet<string> = new Set(["error", "fmt.Stringer"]);

/** Whether nil can be of that type. */
export function canBeNil(type: string): boolean {
  return (
    /^(?:\[\]|map\[|\*|func\(|chan |interface \{)/.test(type) ||
    type === "reflect.Value" ||
    type === "any" ||
    interfaceTypes.has(type)
  );
}

/** Whether a value that is not nil is assignable to a type. */
export function isAssignable(value: GoValue, type: string): boolean {
  if (type === "interface {}" || type === "any" || type === "reflect.Value") return true;
  const actual = goTypeName(value);
  if (actual === type) return true;
  if (interfaceTypes.has(type)) return value instanceof GoObject && value.goString() !== undefined;
  if (value instanceof Map) {
    // Named and unnamed types over the same map type are assignable to each other.
    const unnamed = (name: string): boolean => name.startsWith("map[");
    if (unnamed(actual) === unnamed(type)) return false;
    const elements = value instanceof GoMap ? value.goElementType : "interface {}";
    return unnamed(type) ? type === "map[string]" + elements : false;
  }
  if (Array.isArray(value)) return type.startsWith("[]") && !actual.startsWith("[]");
  return false;
}

/** Go's text for a value that does not fit, or the value as the function wants it. */
export type Converted = { readonly value: Value } | { readonly error: string };

/** The long way of `validateType`, for everything that the quick checks of a call did not settle. */
export function convertArgument(value: Value, type: string): Converted {
  if (value === undefined) {
    if (type === "reflect.Value") return { value };
    return canBeNil(type) ? { value: zeroOf(type) } : { error: `invalid value; expected ${type}` };
  }
  if (value === null) {
    if (type === "interface {}" || type === "any" || type === "reflect.Value") return { value };
    return { error: `wrong type for value; expected ${type}; got interface {}` };
  }
  if (value instanceof GoMap && type === "map[string]interface {}" && isAssignable(value, type)) {
    return { value: plainView(value) };
  }
  const actual = goTypeName(value);
  const inner = underlying(value);
  // A named slice or map (`common.VersionSet`) where its plain type is wanted.
  if (inner !== value && /^(?:\[\]|map\[)/.test(type) && isAssignable(inner, type)) return { value: inner };
  if (isAssignable(value, type) || actual === "*" + type) return { value: plainInteger(value, type) };
  return { error: `wrong type for value; expected ${type}; got ${actual}` };
}

/** Integer parameters take bigints, whatever their size. */
export function plainInteger(value: GoValue, type: string): GoValue {
  return value instanceof GoNumber && isIntegerType(type) ? (value.value as bigint) : value;
}

/** A function's result in the type it declares: implementations may return any integer as bigint. */
export function typedResult(value: GoValue, result: string): GoValue {
  if (typeof value === "bigint" && result !== "int" && isIntegerType(result))
    return new GoNumber(result as GoNumberType, value);
  return value;
}

/** An element of a slice or map with elements of type `type`; sized integers may be held as bigints. */
export function typedElement(value: GoValue, type: string | undefined): GoValue {
  return typeof value === "bigint" && type !== undefined ? typedResult(value, type) : value;
}
