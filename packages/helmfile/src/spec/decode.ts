import { formatGo } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { GeneralMap, YamlError } from "@tiphys/source";
import type { YamlDialect, YamlNode } from "@tiphys/source";
import { resolveScalar, shortTag } from "./scalar.ts";
import { anyType, goTypeText, zeroStruct } from "./schema.ts";
import type { GoType, Pointer, Struct, StructSchema } from "./schema.ts";

/** What go-yaml's `TypeError` holds; the message lists all of them. */
export class YamlTypeError extends YamlError {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    const line = /^line (\d+):/.exec(lines[0] ?? "");
    super(`yaml: unmarshal errors:\n  ${lines.join("\n  ")}`, line === null ? undefined : Number(line[1]));
    this.lines = lines;
  }
}

/** A type's own `UnmarshalYAML(unmarshal func(any) error)`. `again` decodes the node into a type and throws `YamlTypeError`. */
export type Unmarshaler = (node: YamlNode, again: (type: GoType) => unknown) => unknown;

/** `state.Inherits` and the like, by the name of the type. */
export type Unmarshalers = ReadonlyMap<string, Unmarshaler>;

/** Told of each struct that was decoded from a mapping. */
export type StructListener = (schema: StructSchema, node: YamlNode, value: Struct) => void;

const maxDepth = 1000;

/** go-yaml v3 decode.go for one document. */
export class Decoder {
  readonly errors: string[] = [];
  readonly #dialect: YamlDialect;
  /** v2 merges where the `<<` stands, and whatever stands last wins. */
  readonly #isV2: boolean;
  readonly #strict: boolean;
  readonly #unmarshalers: Unmarshalers;
  readonly #onStruct: StructListener | undefined;
  #merged: Set<string> | undefined;
  readonly #aliases = new Set<YamlNode>();
  #depth = 0;
  #decodeCount = 0;
  #aliasCount = 0;
  #aliasDepth = 0;

  constructor(options: {
    readonly dialect: YamlDialect;
    readonly strict: boolean;
    readonly unmarshalers?: Unmarshalers;
    readonly onStruct?: StructListener;
  }) {
    this.#dialect = options.dialect;
    this.#isV2 = options.dialect === "v2";
    this.#strict = options.strict;
    this.#unmarshalers = options.unmarshalers ?? new Map();
    this.#onStruct = options.onStruct;
  }

  /** Decodes a node as a fresh value of `type`; throws `YamlError` with Go's text. */
  decode(node: YamlNode | undefined, type: GoType): unknown {
    const zero = zeroOf(type);
    if (node === undefined) return zero;
    const result = this.#unmarshal(node, type, zero);
    if (this.errors.length > 0) throw new YamlTypeError(this.errors);
    return result.value;
  }

  #unmarshal(node: YamlNode, type: GoType, current: unknown): { good: boolean; value: unknown } {
    if (++this.#depth > maxDepth) throw new YamlError("yaml: exceeded max depth of 10000", node.line);
    this.#countAliases(node);
    try {
      return this.#unmarshalNode(node, type, current);
    } finally {
      this.#depth--;
    }
  }

