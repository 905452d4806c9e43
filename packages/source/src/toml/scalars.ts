import { formatGo, int64, type GoValue } from "@tiphys/gotemplate";
import { end, quotedRune, runeText, type TomlScanner } from "./scanner.ts";

type Digits = "decimal" | "hexadecimal" | "octal" | "binary";

const digitPatterns: Readonly<Record<Digits, RegExp>> = {
  decimal: /[0-9_]/,
  hexadecimal: /[0-9a-fA-F_]/,
  octal: /[0-7_]/,
  binary: /[01_]/,
};

const bases: ReadonlyMap<string, readonly [Digits, string]> = new Map([
  ["b", ["binary", "a binary"]],
  ["o", ["octal", "an octal"]],
  ["x", ["hexadecimal", "a hexadecimal"]],
]);

const largest = (1n << 63n) - 1n;

/** Skips runes that match. */
function skipWhile(scanner: TomlScanner, pattern: RegExp): number {
  let rune = scanner.next();
  while (rune !== end && rune < 0x80 && pattern.test(String.fromCharCode(rune))) rune = scanner.next();
  scanner.back(rune);
  return rune;
}

/** Takes the item that has been read. */
function take(scanner: TomlScanner): string {
  const text = scanner.current;
  scanner.start = scanner.at;
  return text;
}

/** A number or date that starts with a digit, which is still to be read. */
export function readNumberOrDate(scanner: TomlScanner, time: (text: string) => GoValue): GoValue {
  const first = scanner.next();
  if (first === 48) {
    const rune = scanner.next();
    const base = bases.get(String.fromCharCode(rune));
    if (base) {
      const [digits, name] = base;
      const digit = scanner.peek();
      if (!digitPatterns[digits].test(String.fromCharCode(digit)) || digit === 95) {
        scanner.fail(`not ${name} number: '${scanner.current}${runeText(digit)}'`);
      }
      skipWhile(scanner, digitPatterns[digits]);
      return integer(scanner, take(scanner));
    }
    if (rune === 95) return readDecimal(scanner);
    if (rune === 46 || rune === 101 || rune === 69) return readFloat(scanner);
    scanner.back(rune);
    if (rune < 48 || rune > 57) return integer(scanner, take(scanner));
  }
  skipWhile(scanner, /[0-9]/);
  const rune = scanner.next();
  if (rune === 45 || rune === 58) {
    skipWhile(scanner, /[-0-9:Tt .Zz+]/);
    return date(scanner, take(scanner).trim(), time);
  }
  if (rune === 95) return readDecimal(scanner);
  if (rune === 46 || rune === 101 || rune === 69) return readFloat(scanner);
  scanner.back(rune);
  return integer(scanner, take(scanner));
}

/** A number whose sign has been read. */
export function readSignedNumber(scanner: TomlScanner): GoValue {
  const rune = scanner.next();
  if (rune === 105 || rune === 110) {
    const [second, third] = rune === 105 ? ["n", "f"] : ["a", "n"];
    if (!scanner.accept(second!) || !scanner.accept(third!)) scanner.fail(`invalid float: '${scanner.current}'`);
    return float(scanner, take(scanner));
  }
  if (rune === 48) {
    const next = scanner.peek();
    if (next === 98 || next === 111 || next === 120) {
      scanner.fail(`cannot use sign with non-decimal numbers: '${scanner.current}${runeText(next)}'`);
    }
  }
  if (rune === 46) scanner.fail("floats must start with a digit, not '.'");
  if (rune < 48 || rune > 57) scanner.fail(`expected a digit but got ${quotedRune(rune)}`);
  return readDecimal(scanner);
}

function readDecimal(scanner: TomlScanner): GoValue {
  skipWhile(scanner, digitPatterns.decimal);
  const rune = scanner.next();
  if (rune === 46 || rune === 101 || rune === 69) return readFloat(scanner);
  scanner.back(rune);
  return integer(scanner, take(scanner));
}

function readFloat(scanner: TomlScanner): GoValue {
  skipWhile(scanner, /[-0-9_.+eE]/);
  return float(scanner, take(scanner));
}

function fault(scanner: TomlScanner, message: string): never {
  return scanner.failIn(scanner.line, message);
}

function hasLeadingZero(text: string): boolean {
  return /^0[^box]/.test(text) || /^[-+]0./.test(text);
}

/** Whether every underscore has digits on both sides. */
function underscoresAreRight(text: string): boolean {
  return /^[-+]?(?:nan|inf)$/.test(text) || (/[0-9a-fA-F]$/.test(text) && !/(?:^|[^0-9a-fA-F])_/.test(text));
}

function integer(scanner: TomlScanner, text: string): GoValue {
  const shown = formatGo("%q", [text]);
  if (!underscoresAreRight(text)) fault(scanner, `Invalid integer ${shown}: underscores must be surrounded by digits`);
  if (hasLeadingZero(text)) fault(scanner, `Invalid integer ${shown}: cannot have leading zeroes`);
  const digits = text.replaceAll("_", "");
  const value = /^[-+]/.test(digits) ? BigInt(digits.slice(1)) * (digits[0] === "-" ? -1n : 1n) : BigInt(digits);
  if (value > largest || value < -largest - 1n) fault(scanner, `${text} is out of range for int64`);
  return int64(value);
}

/** A float, or `inf` or `nan` with or without a sign. */
export function float(scanner: TomlScanner, text: string): number {
  const shown = formatGo("%q", [text]);
  const parts = text.split(/[.eE]/).filter((part) => part !== "");
  if (!parts.every(underscoresAreRight))
    fault(scanner, `Invalid float ${shown}: underscores must be surrounded by digits`);
  if (hasLeadingZero(parts[0] ?? "")) fault(scanner, `Invalid float ${shown}: cannot have leading zeroes`);
  if (/\.(?![0-9])/.test(text)) fault(scanner, `Invalid float ${shown}: '.' must be followed by one or more digits`);
  if (/nan$/.test(text)) return Number.NaN;
  if (/inf$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const plain = text.replaceAll("_", "");
  if (!/^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(plain)) fault(scanner, `Invalid float value: ${shown}`);
  const value = Number(plain);
  if (!Number.isFinite(value)) fault(scanner, `${text} is out of range for float64`);
  return value;
}

const datePattern = /^(?:(\d{4})-(\d\d)-(\d\d))?(?:(^|T)(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[-+]\d\d:\d\d)?)?$/;

function date(scanner: TomlScanner, text: string, time: (text: string) => GoValue): GoValue {
  const written = text.replaceAll("z", "Z").replace(/[t ]/g, "T");
  const match = datePattern.exec(written);
  const [, year, month, day, , hour, minute, second = "00", fraction = "", zone = ""] = match ?? [];
  const ok =
    match !== null &&
    (year === undefined || isDay(Number(year), Number(month), Number(day))) &&
    (hour === undefined || (Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60)) &&
    (zone === "" || year !== undefined);
  if (!ok) fault(scanner, `invalid datetime: ${formatGo("%q", [written])}`);
  const clock = hour === undefined ? "" : `${hour}:${minute}:${second}${fraction}${zone}`;
  const days = year === undefined ? "" : `${year}-${month}-${day}`;
  return time(days !== "" && clock !== "" ? `${days}T${clock}` : days + clock);
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}
