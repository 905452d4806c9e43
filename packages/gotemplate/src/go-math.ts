/** What Go's package math rounds in another way than JavaScript does. */

/** `value` as a fraction of [0.5, 1) times a power of two: Go's `math.Frexp`. */
export function splitExponent(value: number): readonly [fraction: number, exponent: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  let [fraction, exponent] = [value, 0];
  if (Math.abs(value) < 2 ** -1022) [fraction, exponent] = [value * 2 ** 54, -54];
  const power = Math.floor(Math.log2(Math.abs(fraction))) + 1;
  // In two steps: the largest powers are no numbers.
  fraction = fraction / 2 ** Math.trunc(power / 2) / 2 ** (power - Math.trunc(power / 2));
  exponent += power;
  if (Math.abs(fraction) >= 1) return [fraction / 2, exponent + 1];
  if (Math.abs(fraction) < 0.5) return [fraction * 2, exponent - 1];
  return [fraction, exponent];
}

/** `value` times a power of two: Go's `math.Ldexp`. */
export function scaled(value: number, exponent: number): number {
  const power = Math.max(-2200, Math.min(2200, Math.trunc(exponent)));
  const step = Math.trunc(power / 3);
  return value * 2 ** step * 2 ** step * 2 ** (power - 2 * step);
}

/** Go 1.27's `math.Pow`, which squares again and again where JavaScript takes logarithms. */
export function pow(base: number, exponent: number): number {
  const isPlain = Number.isFinite(base) && Number.isFinite(exponent) && base !== 0 && Math.abs(exponent) !== 0.5;
  if (base === 1) return 1;
  if (!isPlain || exponent === 0 || exponent === 1) {
    if (base === -1 && !Number.isNaN(exponent) && !Number.isFinite(exponent)) return 1;
    if (exponent === 0.5 && base >= 0 && Number.isFinite(base)) return Math.sqrt(base);
    if (exponent === -0.5 && base > 0 && Number.isFinite(base)) return 1 / Math.sqrt(base);
    return base ** exponent;
  }
  let whole = Math.trunc(Math.abs(exponent));
  let fraction = Math.abs(exponent) - whole;
  if (whole >= 2 ** 63) return base ** exponent;
  if (fraction !== 0 && base < 0) return Number.NaN;
  let result = 1;
  if (fraction > 0.5) {
    fraction--;
    whole++;
  }
  if (fraction !== 0) result = Math.exp(fraction * Math.log(base));
  let [factor, power] = splitExponent(base);
  let powers = 0;
  for (let bits = BigInt(whole); bits !== 0n; bits >>= 1n) {
    if (Math.abs(power) > 4096) {
      powers += power;
      break;
    }
    if ((bits & 1n) === 1n) {
      result *= factor;
      powers += power;
    }
    factor *= factor;
    power *= 2;
    if (factor < 0.5) {
      factor += factor;
      power--;
    }
  }
  return exponent < 0 ? scaled(1 / result, -powers) : scaled(result, powers);
}

/** Go's `math.Log2`: exact for powers of two. */
export function log2(value: number): number {
  const [fraction, exponent] = splitExponent(value);
  return fraction === 0.5 ? exponent - 1 : Math.log(fraction) * Math.LOG2E + exponent;
}

/** Go's `math.Log10`. */
export function log10(value: number): number {
  return log2(value) * 0.3010299956639812;
}
