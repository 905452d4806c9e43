import {
  ALIAS_NODE,
  columnOf,
  MAPPING_NODE,
  SCALAR_NODE,
  SEQUENCE_NODE,
  shortTag,
  type ComposedNode,
} from "./composed-node.ts";
import { resolvedTagV3 } from "./decode-v3.ts";
import type { YamlDialect, YamlNode, YamlNodeKind, YamlStyle } from "./node.ts";
import * as R from "./resolve.ts";
import { DOUBLE_QUOTED, FOLDED, LITERAL, SINGLE_QUOTED } from "./token.ts";

/** The view of a node for other packages. A node that aliases point to is one object however it is reached. */
export function publicNode(node: ComposedNode, text: string, dialect: YamlDialect): YamlNode {
  return (node.view ??= new NodeView(node, text, dialect));
}

class NodeView implements YamlNode {
  private readonly node: ComposedNode;
  private readonly text: string;
  private readonly dialect: YamlDialect;
  private views: YamlNode[] | undefined;

  constructor(node: ComposedNode, text: string, dialect: YamlDialect) {
    this.node = node;
    this.text = text;
    this.dialect = dialect;
  }

  get kind(): YamlNodeKind {
    const { type } = this.node;
    return type === SCALAR_NODE
      ? "scalar"
      : type === MAPPING_NODE
        ? "mapping"
        : type === SEQUENCE_NODE
          ? "sequence"
          : "alias";
  }

  get tag(): string {
    const { node } = this;
    if (this.dialect === "v3") return node.type === ALIAS_NODE ? "" : resolvedTagV3(node);
    if (node.longTag !== "") return shortTag(node.longTag);
    if (node.type === MAPPING_NODE) return "!!map";
    if (node.type === SEQUENCE_NODE) return "!!seq";
    if (node.type === ALIAS_NODE) return "";
    return node.scalarStyle === 0 ? R.tagOf(R.scalarKind(node.value, false)) : "!!str";
  }

  get tagged(): boolean {
    return this.node.longTag !== "";
  }

  get style(): YamlStyle {
    const { node } = this;
    if (node.type === MAPPING_NODE || node.type === SEQUENCE_NODE) return node.flow ? "flow" : "block";
    switch (node.scalarStyle) {
      case SINGLE_QUOTED:
        return "single-quoted";
      case DOUBLE_QUOTED:
        return "double-quoted";
      case LITERAL:
        return "literal";
      case FOLDED:
        return "folded";
      default:
        return "plain";
    }
  }

  get value(): string {
    return this.node.value;
  }

  get anchor(): string {
    return this.node.anchor;
  }

  get line(): number {
    return this.node.row + 1;
  }

  get column(): number {
    return columnOf(this.text, this.node.at);
  }

  get children(): readonly YamlNode[] {
    return (this.views ??= this.node.children.map((child) => publicNode(child, this.text, this.dialect)));
  }

  get target(): YamlNode | undefined {
    const { target } = this.node;
    return target === undefined ? undefined : publicNode(target, this.text, this.dialect);
  }
}
