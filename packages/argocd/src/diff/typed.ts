import { encodeBase64 } from "./jq/format.ts";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import type { GoValue } from "@tiphys/gotemplate";
import { findField, type GoType, type ScalarType, type StructType } from "../api/schema.ts";
import { isMap } from "../unstructured.ts";
import { canonicalQuantity } from "./quantity.ts";

/** JSON that does not fit a Go type; the text is encoding/json's. */
export class TypeMismatch extends Error {
  override readonly name = "TypeMismatch";

  /** `json: cannot unmarshal …` for a value at `path` in a struct; an empty path is the whole value. */
  static of(value: GoValue, goName: string, root: string, path: readonly string[]): TypeMismatch {
    const where = path.length === 0 ? "Go value" : `Go struct field ${root}.${path.join(".")}`;
    return new TypeMismatch(`json: cannot unmarshal ${foundType(value, goName)} into ${where} of type ${goName}`);
  }
}

export const badQuantity =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** JSON types as encoding/json names them; numbers that do not fit an integer type with their text. */
function foundType(value: GoValue, goName: string): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number" || typeof value === "bigint")
    return goName.startsWith("int") ? `number ${encodeJson(value)}` : "number";
  return typeof value;
}

/** A decoded struct: only the fields that are not Go's zero value; pointers to zero values are kept. */
export type Typed = Map<string, GoValue>;

export interface DecodeOptions {
  /** Fields that the type does not have are an error. */
  readonly strict: boolean;
}

/** Where a value stands: the struct that is decoded as a whole, and the way from there. */
interface Place {
  readonly root: string;
  readonly path: readonly string[];
}

function inside(place: Place, key: string): Place {
  return { root: place.root, path: [...place.path, key] };
}

/** What encoding/json makes of JSON data when it decodes into a struct. Throws `TypeMismatch`. */
export function decodeTyped(value: GoValue, type: StructType, options: DecodeOptions): Typed {
  return decodeStruct(value, type, options, { root: type.name.slice(type.name.indexOf(".") + 1), path: [] });
}

function decodeStruct(value: GoValue, type: StructType, options: DecodeOptions, place: Place): Typed {
  if (value === null) return new Map();
  if (!isMap(value)) throw TypeMismatch.of(value, goTypeName(type), place.root, place.path);
  const typed: Typed = new Map();
  for (const key of [...value.keys()].sort()) {
    const field = findField(type, key);
    if (field === undefined) {
      if (options.strict) throw new TypeMismatch(`unknown field "${key}"`);
      continue;
    }
    const decoded = decodeValue(value.get(key) as GoValue, field.type, options, inside(place, field.name));
    if (decoded === undefined) typed.delete(field.name);
    else typed.set(field.name, decoded);
  }
  return typed;
}

function decodeValue(value: GoValue, type: GoType, options: DecodeOptions, place: Place): GoValue | undefined {
  if (value === null) return undefined;
  switch (type.kind) {
    case "pointer":
      return decodeValue(value, type.element, options, place) ?? zeroValue(type.element);
    case "struct": {
      const typed = decodeStruct(value, type, options, place);
      return typed.size === 0 ? undefined : typed;
    }
    case "slice":
      if (!Array.isArray(value)) throw TypeMismatch.of(value, goTypeName(type), place.root, place.path);
      return value.map(
        (item, index) =>
          decodeValue(item, type.element, options, inside(place, String(index))) ?? zeroValue(type.element),
      );
    case "map": {
      if (!isMap(value)) throw TypeMismatch.of(value, goTypeName(type), place.root, place.path);
      const entries = new Map<string, GoValue>();
      for (const [key, item] of value)
        entries.set(key, decodeValue(item, type.element, options, inside(place, key)) ?? zeroValue(type.element));
      return entries;
    }
    default:
      return decodeScalar(value, type, place);
  }
}

/** A type as Go prints it; the packages of Kubernetes' API are called after their version. */
function goTypeName(type: GoType): string {
  switch (type.kind) {
    case "pointer":
      return `*${goTypeName(type.element)}`;
    case "slice":
      return `[]${goTypeName(type.element)}`;
    case "map":
      return `map[string]${goTypeName(type.element)}`;
    case "struct":
      return type.name.replace(/^.*\./, "v1.");
    default:
      return type.goName;
  }
}

const integerLimits: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

