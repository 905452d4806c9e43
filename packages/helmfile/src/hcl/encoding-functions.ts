import { fromByteString, GoNumber, toByteString } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { readYaml, YamlError } from "@tiphys/source";
import { jsonText } from "./format.ts";
import { func } from "./function.ts";
import type { HclFunction } from "./function.ts";
import { formatDate, timeAdd } from "./time-functions.ts";
import { HclError, isList, isObject, objectOf, toText } from "./value.ts";
import type { HclValue } from "./value.ts";

export const encodingFunctions: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ["csvdecode", func((text) => decodeCsv(toText(text!)), 1)],
  ["formatdate", func((format, time) => formatDate(toText(format!), toText(time!)), 2)],
  ["jsondecode", func((text) => decodeJson(toText(text!)), 1)],
  [
    "jsonencode",
    func((value) => jsonText(value!).replaceAll(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`), 1),
  ],
  ["timeadd", func((time, duration) => timeAdd(toText(time!), toText(duration!)), 2)],
  ["yamldecode", func((text) => decodeYaml(toText(text!)), 1)],
  ["yamlencode", func((value) => encodeYaml(value!), 1)],
]);

function decodeJson(text: string): HclValue {
  try {
    return fromJson(JSON.parse(text) as unknown);
  } catch (error) {
    if (error instanceof SyntaxError) throw new HclError(`invalid JSON: ${error.message}`);
    throw error;
  }
}

function fromJson(value: unknown): HclValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === "object" && value !== null)
    return objectOf(Object.entries(value).map(([key, item]) => [key, fromJson(item)]));
  return value as HclValue;
}

function decodeYaml(text: string): HclValue {
  try {
    return fromGo(readYaml(toByteString(text)).value);
  } catch (error) {
    if (error instanceof YamlError) throw new HclError(fromByteString(error.message));
    throw error;
  }
}

function fromGo(value: GoValue): HclValue {
  if (typeof value === "string") return fromByteString(value);
  if (typeof value === "bigint") return Number(value);
  if (value instanceof GoNumber) return Number(value.value);
  if (Array.isArray(value)) return value.map(fromGo);
  if (value instanceof Map)
    return objectOf([...value].map(([key, item]) => [fromByteString(String(key)), fromGo(item as GoValue)]));
  return value === null || typeof value === "boolean" || typeof value === "number" ? value : String(value);
}

/** go-cty-yaml: every text and key in double quotes, lists not indented. */
function encodeYaml(value: HclValue, indent = ""): string {
  const isEmpty = isList(value) ? value.length === 0 : isObject(value) ? value.size === 0 : true;
  if (isEmpty) return `${scalarYaml(value)}\n`;
  if (isList(value)) return value.map((item) => `${indent}- ${nested(item, `${indent}  `).trimStart()}`).join("");
  const entries = [...(value as ReadonlyMap<string, HclValue>)];
  return entries
    .map(
      ([key, item]) =>
        `${indent}${JSON.stringify(key)}:${hasItems(item) ? `\n${encodeYaml(item, isList(item) ? indent : `${indent}  `)}` : ` ${scalarYaml(item)}\n`}`,
    )
    .join("");
}

function nested(value: HclValue, indent: string): string {
  return hasItems(value) ? encodeYaml(value, indent) : `${scalarYaml(value)}\n`;
}

function hasItems(value: HclValue): boolean {
  return isList(value) ? value.length > 0 : isObject(value) && value.size > 0;
}

function scalarYaml(value: HclValue): string {
  if (isList(value)) return "[]";
  if (isObject(value)) return "{}";
  if (typeof value !== "string") return value === null ? "null" : toText(value);
  return value.includes("\n")
    ? `|\n${value
        .split("\n")
        .map((line) => `  ${line}`)
        .join("\n")
        .trimEnd()}`
    : JSON.stringify(value);
}

function decodeCsv(text: string): HclValue {
  const rows = csvRows(text);
  const [header] = rows;
  if (header === undefined) throw new HclError("missing header line");
  return rows.slice(1).map((row) => {
    if (row.length !== header.length) throw new HclError("wrong number of fields");
    return objectOf(header.map((name, index) => [name, row[index]!]));
  });
}

function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let row: string[] = [];
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new HclError('bare " in non-quoted-field');
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === "," && pattern.lastIndex < text.length) continue;
    if (match[3] === ",") row.push("");
    if (row.length > 1 || row[0] !== "" || match[1] !== undefined) rows.push(row);
    row = [];
  }
  return rows;
}
