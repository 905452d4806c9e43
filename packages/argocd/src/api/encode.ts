import type { GoValue } from "@tiphys/gotemplate";
import { cloneJson } from "./json.ts";
import { type Field, type GoType, structType, type StructType } from "./schema.ts";

/** How a field is written: `absent` is what stands for one without a value, undefined where encoding/json leaves it out. */
interface EncodedField {
  readonly name: string;
  readonly type: GoType;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  readonly absent: GoValue | undefined;
}

/**
 * What encoding/json writes for a decoded struct, as a Map with sorted keys: omitempty fields that are empty are left out, others
 * appear with Go's zero value. Nothing of it is shared with `value`.
 */
export function encodeStruct(value: ReadonlyMap<string, GoValue>, type: StructType): Map<string, GoValue> {
  const result = new Map<string, GoValue>();
  for (const field of encodedFields(type)) {
    const present = value.get(field.name);
    if (present === undefined) {
      if (field.absent !== undefined) result.set(field.name, cloneJson(field.absent));
      continue;
    }
    if (field.omitEmpty && isEmpty(present, field.type)) continue;
    const encoded = encode(present, field.type);
    if (field.omitZero && encoded instanceof Map && encoded.size === 0) continue;
    result.set(field.name, encoded);
  }
  return result;
}

const encodedFieldsOf = new WeakMap<StructType, readonly EncodedField[]>();

function encodedFields(type: StructType): readonly EncodedField[] {
  let fields = encodedFieldsOf.get(type);
  if (!fields) {
    fields = [...type.fields].sort((a, b) => (a.name < b.name ? -1 : 1)).map(encodedField);
    encodedFieldsOf.set(type, fields);
  }
  return fields;
}

/** omitempty never leaves out a struct; omitzero does when nothing of it is written. */
function encodedField({ name, type, omitEmpty, omitZero }: Field): EncodedField {
  const zero = omitEmpty && type.kind !== "struct" ? undefined : encodeZero(type);
  const isLeftOut = omitZero && (type.kind === "time" || (zero instanceof Map && zero.size === 0));
  return { name, type, omitEmpty: omitEmpty && type.kind !== "struct", omitZero, absent: isLeftOut ? undefined : zero };
}

function encode(value: GoValue, type: GoType): GoValue {
  switch (type.kind) {
    case "pointer":
      return value === null ? null : encode(value, type.element);
    case "struct":
      return value instanceof Map ? encodeStruct(value, type) : encodeStruct(new Map(), type);
    case "slice":
      return Array.isArray(value) ? value.map((item) => encode(item, type.element)) : null;
    case "map":
      return value instanceof Map
        ? new Map([...value.keys()].sort().map((key) => [key, encode(value.get(key)!, type.element)]))
        : null;
    case "json":
    case "rawObject":
      return cloneJson(value);
    default:
      return value;
  }
}

function encodeZero(type: GoType): GoValue {
  switch (type.kind) {
    case "struct":
      return encodeStruct(new Map(), type);
    case "string":
      return "";
    case "bool":
      return false;
    case "int64":
    case "intOrString":
      return 0;
    default:
      return null;
  }
}

function isEmpty(value: GoValue, type: GoType): boolean {
  switch (type.kind) {
    case "slice":
      return !Array.isArray(value) || value.length === 0;
    case "map":
      return !(value instanceof Map) || value.size === 0;
    case "string":
    case "time":
      return value === "";
    case "bool":
      return value === false;
    case "int64":
      return value === 0;
    default:
      return false;
  }
}

/** A decoded Application as the JSON object that Argo CD would create, with apiVersion and kind, without status. */
export function encodeApplication(application: Map<string, GoValue>): Map<string, GoValue> {
  const encoded = encodeStruct(application, structType("Application"));
  encoded.delete("status");
  const result = new Map<string, GoValue>([
    ["apiVersion", "argoproj.io/v1alpha1"],
    ["kind", "Application"],
  ]);
  for (const [key, value] of encoded) if (!result.has(key)) result.set(key, value);
  return result;
}
