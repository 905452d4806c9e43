import { quoteGo, toByteString, fromByteString } from "@tiphys/gotemplate";
import { FunctionError } from "@tiphys/gotemplate";
import { parseDuration } from "@tiphys/gotemplate/sprig";
import { CsvError, readCsvRecord } from "./csv-record.ts";

/* What spf13/pflag 1.0.10, Go's flag package and strconv make of a flag's text; errors have their words. */

/** How a flag takes its value. */
export type FlagKind =
  | "bool"
  | "string"
  /** Each use adds one item. */
  | "array"
  /** Each use adds items, separated by commas as in CSV. */
  | "slice"
  /** `key=value` pairs separated by commas. */
  | "pairs"
  | "duration"
  | "int"
  | "uint"
  | "float32"
  /** One of Helm's wait strategies. */
  | "wait"
  /** A post-renderer, which may be given once. */
  | "post-renderer"
  /** Flags of klog, which go through Go's flag package. */
  | "klog-bool"
  | "klog-uint"
  | "klog-level"
  | "klog-severity"
  | "klog-modules"
  | "klog-location";

/** A value that its flag refuses; `message` is Go's reason. */
export class FlagValueError extends Error {
  override readonly name = "FlagValueError";
}

/** Whether the flag stands alone for `true`. */
export function isSwitch(kind: FlagKind): boolean {
  return kind === "bool" || kind === "klog-bool";
}

/** What a text means to a flag: true or false of a switch, the items of a list, the text of everything else. Throws `FlagValueError`. */
export function flagValue(kind: FlagKind, text: string): boolean | readonly string[] | string {
  switch (kind) {
    case "bool":
      return parseBool(text) ?? syntaxError("ParseBool", text);
    case "klog-bool":
      return parseBool(text) ?? fail("parse error");
    case "array":
      return [text];
    case "slice":
      return text === "" ? [] : csvRecord(text);
    case "pairs":
      return pairs(text);
    case "duration":
      checkDuration(text);
      return text;
    case "int":
      checkInteger(text, 0, 64);
      return text;
    case "klog-level":
      checkInteger(text, 10, 32);
      return text;
    case "klog-severity":
      if (!/^(?:info|warning|error|fatal)$/i.test(text)) checkInteger(text, 10, 32);
      return text;
    case "uint":
      return checkUnsigned(text) ?? syntaxError("ParseUint", text);
    case "klog-uint":
      return checkUnsigned(text) ?? fail("parse error");
    case "float32":
      checkFloat32(text);
      return text;
    case "klog-modules":
      if (text !== "" && !text.split(",").every((part) => part === "" || /^[^=]+=\d+$/.test(part)))
        fail("syntax error: expect comma-separated list of filename=N");
      return text;
    case "klog-location":
      if (text !== "" && !/^[^:]*\.[^:]*:[1-9]\d*$/.test(text)) fail("syntax error: expect file.go:234");
      return text;
    case "wait":
      if (!["watcher", "hookOnly", "legacy", "true", "false"].includes(text))
        fail(`invalid wait input ${quoted(text)}. Valid inputs are watcher, hookOnly, and legacy`);
      return text;
    case "string":
    case "post-renderer":
      return text;
  }
}

/** strconv.ParseBool. */
export function parseBool(text: string): boolean | undefined {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  return ["0", "f", "F", "false", "FALSE", "False"].includes(text) ? false : undefined;
}

function fail(message: string): never {
  throw new FlagValueError(message);
}

function syntaxError(name: string, text: string, reason = "invalid syntax"): never {
  return fail(`strconv.${name}: parsing ${quoted(text)}: ${reason}`);
}

/** Go's `%q`, as UTF-16 text. */
export function quoted(text: string): string {
  return fromByteString(quoteGo(toByteString(text)));
}

function csvRecord(text: string): string[] {
  try {
    return readCsvRecord(toByteString(text)).map(fromByteString);
  } catch (error) {
    if (error instanceof CsvError) return fail(error.message);
    throw error;
  }
}

/** pflag's stringToString: a text with one `=` is one pair, whatever else is in it. */
function pairs(text: string): string[] {
  const equals = text.split("=").length - 1;
  if (equals === 0) fail(`${text} must be formatted as key=value`);
  const found = equals === 1 ? [text.replace(/^"+|"+$/g, "")] : csvRecord(text);
  for (const pair of found) if (!pair.includes("=")) fail(`${pair} must be formatted as key=value`);
  return found;
}

function checkDuration(text: string): void {
  try {
    parseDuration(toByteString(text));
  } catch (error) {
    if (error instanceof FunctionError) fail(fromByteString(error.message));
    throw error;
  }
}

const basePrefixes: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 };

/** strconv.ParseInt; base 0 goes by the prefix and takes underscores between digits. */
function checkInteger(text: string, base: number, bits: number): void {
  const value = integerOf(text.replace(/^[+-]/, ""), base) ?? syntaxError("ParseInt", text);
  const limit = 1n << BigInt(bits - 1);
  if (value > (text.startsWith("-") ? limit : limit - 1n)) syntaxError("ParseInt", text, "value out of range");
}

function checkUnsigned(text: string): string | undefined {
  const value = integerOf(text, 0);
  if (value === undefined) return undefined;
  if (value >= 1n << 64n) syntaxError("ParseUint", text, "value out of range");
  return String(value);
}

function integerOf(digits: string, base: number): bigint | undefined {
  if (base === 10) return /^\d+$/.test(digits) ? BigInt(digits) : undefined;
  const prefix = /^0([xob])/i.exec(digits)?.[1]?.toLowerCase();
  const isOctal = prefix === undefined && digits.length > 1 && digits.startsWith("0");
  const radix = prefix === undefined ? (isOctal ? 8 : 10) : basePrefixes[prefix]!;
  const rest = prefix === undefined ? digits : digits.slice(2);
  // An underscore stands between digits, or behind the prefix.
  if (!/^_?[0-9a-f]+(?:_[0-9a-f]+)*$/i.test(rest) || (prefix === undefined && rest.startsWith("_"))) return undefined;
  let value = 0n;
  for (const letter of rest.replaceAll("_", "")) {
    const digit = Number.parseInt(letter, 16);
    if (digit >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(digit);
  }
  return value;
}

/** strconv.ParseFloat with 32 bits. */
function checkFloat32(text: string): void {
  if (/^[+-]?(?:inf|infinity)$/i.test(text) || /^nan$/i.test(text)) return;
  const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
  const hexadecimal = /^[+-]?0x_?(?:[0-9a-f]+(?:_[0-9a-f]+)*\.?[0-9a-f]*|\.[0-9a-f]+)p[+-]?\d+$/i;
  if (!decimal.test(text) && !hexadecimal.test(text)) syntaxError("ParseFloat", text);
  if (decimal.test(text) && Math.abs(Math.fround(Number(text))) === Infinity)
    syntaxError("ParseFloat", text, "value out of range");
}