  #countAliases(node: YamlNode): void {
    this.#decodeCount++;
    if (this.#aliasDepth > 0) this.#aliasCount++;
    if (this.#aliasCount <= 100 || this.#decodeCount <= 1000) return;
    const low = 400_000;
    const high = 4_000_000;
    const count = this.#decodeCount;
    const allowed = count <= low ? 0.99 : count >= high ? 0.1 : 0.99 - 0.89 * ((count - low) / (high - low));
    if (this.#aliasCount / count > allowed)
      throw new YamlError("yaml: document contains excessive aliasing", node.line);
  }

  #unmarshalNode(node: YamlNode, type: GoType, current: unknown): { good: boolean; value: unknown } {
    if (node.kind === "alias") {
      if (this.#aliases.has(node)) throw new YamlError(`yaml: anchor '${node.value}' value contains itself`, node.line);
      this.#aliases.add(node);
      this.#aliasDepth++;
      try {
        return this.#unmarshal(node.target!, type, current);
      } finally {
        this.#aliasDepth--;
        this.#aliases.delete(node);
      }
    }
    const isNull = node.kind === "scalar" && shortTag(node) === "!!null";
    if (isNull) {
      const nullable = type.kind === "any" || type.kind === "pointer" || type.kind === "map" || type.kind === "slice";
      return nullable ? { good: true, value: zeroOf(type) } : { good: false, value: current };
    }
    if (type.kind === "pointer") return this.#pointer(node, type.to, current as Pointer<unknown> | undefined);
    const custom = this.#unmarshalers.get(goTypeText(type));
    if (custom !== undefined) return this.#custom(node, custom, current);
    switch (node.kind) {
      case "scalar":
        return this.#scalar(node, type, current);
      case "mapping":
        return this.#mapping(node, type, current);
      case "sequence":
        return this.#sequence(node, type, current);
    }
  }

  #pointer(node: YamlNode, to: GoType, current: Pointer<unknown> | undefined): { good: boolean; value: unknown } {
    const box = current ?? { value: zeroOf(to) };
    const result = this.#unmarshal(node, to, box.value);
    box.value = result.value;
    return { good: result.good, value: box };
  }

  #custom(node: YamlNode, unmarshaler: Unmarshaler, current: unknown): { good: boolean; value: unknown } {
    try {
      const value = unmarshaler(node, (type) => {
        const before = this.errors.length;
        const result = this.#unmarshal(node, type, zeroOf(type));
        if (this.errors.length > before) throw new YamlTypeError(this.errors.splice(before));
        return result.value;
      });
      return { good: true, value };
    } catch (error) {
      if (!(error instanceof YamlTypeError)) throw error;
      this.errors.push(...error.lines);
      return { good: false, value: current };
    }
  }

