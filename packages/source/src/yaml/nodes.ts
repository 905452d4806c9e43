import type { GoValue } from "@tiphys/gotemplate";
import type { TimestampMaker } from "./decode-v3.ts";
import type { YamlDialect, YamlNode } from "./node.ts";
import { Parser } from "./parser.ts";
import { publicNode } from "./public-node.ts";
import * as R from "./resolve.ts";

/** The documents of a stream as nodes, one at a time, for who decodes into types of its own. Throws `YamlError` at the document that is broken. */
export function* yamlNodes(text: string, dialect: YamlDialect): Generator<YamlNode> {
  const parser = new Parser(text, dialect);
  for (let root = parser.next(); root !== undefined; root = parser.next()) yield publicNode(root, parser.text, dialect);
}

/** What go-yaml itself makes of a scalar node that was read in `dialect`. Throws `YamlError` when a written tag does not fit the text. */
export function resolveYamlScalar(node: YamlNode, dialect: YamlDialect, timestamp?: TimestampMaker): GoValue {
  const { tag, value } = node;
  if (tag === "!!str") return value;
  if (tag === "!!binary") return R.decodeBinary(value);
  if (!R.isResolvableTag(tag)) return value;
  const v3 = dialect === "v3";
  const kind = node.tagged ? R.taggedKind(tag, value, v3) : R.scalarKind(value, v3);
  if (kind === R.STRING) return value;
  if (kind === R.TIMESTAMP) return timestamp === undefined ? value : timestamp(value);
  return R.resolvedValue(kind, value, v3);
}
