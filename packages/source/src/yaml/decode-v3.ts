import { formatGo, GoMap, type GoValue, quoteGo } from "@tiphys/gotemplate";
import { ALIAS_NODE, MAPPING_NODE, SCALAR_NODE, SEQUENCE_NODE, shortTag, type ComposedNode } from "./composed-node.ts";
import { DecodeState, wantMap } from "./decode-state.ts";
import { YamlError } from "./error.ts";
import * as R from "./resolve.ts";

/** A mapping with at least one key that is no string: Go's map[interface {}]interface {}. Its keys are printed with `%v`. */
export class GeneralMap extends GoMap {
  /** The keys as they were decoded, by their printed form. */
  readonly goKeys = new Map<string, GoValue>();
  constructor() {
    super("map[interface {}]interface {}");
  }
}

const maxErrors = 10_000;

/** Makes the time of an unquoted timestamp. */
export type TimestampMaker = (text: string) => GoValue;

/** Decodes a document as go-yaml v3 does into `any`. Throws `YamlError`. */
export function decodeV3(root: ComposedNode | undefined, timestamp: TimestampMaker | undefined): GoValue {
  if (root === undefined) return null;
  const decoder = new DecoderV3(timestamp);
  decoder.state.count();
  const value = decoder.decode(root);
  decoder.state.finish();
  return value;
}

/** The tag that v3 gives a node: as written, or by kind, style and text. */
export function resolvedTagV3(node: ComposedNode): string {
  if (node.type === ALIAS_NODE) return node.target === undefined ? "" : resolvedTagV3(node.target);
  if (node.longTag !== "" && node.longTag !== "!") return shortTag(node.longTag);
  if (node.type === MAPPING_NODE) return "!!map";
  if (node.type === SEQUENCE_NODE) return "!!seq";
  if (node.scalarStyle !== 0) return "!!str";
  return node.value === "<<" ? "!!merge" : R.tagOf(R.scalarKind(node.value, true));
}

const isMerge = (node: ComposedNode): boolean =>
  node.type === SCALAR_NODE &&
  node.value === "<<" &&
  (node.scalarStyle === 0 || node.longTag !== "") &&
  resolvedTagV3(node) === "!!merge";

class DecoderV3 {
  readonly state = new DecodeState();
  private readonly timestamp: TimestampMaker | undefined;
  /** Keys that a merge must not set again; undefined outside merges. */
  private mergedFields: Set<string> | undefined;

  constructor(timestamp: TimestampMaker | undefined) {
    this.timestamp = timestamp;
  }

  /** The value; undefined when the node was refused and its error noted. */
  decode(node: ComposedNode): GoValue {
    return this.decodeOrRefuse(node) ?? null;
  }

  private decodeOrRefuse(node: ComposedNode): GoValue | undefined {
    this.state.count();
    switch (node.type) {
      case SCALAR_NODE:
        return this.scalar(node);
      case MAPPING_NODE:
        return this.newMapping(node);
      case SEQUENCE_NODE: {
        this.state.enter(node);
        const items: GoValue[] = [];
        for (const child of node.children) {
          const item = this.decodeOrRefuse(child);
          if (item !== undefined) items.push(item);
        }
        this.state.leave();
        return items;
      }
      default:
        return this.state.alias(node, (target) => this.decodeOrRefuse(target));
    }
  }

  private scalar(node: ComposedNode): GoValue {
    const text = node.value;
    if (node.longTag === "" || node.longTag === "!") {
      if (node.scalarStyle !== 0) return text;
      return this.valueOf(R.scalarKind(text, true), text);
    }
    const tag = shortTag(node.longTag);
    if (tag === "!!str") return text;
    if (tag === "!!binary") return R.decodeBinary(text);
    if (!R.isResolvableTag(tag)) return text;
    return this.valueOf(R.taggedKind(tag, text, true), text);
  }

  private valueOf(kind: number, text: string): GoValue {
    if (kind === R.STRING) return text;
    if (kind === R.TIMESTAMP) return this.timestamp === undefined ? text : this.timestamp(text);
    return R.resolvedValue(kind, text, true);
  }

  private newMapping(node: ComposedNode): GoValue | undefined {
    if (!this.hasUniqueKeys(node)) return undefined;
    const map = isStringMap(node) ? new Map<string, GoValue>() : new GeneralMap();
    this.fill(node, map, true);
    return map;
  }

  private hasUniqueKeys(node: ComposedNode): boolean {
    const children = node.children;
    const seen = new Set<string>();
    for (let i = 0; i < children.length; i += 2) seen.add(`${children[i]!.type}${children[i]!.value}`);
    if (seen.size === children.length / 2) return true;
    this.reportDuplicates(children);
    return false;
  }

  /** Every pair of equal keys, in Go's order; no more than a hostile document may ask for. */
  private reportDuplicates(children: readonly ComposedNode[]): void {
    const rows = new Map<string, ComposedNode[]>();
    for (let i = 0; i < children.length; i += 2) {
      const key = `${children[i]!.type}${children[i]!.value}`;
      const known = rows.get(key);
      if (known === undefined) rows.set(key, [children[i]!]);
      else known.push(children[i]!);
    }
    for (let i = 0; i < children.length; i += 2) {
      const first = children[i]!;
      const same = rows.get(`${first.type}${first.value}`)!;
      for (const second of same.slice(1)) {
        if (this.state.errors.length >= maxErrors) return;
        this.state.errors.push(
          `line ${second.row + 1}: mapping key ${quoteGo(second.value)} already defined at line ${first.row + 1}`,
        );
      }
      same.shift();
    }
  }

