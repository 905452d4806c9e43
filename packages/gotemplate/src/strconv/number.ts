// Mirrors ParseInt, ParseUint and ParseFloat of strconv, Go 1.26.

/** Go's range of int64. */
export const minInt64 = -(1n << 63n);
export const maxInt64 = (1n << 63n) - 1n;
export const maxUint64 = (1n << 64n) - 1n;

/** Whether underscores stand only between digits, or between a base prefix and a digit. */
function underscoresAreSound(text: string): boolean {
  const digits = text.replace(/^[+-]/, "");
  const prefix = /^0[bBoOxX]/.exec(digits);
  const hex = prefix !== null && /[xX]/.test(prefix[0]);
  let saw = prefix ? "0" : "^";
  for (const character of digits.slice(prefix ? 2 : 0)) {
    if ((character >= "0" && character <= "9") || (hex && /[a-fA-F]/.test(character))) {
      saw = "0";
    } else if (character === "_") {
      if (saw !== "0") return false;
      saw = "_";
    } else {
      if (saw === "_") return false;
      saw = "!";
    }
  }
  return saw !== "_";
}

const syntaxByBase: Readonly<Record<number, RegExp>> = {
  2: /^[01_]+$/,
  8: /^[0-7_]+$/,
  10: /^[0-9_]+$/,
  16: /^[0-9a-fA-F_]+$/,
};

/** The value of an unsigned literal in Go's syntax (base 0), of any size; undefined when it is none. */
function parseMagnitude(text: string): bigint | undefined {
  let base = 10;
  let digits = text;
  if (text.startsWith("0") && text.length > 1) {
    const letter = text[1]!.toLowerCase();
    if (text.length >= 3 && (letter === "b" || letter === "o" || letter === "x")) {
      base = letter === "b" ? 2 : letter === "o" ? 8 : 16;
      digits = text.slice(2);
    } else {
      base = 8;
      digits = text.slice(1);
    }
  }
  if (!syntaxByBase[base]!.test(digits)) return undefined;
  if (digits.includes("_") && !underscoresAreSound(text)) return undefined;
  const plain = digits.replaceAll("_", "");
  if (plain === "") return base === 8 ? 0n : undefined;
  return BigInt(base === 10 ? plain : (base === 2 ? "0b" : base === 8 ? "0o" : "0x") + plain);
}

/** Go's `strconv.ParseUint(text, 0, 64)`; undefined for any error. */
export function parseUint(text: string): bigint | undefined {
  const value = parseMagnitude(text);
  return value !== undefined && value <= maxUint64 ? value : undefined;
}

/** Go's `strconv.ParseInt(text, 0, 64)`; undefined for any error. */
export function parseInteger(text: string): bigint | undefined {
  const negative = text.startsWith("-");
  const magnitude = parseMagnitude(text.replace(/^[+-]/, ""));
  if (magnitude === undefined) return undefined;
  const value = negative ? -magnitude : magnitude;
  return value >= minInt64 && value <= maxInt64 ? value : undefined;
}

/** Go's `strconv.ParseFloat(text, 64)` for literals (no Inf, no NaN); undefined for any error, overflow included. */
export function parseFloatLiteral(text: string): number | undefined {
  if (text.includes("_") && !underscoresAreSound(text)) return undefined;
  const plain = text.replaceAll("_", "");
  const value = /^[+-]?0[xX]/.test(plain) ? parseHexFloat(plain) : parseDecimalFloat(plain);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function parseDecimalFloat(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

function parseHexFloat(text: string): number | undefined {
  const match = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(text);
  if (!match || match[2]! + match[3]! === "") return undefined;
  const mantissa = BigInt("0x" + match[2]! + match[3]!);
  const exponent = Number(match[4]) - 4 * match[3]!.length;
  const value = scale(mantissa, exponent);
  return match[1] === "-" ? -value : value;
}

/** mantissa × 2^exponent, rounded once, half to even. */
function scale(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const width = mantissa.toString(2).length;
  if (width + exponent > 1100) return Infinity;
  if (width + exponent < -1100) return 0;
  // Bits below the last one that a float64 of this size can hold must go, with one rounding.
  const surplus = Math.max(width - 53, -1074 - exponent);
  if (surplus > 0) {
    const shift = BigInt(surplus);
    const rest = mantissa & ((1n << shift) - 1n);
    const half = 1n << (shift - 1n);
    mantissa >>= shift;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa++;
    exponent += surplus;
  }
  // Two steps, for 2^exponent alone may be out of range.
  const first = Math.trunc(exponent / 2);
  return Number(mantissa) * 2 ** first * 2 ** (exponent - first);
}
