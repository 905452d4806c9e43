import {
  formatFloat,
  FunctionError,
  goTypeName,
  GoMap,
  GoNumber,
  GoObject,
  isNilSlice,
  sliceTypeOf,
  type GoValue,
} from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import { marshaledText } from "../marshaled-text.ts";
import { ALIAS_NODE, MAPPING_NODE, SEQUENCE_NODE, type ComposedNode } from "./composed-node.ts";
import { maxValueDepth } from "./decode-state.ts";
import { GeneralMap } from "./decode-v3.ts";
import { Emitter, type Position } from "./emitter.ts";
import { YamlError } from "./error.ts";
import { Parser } from "./parser.ts";
import * as R from "./resolve.ts";
import { sortKeys } from "./sort-keys.ts";
import { isValidUtf8 } from "./utf8.ts";

/** sigs.k8s.io/yaml.Marshal: JSON first, then go-yaml v2 (80 columns, unindented lists), with the final newline. Throws `YamlError`. */
export function writeYamlV2(value: GoValue): string {
  const writer = new ValueWriter(new Emitter({ v3: false, indent: 2, width: 80 }), false);
  try {
    writer.write(value, "root", 0);
    return writer.emitter.finish();
  } catch (error) {
    if (error !== needsJson) throw error;
  }
  const again = new ValueWriter(new Emitter({ v3: false, indent: 2, width: 80 }), false, true);
  again.write(throughJson(value), "root", 0);
  return again.emitter.finish();
}

export interface WriteYamlV3Options {
  /** `SetIndent`; go-yaml v3's default is 4. Helm's toYamlPretty and helmfile use 2. */
  readonly indent?: number;
}

/** go-yaml v3's Encoder (no folding, indented lists), with the final newline. Throws `YamlError`. */
export function writeYamlV3(value: GoValue, options: WriteYamlV3Options = {}): string {
  const indent = options.indent ?? 4;
  const emitter = new Emitter({ v3: true, indent: indent < 2 || indent > 9 ? 2 : indent, width: Infinity });
  new ValueWriter(emitter, true).write(value, "root", 0);
  return emitter.finish();
}

/** Thrown inside this file when only the way over JSON text gives Go's bytes: odd characters, structs, very long keys. */
const needsJson = new Error("needs JSON");

/** What sigs.k8s.io/yaml emits in the end: the JSON text read again by go-yaml v2, so numbers get their kinds from their text. */
function throughJson(value: GoValue): GoValue {
  let json: string;
  try {
    json = encodeJson(value);
  } catch (error) {
    if (error instanceof FunctionError) throw new YamlError(`error marshaling into JSON: ${error.message}`);
    throw error;
  }
  return typedValue(new Parser(json, "v2").next(), 0);
}

function typedValue(node: ComposedNode | undefined, depth: number): GoValue {
  if (node === undefined || node.type === ALIAS_NODE) return null;
  if (depth > maxValueDepth) throw new YamlError(`yaml: unsupported: nested deeper than ${maxValueDepth} levels`);
  if (node.type === SEQUENCE_NODE) return node.children.map((child) => typedValue(child, depth + 1));
  if (node.type === MAPPING_NODE) {
    const map = new Map<string, GoValue>();
    for (let i = 0; i < node.children.length; i += 2)
      map.set(node.children[i]!.value, typedValue(node.children[i + 1]!, depth + 1));
    return map;
  }
  if (node.scalarStyle !== 0) return node.value;
  return R.resolvedValue(R.scalarKind(node.value, false), node.value, false);
}

/** Characters that do not come back as they were when go-yaml v2 reads the JSON: DEL, C1 controls, U+FFFE, U+FFFF, invalid UTF-8. */
const changedByJson = /[\x7f-\xff]/;

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const oldBooleans = new Set([
  "y",
  "Y",
  "yes",
  "Yes",
  "YES",
  "on",
  "On",
  "ON",
  "n",
  "N",
  "no",
  "No",
  "NO",
  "off",
  "Off",
  "OFF",
]);

class ValueWriter {
  readonly emitter: Emitter;
  private readonly v3: boolean;
  /** The value has been through JSON: nothing more to check, numbers keep their kinds. */
  private readonly isTyped: boolean;

  constructor(emitter: Emitter, v3: boolean, isTyped = false) {
    this.emitter = emitter;
    this.v3 = v3;
    this.isTyped = isTyped;
  }

  write(value: GoValue, position: Position, depth: number): void {
    if (typeof value === "string") return this.string(value, position, false);
    if (value === null) return this.emitter.word("null");
    if (typeof value === "boolean") return this.emitter.word(value ? "true" : "false");
    if (typeof value === "number") return this.emitter.word(this.float(value));
    if (typeof value === "bigint") return this.emitter.word(String(value));
    if (depth > maxValueDepth) throw new YamlError(`yaml: unsupported: nested deeper than ${maxValueDepth} levels`);
    if (Array.isArray(value)) return this.sequence(value, position, depth);
    if (value instanceof Map) return this.mapping(value, position, depth);
    this.other(value, position, depth);
  }

  private float(value: number): string {
    if (!this.v3 && !this.isTyped) {
      if (!Number.isFinite(value)) throw needsJson;
      // JSON text decides the kind: what reads back as an integer is written as one.
      if (Number.isInteger(value) && Math.abs(value) < 9007199254740992) return String(value + 0);
      const text = String(value);
      const kind = R.scalarKind(text, false);
      if (kind !== R.FLOAT) return String(R.integerValue(text, false));
    }
    const text = formatFloat(value);
    return text === "+Inf" ? ".inf" : text === "-Inf" ? "-.inf" : text === "NaN" ? ".nan" : text;
  }

