import { Compile } from "typebox/schema";
import type { Diagnostic, Plain, YamlDocument } from "@tiphys/source";

/** The part of JSON Schema that the published schemas use. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: Record<string, unknown>;
  readonly message: string;
}

/** What of a file is checked, and how its faults are named. */
export interface CheckedFile {
  readonly file: string;
  readonly document: YamlDocument;
  readonly value: Plain;
  /** Prefix of the codes: `estate-file` gives `estate-file-unknown-key`. */
  readonly code: string;
}

const compiled = new WeakMap<JsonSchema, ReturnType<typeof Compile>>();

/** Every violation of `schema` as an error with its place; unknown keys come with the nearest known one. */
export function checkSchema(schema: JsonSchema, checked: CheckedFile): Diagnostic[] {
  let validator = compiled.get(schema);
  if (!validator) compiled.set(schema, (validator = Compile(schema as never)));
  const [valid, errors] = validator.Errors(checked.value) as [boolean, SchemaError[]];
  if (valid) return [];
  return errors.filter((error) => error.keyword !== "boolean").flatMap((error) => describe(error, schema, checked));
}

function describe(error: SchemaError, schema: JsonSchema, checked: CheckedFile): Diagnostic[] {
  const path = pointerPath(error.instancePath, checked.value);
  if (error.keyword === "additionalProperties") {
    const names = error.params["additionalProperties"] as string[];
    return names.map((name) => unknownKey({ name, path, known: knownKeys(schema, error.schemaPath), checked }));
  }
  const place = checked.document.originOf(path);
  return [
    {
      code: `${checked.code}-invalid`,
      severity: "error",
      message: `${path.length === 0 ? "the file" : path.join(".")} ${wording(error)}`,
      origin: { file: checked.file, line: place?.line, column: place?.column, path: path.join(".") },
    },
  ];
}

function wording(error: SchemaError): string {
  const { params } = error;
  if (error.keyword === "required") return `lacks ${(params["requiredProperties"] as string[]).join(", ")}`;
  if (error.keyword === "enum") return `must be one of ${(params["allowedValues"] as unknown[]).join(", ")}`;
  if (error.keyword === "type") return `must be ${error.message.replace(/^must be (either )?/, "")}`;
  return error.message;
}

function unknownKey(fault: {
  name: string;
  path: (string | number)[];
  known: string[];
  checked: CheckedFile;
}): Diagnostic {
  const { name, path, known, checked } = fault;
  const place = checked.document.originOf([...path, name]);
  const nearest = closest(name, known);
  return {
    code: `${checked.code}-unknown-key`,
    severity: "error",
    message: `unknown key "${name}"${path.length === 0 ? "" : ` in ${path.join(".")}`}`,
    origin: {
      file: checked.file,
      line: place?.key?.line ?? place?.line,
      column: place?.key?.column ?? place?.column,
      path: [...path, name].join("."),
    },
    fix: nearest === undefined ? `known keys: ${known.join(", ")}` : `did you mean "${nearest}"?`,
  };
}

/** `/a/0/b` as keys and indexes of `value`. */
function pointerPath(pointer: string, value: Plain): (string | number)[] {
  const path: (string | number)[] = [];
  let at: Plain | undefined = value;
  for (const raw of pointer.split("/").slice(1)) {
    const key = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    const step: string | number = Array.isArray(at) ? Number(key) : key;
    path.push(step);
    at = at === null || typeof at !== "object" ? undefined : (at as Record<string | number, Plain>)[step];
  }
  return path;
}

function knownKeys(schema: JsonSchema, schemaPath: string): string[] {
  let at: unknown = schema;
  for (const key of schemaPath.split("/").slice(1))
    at = (at as Record<string, unknown> | undefined)?.[decodeURIComponent(key)];
  return Object.keys((at as { properties?: object } | undefined)?.properties ?? {});
}

/** The known word that is at most two edits (or a change of case) away. */
export function closest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.ceil(word.length / 2) + 1);
  for (const candidate of known) {
    const distance = candidate.toLowerCase() === word.toLowerCase() ? 0 : editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const substitution = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}
