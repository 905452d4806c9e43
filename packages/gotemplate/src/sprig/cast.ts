import { formatGo } from "../fmt/print.ts";
import { type GoValue, GoNumber, GoObject, sliceTypeOf } from "../value.ts";

/** Conversions as spf13/cast 1.7.0 and strconv (Go 1.26) make them: what cannot be converted is zero, never an error. */

const largestInt64 = 0x7fffffffffffffffn;
const smallestInt64 = -0x8000000000000000n;
const largestUint64 = 0xffffffffffffffffn;

/** Why strconv refuses a number. */
export type NumberProblem = "invalid syntax" | "value out of range";

function digitValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 0x20;
  if (lower >= 97 && lower <= 122) return lower - 97 + 10;
  return 99;
}

function basePrefix(text: string): [base: number, digits: string] {
  if (text[0] !== "0") return [10, text];
  const mark = text.length >= 3 ? text[1]!.toLowerCase() : "";
  if (mark === "b") return [2, text.slice(2)];
  if (mark === "o") return [8, text.slice(2)];
  if (mark === "x") return [16, text.slice(2)];
  return [8, text.slice(1)];
}

/** `strconv.ParseUint(text, base, 64)`; base 0 reads the prefix. */
export function parseUint(text: string, base: number): bigint | NumberProblem {
  if (text === "") return "invalid syntax";
  let digits = text;
  let radix = base;
  if (base === 0) [radix, digits] = basePrefix(text);
  let value = 0n;
  let small = 0;
  let outOfRange = false;
  let underscores = false;
  for (let i = 0; i < digits.length; i++) {
    const code = digits.charCodeAt(i);
    if (code === 95 && base === 0) {
      underscores = true;
      continue;
    }
    const digit = digitValue(code);
    if (digit >= radix) return "invalid syntax";
    // Small numbers, nearly all, never touch a bigint.
    if (i < 10) small = small * radix + digit;
    else {
      if (i === 10) value = BigInt(small);
      value = value * BigInt(radix) + BigInt(digit);
      // Go stops reading here, so what follows is not looked at.
      if (value > largestUint64) outOfRange = true;
      if (outOfRange) return "value out of range";
    }
  }
  if (digits.length <= 10) value = BigInt(small);
  if (underscores && !underscoresAllowed(text)) return "invalid syntax";
  return value;
}

/** `strconv.ParseInt(text, base, 64)`. */
export function parseInteger(text: string, base: number): bigint | NumberProblem {
  if (text === "") return "invalid syntax";
  const negative = text[0] === "-";
  const magnitude = parseUint(negative || text[0] === "+" ? text.slice(1) : text, base);
  if (typeof magnitude === "string") return magnitude;
  if (!negative && magnitude > largestInt64) return "value out of range";
  if (negative && -magnitude < smallestInt64) return "value out of range";
  return negative ? -magnitude : magnitude;
}

/** `strconv.underscoreOK`: underscores stand between digits, or after a base prefix. */
function underscoresAllowed(text: string): boolean {
  let saw = "^";
  let rest = text.replace(/^[+-]/, "");
  let hex = false;
  if (/^0[box]/i.test(rest)) {
    saw = "0";
    hex = rest[1]!.toLowerCase() === "x";
    rest = rest.slice(2);
  }
  for (const char of rest) {
    if ((char >= "0" && char <= "9") || (hex && /[a-f]/i.test(char))) saw = "0";
    else if (char === "_") {
      if (saw !== "0") return false;
      saw = "_";
    } else {
      if (saw === "_") return false;
      saw = "!";
    }
  }
  return saw !== "_";
}

const decimalFloat = /^[+-]?(?:[0-9_]+\.?[0-9_]*|\.[0-9_]+)(?:e[+-]?[0-9][0-9_]*)?$/i;
const hexFloat = /^([+-]?)0x([0-9a-f_]*)(?:\.([0-9a-f_]*))?p([+-]?[0-9][0-9_]*)$/i;
const specialFloat = /^(?:([+-]?)(inf|infinity)|nan)$/i;

