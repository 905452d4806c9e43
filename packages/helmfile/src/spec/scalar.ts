import type { GoValue } from "@tiphys/gotemplate";
import { resolveYamlScalar } from "@tiphys/source";
import type { YamlDialect, YamlNode } from "@tiphys/source";
import { makeTimestamp } from "../values/time.ts";

/** Tag and value of a scalar as go-yaml sees them; v2 leaves timestamps text. Throws `YamlError`. */
export function resolveScalar(node: YamlNode, dialect: YamlDialect): { readonly tag: string; readonly value: GoValue } {
  return { tag: node.tag, value: resolveYamlScalar(node, dialect, dialect === "v3" ? makeTimestamp : undefined) };
}

/** go-yaml's `Node.ShortTag`; aliases have their target's. */
export function shortTag(node: YamlNode): string {
  return node.kind === "alias" ? (node.target === undefined ? "" : shortTag(node.target)) : node.tag;
}
