import { formatFloat } from "@tiphys/gotemplate";
import { ALIAS_NODE, MAPPING_NODE, SCALAR_NODE, SEQUENCE_NODE, type ComposedNode } from "./composed-node.ts";
import type { YamlDialect } from "./node.ts";
import * as R from "./resolve.ts";

export interface NodeWithKey {
  readonly node: ComposedNode;
  readonly key: ComposedNode | undefined;
}

/** The node under `path` and its key. Aliases are followed, so the place is where the value is really written. */
export function findNode(
  root: ComposedNode,
  path: readonly (string | number)[],
  dialect: YamlDialect,
): NodeWithKey | undefined {
  let found: NodeWithKey = { node: root, key: undefined };
  for (const step of path) {
    const node = followed(found.node);
    const next =
      node.type === SEQUENCE_NODE
        ? itemOf(node, step)
        : node.type === MAPPING_NODE
          ? entryOf(node, String(step), dialect, 0)
          : undefined;
    if (next === undefined) return undefined;
    found = next;
  }
  return { node: followed(found.node), key: found.key };
}

function followed(node: ComposedNode): ComposedNode {
  return node.type === ALIAS_NODE ? node.target! : node;
}

function itemOf(node: ComposedNode, step: string | number): NodeWithKey | undefined {
  const item = node.children[Number(step)];
  return item === undefined ? undefined : { node: item, key: undefined };
}

/** v2: whatever stands last wins, a `<<` included. v3: own keys first, then the merged mappings in order. */
function entryOf(node: ComposedNode, name: string, dialect: YamlDialect, depth: number): NodeWithKey | undefined {
  let own: NodeWithKey | undefined;
  let merged: NodeWithKey | undefined;
  for (let i = 0; i < node.children.length; i += 2) {
    const key = node.children[i]!;
    const value = node.children[i + 1]!;
    if (key.type === SCALAR_NODE && key.value === "<<" && key.scalarStyle === 0) {
      const fromMerge = depth < 100 ? mergedEntry(value, name, dialect, depth + 1) : undefined;
      if (fromMerge === undefined) continue;
      if (dialect === "v2") own = fromMerge;
      else merged = fromMerge;
    } else if (keyName(key, dialect) === name) own = { node: value, key };
  }
  return own ?? merged;
}

function mergedEntry(value: ComposedNode, name: string, dialect: YamlDialect, depth: number): NodeWithKey | undefined {
  const mappings = value.type === SEQUENCE_NODE ? value.children : [value];
  for (const mapping of mappings) {
    const target = followed(mapping);
    const found = target.type === MAPPING_NODE ? entryOf(target, name, dialect, depth) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The key as a string, as the decoders make it. */
function keyName(node: ComposedNode, dialect: YamlDialect): string {
  const key = followed(node);
  if (key.type !== SCALAR_NODE || key.scalarStyle !== 0 || key.longTag !== "") return key.value;
  const kind = R.scalarKind(key.value, dialect === "v3");
  if (kind === R.STRING || kind === R.TIMESTAMP || kind === R.MERGE) return key.value;
  const value = R.resolvedValue(kind, key.value, dialect === "v3");
  if (typeof value === "number") return dialect === "v2" ? formatFloat(value, "g", -1, 32) : formatFloat(value);
  return String(value);
}
