import { largestOutput } from "@tiphys/gotemplate";
import { analyzeScalar, type ScalarAnalysis } from "./analyze-scalar.ts";
import { CommentEmitter } from "./comment-emitter.ts";
import type { EditableDocument, EditableNode, EditableScalarStyle } from "./editable-node.ts";
import { YamlError } from "./error.ts";
import { flowIndicators, isSimpleKey, needsQuotes, tagText, withoutFoot, writtenTag } from "./node-form.ts";

/** A collection that is being written. */
interface Frame {
  readonly node: EditableNode;
  readonly isFlow: boolean;
  /** The collection is an item of a block list, which indents it by two. */
  readonly isItem: boolean;
  /** The collection is a key or a value. */
  readonly isInMapping: boolean;
  /** The next node of `content`. */
  at: number;
  /** The entry before ended with a comma already, in front of its comment. */
  isTrailing: boolean;
  /** The key of the entry was simple: `key:`, not `? key`. */
  isSimpleKey: boolean;
  /** A key's foot comment, which comes after its value. */
  tail: string;
}

/**
 * Writes documents of nodes with their comments: emitterc.go and the node part of encode.go of go-yaml v3.0.4, never folding
 * lines. Open collections stand on a stack of its own, so depth costs no JavaScript stack.
 */
class NodeEmitter extends CommentEmitter {
  /** A list that is a value has its dashes two columns further left: under its key. */
  private hasCompactSequences = true;
  private readonly frames: Frame[] = [];
  private isFirstDocument = true;
  private flowLevel = 0;
  /** A comment behind `key:`, until the value says where it goes. */
  private keyLine = "";
  /** Adds a document, with `---` in front of every one but the first. */
  document({ root, headComment, footComment }: EditableDocument, hasCompactSequences: boolean): void {
    this.hasCompactSequences = hasCompactSequences;
    if (!this.isFirstDocument) {
      this.writeIndent();
      this.indicator("---", true, false, false);
      this.writeIndent();
    }
    this.isFirstDocument = false;
    if (headComment !== "") this.head = headComment;
    if (this.head !== "") {
      this.processHead();
      this.putBreak();
    }
    this.begin(root, "");
    this.processHead();
    this.node(root, false, false);
    this.processLine();
    this.processFoot();
    while (this.frames.length > 0) this.step(this.frames[this.frames.length - 1]!);
    if (footComment !== "") this.foot = footComment;
    this.footIndent = 0;
    this.processFoot();
    this.footIndent = -1;
    this.writeIndent();
  }

  /** Notes the comments that come with the beginning of a node. */
  private begin({ kind, headComment, lineComment, footComment }: EditableNode, tail: string): void {
    if (headComment !== "") this.head = headComment;
    if ((kind === "scalar" || kind === "mapping") && tail !== "") this.tail = tail;
    if (kind !== "scalar" && kind !== "alias") return;
    if (lineComment !== "") this.line = lineComment;
    if (footComment !== "") this.foot = footComment;
  }

  private end({ lineComment, footComment }: EditableNode, tail: string): void {
    if (tail !== "") this.tail = tail;
    if (lineComment !== "") this.line = lineComment;
    if (footComment !== "") this.foot = footComment;
  }

  private step(frame: Frame): void {
    if (this.out.length > largestOutput) throw new YamlError(`yaml: unsupported: more than ${largestOutput} bytes`);
    const { node, isFlow } = frame;
    if (node.kind === "sequence") {
      if (isFlow) this.flowItem(frame);
      else this.blockItem(frame);
    } else if (frame.at % 2 === 1) {
      if (isFlow) this.flowValue(frame);
      else this.blockValue(frame);
    } else if (isFlow) this.flowKey(frame);
    else this.blockKey(frame);
  }

  private pop(): void {
    this.frames.pop();
    this.indent = this.indents.pop()!;
  }

  private blockItem(frame: Frame): void {
    const { content } = frame.node;
    if (frame.at === 0) this.indentFrame(frame, false);
    const item = content[frame.at++];
    if (item === undefined) {
      this.end(frame.node, "");
      return this.pop();
    }
    this.begin(item, "");
    this.processHead();
    this.writeIndent();
    this.indicator("-", true, false, true);
    this.node(item, false, false);
    this.processLine();
    this.processFoot();
  }

