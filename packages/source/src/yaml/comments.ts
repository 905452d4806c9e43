import type { ComposedNode } from "./composed-node.ts";
import { YamlError } from "./error.ts";
import * as T from "./token.ts";
import type { Token } from "./token.ts";

/** How many nodes may still be read: they cost a hundred times the memory of their text. */
export interface NodeBudget {
  nodes: number;
}

/** The comments of one node (go-yaml's HeadComment, LineComment, FootComment), each line with its `#`. */
export interface NodeComments {
  head: string;
  line: string;
  foot: string;
}

/** A comment where the scanner met it. Offsets are into the scanned text. */
export interface ScannedComment {
  /** Where the scanner stood before the blanks in front of it. */
  readonly scanAt: number;
  /** The token from which on it counts. */
  tokenAt: number;
  readonly startAt: number;
  readonly startLine: number;
  /** 1-based among comments on lines of their own, 0-based behind a token: go-yaml counts so. */
  readonly startColumn: number;
  readonly endAt: number;
  head: string;
  line: string;
  foot: string;
}

/**
 * Which comment belongs to which node: the comment queue of scannerc.go and parserc.go and the node part of decode.go (go-yaml
 * v3.0.4). The scanner adds comments, the parser takes what has come up when a node begins or ends.
 */
export class Comments {
  private readonly budget: NodeBudget;
  private readonly queue: ScannedComment[] = [];
  private first = 0;
  private readonly nodes = new Map<ComposedNode, NodeComments>();
  private line = "";
  private foot = "";
  private stem = "";
  /** The head comment for the node to come. */
  head = "";
  /** Head and foot of the document that was read last. */
  document: NodeComments = { head: "", line: "", foot: "" };

  constructor(budget: NodeBudget) {
    this.budget = budget;
  }

  /** Takes a node off the budget. Throws `YamlError` when it is used up. */
  count(): void {
    if (--this.budget.nodes < 0) throw new YamlError("yaml: unsupported: too many nodes");
  }

  add(comment: ScannedComment): void {
    this.queue.push(comment);
  }

  /** The comment that was added last, unless the parser has it already. */
  get last(): ScannedComment | undefined {
    return this.first < this.queue.length ? this.queue[this.queue.length - 1] : undefined;
  }

  of(node: ComposedNode): NodeComments | undefined {
    return this.nodes.get(node);
  }

  /** Collects the comments up to a token that the parser looks at. */
  unfold(token: Token): void {
    const { queue } = this;
    while (this.first < queue.length && token.at >= queue[this.first]!.tokenAt) {
      const comment = queue[this.first]!;
      // An end has no head: that waits for the next token.
      if (comment.head !== "" && token.type === T.BLOCK_END) break;
      this.head = joined(this.head, comment.head);
      this.foot = joined(this.foot, comment.foot);
      this.line = joined(this.line, comment.line);
      this.first++;
    }
    if (this.first === queue.length && this.first > 0) {
      queue.length = 0;
      this.first = 0;
    }
  }

  private take(): NodeComments {
    const { head, line, foot } = this;
    this.head = this.line = this.foot = this.stem = "";
    return { head, line, foot };
  }

  /** A scalar or an alias gets what has come up; a flow collection its head. */
  begin(node: ComposedNode): void {
    const comments = this.take();
    if (comments.head !== "" || comments.line !== "" || comments.foot !== "") this.nodes.set(node, comments);
  }

  /** A block collection below `- ` gets the comment above the dash. */
  beginBlock(node: ComposedNode): void {
    if (this.stem !== "") this.nodes.set(node, { head: this.stem, line: "", foot: "" });
    this.stem = "";
  }

  /** What came before a `- ` belongs to the collection that the item is, not to its first entry. */
  splitStem(length: number, next: Token): void {
    if (length === 0 || (next.type !== T.BLOCK_SEQUENCE_START && next.type !== T.BLOCK_MAPPING_START)) return;
    this.stem = this.head.slice(0, length);
    this.head = this.head.slice(length + 1);
  }

  /** A collection's line and foot comment come with its end. */
  end(node: ComposedNode, hasComments: boolean): void {
    const ending = hasComments ? this.take() : { line: "", foot: "" };
    const own = this.nodes.get(node);
    if (own === undefined && ending.line === "" && ending.foot === "") return;
    this.nodes.set(node, { head: own?.head ?? "", line: ending.line, foot: ending.foot });
  }

  /** Foot comments in a mapping go to keys: a key's own to the key before, a value's to its key, the mapping's to its last key. */
  endMapping(mapping: ComposedNode, hasComments: boolean): void {
    this.end(mapping, hasComments);
    const { children, flow } = mapping;
    for (let i = 0; i + 1 < children.length; i += 2) {
      const key = children[i]!;
      if (!flow && i > 0) this.moveFoot(key, children[i - 2]!, true);
      this.moveFoot(children[i + 1]!, key, false);
    }
    if (!flow && children.length > 1) this.moveFoot(mapping, children[children.length - 2]!, true);
  }

  private moveFoot(from: ComposedNode, to: ComposedNode, replaces: boolean): void {
    const source = this.nodes.get(from);
    if (source === undefined || source.foot === "") return;
    const target = this.nodes.get(to) ?? { head: "", line: "", foot: "" };
    if (target.foot !== "" && !replaces) return;
    this.nodes.set(to, { ...target, foot: source.foot });
    this.nodes.set(from, { ...source, foot: "" });
  }

  /** A document without `---` gets the comments above the last empty line; those below are its first node's. */
  beginDocument(isImplicit: boolean): void {
    this.document = { head: "", line: "", foot: "" };
    if (!isImplicit) return;
    const { head } = this;
    for (let i = head.length - 1; i > 0; i--) {
      if (head[i] !== "\n") continue;
      const isLast = i === head.length - 1;
      if (!isLast && head[i - 1] !== "\n") continue;
      this.document.head = head.slice(0, isLast ? i : i - 1);
      this.head = head.slice(i + 1);
      return;
    }
  }

  endDocument(): void {
    const { head, foot } = this.take();
    this.document.foot = foot === "" ? head : foot;
  }

  /** Where a block that ends before offset `at` really ends: in front of the comments that stand at its own indentation. */
  blockEnd(at: number, indent: number): number {
    let end = at;
    let stop = at;
    for (let i = this.queue.length - 1; i >= this.first; i--) {
      const comment = this.queue[i]!;
      if (comment.endAt < stop) break;
      if (comment.startColumn === indent + 1) end = comment.startAt;
      stop = comment.scanAt;
    }
    return end;
  }
}

function joined(before: string, more: string): string {
  return before === "" ? more : more === "" ? before : `${before}\n${more}`;
}