  /** Sets the keys of `node` in `map`; its `<<` comes last and sets only what is missing. */
  private fill(node: ComposedNode, map: Map<string, GoValue>, isNew: boolean): void {
    this.state.enter(node);
    const mergedFields = this.mergedFields;
    this.mergedFields = undefined;
    let mergeNode: ComposedNode | undefined;
    const children = node.children;
    for (let i = 0; i < children.length; i += 2) {
      const keyNode = children[i]!;
      const valueNode = children[i + 1]!;
      if (isMerge(keyNode)) {
        mergeNode = valueNode;
        continue;
      }
      const key = this.key(keyNode, map);
      if (key === undefined) continue;
      if (mergedFields !== undefined) {
        const typed = typedKey(key);
        if (mergedFields.has(typed)) continue;
        mergedFields.add(typed);
      }
      const name = typeof key === "string" ? key : keyText(key);
      const value = this.decodeOrRefuse(valueNode);
      if (value === undefined) continue;
      if (value === null && !isNew && map.has(name)) continue;
      if (map instanceof GeneralMap) map.goKeys.set(name, key);
      map.set(name, value);
    }
    this.mergedFields = mergedFields;
    if (mergeNode !== undefined) this.merge(node, mergeNode, map);
    this.state.leave();
  }

  /** The decoded key; undefined when the map cannot hold it (null in a map of strings). */
  private key(node: ComposedNode, map: Map<string, GoValue>): GoValue | undefined {
    const general = map instanceof GeneralMap;
    if (node.type === SCALAR_NODE && !general) {
      this.state.count();
      const tag = resolvedTagV3(node);
      if (tag === "!!null") return undefined;
      return tag === "!!binary" ? R.decodeBinary(node.value) : node.value;
    }
    if (!general && (node.type === MAPPING_NODE || node.type === SEQUENCE_NODE)) {
      this.state.count();
      this.state.errors.push(`line ${node.row + 1}: cannot unmarshal ${resolvedTagV3(node)} \`\` into string`);
      return undefined;
    }
    const key = this.decodeOrRefuse(node);
    if (key instanceof Map || Array.isArray(key)) throw new YamlError(`yaml: invalid map key: ${goSyntax(key)}`);
    return key;
  }

  private merge(parent: ComposedNode, node: ComposedNode, map: Map<string, GoValue>): void {
    const outer = this.mergedFields;
    if (outer === undefined) {
      const own = new Set<string>();
      for (let i = 0; i < parent.children.length; i += 2) own.add(typedKey(this.decode(parent.children[i]!)));
      this.mergedFields = own;
    }
    if (node.type === SEQUENCE_NODE) for (const one of node.children) this.mergeOne(one, map);
    else this.mergeOne(node, map);
    this.mergedFields = outer;
  }

  private mergeOne(node: ComposedNode, map: Map<string, GoValue>): void {
    const target = node.type === ALIAS_NODE ? node.target! : node;
    if (target.type !== MAPPING_NODE) wantMap();
    this.state.count();
    const fill = (mapping: ComposedNode): void => {
      if (this.hasUniqueKeys(mapping)) this.fill(mapping, map, false);
    };
    if (node.type === ALIAS_NODE) {
      this.state.alias(node, (aliased) => {
        this.state.count();
        fill(aliased);
      });
    } else fill(node);
  }
}

function isStringMap(node: ComposedNode): boolean {
  for (let i = 0; i < node.children.length; i += 2) {
    const key = node.children[i]!;
    if (key.type === SCALAR_NODE && key.longTag === "") {
      if (key.scalarStyle !== 0) continue;
      const kind = R.scalarKind(key.value, true);
      if (kind !== R.STRING) return false;
      continue;
    }
    const tag = resolvedTagV3(key);
    if (tag !== "!!str" && tag !== "!!merge") return false;
  }
  return true;
}

/** A key with its type, so that 1 and "1" stay apart. */
function typedKey(key: GoValue): string {
  return typeof key === "string" ? `s${key}` : `${typeof key} ${keyText(key)}`;
}

function keyText(key: GoValue): string {
  return formatGo("%v", [key]);
}

/** `%#v`, with the keys of general maps as they are. */
function goSyntax(value: GoValue, top = true): string {
  if (value === null) return top ? "<nil>" : "interface {}(nil)";
  if (Array.isArray(value)) return `[]interface {}{${value.map((item) => goSyntax(item, false)).join(", ")}}`;
  if (!(value instanceof Map)) return formatGo("%#v", [value]);
  const general = value instanceof GeneralMap ? value.goKeys : undefined;
  const entries = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  const members = entries.map(([key, item]) => {
    const name = general === undefined ? quoteGo(key) : goSyntax(general.get(key) ?? null, false);
    return `${name}:${goSyntax(item, false)}`;
  });
  return `${general === undefined ? "map[string]interface {}" : "map[interface {}]interface {}"}{${members.join(", ")}}`;
}
