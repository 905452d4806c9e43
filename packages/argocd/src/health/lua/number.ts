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

/** What `tostring` gives for a number. */
export function luaNumberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  return goFloatText(value);
}

/** Go's `%v` of a float64. */
export function goFloatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 21) {
    const digits = Math.abs(power).toString().padStart(2, "0");
    return `${mantissa}e${power < 0 ? "-" : "+"}${digits}`;
  }
  return Object.is(value, -0) ? "-0" : expand(value);
}

/** Without an exponent; JavaScript itself switches to one below 1e-6. */
function expand(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace("-", "").replace(".", "");
  const power = Number(exponent);
  return power < 0 ? `${sign}0.${"0".repeat(-power - 1)}${digits}` : sign + digits.padEnd(power + 1, "0");
}