function decodeScalar(value: GoValue, { goName }: ScalarType, { root, path }: Place): GoValue | undefined {
  const wrong = (): never => {
    throw TypeMismatch.of(value, goName, root, path);
  };
  // These read their JSON themselves and do not know where they stand.
  const refuse = (message: string): never => {
    throw new TypeMismatch(message);
  };
  const number = typeof value === "bigint" ? Number(value) : value;
  switch (goName) {
    case "string":
    case "Duration":
      return typeof value === "string" ? value || undefined : wrong();
    case "bool":
      return typeof value === "boolean" ? value || undefined : wrong();
    case "int32":
    case "int64": {
      const limit = integerLimits[goName] as number;
      if (typeof number !== "number" || !Number.isInteger(number) || number >= limit || number < -limit) return wrong();
      return number === 0 ? undefined : number;
    }
    case "float64":
      return typeof number === "number" ? number || undefined : wrong();
    case "IntOrString":
      if (typeof number === "number")
        return Number.isInteger(number) && Math.abs(number) < 2 ** 31 ? number || undefined : wrong();
      if (typeof value === "string") return value;
      throw TypeMismatch.of(value, "int32", root, []);
    case "bytes":
      // A list of numbers is one of bytes.
      if (Array.isArray(value) && value.every((item) => byteOf(item) !== undefined))
        return encodeBase64(String.fromCharCode(...value.map((item) => byteOf(item) as number))) || undefined;
      return typeof value === "string" && isBase64(value) ? value.replace(/[\r\n]/g, "") || undefined : wrong();
    case "Quantity": {
      if (typeof value !== "string" && typeof number !== "number") return refuse(badQuantity);
      return canonicalQuantity(String(number)) ?? refuse(badQuantity);
    }
    case "Time":
    case "MicroTime":
      return typeof value === "string" ? (canonicalTime(value, goName) ?? wrong()) : wrong();
    default:
      return value;
  }
}

function byteOf(value: GoValue): number | undefined {
  const number = Number(value);
  const isNumber = typeof value === "bigint" || typeof value === "number";
  return isNumber && Number.isInteger(number) && number >= 0 && number < 256 ? number : undefined;
}

function isBase64(text: string): boolean {
  const plain = text.replace(/[\r\n]/g, "");
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}

/** RFC 3339 in UTC, with seconds or microseconds. */
function canonicalTime(text: string, goName: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (match === null) return undefined;
  const date = new Date(`${match[1]}T${match[2]}${match[4]}`);
  if (Number.isNaN(date.getTime())) return undefined;
  const seconds = date.toISOString().slice(0, 19);
  return goName === "Time" ? `${seconds}Z` : `${seconds}.${(match[3] ?? "").padEnd(6, "0").slice(0, 6)}Z`;
}

/** Go's zero value in the decoded form; pointers, slices and maps are null. */
export function zeroValue(type: GoType): GoValue {
  switch (type.kind) {
    case "struct":
      return new Map();
    case "pointer":
    case "slice":
    case "map":
      return null;
    default:
      break;
  }
  switch (type.goName) {
    case "string":
    case "bytes":
      return "";
    case "Duration":
      return "0s";
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "float64":
    case "IntOrString":
      return 0;
    case "Quantity":
      return "0";
    default:
      return null;
  }
}

/** What encoding/json writes for a decoded struct: zero values appear unless a field is omitempty. */
export function encodeTyped(typed: Typed, type: StructType): Map<string, GoValue> {
  const out = new Map<string, GoValue>();
  for (const field of type.fields) {
    const value = typed.get(field.name);
    if (field.omitEmpty && isEmpty(value, field.type)) continue;
    const encoded = encodeValue(value, field.type);
    if (field.omitZero && (encoded === null || (isMap(encoded) && encoded.size === 0))) continue;
    out.set(field.name, encoded);
  }
  return out;
}

/** omitempty leaves out zero scalars, nil pointers and empty lists and maps, but no struct. */
function isEmpty(value: GoValue | undefined, type: GoType): boolean {
  if (type.kind === "struct") return false;
  if (value === undefined || value === null) return true;
  if (type.kind === "slice") return Array.isArray(value) && value.length === 0;
  return type.kind === "map" && isMap(value) && value.size === 0;
}

function encodeValue(value: GoValue | undefined, type: GoType): GoValue {
  if (value === undefined || value === null) {
    return type.kind === "struct" ? encodeTyped(new Map(), type) : zeroValue(type);
  }
  switch (type.kind) {
    case "pointer":
      return encodeValue(value, type.element);
    case "struct":
      return isMap(value) ? encodeTyped(value, type) : value;
    case "slice":
      return Array.isArray(value) ? value.map((item) => encodeValue(item, type.element)) : value;
    case "map":
      return isMap(value) ? new Map([...value].map(([key, item]) => [key, encodeValue(item, type.element)])) : value;
    default:
      return value;
  }
}
