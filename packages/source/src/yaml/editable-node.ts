import { Comments, type NodeBudget } from "./comments.ts";
import { ALIAS_NODE, MAPPING_NODE, SCALAR_NODE, shortTag, type ComposedNode } from "./composed-node.ts";
import { maxValueDepth } from "./decode-state.ts";
import { YamlError } from "./error.ts";
import { Parser } from "./parser.ts";
import * as R from "./resolve.ts";
import * as T from "./token.ts";

export type EditableScalarStyle = "plain" | "single-quoted" | "double-quoted" | "literal" | "folded";

/** A node that can be changed and written again with its comments: go-yaml v3's `Node`. Texts are byte strings. */
export interface EditableNode {
  kind: "mapping" | "sequence" | "scalar" | "alias";
  /** Short tag, as resolved or as written; "" for an alias, and for a new node whose text says what it is. */
  tag: string;
  /** Whether the tag is written out. */
  isTagged: boolean;
  style: EditableScalarStyle;
  isFlow: boolean;
  /** A scalar's text; an alias' name. */
  value: string;
  anchor: string;
  /** Items of a sequence; key, value, key, value … of a mapping. */
  content: EditableNode[];
  headComment: string;
  lineComment: string;
  footComment: string;
}

/** A document with the comments around it. */
export interface EditableDocument {
  root: EditableNode;
  headComment: string;
  footComment: string;
}

/** A node without comments that says what the arguments say. */
export function newEditableNode(kind: EditableNode["kind"], given: Partial<EditableNode> = {}): EditableNode {
  return {
    kind,
    tag: "",
    isTagged: false,
    style: "plain",
    isFlow: false,
    value: "",
    anchor: "",
    content: [],
    headComment: "",
    lineComment: "",
    footComment: "",
    ...given,
  };
}

/**
 * Reads the first document, as go-yaml v3.0.4's Decoder does into a `Node`; undefined when there is none. Takes its nodes off the
 * budget. Throws `YamlError`, also when the budget is used up.
 */
export function readEditableDocument(
  text: string,
  budget: NodeBudget = { nodes: Infinity },
): EditableDocument | undefined {
  const comments = new Comments(budget);
  const root = new Parser(text, "v3", comments).next();
  if (root === undefined) return undefined;
  const { head, foot } = comments.document;
  return { root: editable(root, comments, 0), headComment: head, footComment: foot };
}

/** Reads all documents, as go-yaml v3.0.4's Decoder does into a `Node` each, with the comments around them. Throws `YamlError`. */
export function readEditableDocuments(text: string): EditableDocument[] {
  const comments = new Comments({ nodes: Infinity });
  const parser = new Parser(text, "v3", comments);
  const documents: EditableDocument[] = [];
  for (let root = parser.next(); root !== undefined; root = parser.next()) {
    const { head, foot } = comments.document;
    documents.push({ root: editable(root, comments, 0), headComment: head, footComment: foot });
  }
  return documents;
}

/** What a plain scalar's text resolves to when it is written. go-yaml does not know `<<` there, so it writes `!!merge <<`. */
export function implicitTag(text: string): string {
  return R.tagOf(R.scalarKind(text, true));
}

function editable(node: ComposedNode, comments: Comments, depth: number): EditableNode {
  if (depth > maxValueDepth) throw new YamlError(`yaml: unsupported: nested deeper than ${maxValueDepth} levels`);
  const { head = "", line = "", foot = "" } = comments.of(node) ?? {};
  const made = newEditableNode("scalar", {
    value: node.value,
    anchor: node.anchor,
    headComment: head,
    lineComment: line,
    footComment: foot,
  });
  if (node.type === ALIAS_NODE) {
    made.kind = "alias";
    return made;
  }
  const isTagged = node.longTag !== "" && node.longTag !== "!";
  made.isTagged = isTagged;
  if (node.type === SCALAR_NODE) {
    made.style = styles[node.scalarStyle]!;
    made.tag = isTagged
      ? shortTag(node.longTag)
      : node.scalarStyle !== T.PLAIN
        ? "!!str"
        : node.value === "<<"
          ? "!!merge"
          : implicitTag(node.value);
    return made;
  }
  made.kind = node.type === MAPPING_NODE ? "mapping" : "sequence";
  made.tag = isTagged ? shortTag(node.longTag) : made.kind === "mapping" ? "!!map" : "!!seq";
  made.isFlow = node.flow;
  made.content = node.children.map((child) => editable(child, comments, depth + 1));
  return made;
}

const styles: readonly EditableScalarStyle[] = ["plain", "single-quoted", "double-quoted", "literal", "folded"];
