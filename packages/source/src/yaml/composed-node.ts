import type { YamlNode } from "./node.ts";

export const SCALAR_NODE = 0;
export const MAPPING_NODE = 1;
export const SEQUENCE_NODE = 2;
export const ALIAS_NODE = 3;

const longTagPrefix = "tag:yaml.org,2002:";
const noChildren: ComposedNode[] = [];

/** `tag:yaml.org,2002:str` → `!!str`. */
export function shortTag(tag: string): string {
  return tag.startsWith(longTagPrefix) ? `!!${tag.slice(longTagPrefix.length)}` : tag;
}

/** A node as the parser makes it: small, with numbers for kinds. `publicNode` makes the view for others. */
export class ComposedNode {
  readonly type: number;
  /** Long form, resolved by `%TAG`; "" when none was written. */
  readonly longTag: string;
  /** A scalar's text; an alias' name. */
  readonly value: string;
  readonly scalarStyle: number;
  readonly flow: boolean;
  /** 0-based line. */
  readonly row: number;
  /** Offset into the scanned text. */
  readonly at: number;
  readonly anchor: string;
  readonly children: ComposedNode[];
  target: ComposedNode | undefined = undefined;
  /** The view that `publicNode` made. */
  view: YamlNode | undefined = undefined;

  constructor(
    type: number,
    longTag: string,
    value: string,
    style: number,
    flow: boolean,
    row: number,
    at: number,
    anchor: string,
  ) {
    this.type = type;
    this.longTag = longTag;
    this.value = value;
    this.scalarStyle = style;
    this.flow = flow;
    this.row = row;
    this.at = at;
    this.anchor = anchor;
    this.children = type === MAPPING_NODE || type === SEQUENCE_NODE ? [] : noChildren;
  }

  /** v2's "implicit": plain without a tag, or any scalar with the tag `!`. */
  get implicit(): boolean {
    return this.longTag === "" ? this.scalarStyle === 0 : this.longTag === "!";
  }
}

/** 1-based column in bytes of offset `at`. */
export function columnOf(text: string, at: number): number {
  let start = at;
  while (start > 0) {
    const c = text.charCodeAt(start - 1);
    if (c === 10 || c === 13) break;
    start--;
  }
  return at - start + 1;
}
