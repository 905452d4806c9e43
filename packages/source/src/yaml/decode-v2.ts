import { formatFloat, formatGo, quoteGo, type GoValue } from "@tiphys/gotemplate";
import { ALIAS_NODE, MAPPING_NODE, SCALAR_NODE, SEQUENCE_NODE, shortTag, type ComposedNode } from "./composed-node.ts";
import { DecodeState, wantMap } from "./decode-state.ts";
import { YamlError } from "./error.ts";
import * as R from "./resolve.ts";
import { replaceInvalidUtf8 } from "./utf8.ts";

/**
 * Decodes a document as sigs.k8s.io/yaml does: go-yaml v2 into interface{}, then JSON, then encoding/json. So every number is a
 * float64, every key a string and every value a copy. Throws `YamlError` without sigs' prefix.
 */
export function decodeV2(root: ComposedNode | undefined, strict: boolean, keepsSpecialFloats = false): GoValue {
  if (root === undefined) return null;
  const decoder = new DecoderV2(strict);
  decoder.state.count();
  const value = decoder.decode(root);
  decoder.state.finish();
  if (decoder.unsupportedKey !== undefined) {
    const [type, key, node] = decoder.unsupportedKey;
    throw new YamlError(
      `unsupported map key of type: ${type}, key: ${formatGo("%+#v", [key])}, value: ${goSyntax(node)}`,
    );
  }
  if (decoder.sawSpecialFloat && !keepsSpecialFloats) refuseSpecialFloat(value);
  return value;
}

class DecoderV2 {
  readonly state = new DecodeState();
  readonly strict: boolean;
  sawSpecialFloat = false;
  /** The first key that the JSON step will refuse, with its type and value. */
  unsupportedKey: readonly [string, GoValue, ComposedNode] | undefined;
  /** The last key as Go prints it, when it was no string. */
  private typedKey = "";

  constructor(strict: boolean) {
    this.strict = strict;
  }

  decode(node: ComposedNode): GoValue {
    this.state.count();
    switch (node.type) {
      case SCALAR_NODE:
        return this.scalar(node);
      case MAPPING_NODE: {
        const map = new Map<string, GoValue>();
        this.mapping(node, map, this.strict ? new Set() : undefined);
        return map;
      }
      case SEQUENCE_NODE: {
        this.state.enter(node);
        const items: GoValue[] = [];
        for (const child of node.children) items.push(this.decode(child));
        this.state.leave();
        return items;
      }
      default:
        return this.state.alias(node, (target) => this.decode(target));
    }
  }

  private scalar(node: ComposedNode): GoValue {
    const text = node.value;
    if (node.longTag !== "") return this.taggedScalar(node);
    if (node.scalarStyle !== 0) return text;
    return this.valueOf(R.scalarKind(text, false), text);
  }

  private valueOf(kind: number, text: string): GoValue {
    switch (kind) {
      case R.STRING:
      case R.TIMESTAMP:
      case R.MERGE:
        return text;
      case R.NULL:
        return null;
      case R.TRUE:
        return true;
      case R.FALSE:
        return false;
      case R.FLOAT: {
        const value = R.resolvedValue(R.FLOAT, text, false) as number;
        if (!Number.isFinite(value)) this.sawSpecialFloat = true;
        return value;
      }
      default:
        return R.integerAsFloat(text, false);
    }
  }

  private taggedScalar(node: ComposedNode): GoValue {
    const tag = shortTag(node.longTag);
    if (tag === "!!binary") return replaceInvalidUtf8(R.decodeBinary(node.value));
    // A tag written in full as `!!str` (`!<!!str>`) is not known to v2.
    if (!R.isResolvableTag(tag) || tag === node.longTag) return node.value;
    return this.valueOf(R.taggedKind(tag, node.value, false), node.value);
  }

  private mapping(node: ComposedNode, map: Map<string, GoValue>, seen: Set<string> | undefined): void {
    this.state.enter(node);
    const children = node.children;
    for (let i = 0; i < children.length; i += 2) {
      const keyNode = children[i]!;
      const valueNode = children[i + 1]!;
      if (keyNode.type === SCALAR_NODE && isMerge(keyNode)) {
        this.merge(valueNode, map, seen);
        continue;
      }
      const key = this.key(keyNode, valueNode);
      const typedKey = this.typedKey;
      const value = this.decode(valueNode);
      if (seen !== undefined) {
        const typed = typedKey === "" ? quoteGo(key) : typedKey;
        const known = seen.has(typed);
        seen.add(typed);
        if (known) {
          this.state.errors.push(`line ${valueNode.row + 1}: key ${typed} already set in map`);
          continue;
        }
      }
      map.set(key, value);
    }
    this.state.leave();
  }

