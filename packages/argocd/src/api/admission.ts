import { type GoValue, quoteGo } from "@tiphys/gotemplate";
import { marshalJson } from "./json.ts";
import { dereference, type Field, type GoType, structType, type StructType } from "./schema.ts";

/** What the Kubernetes API server says to an ApplicationSet because of its CRD. */
export interface Admission {
  /** Fields that `kubectl apply` refuses and other clients lose silently: paths, sorted. */
  readonly unknownFields: readonly string[];
  /** Why the object is refused: the API server's texts, sorted. */
  readonly errors: readonly string[];
}

/**
 * Checks an ApplicationSet as the structural schema of its CRD does. The schema follows from the Go types: what is not
 * omitempty is required. `pruned` is the object without unknown fields, as it would be stored. `absent` names fields
 * (`ApplicationSource.tagPrefix`) that an older version does not have.
 */
export function admitApplicationSet(
  value: GoValue,
  absent: ReadonlySet<string> = new Set(),
): { readonly admission: Admission; readonly pruned: GoValue } {
  const errors: string[] = [];
  const root = structType("ApplicationSet");
  const pruning: Pruning = { unknown: [], absent };
  const pruned = prune(value, root, "", pruning);
  validate(pruned, root, "", errors);
  return { admission: { unknownFields: pruning.unknown.sort(), errors: errors.sort() }, pruned };
}

/** The CRD keeps these as they are: metadata is the API server's own, JSON is free. */
function isOpen(type: GoType): boolean {
  return (
    type.kind === "json" ||
    type.kind === "rawObject" ||
    type.kind === "opaque" ||
    (type.kind === "struct" && type.name === "ObjectMeta")
  );
}

interface Pruning {
  readonly unknown: string[];
  readonly absent: ReadonlySet<string>;
}

function fieldType(type: StructType, key: string, { absent }: Pruning): GoType | undefined {
  return absent.has(`${type.name}.${key}`) ? undefined : type.byName.get(key)?.type;
}

/** The value without what its schema does not name; `type` is undefined where the schema says nothing of items. */
function prune(value: GoValue, type: GoType | undefined, path: string, pruning: Pruning): GoValue {
  if (type && isOpen(type)) return value;
  if (type?.kind === "pointer") return prune(value, type.element, path, pruning);
  if (Array.isArray(value)) {
    const element = type?.kind === "slice" ? type.element : undefined;
    return value.map((item, index) => prune(item, element, `${path}[${index}]`, pruning));
  }
  if (!(value instanceof Map)) return value;
  const kept = new Map<string, GoValue>();
  for (const [key, item] of value) {
    const inner =
      type?.kind === "map" ? type.element : type?.kind === "struct" ? fieldType(type, key, pruning) : undefined;
    if (inner) kept.set(key, prune(item, inner, child(path, key), pruning));
    else pruning.unknown.push(child(path, key));
  }
  return kept;
}

function child(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** The one field that is not omitempty and yet not required. */
function isRequired(struct: StructType, field: Field): boolean {
  return !field.omitEmpty && !(struct.name === "ListGenerator" && field.name === "elements");
}

function validate(value: GoValue, type: GoType, path: string, errors: string[]): void {
  if (type.kind === "pointer") {
    validate(value, type.element, path, errors);
    return;
  }
  const wanted = schemaType(type);
  if (wanted !== undefined && !hasType(value, wanted)) {
    errors.push(...typeErrors(value, wanted, path));
    return;
  }
  if (isOpen(type)) return;
  if (type.kind === "slice")
    (value as GoValue[]).forEach((item, index) => validate(item, type.element, `${path}[${index}]`, errors));
  else if (type.kind === "map")
    for (const [key, item] of value as Map<string, GoValue>) validate(item, type.element, child(path, key), errors);
  else if (type.kind === "struct") validateFields(value as Map<string, GoValue>, type, path, errors);
}

function validateFields(value: Map<string, GoValue>, type: StructType, path: string, errors: string[]): void {
  for (const field of type.fields) {
    const item = value.get(field.name);
    const at = child(path, field.name);
    if (item === undefined) {
      if (isRequired(type, field)) errors.push(`${at}: Required value`);
      continue;
    }
    validate(item, field.type, at, errors);
    if (dereference(field.type).kind === "string") validateText(item, `${type.name}.${field.name}`, at, errors);
  }
}

const applicationsSyncPolicies = ["create-only", "create-update", "create-delete", "sync"];

/** The few rules that the CRD has for texts. */
function validateText(value: GoValue, field: string, path: string, errors: string[]): void {
  if (field === "ApplicationSetSyncPolicy.applicationsSync" && !applicationsSyncPolicies.includes(value as string)) {
    const supported = applicationsSyncPolicies.map((policy) => quoteGo(policy)).join(", ");
    errors.push(`${path}: Unsupported value: ${marshalJson(value)}: supported values: ${supported}`);
  }
  if (field !== "SyncSource.path" || typeof value !== "string") return;
  if (value === "") errors.push(`${path}: Invalid value: "": ${path} in body should be at least 1 chars long`);
  else if (!/^.{2,}|[^./]$/.test(value))
    errors.push(`${path}: Invalid value: ${quoteGo(value)}: ${path} in body should match '^.{2,}|[^./]$'`);
}

function schemaType(type: GoType): string | undefined {
  switch (type.kind) {
    case "struct":
    case "map":
    case "rawObject":
      return "object";
    case "slice":
      return "array";
    case "bool":
      return "boolean";
    case "int64":
      return "integer";
    case "intOrString":
      return "integer,string";
    case "string":
    case "time":
      return "string";
    default:
      return undefined;
  }
}

function hasType(value: GoValue, wanted: string): boolean {
  const given = jsonType(value);
  if (wanted.split(",").includes(given)) return true;
  return (
    given === "number" && wanted.startsWith("integer") && Number.isInteger(value) && Math.abs(value as number) < 2 ** 63
  );
}

/** Numbers that are no integers, and what is neither a number nor a text where both are allowed, are reported several times. */
function typeErrors(value: GoValue, wanted: string, path: string): string[] {
  const given = jsonType(value);
  const error = (type: string) =>
    `${path}: Invalid value: "${given}": ${path} in body must be of type ${type}: "${given}"`;
  if (wanted === "integer" && given === "number") {
    return [
      `<nil>: Invalid value: "": Checked value must be of type integer with format int64 in ${path}`,
      `${path}: Invalid value: "float64": ${path} in body must be of type int64: "float64"`,
    ];
  }
  if (wanted !== "integer,string") return [error(wanted)];
  const errors = [
    `<nil>: Invalid value: "": "${path}" must validate at least one schema (anyOf)`,
    error(wanted),
    error("integer"),
  ];
  if (given === "number")
    errors.push(`<nil>: Invalid value: "": Checked value must be of type integer (default format) in ${path}`);
  return errors;
}

function jsonType(value: GoValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (value instanceof Map) return "object";
  return typeof value === "bigint" ? "integer" : typeof value;
}
