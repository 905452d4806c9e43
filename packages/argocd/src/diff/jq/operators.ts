import type { GoValue } from "@tiphys/gotemplate";
import { isMap } from "../../unstructured.ts";
import type { Machine } from "./machine.ts";
import type { BinaryOperator } from "./node.ts";
import { characters, compareValues, JqError, jqType, preview } from "./value.ts";

const names: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "modulo",
};
const maxRepeated = 1 << 26;

function mismatch(operator: string, left: GoValue, right: GoValue): JqError {
  const shown = (value: GoValue): string => `${jqType(value)} (${preview(value)})`;
  return new JqError(`cannot ${names[operator]}: ${shown(left)} and ${shown(right)}`);
}

/** Throws `JqError`. */
export function applyOperator(operator: BinaryOperator, left: GoValue, right: GoValue): GoValue {
  switch (operator) {
    case "==":
      return compareValues(left, right) === 0;
    case "!=":
      return compareValues(left, right) !== 0;
    case "<":
      return compareValues(left, right) < 0;
    case "<=":
      return compareValues(left, right) <= 0;
    case ">":
      return compareValues(left, right) > 0;
    case ">=":
      return compareValues(left, right) >= 0;
    case "+":
      return add(left, right);
    case "-":
      return subtract(left, right);
    case "*":
      return multiply(left, right);
    default:
      return divide(operator, left, right);
  }
}

function add(left: GoValue, right: GoValue): GoValue {
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left === "string" && typeof right === "string") {
    if (left.length + right.length > maxRepeated) throw new JqError("string is too large");
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (isMap(left) && isMap(right)) return new Map([...left, ...right]);
  throw mismatch("+", left, right);
}

/** The sum of all; null when there are none. Throws `JqError`. */
export function addAll(list: readonly GoValue[], machine: Machine): GoValue {
  return list.reduce<GoValue>((sum, item) => {
    machine.build(
      typeof sum === "string" ? sum.length / 8 : Array.isArray(sum) ? sum.length : isMap(sum) ? sum.size : 0,
    );
    return add(sum, item);
  }, null);
}

function subtract(left: GoValue, right: GoValue): GoValue {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (Array.isArray(left) && Array.isArray(right))
    return left.filter((item) => right.every((other) => compareValues(item, other) !== 0));
  throw mismatch("-", left, right);
}

function multiply(left: GoValue, right: GoValue): GoValue {
  if (typeof left === "number" && typeof right === "number") return left * right;
  if (isMap(left) && isMap(right)) return deepMerge(left, right);
  const [text, count] = typeof left === "string" ? [left, right] : [right, left];
  if (typeof text !== "string" || typeof count !== "number") throw mismatch("*", left, right);
  if (count < 0 || Number.isNaN(count)) return null;
  const times = count > 0 ? Math.max(1, Math.trunc(count)) : 0;
  if (text.length * times > maxRepeated)
    throw new JqError(`repeat string result too large: ${preview(text)} * ${count}`);
  return text.repeat(times);
}

function deepMerge(left: ReadonlyMap<string, GoValue>, right: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const out = new Map(left);
  for (const [key, value] of right) {
    const before = out.get(key);
    out.set(key, isMap(before) && isMap(value) ? deepMerge(before, value) : value);
  }
  return out;
}

function divide(operator: string, left: GoValue, right: GoValue): GoValue {
  if (typeof left === "number" && typeof right === "number") {
    const divisor = operator === "%" ? Math.trunc(right) : right;
    if (divisor === 0)
      throw new JqError(
        `cannot ${names[operator]} ${jqType(left)} (${preview(left)}) by: ${jqType(right)} (${preview(right)})`,
      );
    return operator === "%" ? Math.trunc(left) % Math.abs(divisor) : left / right;
  }
  if (operator === "/" && typeof left === "string" && typeof right === "string") return splitText(left, right);
  throw mismatch(operator, left, right);
}

export function splitText(text: string, separator: string): GoValue[] {
  if (text === "") return [];
  return separator === "" ? characters(text) : text.split(separator);
}
