import { formatFloat, type GoValue } from "@tiphys/gotemplate";
import { readYaml, YamlError, type YamlDocument, type YamlNode } from "@tiphys/source";
import type { Profile } from "../profile.ts";

/*
 * sigs.k8s.io/yaml.Unmarshal into a Go type: YAML to JSON with the target in mind (scalars become text where the target is a
 * string), then encoding/json with its errors.
 */

/** A Go type, as far as the files of a chart and the heads of manifests need one. */
export type Shape =
  | { readonly kind: "string" | "bool" | "any" }
  | { readonly kind: "slice"; readonly type: string; readonly element: Shape }
  | { readonly kind: "map"; readonly type: string; readonly element: Shape }
  | {
      readonly kind: "struct";
      readonly type: string;
      readonly name: string;
      readonly fields: ReadonlyMap<string, Shape>;
    };

/** A decoded struct: only fields that the text has. */
export type Decoded = Map<string, DecodedValue>;
export type DecodedValue = GoValue | Decoded | DecodedValue[];

/** Text that does not fit the Go type; `message` is that of sigs.k8s.io/yaml. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** Decodes the first document of `text`. Throws `YamlError` (no YAML) and `DecodeError` (another shape). */
export function decodeYaml(text: string, shape: Shape, profile: Profile): DecodedValue {
  return decodeDocument(readFor(text, shape), shape, profile);
}

/** Reads a document. An infinity or NaN has no JSON, unless the target is a string. */
function readFor(text: string, shape: Shape): YamlDocument {
  try {
    return readYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError) || !error.message.includes("json: unsupported value: ")) throw error;
    const document = readYaml(text, { keepsSpecialFloats: true });
    refuseSpecialFloats(document.value, shape);
    return document;
  }
}

function refuseSpecialFloats(value: GoValue, shape: Shape | undefined): void {
  if (typeof value === "number" && !Number.isFinite(value) && shape?.kind !== "string") {
    throw new YamlError(`error converting YAML to JSON: json: unsupported value: ${formatFloat(value)}`);
  }
  if (Array.isArray(value))
    for (const item of value) refuseSpecialFloats(item, shape?.kind === "slice" ? shape.element : undefined);
  if (!(value instanceof Map)) return;
  for (const key of sortedKeys(value)) refuseSpecialFloats(value.get(key)!, memberShape(shape, key));
}

function memberShape(shape: Shape | undefined, key: string): Shape | undefined {
  if (shape?.kind === "map") return shape.element;
  if (shape?.kind !== "struct") return undefined;
  const name = shape.fields.has(key) ? key : findFolded(shape.fields, key);
  return name === undefined ? undefined : shape.fields.get(name);
}

/** As `decodeYaml`, for a document that is already read. */
export function decodeDocument(document: YamlDocument, shape: Shape, profile: Profile): DecodedValue {
  const decoder = new Decoder(document, profile);
  const value = decoder.decode(document.value, shape, { struct: "", fields: [], path: [] });
  if (decoder.firstError !== undefined) {
    throw new DecodeError(`error unmarshaling JSON: while decoding JSON: ${decoder.firstError}`);
  }
  return value;
}

interface Context {
  /** Name of the innermost struct; "" for an anonymous one. */
  readonly struct: string;
  /** Names of struct fields from the root. */
  readonly fields: readonly string[];
  /** All keys and indexes from the root. */
  readonly path: readonly (string | number)[];
}

class Decoder {
  firstError: string | undefined;
  readonly #document: YamlDocument;
  readonly #profile: Profile;

  constructor(document: YamlDocument, profile: Profile) {
    this.#document = document;
    this.#profile = profile;
  }

  decode(value: GoValue, shape: Shape, context: Context): DecodedValue {
    if (value === null || shape.kind === "any") return value;
    switch (shape.kind) {
      case "string":
        return this.#string(value, context);
      case "bool":
        return typeof value === "boolean" ? value : this.#fail(value, "bool", context);
      case "slice":
        if (!Array.isArray(value)) return this.#fail(value, shape.type, context);
        return value.map((item, index) =>
          this.decode(item, shape.element, { ...context, path: [...context.path, index] }),
        );
      case "map":
        return this.#map(value, shape, context);
      case "struct":
        return this.#struct(value, shape, context);
    }
  }