  /** A key as the string that the JSON step makes of it. */
  private key(node: ComposedNode, value: ComposedNode): string {
    this.typedKey = "";
    if (node.type === SCALAR_NODE && node.longTag === "") {
      this.state.count();
      if (node.scalarStyle !== 0) return node.value;
      const kind = R.scalarKind(node.value, false);
      return kind === R.STRING || kind === R.TIMESTAMP
        ? node.value
        : this.otherKey(R.resolvedValue(kind, node.value, false), value);
    }
    if (node.type === ALIAS_NODE) {
      this.state.count();
      return this.state.alias(node, (target) => this.key(target, value));
    }
    if (node.type === SCALAR_NODE) {
      this.state.count();
      const tag = shortTag(node.longTag);
      if (tag === "!!binary") return replaceInvalidUtf8(R.decodeBinary(node.value));
      if (!R.isResolvableTag(tag) || tag === node.longTag) return node.value;
      return this.otherKey(R.resolvedValue(R.taggedKind(tag, node.value, false), node.value, false), value);
    }
    this.decode(node);
    throw new YamlError(`yaml: invalid map key: ${goSyntax(node)}`);
  }

  private otherKey(key: GoValue, value: ComposedNode): string {
    if (typeof key === "string") return key;
    this.typedKey = formatGo("%#v", [key]);
    if (typeof key === "boolean" || typeof key === "bigint") return String(key);
    if (typeof key === "number") return float32Text(key);
    const type = key === null ? "%!s(<nil>)" : "uint64";
    this.unsupportedKey ??= [type, key, value];
    return "";
  }

  private merge(node: ComposedNode, map: Map<string, GoValue>, seen: Set<string> | undefined): void {
    const mergeOne = (one: ComposedNode): void => {
      const target = one.type === ALIAS_NODE ? one.target! : one;
      if (target.type !== MAPPING_NODE) wantMap();
      this.state.count();
      if (one.type === ALIAS_NODE) {
        this.state.alias(one, (aliased) => {
          this.state.count();
          this.mapping(aliased, map, seen);
        });
      } else this.mapping(one, map, seen);
    };
    if (node.type !== SEQUENCE_NODE) return mergeOne(node);
    for (let i = node.children.length - 1; i >= 0; i--) mergeOne(node.children[i]!);
  }
}

/** `<<`, plain and without tag, or tagged as merge. */
function isMerge(node: ComposedNode): boolean {
  return node.value === "<<" && (node.implicit || node.longTag === "tag:yaml.org,2002:merge");
}

/** `%#v` of the value that v2 itself decodes a node to. */
function goSyntax(node: ComposedNode, top = true): string {
  if (node.type === ALIAS_NODE) return goSyntax(node.target!, top);
  if (node.type === SEQUENCE_NODE)
    return `[]interface {}{${node.children.map((child) => goSyntax(child, false)).join(", ")}}`;
  if (node.type === MAPPING_NODE) {
    const entries = new Map<string, string>();
    for (let i = 0; i < node.children.length; i += 2) {
      entries.set(goSyntax(node.children[i]!, false), goSyntax(node.children[i + 1]!, false));
    }
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}:${value}`);
    return `map[interface {}]interface {}{${sorted.join(", ")}}`;
  }
  const value = plainScalar(node);
  return value === null && !top ? "interface {}(nil)" : formatGo("%#v", [value]);
}

/** The value of a scalar as v2 itself decodes it: ints stay ints. */
function plainScalar(node: ComposedNode): GoValue {
  if (node.longTag !== "") {
    const tag = shortTag(node.longTag);
    if (tag === "!!binary") return R.decodeBinary(node.value);
    if (!R.isResolvableTag(tag) || tag === node.longTag) return node.value;
    return R.resolvedValue(R.taggedKind(tag, node.value, false), node.value, false);
  }
  if (node.scalarStyle !== 0) return node.value;
  return R.resolvedValue(R.scalarKind(node.value, false), node.value, false);
}

/** The key as sigs.k8s.io/yaml prints it: single precision, with YAML's names for what is no number. */
function float32Text(value: number): string {
  const text = formatFloat(value, "g", -1, 32);
  return text === "NaN" ? ".nan" : text === "+Inf" ? ".inf" : text === "-Inf" ? "-.inf" : text;
}

/** encoding/json's error for the first infinite or undefined number in the order in which it would be written. */
function refuseSpecialFloat(value: GoValue): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    const text = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new YamlError(`json: unsupported value: ${text}`);
  }
  if (Array.isArray(value)) for (const item of value) refuseSpecialFloat(item);
  else if (value instanceof Map) {
    for (const key of [...value.keys()].sort((a, b) => (a < b ? -1 : 1))) refuseSpecialFloat(value.get(key)!);
  }
}
