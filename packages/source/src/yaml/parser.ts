import { ALIAS_NODE, ComposedNode, MAPPING_NODE, SCALAR_NODE, SEQUENCE_NODE } from "./composed-node.ts";
import type { Comments } from "./comments.ts";
import { Directives } from "./directives.ts";
import { parserError, YamlError } from "./error.ts";
import { prepareInput } from "./input.ts";
import type { YamlDialect } from "./node.ts";
import { Scanner } from "./scanner.ts";
import * as T from "./token.ts";
import type { Token } from "./token.ts";

/** What a state of the stack is about to read. */
const DOCUMENT = 0;
const BLOCK_SEQUENCE = 1;
const INDENTLESS_SEQUENCE = 2;
const BLOCK_MAPPING_KEY = 3;
const BLOCK_MAPPING_VALUE = 4;
const FLOW_SEQUENCE = 5;
const FLOW_PAIR_KEY = 6;
const FLOW_PAIR_VALUE = 7;
const FLOW_PAIR_END = 8;
const FLOW_MAPPING_KEY = 9;
const FLOW_MAPPING_VALUE = 10;
const FLOW_MAPPING_EMPTY_VALUE = 11;

/** Anchor and tag in front of a node, and where the node begins with them. */
interface Properties {
  anchor: string;
  tag: string;
  at: number;
  line: number;
}

/**
 * Documents of a text, one after the other, as trees of nodes: parserc.go and the node part of decode.go of go-yaml v2.4.3 and
 * v3.0.4 in one. It reads no further than the document that is asked for, so a fault behind it stays unseen, as in Go. It
 * keeps its own stack, so depth costs no JavaScript stack.
 */
export class Parser {
  /** The text as scanned; offsets of nodes point into it. */
  readonly text: string;
  private readonly scanner: Scanner;
  private readonly v3: boolean;
  private readonly comments: Comments | undefined;
  private first = true;
  private readonly directives: Directives;
  private anchors = new Map<string, ComposedNode>();
  private readonly states: number[] = [];
  private readonly containers: ComposedNode[] = [];
  /** True where the entry to come is the first of its flow collection. */
  private firstEntry = false;
  private entryFault: YamlError | undefined;
  private root: ComposedNode | undefined;

  /** `comments` takes the comments (v3 only). */
  constructor(text: string, dialect: YamlDialect, comments?: Comments) {
    const input = prepareInput(text);
    this.text = input.text;
    this.v3 = dialect === "v3";
    this.comments = comments;
    this.scanner = new Scanner(input, dialect, comments);
    this.directives = new Directives(this.v3);
  }

  /** The next document's root; undefined at the end of the stream. Throws `YamlError`. */
  next(): ComposedNode | undefined {
    const scanner = this.scanner;
    if (this.first) {
      scanner.peek();
      scanner.skip();
    }
    let token = scanner.peek();
    if (!this.first) {
      while (token.type === T.DOCUMENT_END) {
        scanner.skip();
        token = scanner.peek();
      }
    }
    if (token.type === T.STREAM_END) return undefined;
    const implicit =
      this.first &&
      token.type !== T.VERSION_DIRECTIVE &&
      token.type !== T.TAG_DIRECTIVE &&
      token.type !== T.DOCUMENT_START;
    this.first = false;
    this.directives.process(scanner);
    // v2 forgets anchors with the document, v3 keeps them for the whole stream.
    if (!this.v3) this.anchors = new Map();
    this.root = undefined;
    this.comments?.beginDocument(implicit);
    if (implicit) this.parseNode(true, false);
    else {
      token = scanner.peek();
      if (token.type !== T.DOCUMENT_START) this.fail("did not find expected <document start>", token.line);
      scanner.skip();
      this.parseDocumentContent();
    }
    this.run();
    token = scanner.peek();
    if (token.type === T.DOCUMENT_END) scanner.skip();
    this.comments?.endDocument();
    this.directives.forget();
    return this.root;
  }

  private parseDocumentContent(): void {
    const token = this.scanner.peek();
    const type = token.type;
    if (
      type === T.VERSION_DIRECTIVE ||
      type === T.TAG_DIRECTIVE ||
      type === T.DOCUMENT_START ||
      type === T.DOCUMENT_END ||
      type === T.STREAM_END
    )
      this.emptyScalar(token.line, token.at);
    else this.parseNode(true, false);
  }

