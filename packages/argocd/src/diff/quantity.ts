/** Kubernetes quantities. Mirrors k8s.io/apimachinery v0.37.1 pkg/api/resource. */

type Format = "decimal" | "binary" | "exponent";

interface Quantity {
  /** In units of 10^-9. */
  readonly nano: bigint;
  readonly format: Format;
}

const decimalPowers: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryPowers: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const scale = 1_000_000_000n;
const pattern = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([KMGTPE]i)|([eE][+-]?[0-9]+)|([numkMGTPE]?))$/;
/** No quantity is that long; beyond it arithmetic would be slow. */
const maxLength = 128;

function parse(text: string): Quantity | undefined {
  const match = text.length > maxLength ? null : pattern.exec(text.trim());
  if (match === null || ((match[2] ?? "") === "" && (match[3] ?? "") === "")) return undefined;
  const [, sign, whole = "", fraction = "", binary, exponent, decimal = ""] = match;
  const digits = BigInt(whole + fraction || "0");
  let numerator = digits * scale;
  let denominator = 10n ** BigInt(fraction.length);
  if (binary !== undefined) {
    numerator <<= BigInt(binaryPowers[binary] as number);
  } else {
    const power = exponent === undefined ? (decimalPowers[decimal] as number) : Number(exponent.slice(1));
    if (Math.abs(power) > 200) return undefined;
    if (power >= 0) numerator *= 10n ** BigInt(power);
    else denominator *= 10n ** BigInt(-power);
  }
  // Smaller parts than a billionth are rounded up.
  const nano = (numerator + denominator - 1n) / denominator;
  return {
    nano: sign === "-" ? -nano : nano,
    format: binary !== undefined ? "binary" : exponent !== undefined ? "exponent" : "decimal",
  };
}

function print({ nano, format }: Quantity): string {
  if (nano === 0n) return "0";
  const absolute = nano < 0n ? -nano : nano;
  const isWhole = absolute % scale === 0n;
  if (format === "binary" && isWhole && absolute / scale >= 1024n) {
    let amount = absolute / scale;
    let power = 0;
    while (amount % 1024n === 0n && power < 60) {
      amount /= 1024n;
      power += 10;
    }
    const suffix = Object.entries(binaryPowers).find(([, value]) => value === power)?.[0] ?? "";
    return `${nano < 0n ? "-" : ""}${amount}${suffix}`;
  }
  let amount = absolute;
  let power = -9;
  while (amount % 1000n === 0n && (power < 18 || format === "exponent")) {
    amount /= 1000n;
    power += 3;
  }
  const sign = nano < 0n ? "-" : "";
  if (format === "exponent") return `${sign}${amount}${power === 0 ? "" : `e${power}`}`;
  const suffix = Object.entries(decimalPowers).find(([, value]) => value === power)?.[0] ?? "";
  return `${sign}${amount}${suffix}`;
}

/** The form in which Kubernetes writes a quantity; undefined when the text is none. */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parse(text);
  return quantity === undefined ? undefined : print(quantity);
}

/** Rounded up to thousandths, as resource lists are by default. */
export function roundUpToMilli(text: string): string {
  const quantity = parse(text);
  if (quantity === undefined) return text;
  const milli = 1_000_000n;
  const rest = ((quantity.nano % milli) + milli) % milli;
  return print({ ...quantity, nano: rest === 0n ? quantity.nano : quantity.nano - rest + milli });
}
