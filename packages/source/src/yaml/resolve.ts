import { GoNumber, type GoValue } from "@tiphys/gotemplate";
import { YamlError } from "./error.ts";

/** What a plain scalar turns out to be (resolve.go of go-yaml v2.4.3 and v3.0.4). */
export const STRING = 0;
export const NULL = 1;
export const TRUE = 2;
export const FALSE = 3;
export const INT = 4;
/** An integer that only fits uint64. */
export const UINT = 5;
export const FLOAT = 6;
export const TIMESTAMP = 7;
export const MERGE = 8;

const tagOfKind = ["!!str", "!!null", "!!bool", "!!bool", "!!int", "!!int", "!!float", "!!timestamp", "!!merge"];

/** The short tag of a kind. */
export function tagOf(kind: number): string {
  return tagOfKind[kind]!;
}

const wordsV3 = new Map<string, number>([
  ["~", NULL],
  [".nan", FLOAT],
  [".NaN", FLOAT],
  [".NAN", FLOAT],
]);
for (const sign of ["", "+", "-"]) for (const word of [".inf", ".Inf", ".INF"]) wordsV3.set(sign + word, FLOAT);
for (const word of ["null", "Null", "NULL"]) wordsV3.set(word, NULL);
for (const word of ["true", "True", "TRUE"]) wordsV3.set(word, TRUE);
for (const word of ["false", "False", "FALSE"]) wordsV3.set(word, FALSE);
const wordsV2 = new Map(wordsV3);
for (const word of ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"]) wordsV2.set(word, TRUE);
for (const word of ["n", "N", "no", "No", "NO", "off", "Off", "OFF"]) wordsV2.set(word, FALSE);

const OTHER = 0;
const WORD = 1;
const POINT = 2;
const NUMBER = 3;
/** What the first character lets a scalar become; anything else is a string at once. */
const hints = new Uint8Array(256);
for (const c of "yYnNtTfFoO~") hints[c.charCodeAt(0)] = WORD;
for (const c of "+-0123456789") hints[c.charCodeAt(0)] = NUMBER;
hints[46] = POINT;

/** What the plain scalar `text` is. */
export function scalarKind(text: string, v3: boolean): number {
  if (text === "") return NULL;
  const hint = hints[text.charCodeAt(0)];
  if (hint === OTHER) return STRING;
  if (hint === WORD) return text.length > 5 ? STRING : ((v3 ? wordsV3 : wordsV2).get(text) ?? STRING);
  if (hint === POINT) return text.length < 5 && wordsV3.has(text) ? FLOAT : isPointFloat(text) ? FLOAT : STRING;
  return numberKind(text, v3, true);
}

function isPointFloat(text: string): boolean {
  return /^\.[0-9]+([eE][-+]?[0-9]+)?$/.test(text) && Number.isFinite(Number(text));
}

/** True for up to 15 decimal digits without leading zero, after an optional minus: an int that a double holds exactly. */
function isShortDecimal(text: string): boolean {
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  const length = text.length - start;
  if (length === 0 || length > 15) return false;
  if (length > 1 && text.charCodeAt(start) === 48) return false;
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return false;
  }
  return true;
}

function numberKind(text: string, v3: boolean, timestamps: boolean): number {
  if (isShortDecimal(text)) return INT;
  const second = text.charCodeAt(1);
  // Most strings that begin with a digit or a sign end here: versions, sizes, flags.
  if (second === 45 && text.charCodeAt(0) === 45) return STRING;
  if (wordsV3.has(text)) return FLOAT;
  if (timestamps && isTimestamp(text)) return TIMESTAMP;
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const integer = parseInteger(plain);
  if (integer !== undefined) return integer > maxInt64 ? UINT : INT;
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain) && Number.isFinite(Number(plain)))
    return FLOAT;
  const odd = parseOddInteger(plain, v3);
  if (odd !== undefined) return odd > maxInt64 ? UINT : INT;
  return STRING;
}

const maxInt64 = (1n << 63n) - 1n;
const minInt64 = -(1n << 63n);
const maxUint64 = (1n << 64n) - 1n;

/** strconv.ParseInt(text, 0, 64), else ParseUint, on text without underscores. */
function parseInteger(text: string): bigint | undefined {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(text);
  if (match === null) return undefined;
  let digits = match[2]!;
  if (/^0[0-7]/.test(digits)) digits = `0o${digits.slice(1)}`;
  const magnitude = BigInt(digits);
  const value = match[1] === "-" ? -magnitude : magnitude;
  if (value < minInt64 || value > maxUint64) return undefined;
  return value > maxInt64 && match[1] === "+" ? undefined : value;
}

