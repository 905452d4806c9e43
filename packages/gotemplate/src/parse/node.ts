// Mirrors text/template/parse/node.go, Go 1.26.
import { quoteGo } from "../strconv/quote.ts";

/** One template: the whole of a text, or one definition in it. */
export interface Tree {
  /** The template's name. */
  readonly name: string;
  /** The name under which the text was parsed, shown in places of errors. */
  readonly parseName: string;
  /** The whole text, a byte string; node positions count in it. */
  readonly text: string;
  readonly root: ListNode;
  /** Nothing but white space, so that it replaces no other definition. */
  readonly isEmpty: boolean;
}

interface NodeBase {
  /** Byte position in the text of the tree. */
  readonly position: number;
}

export interface ListNode extends NodeBase {
  readonly kind: "list";
  readonly nodes: readonly Node[];
}
export interface TextNode extends NodeBase {
  readonly kind: "text";
  readonly text: string;
}
export interface ActionNode extends NodeBase {
  readonly kind: "action";
  readonly pipe: PipeNode;
}
export interface PipeNode extends NodeBase {
  readonly kind: "pipe";
  /** `=` rather than `:=` */
  readonly isAssign: boolean;
  readonly declarations: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
}
export interface CommandNode extends NodeBase {
  readonly kind: "command";
  readonly args: readonly Operand[];
}
export interface IdentifierNode extends NodeBase {
  readonly kind: "identifier";
  readonly name: string;
}
export interface VariableNode extends NodeBase {
  readonly kind: "variable";
  /** `$x` and the fields that follow. */
  readonly names: readonly string[];
}
export interface DotNode extends NodeBase {
  readonly kind: "dot";
}
export interface NilNode extends NodeBase {
  readonly kind: "nil";
}
export interface FieldNode extends NodeBase {
  readonly kind: "field";
  readonly names: readonly string[];
}
export interface ChainNode extends NodeBase {
  readonly kind: "chain";
  readonly node: Operand;
  readonly fields: string[];
}
export interface BoolNode extends NodeBase {
  readonly kind: "bool";
  readonly value: boolean;
}
/** A number under every type that can hold it, like Go's ideal constants. */
export interface NumberNode extends NodeBase {
  readonly kind: "number";
  readonly text: string;
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  readonly complex: { readonly real: number; readonly imaginary: number } | undefined;
}
export interface StringNode extends NodeBase {
  readonly kind: "string";
  /** As written, with its quotes. */
  readonly quoted: string;
  readonly text: string;
}
export interface BranchNode extends NodeBase {
  readonly kind: "if" | "range" | "with";
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}
export interface BreakNode extends NodeBase {
  readonly kind: "break" | "continue";
}
export interface TemplateNode extends NodeBase {
  readonly kind: "template";
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}
/** `{{end}}` and `{{else}}`, which do not appear in the finished tree. */
export type MarkNode = (NodeBase & { readonly kind: "else" }) | (NodeBase & { readonly kind: "end" });

/** What can stand as an argument in a command. */
export type Operand =
  | BoolNode
  | ChainNode
  | DotNode
  | FieldNode
  | IdentifierNode
  | NilNode
  | NumberNode
  | PipeNode
  | StringNode
  | VariableNode;

/** What can stand in a list. */
export type Node = ActionNode | BranchNode | BreakNode | TemplateNode | TextNode;

export type AnyNode = CommandNode | ListNode | MarkNode | Node | Operand;

/** The text of a node as Go's `String` gives it. */
export function nodeText(node: AnyNode): string {
  switch (node.kind) {
    case "list":
      return node.nodes.map(nodeText).join("");
    case "text":
      return node.text;
    case "action":
      return "{{" + nodeText(node.pipe) + "}}";
    case "pipe":
      return declarationsText(node) + node.commands.map(nodeText).join(" | ");
    case "command":
      return node.args.map(operandText).join(" ");
    case "identifier":
      return node.name;
    case "variable":
      return node.names.join(".");
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "field":
      return "." + node.names.join(".");
    case "chain":
      return operandText(node.node) + "." + node.fields.join(".");
    case "bool":
      return node.value ? "true" : "false";
    case "number":
      return node.text;
    case "string":
      return node.quoted;
    case "if":
    case "range":
    case "with":
      return branchText(node);
    case "template":
      return `{{template ${quoteGo(node.name)}${node.pipe ? " " + nodeText(node.pipe) : ""}}}`;
    default:
      return `{{${node.kind}}}`;
  }
}

function operandText(node: Operand): string {
  return node.kind === "pipe" ? "(" + nodeText(node) + ")" : nodeText(node);
}

function declarationsText(pipe: PipeNode): string {
  if (pipe.declarations.length === 0) return "";
  return pipe.declarations.map(nodeText).join(", ") + (pipe.isAssign ? " = " : " := ");
}

function branchText(node: BranchNode): string {
  const otherwise = node.elseList ? "{{else}}" + nodeText(node.elseList) : "";
  return `{{${node.kind} ${nodeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`;
}

/** Go's `bytes.TrimSpace` leaves nothing of a part of `text`: ASCII space, U+0085, U+00A0 and Unicode's other spaces as UTF-8. */
export function isBlank(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end && isAsciiSpace(text.charCodeAt(at))) at++;
  return at === end || (text.charCodeAt(at) >= 0x80 && unicodeSpaces.test(text.slice(at, end)));
}

function isAsciiSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

const unicodeSpaces =
  /^(?:[\t\n\v\f\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)*$/;
