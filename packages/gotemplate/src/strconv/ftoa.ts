// Mirrors FormatFloat of strconv (internal/strconv/ftoa.go), Go 1.26.

/** Decimal digits d1 d2 … of 0.d1d2… × 10^point; no trailing zeros; no digits at all for zero. */
interface Digits {
  readonly text: string;
  readonly point: number;
}

interface Binary {
  readonly mantissa: bigint;
  /** value = mantissa × 2^exponent */
  readonly exponent: number;
}

const view = new DataView(new ArrayBuffer(8));

function decompose64(value: number): Binary {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const fraction = bits & 0xfffffffffffffn;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  return exponent === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: exponent - 1075 };
}

function decompose32(value: number): Binary {
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  const fraction = BigInt(bits & 0x7fffff);
  const exponent = (bits >> 23) & 0xff;
  return exponent === 0
    ? { mantissa: fraction, exponent: -149 }
    : { mantissa: fraction | (1n << 23n), exponent: exponent - 150 };
}

function trimZeros(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 48) end--;
  return text.slice(0, end);
}

function digitsOfExponential(text: string): Digits {
  const e = text.indexOf("e");
  return { text: trimZeros(text.slice(0, e).replace(".", "")), point: Number(text.slice(e + 1)) + 1 };
}

/** The fewest digits that read back to the same number. */
function shortestDigits(value: number, bits: 32 | 64): Digits {
  if (value === 0) return { text: "", point: 0 };
  if (bits === 64) return digitsOfExponential(value.toExponential());
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return digitsOfExponential(text);
  }
  return digitsOfExponential(value.toExponential());
}

/** All decimal digits of a binary number. */
function exactDigits({ mantissa, exponent }: Binary): Digits {
  if (mantissa === 0n) return { text: "", point: 0 };
  if (exponent >= 0) {
    const text = (mantissa << BigInt(exponent)).toString();
    return { text: trimZeros(text), point: text.length };
  }
  const text = (mantissa * 5n ** BigInt(-exponent)).toString();
  return { text: trimZeros(text), point: text.length + exponent };
}

/** Rounds to `count` digits, a half to the even digit. */
function roundDigits(digits: Digits, count: number): Digits {
  const { text, point } = digits;
  if (count >= text.length) return digits;
  if (count < 0) return { text: "", point: 0 };
  const next = text.charCodeAt(count);
  const exactlyHalf = next === 53 && count + 1 === text.length;
  const up = exactlyHalf ? count > 0 && text.charCodeAt(count - 1) % 2 === 1 : next >= 53;
  const kept = text.slice(0, count);
  if (!up) {
    const trimmed = trimZeros(kept);
    return { text: trimmed, point: trimmed === "" ? 0 : point };
  }
  let end = count;
  while (end > 0 && kept.charCodeAt(end - 1) === 57) end--;
  if (end === 0) return { text: "1", point: point + 1 };
  return { text: kept.slice(0, end - 1) + String.fromCharCode(kept.charCodeAt(end - 1) + 1), point };
}

function formatExponent(digits: Digits, precision: number, letter: string): string {
  const first = digits.text[0] ?? "0";
  let out = first;
  if (precision > 0) out += "." + digits.text.slice(1, precision + 1).padEnd(precision, "0");
  const exponent = digits.text === "" ? 0 : digits.point - 1;
  const size = Math.abs(exponent);
  return out + letter + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
}

function formatFixed({ text, point }: Digits, precision: number): string {
  let out = point > 0 ? text.slice(0, point).padEnd(point, "0") : "0";
  if (precision > 0) {
    const fraction = point >= 0 ? text.slice(point) : "0".repeat(Math.min(-point, precision)) + text;
    out += "." + fraction.slice(0, precision).padEnd(precision, "0");
  }
  return out;
}

function formatGeneral(digits: Digits, precision: number, shortest: boolean, letter: string): string {
  const count = digits.text.length;
  let exponentLimit = precision;
  if (exponentLimit > count && count >= digits.point) exponentLimit = count;
  if (shortest) exponentLimit = 6;
  const exponent = digits.point - 1;
  if (exponent < -4 || exponent >= exponentLimit) return formatExponent(digits, Math.min(precision, count) - 1, letter);
  if (precision > digits.point) precision = count;
  return formatFixed(digits, Math.max(precision - digits.point, 0));
}

/** `%b`: mantissa p exponent. */
function formatBinary({ mantissa, exponent }: Binary): string {
  return `${mantissa}p${exponent >= 0 ? "+" : ""}${exponent}`;
}

/** `%x`: 0x1.yyyyp±dd. */
function formatHex(binary: Binary, precision: number, upper: boolean): string {
  let { mantissa } = binary;
  let exponent = mantissa === 0n ? 0 : binary.exponent + 60;
  while (mantissa !== 0n && (mantissa & (1n << 60n)) === 0n) {
    mantissa <<= 1n;
    exponent--;
  }
  if (precision >= 0 && precision < 15) {
    const shift = BigInt(precision * 4);
    const extra = (mantissa << shift) & ((1n << 60n) - 1n);
    mantissa >>= 60n - shift;
    if ((extra | (mantissa & 1n)) > 1n << 59n) mantissa++;
    mantissa <<= 60n - shift;
    if ((mantissa & (1n << 61n)) !== 0n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const fraction = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, "0");
  const shown = precision < 0 ? trimZeros(fraction) : fraction.slice(0, precision).padEnd(precision, "0");
  const size = String(Math.abs(exponent)).padStart(2, "0");
  const out = `0x${mantissa >> 60n}${shown === "" ? "" : "." + shown}p${exponent < 0 ? "-" : "+"}${size}`;
  return upper ? out.toUpperCase() : out;
}

/**
 * Go's `strconv.FormatFloat(value, format, precision, bits)`; precision -1 is the shortest text that reads back.
 * The default format `g` switches to an exponent below 1e-4 and from 1e+06 on when the precision is -1… exactly as `%v` prints.
 */
export function formatFloat(value: number, format = "g", precision = -1, bits: 32 | 64 = 64): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return sign + formatMagnitude(Math.abs(value), format, precision, bits);
}

function formatMagnitude(value: number, format: string, precision: number, bits: 32 | 64): string {
  // Small whole numbers are what charts print most.
  if (format === "g" && precision < 0 && value < 1e6 && Number.isInteger(value)) return String(value);
  const lower = format.toLowerCase();
  const letter = format === lower ? "e" : "E";
  if (lower === "b" || lower === "x") {
    const binary = bits === 32 ? decompose32(value) : decompose64(value);
    return lower === "b" ? formatBinary(binary) : formatHex(binary, precision, format === "X");
  }
  if (precision < 0) {
    const digits = shortestDigits(value, bits);
    const count = digits.text.length;
    if (lower === "e") return formatExponent(digits, Math.max(count - 1, 0), letter);
    if (lower === "f") return formatFixed(digits, Math.max(count - digits.point, 0));
    return formatGeneral(digits, count, true, letter);
  }
  const exact = exactDigits(decompose64(value));
  if (lower === "e") return formatExponent(roundDigits(exact, precision + 1), precision, letter);
  if (lower === "f") return formatFixed(roundDigits(exact, exact.point + precision), precision);
  const count = precision === 0 ? 1 : precision;
  return formatGeneral(roundDigits(exact, count), count, false, letter);
}
