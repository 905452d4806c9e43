/** A value of HCL (go-cty): null, text in UTF-16, numbers, lists (tuples, lists and sets alike) and objects. */
export type HclValue = null | boolean | number | string | readonly HclValue[] | HclObject;
export type HclObject = ReadonlyMap<string, HclValue>;

/** Where an expression stands; lines and columns from 1. */
export interface HclRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A diagnostic of HCL. */
export class HclError extends Error {
  override readonly name = "HclError";
  readonly range: HclRange | undefined;
  /** `Summary; Detail` as HCL prints it. */
  constructor(message: string, range?: HclRange) {
    super(message);
    this.range = range;
  }
}

export function isObject(value: HclValue): value is HclObject {
  return value instanceof Map;
}

export function isList(value: HclValue): value is readonly HclValue[] {
  return Array.isArray(value);
}

export function typeName(value: HclValue): string {
  if (value === null) return "dynamic";
  if (isList(value)) return "tuple";
  if (isObject(value)) return "object";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** cty's way of writing numbers: never with an exponent. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign, whole, fraction = "", exponent] = match;
  return `${sign}0.${"0".repeat(Number(exponent) - 1)}${whole}${fraction}`;
}

export function toText(value: HclValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "boolean") return String(value);
  throw new HclError(value === null ? "string required" : `string required, but have ${typeName(value)}`);
}

export function toNumber(value: HclValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(value)) return Number(value);
  throw new HclError("a number is required");
}

export function toBoolean(value: HclValue): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new HclError("a bool is required");
}

export function equalValues(a: HclValue, b: HclValue): boolean {
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => equalValues(item, b[index]!));
  if (isObject(a))
    return (
      isObject(b) && a.size === b.size && [...a].every(([key, item]) => b.has(key) && equalValues(item, b.get(key)!))
    );
  return a === b;
}

/** Objects have their keys in order. */
export function objectOf(entries: Iterable<readonly [string, HclValue]>): HclObject {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

function decimalOf(value: number): Decimal {
  const text = formatNumber(value);
  const point = text.indexOf(".");
  return point < 0
    ? { digits: BigInt(text), scale: 0 }
    : { digits: BigInt(text.replace(".", "")), scale: text.length - point - 1 };
}

function numberOf({ digits, scale }: Decimal): number {
  return Number(`${digits}e-${scale}`);
}

/** Sums and products go through decimals, because cty's floats have 512 bits: `0.1 + 0.2` is 0.3. */
export function calculate(operator: "+" | "-" | "*", left: number, right: number): number {
  if (!Number.isFinite(left) || !Number.isFinite(right))
    return operator === "+" ? left + right : operator === "-" ? left - right : left * right;
  const a = decimalOf(left);
  const b = decimalOf(right);
  if (operator === "*") return numberOf({ digits: a.digits * b.digits, scale: a.scale + b.scale });
  const scale = Math.max(a.scale, b.scale);
  const x = a.digits * 10n ** BigInt(scale - a.scale);
  const y = b.digits * 10n ** BigInt(scale - b.scale);
  return numberOf({ digits: operator === "+" ? x + y : x - y, scale });
}
