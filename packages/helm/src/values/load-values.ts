import { GoMap, type GoValue } from "@tiphys/gotemplate";
import { readYaml, splitYamlDocuments, YamlError } from "@tiphys/source";
import { HelmError } from "../error.ts";
import type { Profile } from "../profile.ts";
import { isTable, mergeMaps, type Table } from "./values.ts";

/**
 * `LoadValues` (pkg/chart/v2/loader/load.go): every document of a values file, later ones over earlier ones. `text` is a
 * byte string. Throws `HelmError` with Helm's text.
 */
export function loadValues(text: string, profile: Profile): Table {
  if (!profile.hasMultiDocumentValues) return readTable(text);
  let values: Table = new Map();
  let documents: string[];
  try {
    documents = splitYamlDocuments(text, { dropsLineAt4096: profile.dropsLineAt4096 });
  } catch (error) {
    if (error instanceof YamlError) throw fail(`error reading yaml document: ${error.message}`, error);
    throw error;
  }
  for (const document of documents) values = mergeMaps(values, readTable(document));
  return values;
}

function readTable(text: string): Table {
  let value: GoValue;
  try {
    value = readYaml(text).value;
  } catch (error) {
    if (error instanceof YamlError) throw fail(`cannot unmarshal yaml document: ${error.message}`, error);
    throw error;
  }
  if (value === null) return new Map();
  if (!isTable(value)) throw fail(`cannot unmarshal yaml document: ${notATable(value)}`);
  return value;
}

/** encoding/json's error for a document that is no object. */
export function notATable(value: GoValue): string {
  return `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`;
}

/** encoding/json's word for a value's kind. */
export function jsonKind(value: GoValue): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return "array";
  return value instanceof Map || value instanceof GoMap ? "object" : "number";
}

function fail(message: string, cause?: YamlError): HelmError {
  const line = cause?.line;
  return new HelmError("values-file-invalid", message, {
    cause,
    ...(line === undefined ? {} : { place: { file: "", line } }),
  });
}

/** Read values take twenty times the memory of their text. Nothing honest comes near. */
const largestValuesFile = 16 << 20;

/** Throws `HelmError` for a values file that is too large to read in bounded memory. `place` is the file as the user knows it. */
export function checkValuesSize(name: string, size: number, place: string): void {
  if (size <= largestValuesFile) return;
  const message = `unsupported: values file ${name} of ${size} bytes: more than ${largestValuesFile}`;
  throw new HelmError("values-file-invalid", message, { place: { file: place } });
}
