// Mirrors fmt/format.go of Go 1.26: one operand, its flags, width and precision, to text.
import { isPrint } from "../strconv/character-class.ts";
import { formatFloat } from "../strconv/ftoa.ts";
import { canBackquote, quoteGo, quoteRune, quoteToAscii } from "../strconv/quote.ts";
import { decodeRune, encodeRune, maxRune, runeCount, runeError } from "../strconv/utf8.ts";

/** The part of a verb between `%` and its letter. */
export class Flags {
  /** Width; undefined when absent. */
  width: number | undefined = undefined;
  /** Precision; undefined when absent. */
  precision: number | undefined = undefined;
  minus = false;
  plus = false;
  sharp = false;
  space = false;
  zero = false;
  /** `%+v` */
  plusV = false;
  /** `%#v` */
  sharpV = false;
}

/** Plain `%v`; must not be changed. */
export const noFlags: Readonly<Flags> = new Flags();

function padding(flags: Readonly<Flags>, count: number, zero: boolean): string {
  return count <= 0 ? "" : (zero && !flags.minus ? "0" : " ").repeat(count);
}

/** `text` filled to the width, counted in runes. */
export function pad(flags: Readonly<Flags>, text: string, zero = flags.zero): string {
  if (flags.width === undefined || flags.width === 0) return text;
  const fill = padding(flags, flags.width - runeCount(text), zero);
  return flags.minus ? text + fill : fill + text;
}

/** `text` cut to the precision, counted in runes. */
export function truncate(flags: Readonly<Flags>, text: string): string {
  if (flags.precision === undefined) return text;
  let at = 0;
  for (let left = flags.precision; left > 0 && at < text.length; left--) at += decodeRune(text, at) & 7;
  return text.slice(0, at);
}

/** `%s` */
export function formatString(flags: Readonly<Flags>, text: string): string {
  return pad(flags, truncate(flags, text));
}

/** `%q` of a string */
export function formatQuoted(flags: Readonly<Flags>, text: string): string {
  text = truncate(flags, text);
  if (flags.sharp && canBackquote(text)) return pad(flags, "`" + text + "`");
  return pad(flags, flags.plus ? quoteToAscii(text) : quoteGo(text));
}

/** `%x` and `%X` of bytes */
export function formatHexBytes(flags: Readonly<Flags>, bytes: string, upper: boolean): string {
  const length = flags.precision !== undefined && flags.precision < bytes.length ? flags.precision : bytes.length;
  const width = flags.width ?? 0;
  if (length === 0) return padding(flags, width, flags.zero);
  const prefix = flags.sharp ? (upper ? "0X" : "0x") : "";
  let out = prefix;
  for (let i = 0; i < length; i++) {
    if (flags.space && i > 0) out += " " + prefix;
    const digits = bytes.charCodeAt(i).toString(16).padStart(2, "0");
    out += upper ? digits.toUpperCase() : digits;
  }
  const fill = padding(flags, width - out.length, flags.zero);
  return flags.minus ? out + fill : fill + out;
}

/** A rune from any integer; what is beyond Unicode becomes U+FFFD. */
function toRune(value: bigint): number {
  return value < 0n || value > BigInt(maxRune) ? runeError : Number(value);
}

/** `%c` */
export function formatCharacter(flags: Readonly<Flags>, value: bigint): string {
  return pad(flags, encodeRune(toRune(value)));
}

/** `%q` of an integer */
export function formatQuotedCharacter(flags: Readonly<Flags>, value: bigint): string {
  return pad(flags, quoteRune(toRune(value), flags.plus));
}

/** `%U`; negative numbers show as their 64-bit complement. */
export function formatUnicode(flags: Readonly<Flags>, value: bigint): string {
  const unsigned = BigInt.asUintN(64, value);
  const digits = flags.precision !== undefined && flags.precision > 4 ? flags.precision : 4;
  let out = "U+" + unsigned.toString(16).toUpperCase().padStart(digits, "0");
  if (flags.sharp && unsigned <= BigInt(maxRune) && isPrint(Number(unsigned)))
    out += ` '${encodeRune(Number(unsigned))}'`;
  return pad(flags, out, false);
}

/** How an integer is written. */
export interface IntegerStyle {
  readonly base: 2 | 8 | 10 | 16;
  readonly upper?: boolean;
  /** `%O` */
  readonly octalPrefix?: boolean;
}

/** `%d`, `%b`, `%o`, `%O`, `%x`, `%X` */
export function formatInteger(flags: Readonly<Flags>, value: bigint, style: IntegerStyle): string {
  const negative = value < 0n;
  let minimum = 0;
  if (flags.precision !== undefined) {
    minimum = flags.precision;
    if (minimum === 0 && value === 0n) return padding(flags, flags.width ?? 0, false);
  } else if (flags.zero && !flags.minus && flags.width !== undefined) {
    minimum = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
  }
  let out = (negative ? -value : value).toString(style.base);
  if (style.upper) out = out.toUpperCase();
  out = out.padStart(minimum, "0");
  if (flags.sharp) {
    if (style.base === 2) out = "0b" + out;
    else if (style.base === 16) out = (style.upper ? "0X" : "0x") + out;
    else if (style.base === 8 && !out.startsWith("0")) out = "0" + out;
  }
  if (style.octalPrefix) out = "0o" + out;
  if (negative) out = "-" + out;
  else if (flags.plus) out = "+" + out;
  else if (flags.space) out = " " + out;
  return pad(flags, out, false);
}

/** `%#g` and the like keep the decimal point and trailing zeros. `number` has its sign in front. */
function restoreZeros(number: string, verb: string, precision: number): string {
  let digits = "vgGx".includes(verb) ? (precision === -1 ? 6 : precision) : 0;
  const exponent = number.search(verb === "x" || verb === "X" ? /[pP]/ : /[eEpP]/);
  const tail = exponent < 0 ? "" : number.slice(exponent);
  let head = exponent < 0 ? number : number.slice(0, exponent);
  let sawNonzero = false;
  for (const character of head.slice(1)) {
    if (character === ".") continue;
    if (character !== "0") sawNonzero = true;
    if (sawNonzero) digits--;
  }
  if (!head.includes(".")) {
    if (head.length === 2 && head[1] === "0") digits--;
    head += ".";
  }
  return head + "0".repeat(Math.max(digits, 0)) + tail;
}

/** `%e`, `%f`, `%g`, … `verb` is strconv's format letter; -1 is the shortest precision. */
export function formatFloatVerb(
  flags: Readonly<Flags>,
  value: number,
  bits: 32 | 64,
  [verb, precision]: readonly [string, number],
): string {
  if (flags.precision !== undefined) precision = flags.precision;
  let number = formatFloat(value, verb, precision, bits);
  if (number[0] !== "-" && number[0] !== "+") number = "+" + number;
  if (flags.space && number[0] === "+" && !flags.plus) number = " " + number.slice(1);
  if (number[1] === "I" || number[1] === "N") {
    if (number[1] === "N" && !flags.space && !flags.plus) number = number.slice(1);
    return pad(flags, number, false);
  }
  if (flags.sharp && verb !== "b") number = restoreZeros(number, verb, precision);
  if (flags.plus || number[0] !== "+") {
    if (flags.zero && !flags.minus && flags.width !== undefined && flags.width > number.length) {
      return number[0]! + padding(flags, flags.width - number.length, true) + number.slice(1);
    }
    return pad(flags, number);
  }
  return pad(flags, number.slice(1));
}