  #refuse(node: YamlNode, tag: string, type: GoType): void {
    const shown = node.tag !== "" ? node.tag : tag;
    let value = "";
    if (shown !== "!!seq" && shown !== "!!map") {
      value = node.value.length > 10 ? ` \`${node.value.slice(0, 7)}...\`` : ` \`${node.value}\``;
    }
    this.errors.push(`line ${node.line}: cannot unmarshal ${shown}${value} into ${goTypeText(type)}`);
  }

  #scalar(node: YamlNode, type: GoType, current: unknown): { good: boolean; value: unknown } {
    const { tag, value } = resolveScalar(node, this.#dialect);
    const decoded = value;
    switch (type.kind) {
      case "any":
        return { good: true, value: decoded };
      case "string":
        return { good: true, value: tag === "!!binary" ? decoded : node.value };
      case "bool": {
        const flag = asBool(decoded);
        if (flag !== undefined) return { good: true, value: flag };
        break;
      }
      case "int":
        if (typeof decoded === "bigint") return { good: true, value: Number(decoded) };
        if (typeof decoded === "number" && Math.abs(decoded) < 2 ** 63)
          return { good: true, value: Math.trunc(decoded) };
        break;
      case "float32":
        if (typeof decoded === "bigint" || typeof decoded === "number")
          return { good: true, value: Math.fround(Number(decoded)) };
        break;
      default:
        break;
    }
    this.#refuse(node, tag, type);
    return { good: false, value: current };
  }

  #sequence(node: YamlNode, type: GoType, current: unknown): { good: boolean; value: unknown } {
    if (type.kind !== "slice" && type.kind !== "any") {
      this.#refuse(node, "!!seq", type);
      return { good: false, value: current };
    }
    const of = type.kind === "slice" ? type.of : anyType;
    const items: unknown[] = [];
    for (const child of node.children) {
      const item = this.#unmarshal(child, of, zeroOf(of));
      if (item.good) items.push(item.value);
      // A null leaves the element out of the count, so Go keeps a zero value only for nullable kinds (which are good).
    }
    return { good: true, value: items };
  }

  #mapping(node: YamlNode, type: GoType, current: unknown): { good: boolean; value: unknown } {
    if (!this.#hasUniqueKeys(node)) return { good: false, value: current };
    switch (type.kind) {
      case "struct":
        this.#struct(node, type.schema, current as Struct);
        this.#onStruct?.(type.schema, node, current as Struct);
        return { good: true, value: current };
      case "map":
        return {
          good: true,
          value: this.#map(
            node,
            type.of,
            (current as Map<string, unknown> | undefined) ?? new Map(),
            current === undefined,
          ),
        };
      case "any": {
        const map = isStringMap(node) ? new Map<string, unknown>() : new GeneralMap();
        return { good: true, value: this.#map(node, anyType, map as Map<string, unknown>, false) };
      }
      default:
        this.#refuse(node, "!!map", type);
        return { good: false, value: current };
    }
  }

  /** v3 looks at the keys as they are written; v2, when it is strict, at those of the map that it fills. */
  #hasUniqueKeys(node: YamlNode): boolean {
    if (this.#isV2) return true;
    const keys: YamlNode[] = [];
    const seen = new Set<string>();
    for (let i = 0; i < node.children.length; i += 2) {
      const key = node.children[i]!;
      keys.push(key);
      seen.add(key.kind === "scalar" ? key.value : `${key.kind} ${key.value}`);
    }
    if (seen.size === keys.length) return true;
    const known = this.errors.length;
    for (let i = 0; i < keys.length; i++) {
      for (let j = i + 1; j < keys.length; j++) {
        const first = keys[i]!;
        const second = keys[j]!;
        if (first.kind === second.kind && first.value === second.value) {
          this.errors.push(
            `line ${second.line}: mapping key ${formatGo("%#v", [second.value])} already defined at line ${first.line}`,
          );
        }
      }
    }
    return this.errors.length === known;
  }

  #map(node: YamlNode, of: GoType, out: Map<string, unknown>, isNew: boolean): Map<string, unknown> {
    const merged = this.#merged;
    this.#merged = undefined;
    let mergeNode: YamlNode | undefined;
    for (let i = 0; i + 1 < node.children.length; i += 2) {
      const keyNode = node.children[i]!;
      const valueNode = node.children[i + 1]!;
      if (this.#isMerge(keyNode)) {
        if (this.#isV2)
          this.#mergeSources(sourcesOf(valueNode).toReversed(), (source) => this.#map(source, of, out, false));
        else mergeNode = valueNode;
        continue;
      }
      const key = this.#key(keyNode, out);
      if (key === undefined) continue;
      if (merged !== undefined) {
        if (merged.has(key)) continue;
        merged.add(key);
      }
      const item = this.#unmarshal(valueNode, of, zeroOf(of));
      if (this.#isV2 && this.#strict && out.has(key)) {
        const goKey = out instanceof GeneralMap ? out.goKeys.get(key)! : key;
        this.errors.push(`line ${valueNode.line}: key ${formatGo("%#v", [goKey])} already set in map`);
        continue;
      }
      const isNull = valueNode.kind === "scalar" && shortTag(valueNode) === "!!null";
      if (item.good || (isNull && (isNew || !out.has(key)))) out.set(key, item.value);
    }
    this.#merged = merged;
    if (mergeNode !== undefined) this.#merge(node, mergeNode, (source) => this.#unmarshalMerged(source, of, out));
    return out;
  }

  #key(node: YamlNode, out: Map<string, unknown>): string | undefined {
    if (!(out instanceof GeneralMap)) {
      const result = this.#unmarshal(node, { kind: "string" }, "");
      return result.good ? (result.value as string) : undefined;
    }
    const key = this.#unmarshal(node, anyType, null).value as GoValue;
    if (key instanceof Map || Array.isArray(key))
      throw new YamlError(`yaml: invalid map key: ${formatGo("%#v", [key])}`);
    const printed = key === null ? "<nil>" : typeof key === "string" ? key : formatGo("%v", [key]);
    out.goKeys.set(printed, key);
    return printed;
  }

  #unmarshalMerged(source: YamlNode, of: GoType, out: Map<string, unknown>): void {
    if (this.#hasUniqueKeys(source)) this.#map(source, of, out, false);
  }

  #struct(node: YamlNode, schema: StructSchema, out: Struct): void {
    const merged = this.#merged;
    this.#merged = undefined;
    let mergeNode: YamlNode | undefined;
    const done = new Set<string>();
    for (let i = 0; i + 1 < node.children.length; i += 2) {
      const keyNode = node.children[i]!;
      const valueNode = node.children[i + 1]!;
      if (this.#isMerge(keyNode)) {
        if (this.#isV2)
          this.#mergeSources(sourcesOf(valueNode).toReversed(), (source) => this.#struct(source, schema, out));
        else mergeNode = valueNode;
        continue;
      }
      const key = this.#unmarshal(keyNode, { kind: "string" }, "");
      if (!key.good) continue;
      const name = key.value as string;
      if (merged !== undefined) {
        if (merged.has(name)) continue;
        merged.add(name);
      }
      const field = schema.fields.get(name);
      if (field !== undefined && field.hidden !== true) {
        if (done.has(name) && (this.#strict || !this.#isV2)) {
          this.errors.push(`line ${keyNode.line}: field ${name} already set in type ${schema.name}`);
          continue;
        }
        done.add(name);
        out[name] = this.#unmarshal(valueNode, field.type, out[name]).value;
      } else if (this.#strict) {
        this.errors.push(`line ${keyNode.line}: field ${name} not found in type ${schema.name}`);
      }
    }
    this.#merged = merged;
    if (mergeNode !== undefined) {
      this.#merge(node, mergeNode, (source) => {
        if (this.#hasUniqueKeys(source)) this.#struct(source, schema, out);
      });
    }
  }

  #merge(parent: YamlNode, mergeNode: YamlNode, into: (source: YamlNode) => void): void {
    const merged = this.#merged;
    if (merged === undefined) {
      const keys = new Set<string>();
      for (let i = 0; i < parent.children.length; i += 2) {
        const key = this.#unmarshal(parent.children[i]!, anyType, null).value as GoValue;
        keys.add(typeof key === "string" ? key : key === null ? "<nil>" : formatGo("%v", [key]));
      }
      this.#merged = keys;
    }
    this.#mergeSources(sourcesOf(mergeNode), into);
    this.#merged = merged;
  }

  #mergeSources(sources: readonly YamlNode[], into: (source: YamlNode) => void): void {
    for (const source of sources) {
      const kind = source.kind === "alias" ? source.target?.kind : source.kind;
      if (kind !== "mapping")
        throw new YamlError("yaml: map merge requires map or sequence of maps as the value", source.line);
      if (++this.#depth > maxDepth) throw new YamlError("yaml: exceeded max depth of 10000");
      this.#countAliases(source);
      if (source.kind === "alias") {
        if (this.#aliases.has(source))
          throw new YamlError(`yaml: anchor '${source.value}' value contains itself`, source.line);
        this.#aliases.add(source);
      }
      try {
        into(source.kind === "alias" ? source.target! : source);
      } finally {
        this.#depth--;
        if (source.kind === "alias") this.#aliases.delete(source);
      }
    }
  }

  #isMerge(node: YamlNode): boolean {
    if (node.kind !== "scalar" || node.value !== "<<") return false;
    return node.tag === "!!merge" || (this.#isV2 && !node.tagged && node.style === "plain");
  }
}

function sourcesOf(mergeNode: YamlNode): readonly YamlNode[] {
  return mergeNode.kind === "sequence" ? mergeNode.children : [mergeNode];
}

function isStringMap(node: YamlNode): boolean {
  for (let i = 0; i < node.children.length; i += 2) {
    const tag = shortTag(node.children[i]!);
    if (tag !== "!!str" && tag !== "!!merge") return false;
  }
  return true;
}

export function zeroOf(type: GoType): unknown {
  switch (type.kind) {
    case "string":
      return "";
    case "bool":
      return false;
    case "int":
    case "float32":
      return 0;
    case "any":
      return null;
    case "struct":
      return zeroStruct(type.schema);
    default:
      return undefined;
  }
}

function asBool(value: GoValue): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  if (["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"].includes(value)) return true;
  if (["n", "N", "no", "No", "NO", "off", "Off", "OFF"].includes(value)) return false;
  return undefined;
}