  private run(): void {
    const states = this.states;
    while (states.length > 0) {
      switch (states[states.length - 1]) {
        case BLOCK_MAPPING_KEY:
          this.parseBlockMappingKey();
          break;
        case BLOCK_MAPPING_VALUE:
          this.parseBlockMappingValue();
          break;
        case BLOCK_SEQUENCE:
          this.parseBlockSequenceEntry();
          break;
        case INDENTLESS_SEQUENCE:
          this.parseIndentlessEntry();
          break;
        case FLOW_SEQUENCE:
          this.parseFlowSequenceEntry();
          break;
        case FLOW_PAIR_KEY:
          this.parseFlowPairKey();
          break;
        case FLOW_PAIR_VALUE:
          this.parseFlowPairValue();
          break;
        case FLOW_PAIR_END:
          this.close(false);
          break;
        case FLOW_MAPPING_KEY:
          this.parseFlowMappingKey();
          break;
        case FLOW_MAPPING_VALUE:
          this.parseFlowMappingValue(false);
          break;
        case FLOW_MAPPING_EMPTY_VALUE:
          this.parseFlowMappingValue(true);
          break;
        case DOCUMENT:
          states.pop();
      }
    }
  }

  private fail(problem: string, problemLine: number, contextLine = 0): never {
    throw parserError(this.v3, problem, problemLine, contextLine);
  }

  private add(node: ComposedNode): void {
    this.comments?.count();
    const parent = this.containers[this.containers.length - 1];
    if (parent === undefined) this.root = node;
    else parent.children.push(node);
    if (node.anchor !== "") this.anchors.set(node.anchor, node);
  }

  private emptyScalar(line: number, at: number): void {
    this.add(new ComposedNode(SCALAR_NODE, "", "", T.PLAIN, false, line, at, ""));
  }

  private open(type: number, flow: boolean, state: number, token: Token, properties: Properties | undefined): void {
    const node = new ComposedNode(
      type,
      properties?.tag ?? "",
      "",
      0,
      flow,
      properties?.line ?? token.line,
      properties?.at ?? token.at,
      properties?.anchor ?? "",
    );
    if (this.comments !== undefined && token.type !== T.BLOCK_ENTRY && token.type !== T.KEY) {
      if (flow) this.comments.begin(node);
      else this.comments.beginBlock(node);
    }
    this.add(node);
    this.containers.push(node);
    this.states.push(state);
    this.firstEntry = true;
  }

  /** Ends a collection. Block lists and single pairs have no comments at their end. */
  private close(hasComments: boolean): void {
    this.states.pop();
    const node = this.containers.pop()!;
    if (node.type === MAPPING_NODE) this.comments?.endMapping(node, hasComments);
    else this.comments?.end(node, hasComments);
  }

  private parseNode(block: boolean, indentless: boolean): void {
    const scanner = this.scanner;
    let token = scanner.peek();
    let properties: Properties | undefined;
    if (token.type === T.ANCHOR || token.type === T.TAG) {
      properties = this.parseProperties(token);
      token = scanner.peek();
    }
    switch (token.type) {
      case T.SCALAR:
        scanner.skip();
        this.addScalar(token, properties);
        return;
      case T.ALIAS:
        if (properties !== undefined) break;
        this.addAlias(token);
        return;
      case T.BLOCK_ENTRY:
        if (!indentless) break;
        this.open(SEQUENCE_NODE, false, INDENTLESS_SEQUENCE, token, properties);
        return;
      case T.FLOW_SEQUENCE_START:
        scanner.skip();
        this.open(SEQUENCE_NODE, true, FLOW_SEQUENCE, token, properties);
        this.contexts.push(token.line);
        return;
      case T.FLOW_MAPPING_START:
        scanner.skip();
        this.open(MAPPING_NODE, true, FLOW_MAPPING_KEY, token, properties);
        this.contexts.push(token.line);
        return;
      case T.BLOCK_SEQUENCE_START:
        if (!block) break;
        scanner.skip();
        this.open(SEQUENCE_NODE, false, BLOCK_SEQUENCE, token, properties);
        this.contexts.push(token.line);
        return;
      case T.BLOCK_MAPPING_START:
        if (!block) break;
        scanner.skip();
        this.open(MAPPING_NODE, false, BLOCK_MAPPING_KEY, token, properties);
        this.contexts.push(token.line);
        return;
    }
    if (properties !== undefined && (properties.anchor !== "" || properties.tag !== "")) {
      this.add(
        new ComposedNode(
          SCALAR_NODE,
          properties.tag,
          "",
          T.PLAIN,
          false,
          properties.line,
          properties.at,
          properties.anchor,
        ),
      );
      return;
    }
    this.fail("did not find expected node content", token.line, properties?.line ?? token.line);
  }

