import { formatFloat } from "@tiphys/gotemplate";

/** Numbers as gopher-lua v1.1.2 reads and prints them (utils.go parseNumber, value.go LNumber.String). */

/** A number from text: Go's ParseInt with base 0 (0x, 0o, 0b, leading 0 for octal, `_`), else ParseFloat. */
export function parseLuaNumber(text: string): number | undefined {
  const trimmed = text.replace(/^[ \t\n]+|[ \t\n]+$/g, "");
  const integer = parseInteger(trimmed, 0);
  if (integer !== undefined) return integer;
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(trimmed)) {
    const value = Number(trimmed);
    return Number.isFinite(value) ? value : undefined;
  }
  if (/^[+-]?inf(inity)?$/i.test(trimmed)) return trimmed.startsWith("-") ? -Infinity : Infinity;
  return /^nan$/i.test(trimmed) ? Number.NaN : undefined;
}

const bases: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 };

/** Go's strconv.ParseInt within 64 bits, as a float. */
export function parseInteger(text: string, base: number): number | undefined {
  const match = /^([+-]?)(.+)$/.exec(text);
  if (match === null) return undefined;
  let digits = (match[2] as string).toLowerCase();
  if (base === 0) {
    const prefix = /^0([xob])/.exec(digits);
    base = prefix !== null ? (bases[prefix[1] as string] as number) : /^0[0-9_]/.test(digits) ? 8 : 10;
    if (prefix !== null) digits = digits.slice(2);
    // Underscores may stand between digits only.
    if (/__|_$/.test(digits) || (prefix === null && digits.startsWith("_"))) return undefined;
    digits = digits.replaceAll("_", "");
  }
  if (base < 2 || base > 36 || digits === "") return undefined;
  let value = 0n;
  for (const char of digits) {
    const digit = Number.parseInt(char, 36);
    if (Number.isNaN(digit) || digit >= base) return undefined;
    value = value * BigInt(base) + BigInt(digit);
    if (value > 1n << 63n) return undefined;
  }
  if (match[1] === "-") value = -value;
  return value === BigInt.asIntN(64, value) ? Number(value) : undefined;
}

/** Go's conversion of a float64 to int64 on amd64: what does not fit is the smallest integer. */
export function toInt64(value: number): bigint {
  const smallest = -(2n ** 63n);
  if (!Number.isFinite(value)) return smallest;
  const integer = BigInt(Math.trunc(value));
  return integer === BigInt.asIntN(64, integer) ? integer : smallest;
}

/** What `tostring` gives for a number. */
export function luaNumberText(value: number): string {
  const integer = toInt64(value);
  return value === Number(integer) ? integer.toString() : formatFloat(value);
}

/** Lua's `%`: what is left has the sign of the divisor. */
export function luaModulo(left: number, right: number): number {
  const rest = left % right;
  return (right > 0 && rest < 0) || (right < 0 && rest > 0) ? rest + right : rest;
}