/** `strconv.ParseFloat(text, 64)`. */
export function parseFloat64(text: string): number | NumberProblem {
  const special = specialFloat.exec(text);
  if (special) return special[2] === undefined ? Number.NaN : special[1] === "-" ? -Infinity : Infinity;
  const hex = hexFloat.exec(text);
  if (!hex && !decimalFloat.test(text)) return "invalid syntax";
  if (!/[0-9a-f]/i.test(hex ? hex[2]! + (hex[3] ?? "") : text.replace(/e.*$/i, ""))) return "invalid syntax";
  if (text.includes("_") && !underscoresAllowed(text)) return "invalid syntax";
  const value = hex ? hexFloatValue(hex) : Number(text.replaceAll("_", ""));
  return Number.isFinite(value) ? value : "value out of range";
}

function hexFloatValue(match: RegExpExecArray): number {
  const fraction = (match[3] ?? "").replaceAll("_", "");
  const mantissa = BigInt(`0x0${match[2]!.replaceAll("_", "")}${fraction}`);
  const sign = match[1] === "-" ? -1 : 1;
  if (mantissa === 0n) return sign < 0 ? -0 : 0;
  let exponent = Number(match[4]!.replaceAll("_", "")) - fraction.length * 4;
  let value = Number(mantissa);
  for (; exponent > 0 && Number.isFinite(value); exponent -= Math.min(exponent, 1000))
    value *= 2 ** Math.min(exponent, 1000);
  for (; exponent < 0 && value !== 0; exponent += Math.min(-exponent, 1000)) value *= 2 ** -Math.min(-exponent, 1000);
  return sign * value;
}

/** `int64(value)` of a float on amd64: what does not fit is the smallest int64. */
export function floatToInt64(value: number): bigint {
  const whole = Math.trunc(value);
  if (!(whole >= -9223372036854775808 && whole < 9223372036854775808)) return smallestInt64;
  return BigInt(whole);
}

/** Drops a decimal part of zeros only: `5.00` is `5`. From cast's caste.go. */
function trimZeroDecimal(text: string): string {
  return text.replace(/\.0+$/, "");
}

/** `cast.ToInt64`, as a bigint. */
export function toInt64(value: GoValue): bigint {
  switch (typeof value) {
    case "bigint":
      return value;
    case "number":
      return floatToInt64(value);
    case "boolean":
      return value ? 1n : 0n;
    case "string": {
      const parsed = parseInteger(trimZeroDecimal(value), 0);
      return typeof parsed === "bigint" ? parsed : 0n;
    }
    default:
  }
  if (value instanceof GoNumber) {
    if (value.type === "float32") return floatToInt64(Number(value.value));
    return value.type === "uintptr" ? 0n : BigInt.asIntN(64, BigInt(value.value));
  }
  return namedNumber(value) ?? 0n;
}

/** `time.Month` and `time.Weekday` are integers to cast; other named types are not. */
function namedNumber(value: GoValue): bigint | undefined {
  if (!(value instanceof GoObject)) return undefined;
  if (value.goType !== "time.Month" && value.goType !== "time.Weekday") return undefined;
  return value.goUnderlying() as bigint;
}

/** `cast.ToFloat64`. */
export function toFloat64(value: GoValue): number {
  switch (typeof value) {
    case "number":
      return value;
    case "bigint":
      return Number(value);
    case "boolean":
      return value ? 1 : 0;
    case "string": {
      const parsed = parseFloat64(value);
      return typeof parsed === "number" ? parsed : 0;
    }
    default:
  }
  if (value instanceof GoNumber) return value.type === "uintptr" ? 0 : Number(value.value);
  const named = namedNumber(value);
  return named === undefined ? 0 : Number(named);
}

/** Sprig's `strval`: strings and bytes as they are, Stringers by their method, everything else as `%v` prints it. */
export function strval(value: GoValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value) && sliceTypeOf(value) === "[]uint8") {
    return value.map((byte) => String.fromCharCode(byteOf(byte))).join("");
  }
  if (value instanceof GoObject) {
    const text = value.goString();
    if (text !== undefined) return text;
  }
  return formatGo("%v", [value]);
}

/** One element of a `[]uint8`, whichever way it is held. */
export function byteOf(value: GoValue): number {
  return value instanceof GoNumber ? Number(value.value) : Number(value);
}