  /** Lines where the open collections with own start tokens began, for messages. */
  private readonly contexts: number[] = [];

  private addScalar(token: Token, properties: Properties | undefined): void {
    const node = new ComposedNode(
      SCALAR_NODE,
      properties?.tag ?? "",
      token.value,
      token.style,
      false,
      properties?.line ?? token.line,
      properties?.at ?? token.at,
      properties?.anchor ?? "",
    );
    this.comments?.begin(node);
    this.add(node);
  }

  private addAlias(token: Token): void {
    const node = new ComposedNode(ALIAS_NODE, "", token.value, 0, false, token.line, token.at, "");
    node.target = this.anchors.get(token.value);
    if (node.target === undefined)
      throw new YamlError(`yaml: unknown anchor '${token.value}' referenced`, token.line + 1);
    this.scanner.skip();
    this.comments?.begin(node);
    this.add(node);
  }

  private parseProperties(start: Token): Properties {
    const scanner = this.scanner;
    let anchor = "";
    let tagToken: Token | undefined;
    let token = start;
    for (let i = 0; i < 2; i++) {
      if (token.type === T.ANCHOR && (i === 0 || start.type !== T.ANCHOR)) anchor = token.value;
      else if (token.type === T.TAG && tagToken === undefined) tagToken = token;
      else break;
      scanner.skip();
      token = scanner.peek();
    }
    return {
      anchor,
      tag: tagToken === undefined ? "" : this.directives.resolve(tagToken, start),
      at: start.at,
      line: start.line,
    };
  }

  private parseBlockSequenceEntry(): void {
    const scanner = this.scanner;
    let token = scanner.peek();
    if (token.type === T.BLOCK_ENTRY) {
      const entry = token;
      token = this.skipEntry();
      if (token.type !== T.BLOCK_ENTRY && token.type !== T.BLOCK_END) this.parseNode(true, false);
      else this.emptyScalar(entry.line, entry.at + 1);
      this.endEntry();
    } else if (token.type === T.BLOCK_END) {
      scanner.skip();
      this.contexts.pop();
      this.close(false);
    } else this.fail("did not find expected '-' indicator", token.line, this.contexts.at(-1));
  }

  /** Takes a `- ` and gives the token behind it. */
  private skipEntry(): Token {
    const length = this.comments?.head.length ?? 0;
    this.scanner.skip();
    if (length > 0) this.splitStem(length);
    return this.scanner.peek();
  }

  /** go-yaml looks again where it meets a fault here; the fault ends it only when the entry is read and has none of its own. */
  private splitStem(length: number): void {
    try {
      this.comments!.splitStem(length, this.scanner.peek());
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      this.entryFault = error;
    }
  }

  private endEntry(): void {
    if (this.entryFault !== undefined) throw this.entryFault;
  }

  private parseIndentlessEntry(): void {
    let token = this.scanner.peek();
    if (token.type !== T.BLOCK_ENTRY) {
      this.close(false);
      return;
    }
    const entry = token;
    token = this.skipEntry();
    const type = token.type;
    if (type !== T.BLOCK_ENTRY && type !== T.KEY && type !== T.VALUE && type !== T.BLOCK_END)
      this.parseNode(true, false);
    else this.emptyScalar(entry.line, entry.at + 1);
    this.endEntry();
  }

  private parseBlockMappingKey(): void {
    const scanner = this.scanner;
    let token = scanner.peek();
    if (token.type === T.KEY) {
      const key = token;
      scanner.skip();
      token = scanner.peek();
      this.states[this.states.length - 1] = BLOCK_MAPPING_VALUE;
      const type = token.type;
      if (type !== T.KEY && type !== T.VALUE && type !== T.BLOCK_END) this.parseNode(true, true);
      else this.emptyScalar(key.line, key.at + (this.text.charCodeAt(key.at) === 63 ? 1 : 0));
    } else if (token.type === T.BLOCK_END) {
      scanner.skip();
      this.contexts.pop();
      this.close(true);
    } else this.fail("did not find expected key", token.line, this.contexts.at(-1));
  }