  #string(value: GoValue, context: Context): DecodedValue {
    if (typeof value === "string") return value;
    if (typeof value === "boolean") return String(value);
    if (typeof value === "number") return this.#numberText(value, context.path);
    return this.#fail(value, "string", context);
  }

  #map(value: GoValue, shape: Shape & { kind: "map" }, context: Context): DecodedValue {
    if (!(value instanceof Map)) return this.#fail(value, shape.type, context);
    const decoded: Decoded = new Map();
    for (const key of sortedKeys(value)) {
      decoded.set(key, this.decode(value.get(key)!, shape.element, { ...context, path: [...context.path, key] }));
    }
    return decoded;
  }

  #struct(value: GoValue, shape: Shape & { kind: "struct" }, context: Context): DecodedValue {
    if (!(value instanceof Map)) return this.#fail(value, shape.type, context);
    const decoded: Decoded = new Map();
    for (const key of knownKeys(value, shape.fields)) {
      const name = shape.fields.has(key) ? key : findFolded(shape.fields, key)!;
      const inner = { struct: shape.name, fields: [...context.fields, name], path: [...context.path, key] };
      decoded.set(name, this.decode(value.get(key)!, shape.fields.get(name)!, inner));
    }
    return decoded;
  }

  #fail(value: GoValue, type: string, context: Context): DecodedValue {
    this.firstError ??= `json: cannot unmarshal ${jsonKind(value)} into ${this.#place(context)}of type ${type}`;
    return null;
  }

  #place(context: Context): string {
    if (context.path.length === 0) return "Go value ";
    if (this.#profile.encodingJson === "v1") return `Go struct field ${context.struct}.${context.fields.join(".")} `;
    const path = `.${context.path.join(".")} `;
    return typeof context.path.at(-1) === "number" ? path : `Go struct field ${path}`;
  }

  /** An integer keeps its digits, a float is printed as Go's 'g' with 32 bits; only big whole numbers need a look at the text. */
  #numberText(value: number, path: readonly (string | number)[]): string {
    if (Number.isInteger(value) && Math.abs(value) >= 1e6) {
      const text = nodeAt(this.#document.root, path)?.value.replaceAll("_", "");
      if (text !== undefined && isYamlInteger(text)) return integerText(text);
    }
    return Object.is(value, -0) ? "-0" : formatFloat(Math.fround(value), "g", -1, 32);
  }
}

function sortedKeys(map: ReadonlyMap<string, GoValue>): string[] {
  return [...map.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The keys of a map that stand for fields, sorted. */
function knownKeys(map: ReadonlyMap<string, GoValue>, fields: ReadonlyMap<string, Shape>): string[] {
  const known: string[] = [];
  for (const key of map.keys()) if (fields.has(key) || findFolded(fields, key) !== undefined) known.push(key);
  return known.length < 2 ? known : known.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

const foldedNames = new WeakMap<ReadonlyMap<string, Shape>, Map<string, string>>();

/** The field that has the name in other letters. */
function findFolded(fields: ReadonlyMap<string, Shape>, key: string): string | undefined {
  let names = foldedNames.get(fields);
  if (names === undefined) {
    foldedNames.set(fields, (names = new Map()));
    for (const name of [...fields.keys()].reverse()) names.set(name.toLowerCase(), name);
  }
  return names.get(key.toLowerCase());
}

function jsonKind(value: GoValue): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "number";
  return Array.isArray(value) ? "array" : "object";
}

function nodeAt(root: YamlNode | undefined, path: readonly (string | number)[]): YamlNode | undefined {
  let node = root;
  for (const step of path) {
    while (node?.target) node = node.target;
    if (!node) return undefined;
    if (typeof step === "number") {
      node = node.children[step];
      continue;
    }
    let found: YamlNode | undefined;
    for (let i = 0; i + 1 < node.children.length; i += 2) {
      if (node.children[i]!.value === step) found = node.children[i + 1];
    }
    node = found;
  }
  while (node?.target) node = node.target;
  return node;
}

function isYamlInteger(text: string): boolean {
  return /^[-+]?(?:0b[01]+|0o?[0-7]+|0x[0-9a-fA-F]+|[0-9]+)$/.test(text);
}

function integerText(text: string): string {
  const negative = text.startsWith("-");
  let digits = text.replace(/^[-+]/, "");
  if (/^0[0-7]+$/.test(digits)) digits = `0o${digits.slice(1)}`;
  const value = BigInt(digits);
  if (value > 0xffff_ffff_ffff_ffffn) return formatFloat(Math.fround(Number(value) * (negative ? -1 : 1)), "g", -1, 32);
  return String(negative ? -value : value);
}