  private blockKey(frame: Frame): void {
    const { content } = frame.node;
    if (frame.at === 0) this.indentFrame(frame, false);
    const key = withoutFoot(content[frame.at]);
    if (key === undefined) {
      this.end(frame.node, frame.tail);
      this.processHead();
      return this.pop();
    }
    this.beginKey(frame, key);
    this.processHead();
    this.writeIndent();
    if (this.line !== "") {
      this.keyLine = this.line;
      this.line = "";
    }
    frame.isSimpleKey = isSimpleKey(key);
    if (!frame.isSimpleKey) this.indicator("?", true, false, true);
    this.node(key, true, frame.isSimpleKey);
  }

  /** A key's foot comment comes after its value. */
  private beginKey(frame: Frame, key: EditableNode): void {
    this.begin(key, frame.tail);
    frame.tail = frame.node.content[frame.at++]!.footComment;
  }

  private blockValue(frame: Frame): void {
    const value = frame.node.content[frame.at++]!;
    this.begin(value, "");
    if (!frame.isSimpleKey) this.writeIndent();
    this.indicator(":", !frame.isSimpleKey, false, !frame.isSimpleKey);
    if (this.keyLine !== "") this.placeKeyLine(value);
    this.node(value, true, false);
    this.processLine();
    this.processFoot();
  }

  /** A comment behind `key:` goes behind a scalar that follows, or stays above a block. */
  private placeKeyLine({ kind, isFlow }: EditableNode): void {
    if (kind === "scalar") {
      if (this.line !== "") return;
      this.line = this.keyLine;
      this.keyLine = "";
    } else if (kind !== "alias" && !isFlow) {
      [this.line, this.keyLine] = [this.keyLine, this.line];
      this.processLine();
      [this.line, this.keyLine] = [this.keyLine, this.line];
    }
  }

  private openFlow(frame: Frame, bracket: string): void {
    this.indicator(bracket, true, true, false);
    this.indentFrame(frame, true);
    this.flowLevel++;
  }

  private closeFlow(bracket: string): void {
    this.indicator(bracket, false, false, false);
    this.processLine();
    this.processFoot();
  }

  private get hasTrailingComment(): boolean {
    return this.line !== "" || this.foot !== "" || this.tail !== "";
  }

  private flowItem(frame: Frame): void {
    const first = frame.at === 0;
    if (first) this.openFlow(frame, "[");
    const item = frame.node.content[frame.at];
    if (item === undefined) {
      this.end(frame.node, "");
      this.flowLevel--;
      this.pop();
      if (this.column === 0) this.writeIndent();
      return this.closeFlow("]");
    }
    this.begin(item, "");
    if (!first && !frame.isTrailing) this.indicator(",", false, false, false);
    this.processHead();
    if (this.column === 0) this.writeIndent();
    frame.at++;
    this.flowEntry(frame, item);
  }

  /** An item or a value of a flow collection, with the comma before its comment. */
  private flowEntry(frame: Frame, node: EditableNode): void {
    frame.isTrailing = this.hasTrailingComment;
    this.node(node, frame.node.kind === "mapping", false);
    if (this.hasTrailingComment) this.indicator(",", false, false, false);
    this.processLine();
    this.processFoot();
  }

  private flowKey(frame: Frame): void {
    const first = frame.at === 0;
    if (first) this.openFlow(frame, "{");
    const key = withoutFoot(frame.node.content[frame.at]);
    if (key === undefined) {
      this.end(frame.node, frame.tail);
      const hasComment = this.head !== "" || this.foot !== "" || this.tail !== "";
      if (hasComment && !first && !frame.isTrailing) this.indicator(",", false, false, false);
      this.processHead();
      this.flowLevel--;
      this.pop();
      return this.closeFlow("}");
    }
    this.beginKey(frame, key);
    if (!first && !frame.isTrailing) this.indicator(",", false, false, false);
    this.processHead();
    if (this.column === 0) this.writeIndent();
    frame.isSimpleKey = isSimpleKey(key);
    if (!frame.isSimpleKey) this.indicator("?", true, false, false);
    this.node(key, true, frame.isSimpleKey);
  }