  private parseBlockMappingValue(): void {
    const scanner = this.scanner;
    let token = scanner.peek();
    this.states[this.states.length - 1] = BLOCK_MAPPING_KEY;
    if (token.type !== T.VALUE) {
      this.emptyScalar(token.line, token.at);
      return;
    }
    const value = token;
    scanner.skip();
    token = scanner.peek();
    const type = token.type;
    if (type !== T.KEY && type !== T.VALUE && type !== T.BLOCK_END) this.parseNode(true, true);
    else this.emptyScalar(value.line, value.at + 1);
  }

  /** Takes the `,` between entries. True when another entry may follow. */
  private parseFlowSeparator(end: number, problem: string): boolean {
    const scanner = this.scanner;
    const first = this.firstEntry;
    this.firstEntry = false;
    let token = scanner.peek();
    if (token.type === end) return false;
    if (first) return true;
    if (token.type !== T.FLOW_ENTRY) this.fail(problem, token.line, this.contexts.at(-1));
    scanner.skip();
    token = scanner.peek();
    return token.type !== end;
  }

  private closeFlow(): void {
    this.scanner.skip();
    this.contexts.pop();
    this.close(true);
  }

  private parseFlowSequenceEntry(): void {
    if (!this.parseFlowSeparator(T.FLOW_SEQUENCE_END, "did not find expected ',' or ']'")) return this.closeFlow();
    const token = this.scanner.peek();
    if (token.type !== T.KEY) return this.parseNode(false, false);
    this.scanner.skip();
    this.open(MAPPING_NODE, true, FLOW_PAIR_KEY, token, undefined);
    this.firstEntry = false;
  }

  private parseFlowPairKey(): void {
    const token = this.scanner.peek();
    this.states[this.states.length - 1] = FLOW_PAIR_VALUE;
    if (token.type !== T.VALUE && token.type !== T.FLOW_ENTRY && token.type !== T.FLOW_SEQUENCE_END) {
      return this.parseNode(false, false);
    }
    // go-yaml takes the token here, so `[? : x]` and `[? ]` go wrong in it; kept.
    this.scanner.skip();
    this.emptyScalar(token.line, token.at + 1);
  }

  private parseFlowPairValue(): void {
    let token = this.scanner.peek();
    this.states[this.states.length - 1] = FLOW_PAIR_END;
    if (token.type === T.VALUE) {
      const value = token;
      this.scanner.skip();
      token = this.scanner.peek();
      if (token.type !== T.FLOW_ENTRY && token.type !== T.FLOW_SEQUENCE_END) return this.parseNode(false, false);
      token = value;
    }
    this.emptyScalar(token.line, token.at);
  }

  private parseFlowMappingKey(): void {
    if (!this.parseFlowSeparator(T.FLOW_MAPPING_END, "did not find expected ',' or '}'")) return this.closeFlow();
    let token = this.scanner.peek();
    if (token.type !== T.KEY) {
      this.states[this.states.length - 1] = FLOW_MAPPING_EMPTY_VALUE;
      return this.parseNode(false, false);
    }
    this.scanner.skip();
    token = this.scanner.peek();
    this.states[this.states.length - 1] = FLOW_MAPPING_VALUE;
    if (token.type !== T.VALUE && token.type !== T.FLOW_ENTRY && token.type !== T.FLOW_MAPPING_END)
      this.parseNode(false, false);
    else this.emptyScalar(token.line, token.at);
  }

  private parseFlowMappingValue(empty: boolean): void {
    let token = this.scanner.peek();
    this.states[this.states.length - 1] = FLOW_MAPPING_KEY;
    if (!empty && token.type === T.VALUE) {
      this.scanner.skip();
      token = this.scanner.peek();
      if (token.type !== T.FLOW_ENTRY && token.type !== T.FLOW_MAPPING_END) return this.parseNode(false, false);
    }
    this.emptyScalar(token.line, token.at);
  }
}
