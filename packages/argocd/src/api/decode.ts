import type { GoValue } from "@tiphys/gotemplate";
import { findField, type GoType, type StructType } from "./schema.ts";

/** JSON that does not fit a Go type; `message` is encoding/json's own text (Go 1.27). */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  /** Keys and indexes of the value at fault. */
  readonly path: readonly string[];
  constructor(message: string, path: readonly string[]) {
    super(message);
    this.path = path;
  }
}

interface Decoding {
  readonly rootName: string;
  readonly path: string[];
  firstError: DecodeError | undefined;
}

/**
 * What encoding/json makes of JSON-like data when it decodes into struct `type`: a Map of the known fields by their JSON names.
 * A field is absent where Go has the zero value or nil; pointers to zero values are kept. Keys are visited in sorted order,
 * since upstream marshals a map first. Throws `DecodeError` with the first mismatch.
 */
export function decodeStruct(value: GoValue, type: StructType): Map<string, GoValue> {
  const decoding: Decoding = { rootName: type.name, path: [], firstError: undefined };
  const decoded = decode(value, type, decoding);
  if (decoding.firstError) throw decoding.firstError;
  return decoded instanceof Map ? decoded : new Map<string, GoValue>();
}

/** The decoded value; undefined stands for Go's zero value (nil for pointers, slices, maps). */
function decode(value: GoValue, type: GoType, decoding: Decoding): GoValue | undefined {
  if (value === null && type.kind !== "json" && type.kind !== "opaque") return undefined;
  switch (type.kind) {
    case "pointer":
      return decode(value, type.element, decoding) ?? zeroOf(type.element);
    case "struct":
      return decodeFields(value, type, decoding);
    case "slice":
      return decodeSlice(value, type, decoding);
    case "map":
      return decodeMap(value, type, decoding);
    case "json":
    case "opaque":
    case "rawObject":
      return value;
    case "string":
    case "time":
      return typeof value === "string" ? value : mismatch(value, type, decoding);
    case "bool":
      return typeof value === "boolean" ? value : mismatch(value, type, decoding);
    case "int64":
      return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 63
        ? value
        : mismatch(value, type, decoding);
    case "intOrString":
      return typeof value === "string" ||
        (typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 31)
        ? value
        : mismatchOfInt32(value, decoding);
  }
}

function decodeFields(value: GoValue, type: StructType, decoding: Decoding): Map<string, GoValue> {
  const result = new Map<string, GoValue>();
  if (!(value instanceof Map)) {
    mismatch(value, type, decoding);
    return result;
  }
  for (const key of [...value.keys()].sort()) {
    const field = findField(type, key);
    if (!field) continue;
    decoding.path.push(key);
    const decoded = decode(value.get(key)!, field.type, decoding);
    decoding.path.pop();
    if (decoded !== undefined && !isZeroScalar(decoded, field.type)) result.set(field.name, decoded);
  }
  return result;
}

function decodeSlice(value: GoValue, type: GoType & { kind: "slice" }, decoding: Decoding): GoValue | undefined {
  if (!Array.isArray(value)) return mismatch(value, type, decoding);
  return value.map((item, index) => {
    decoding.path.push(String(index));
    const decoded = decode(item, type.element, decoding) ?? zeroOf(type.element);
    decoding.path.pop();
    return decoded;
  });
}

function decodeMap(value: GoValue, type: GoType & { kind: "map" }, decoding: Decoding): GoValue | undefined {
  if (!(value instanceof Map)) return mismatch(value, type, decoding);
  const result = new Map<string, GoValue>();
  for (const key of [...value.keys()].sort()) {
    decoding.path.push(key);
    result.set(key, decode(value.get(key)!, type.element, decoding) ?? zeroOf(type.element));
    decoding.path.pop();
  }
  return result;
}

function zeroOf(type: GoType): GoValue {
  switch (type.kind) {
    case "string":
    case "time":
      return "";
    case "bool":
      return false;
    case "int64":
    case "intOrString":
      return 0;
    case "struct":
      return new Map();
    default:
      return null;
  }
}

function isZeroScalar(value: GoValue, type: GoType): boolean {
  switch (type.kind) {
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

function mismatch(value: GoValue, type: GoType, decoding: Decoding): undefined {
  const path = decoding.path.map((token) => token.replaceAll("~", "~0").replaceAll("/", "~1"));
  const what = type.kind === "int64" && typeof value === "number" ? `number ${printNumber(value)}` : jsonKind(value);
  // encoding/json/v2_decode.go: a path that ends in an index is not called a struct field.
  const into =
    path.length === 0
      ? "Go value"
      : `${/^\d+$/.test(path.at(-1)!) ? "" : "Go struct field "}${decoding.rootName}.${path.join(".")}`;
  decoding.firstError ??= new DecodeError(`json: cannot unmarshal ${what} into ${into} of type ${type.goName}`, [
    ...decoding.path,
  ]);
  return undefined;
}

/** IntOrString decodes itself, so its error names no field. */
function mismatchOfInt32(value: GoValue, decoding: Decoding): undefined {
  const what = typeof value === "number" ? `number ${printNumber(value)}` : jsonKind(value);
  decoding.firstError ??= new DecodeError(`json: cannot unmarshal ${what} into Go value of type int32`, [
    ...decoding.path,
  ]);
  return undefined;
}

function jsonKind(value: GoValue): string {
  if (Array.isArray(value)) return "array";
  if (value instanceof Map) return "object";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}

/** A float64 as encoding/json writes it: exponents only below 1e-6 and from 1e21. */
export function printNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