/** go-yaml's own second look at `0b` (and in v3 `0o`), which lets a sign follow the prefix. */
function parseOddInteger(text: string, v3: boolean): bigint | undefined {
  const match = /^0([bo])([-+]?)([0-7]+)$/.exec(text);
  if (match === null || (match[1] === "o" && !v3) || (match[1] === "b" && /[2-7]/.test(match[3]!))) return undefined;
  const magnitude = BigInt(`0${match[1]}${match[3]}`);
  const value = match[2] === "-" ? -magnitude : magnitude;
  if (value < minInt64 || value > maxInt64) return undefined;
  return value;
}

/** The exact value of a scalar of kind INT or UINT. */
export function integerValue(text: string, v3: boolean): bigint {
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  return parseInteger(plain) ?? parseOddInteger(plain, v3) ?? 0n;
}

/** A scalar of kind INT or UINT as a float64. */
export function integerAsFloat(text: string, v3: boolean): number {
  // `+ 0` makes the integer -0 a plain 0.
  return isShortDecimal(text) ? Number(text) + 0 : Number(integerValue(text, v3));
}

/** The value of a scalar of kind FLOAT. */
export function floatValue(text: string): number {
  const word = text.toLowerCase();
  if (word.endsWith("inf")) return word.startsWith("-") ? -Infinity : Infinity;
  if (word === ".nan") return NaN;
  return Number(text.includes("_") ? text.replaceAll("_", "") : text);
}

const timestampShape =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))| +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

/** Whether go-yaml's parseTimestamp accepts `text`. */
export function isTimestamp(text: string): boolean {
  if (text.charCodeAt(4) !== 45 || text.length < 8) return false;
  const match = timestampShape.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const hour = Number(match[4] ?? match[9] ?? 0);
  const minute = Number(match[5] ?? match[10] ?? 0);
  const second = Number(match[6] ?? match[11] ?? 0);
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  if (Number(match[7] ?? 0) > 24 || Number(match[8] ?? 0) > 60) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day >= 1 && day <= days;
}

const resolvableTags = new Set(["", "!!str", "!!bool", "!!int", "!!float", "!!null", "!!timestamp"]);

/** Whether a scalar with the short tag `tag` is resolved at all; other tags leave it a string. */
export function isResolvableTag(tag: string): boolean {
  return resolvableTags.has(tag);
}

/** The kind of `text` under a written tag. Throws `YamlError` "cannot decode … as a …". An `int` under `!!float` is FLOAT. */
export function taggedKind(tag: string, text: string, v3: boolean): number {
  if (tag === "!!str") return STRING;
  let kind = scalarKind(text, v3);
  if (kind === TIMESTAMP && tag !== "!!timestamp") kind = numberKind(text, v3, false);
  if (text === "") kind = NULL;
  if (tag === "" || tag === tagOf(kind)) return kind;
  if (tag === "!!float" && kind === INT) return FLOAT;
  throw new YamlError(`yaml: cannot decode ${tagOf(kind)} \`${text}\` as a ${tag}`);
}

/** The Go value of a resolved scalar as go-yaml itself gives it: int, uint64, float64. */
export function resolvedValue(kind: number, text: string, v3: boolean): GoValue {
  switch (kind) {
    case NULL:
      return null;
    case TRUE:
      return true;
    case FALSE:
      return false;
    case INT:
      return integerValue(text, v3);
    case UINT:
      return new GoNumber("uint64", integerValue(text, v3));
    case FLOAT:
      return isFloatText(text) ? floatValue(text) : integerAsFloat(text, v3);
    default:
      return text;
  }
}

/** Whether the text of a FLOAT is one by itself, not an int under `!!float`. */
function isFloatText(text: string): boolean {
  return scalarKind(text, true) === FLOAT;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bytes of a `!!binary` scalar. Throws `YamlError`. */
export function decodeBinary(text: string): string {
  const digits = text.replace(/[\r\n]/g, "");
  if (!base64.test(digits)) throw new YamlError("yaml: !!binary value contains invalid base64 data");
  let out = "";
  for (let i = 0; i < digits.length; i += 4) {
    let bits = 0;
    for (let k = 0; k < 4; k++) bits = (bits << 6) | Math.max(0, base64Digits.indexOf(digits[i + k]!));
    out += String.fromCharCode((bits >> 16) & 255, (bits >> 8) & 255, bits & 255);
  }
  return digits.endsWith("==") ? out.slice(0, -2) : digits.endsWith("=") ? out.slice(0, -1) : out;
}