  private flowValue(frame: Frame): void {
    const value = frame.node.content[frame.at++]!;
    this.begin(value, "");
    this.indicator(":", !frame.isSimpleKey, false, false);
    this.flowEntry(frame, value);
  }

  private indentFrame(frame: Frame, flow: boolean): void {
    const { indent } = this;
    const isOnNewLine = this.column === 0 || !this.indention;
    this.increaseIndent(flow, false, frame.isItem ? "item" : "value");
    if (flow || frame.isItem || !frame.isInMapping || frame.node.kind === "mapping" || indent < 0) return;
    if (this.hasCompactSequences && isOnNewLine) this.indent -= 2;
  }

  /** The node itself; of a collection only what stands before its first entry. */
  private node(node: EditableNode, isInMapping: boolean, simpleKey: boolean): void {
    if (node.kind === "alias") return this.reference("*", node.value);
    if (node.anchor !== "") this.reference("&", node.anchor);
    const tag = writtenTag(node);
    if (tag !== "") this.writeTag(tagText(tag));
    const parent = this.frames[this.frames.length - 1];
    const isItem = parent !== undefined && parent.node.kind === "sequence" && !parent.isFlow;
    if (node.kind === "scalar") return this.scalarNode(node, tag !== "", isItem, simpleKey);
    const isFlow = this.flowLevel > 0 || node.isFlow || node.content.length === 0;
    this.frames.push({ node, isFlow, isItem, isInMapping, at: 0, isTrailing: false, isSimpleKey: true, tail: "" });
  }

  private reference(sign: string, name: string): void {
    this.indicator(sign, true, false, false);
    this.put(name, name.length);
    this.whitespace = false;
    this.indention = false;
  }

  private scalarNode(node: EditableNode, hasTag: boolean, isItem: boolean, simpleKey: boolean): void {
    const { value } = node;
    const analysis = analyzeScalar(value, true);
    const style = this.scalarStyle(node, analysis, hasTag, simpleKey);
    this.increaseIndent(true, false, isItem ? "item" : "value");
    if (style === "plain") this.writePlain(value, !simpleKey);
    else if (style === "single-quoted") this.writeSingleQuoted(value, !simpleKey);
    else if (style === "double-quoted") this.writeDoubleQuoted(value, !simpleKey);
    else if (style === "literal") this.writeLiteral(value);
    else this.writeFoldedBlock(value);
    this.indent = this.indents.pop()!;
  }

  /** yaml_emitter_select_scalar_style. */
  private scalarStyle(
    node: EditableNode,
    analysis: ScalarAnalysis,
    hasTag: boolean,
    simpleKey: boolean,
  ): EditableScalarStyle {
    const { value } = node;
    const inFlow = this.flowLevel > 0;
    let { style } = node;
    if (style === "plain" && value.includes("\n")) style = "literal";
    else if (style === "plain" && !hasTag && needsQuotes(node)) style = "double-quoted";
    if (simpleKey && analysis.multiline) style = "double-quoted";
    if (style === "plain") {
      const allowed = analysis.plain && !(inFlow && flowIndicators.test(value));
      if (!allowed || (value === "" && (inFlow || simpleKey))) style = "single-quoted";
    }
    if (style === "single-quoted" && !analysis.single) style = "double-quoted";
    if ((style === "literal" || style === "folded") && (!analysis.block || inFlow || simpleKey))
      style = "double-quoted";
    return style;
  }
}

/** A document and how its lists stand. */
export interface WrittenDocument extends EditableDocument {
  /** Lists below a key are indented (`DefaultSeqIndent`); else their dashes stand under the key (`CompactSeqIndent`). */
  readonly hasWideSequences?: boolean;
}

/** Writes documents one after the other, as go-yaml v3.0.4's Encoder does with `SetIndent`. Throws `YamlError` when it gets too long. */
export function writeEditableDocuments(documents: readonly WrittenDocument[], indent = 2): string {
  const emitter = new NodeEmitter(indent);
  for (const document of documents) emitter.document(document, document.hasWideSequences !== true);
  return emitter.text;
}