  private string(text: string, position: Position, simpleKey: boolean): void {
    if (!this.v3 && !this.isTyped && changedByJson.test(text) && isChangedByJson(text)) throw needsJson;
    if (this.v3 && !isValidUtf8(text)) {
      this.emitter.scalar(encodeBinary(text), "!!binary", true, position, simpleKey);
      return;
    }
    this.emitter.scalar(text, "", this.mayBePlain(text), position, simpleKey);
  }

  /** Whether the text read back plain is a string again. */
  private mayBePlain(text: string): boolean {
    if (R.scalarKind(text, this.v3) !== R.STRING) return false;
    if (text.includes(":") && base60.test(text)) return false;
    return !(this.v3 && oldBooleans.has(text));
  }

  private sequence(items: GoValue[], position: Position, depth: number): void {
    const { emitter } = this;
    if (!this.v3) {
      if (isNilSlice(items)) return emitter.word("null");
      // Bytes are base64 text in JSON.
      if (sliceTypeOf(items) === "[]uint8") throw needsJson;
    }
    if (items.length === 0) return emitter.empty("[", "]");
    emitter.openSequence(position);
    for (const item of items) {
      emitter.startItem();
      this.write(item, "item", depth + 1);
    }
    emitter.close();
  }

  private mapping(map: Map<string, GoValue>, position: Position, depth: number): void {
    if (!this.v3 && map instanceof GoMap && map.isNil) return this.emitter.word("null");
    if (map.size === 0) return this.emitter.empty("{", "}");
    if (map instanceof GeneralMap) return this.generalMapping(map, position, depth);
    const { emitter } = this;
    emitter.openMapping(position);
    for (const key of sortKeys([...map.keys()], this.v3)) {
      if (!this.v3 && !this.isTyped && key.length > 1000) throw needsJson;
      this.entry(() => this.string(key, "key", true), key, map.get(key)!, depth);
    }
    emitter.close();
  }

  private entry(writeSimpleKey: () => void, key: string, value: GoValue, depth: number): void {
    const { emitter } = this;
    const binary = this.v3 && !isValidUtf8(key);
    const complex = binary ? emitter.startKey(encodeBinary(key), "!!binary") : emitter.startKey(key, "");
    if (complex) this.string(key, "key", false);
    else writeSimpleKey();
    emitter.startValue(complex);
    this.write(value, "value", depth + 1);
  }

  /** Keys that are no strings come first, by kind and value (sorter.go). */
  private generalMapping(map: GeneralMap, position: Position, depth: number): void {
    const { emitter } = this;
    const keys = [...map.keys()];
    const typed = (key: string): GoValue => map.goKeys.get(key) ?? null;
    const others = keys
      .filter((key) => typeof typed(key) !== "string")
      .sort((a, b) => keyRank(typed(a)) - keyRank(typed(b)));
    const strings = sortKeys(
      keys.filter((key) => typeof typed(key) === "string"),
      true,
    );
    emitter.openMapping(position);
    for (const key of [...others, ...strings]) {
      const keyValue = typed(key);
      if (typeof keyValue === "string") this.entry(() => this.string(key, "key", true), key, map.get(key)!, depth);
      else this.entry(() => this.write(keyValue, "key", depth + 1), key, map.get(key)!, depth);
    }
    emitter.close();
  }

  private other(value: GoValue, position: Position, depth: number): void {
    if (!this.v3 && !(this.isTyped && value instanceof GoNumber)) {
      if (value instanceof GoNumber && typeof value.value === "bigint") return this.emitter.word(String(value.value));
      throw needsJson;
    }
    if (value instanceof GoNumber) {
      return this.emitter.word(
        typeof value.value === "bigint" ? String(value.value) : formatFloat(value.value, "g", -1, 32),
      );
    }
    if (!(value instanceof GoObject)) throw new YamlError(`cannot marshal type: ${goTypeName(value)}`);
    const marshaled = marshaledText(value);
    if (marshaled?.bare === true) return this.emitter.word(marshaled.text);
    if (marshaled !== undefined) return this.string(marshaled.text, position, false);
    const inner = value.goUnderlying();
    if (inner !== undefined) return this.write(inner, position, depth);
    this.struct(value, position, depth);
  }

  /** A struct by its fields: go-yaml's default key is the name in lower case. */
  private struct(value: GoObject, position: Position, depth: number): void {
    const names = value.goFieldNames();
    if (names.length === 0) return this.emitter.empty("{", "}");
    this.emitter.openMapping(position);
    for (const name of names) {
      const key = name.toLowerCase();
      this.entry(() => this.string(key, "key", true), key, value.goField(name) ?? null, depth);
    }
    this.emitter.close();
  }
}

function keyRank(key: GoValue): number {
  if (typeof key === "bigint" || typeof key === "number") return Number(key);
  if (typeof key === "boolean") return key ? 1 : 0;
  return key instanceof GoNumber ? Number(key.value) : -1;
}

/** True when the text holds DEL, a C1 control, U+FFFE, U+FFFF or invalid UTF-8. */
function isChangedByJson(text: string): boolean {
  return /\x7f|\xc2[\x80-\x9f]|\xef\xbf[\xbe\xbf]/.test(text) || !isValidUtf8(text);
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 in lines of 70 characters, as go-yaml writes `!!binary`. */
function encodeBinary(bytes: string): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes.charCodeAt(i) << 16) | ((bytes.charCodeAt(i + 1) || 0) << 8) | (bytes.charCodeAt(i + 2) || 0);
    out += digits[bits >> 18]! + digits[(bits >> 12) & 63]!;
    out += i + 1 < bytes.length ? digits[(bits >> 6) & 63]! : "=";
    out += i + 2 < bytes.length ? digits[bits & 63]! : "=";
  }
  if (out.length < 70) return out;
  return out.replace(/.{1,70}/g, "$&\n");
}
