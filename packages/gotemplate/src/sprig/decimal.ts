import { FunctionError } from "../function.ts";

/** shopspring/decimal 1.4.0 as far as sprig's float arithmetic uses it: `value` times ten to the power of `exponent`. */
export interface Decimal {
  readonly value: bigint;
  readonly exponent: number;
}

/** Digits that a division keeps after the point. */
const divisionPrecision = 16;

function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** `decimal.NewFromFloat`: the shortest digits that read back as `value`. Throws for NaN and infinities, as upstream panics. */
export function decimalFromFloat(value: number): Decimal {
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new FunctionError(`Cannot create a Decimal from ${text}`);
  }
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  return { value: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** The float nearest to `decimal`. */
export function decimalToFloat(decimal: Decimal): number {
  return Number(`${decimal.value}e${decimal.exponent}`);
}

function rescaled(decimal: Decimal, exponent: number): bigint {
  return decimal.value * powerOfTen(decimal.exponent - exponent);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { value: rescaled(a, exponent) + rescaled(b, exponent), exponent };
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, { value: -b.value, exponent: b.exponent });
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { value: a.value * b.value, exponent: a.exponent + b.exponent };
}

/** `Decimal.Div`: 16 digits after the point, half away from zero. Throws for a zero divisor. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if (b.value === 0n) throw new FunctionError("decimal division by 0");
  const shift = a.exponent - b.exponent + divisionPrecision;
  const dividend = shift < 0 ? a.value : a.value * powerOfTen(shift);
  const divisor = shift < 0 ? b.value * powerOfTen(-shift) : b.value;
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const roundsAway = twice >= (divisor < 0n ? -divisor : divisor);
  const away = a.value < 0n !== b.value < 0n ? -1n : 1n;
  return { value: roundsAway ? quotient + away : quotient, exponent: -divisionPrecision };
}
