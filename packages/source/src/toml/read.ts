import { parse, TomlDate, TomlError as ParserError } from "smol-toml";
import { fromByteString, int64, toByteString, type GoValue } from "@tiphys/gotemplate";
import { TomlError } from "./error.ts";

/**
 * A TOML document (byte string) as BurntSushi/toml decodes it into map[string]any: ints are int64, floats float64, dates go
 * through `time` or stay text. Throws `TomlError`; its text is not Go's.
 */
export function readToml(
  text: string,
  options: { readonly time?: (text: string) => GoValue } = {},
): Map<string, GoValue> {
  try {
    const table = parse(fromByteString(text), { integersAsBigInt: true });
    return convertTable(table, options.time ?? toByteString);
  } catch (error) {
    if (error instanceof ParserError)
      throw new TomlError(`toml: line ${error.line}: ${firstLine(error.message)}`, error.line);
    if (error instanceof RangeError) throw new TomlError("toml: nested too deeply");
    throw error;
  }
}

function firstLine(message: string): string {
  return message.replace(/^Invalid TOML document: /, "").split("\n", 1)[0]!;
}

function convertTable(table: object, time: (text: string) => GoValue): Map<string, GoValue> {
  const map = new Map<string, GoValue>();
  for (const [key, value] of Object.entries(table)) map.set(toByteString(key), convert(value, time));
  return map;
}

function convert(value: unknown, time: (text: string) => GoValue): GoValue {
  if (typeof value === "string") return toByteString(value);
  if (typeof value === "bigint") return int64(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (value instanceof TomlDate) return time(value.toISOString());
  if (Array.isArray(value)) return value.map((item) => convert(item, time));
  if (typeof value === "object" && value !== null) return convertTable(value, time);
  throw new TomlError(`toml: unexpected ${typeof value}`);
}
