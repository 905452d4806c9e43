import type { GoValue } from "@tiphys/gotemplate";
import type { ComposedNode } from "./composed-node.ts";
import { decodeV2 } from "./decode-v2.ts";
import { decodeV3 } from "./decode-v3.ts";
import { YamlError } from "./error.ts";
import { columnOf } from "./composed-node.ts";
import type { YamlDialect, YamlNode } from "./node.ts";
import { Parser } from "./parser.ts";
import { readPlain } from "./plain.ts";
import { findNode, type NodeWithKey } from "./places.ts";
import { publicNode } from "./public-node.ts";

export interface ReadYamlOptions {
  /** `v2` (the default) gives what sigs.k8s.io/yaml gives: numbers are float64, keys strings. `v3` gives what go-yaml v3 decodes into `any`: int, float64, time. */
  readonly dialect?: YamlDialect;
  /** Duplicate keys are errors, as in UnmarshalStrict. v3 always refuses them. */
  readonly strict?: boolean;
  /** v3 only: makes the time value of an unquoted timestamp that Go accepts. Without it timestamps stay strings. */
  readonly timestamp?: (text: string) => GoValue;
  /** v2 only: infinities and NaN are given as numbers instead of refused, for targets that take them as text. */
  readonly keepsSpecialFloats?: boolean;
  /** v2 only: what the value is decoded into, for the error of encoding/json when the document is something else. Null is always accepted. */
  readonly into?: { readonly kind: "map" | "slice"; readonly goType: string };
}

/** Where a value and its key stand. Lines and columns are 1-based; columns count bytes. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
  /** Place of the key; undefined for list items and the root. */
  readonly key?: { readonly line: number; readonly column: number };
}

/** A document that was read. Places cost nothing until they are asked for: the text is then read a second time. */
export interface YamlDocument {
  readonly value: GoValue;
  /** The document's nodes as written; undefined for an empty document. */
  readonly root: YamlNode | undefined;
  /** Place of the value under `path` (keys and indexes, through aliases and `<<`); undefined when there is none. */
  originOf(path: readonly (string | number)[]): YamlPlace | undefined;
}

/** Reads the first document, as yaml.Unmarshal does; null when there is none. Throws `YamlError` with Go's text. */
export function readYaml(text: string, options: ReadYamlOptions = {}): YamlDocument {
  const plain = readPlain(text, options.dialect === "v3", true);
  const value =
    plain === undefined
      ? withPrefix(options, () => decode(new Parser(text, options.dialect ?? "v2").next(), options))
      : (plain[0] ?? null);
  if (options.into !== undefined) checkTarget(value, options.into);
  return new ReadDocument(text, options.dialect ?? "v2", 0, value);
}

/** Reads every document, as a yaml.Decoder in a loop does. Throws `YamlError` with Go's text. */
export function readYamlDocuments(text: string, options: ReadYamlOptions = {}): YamlDocument[] {
  const dialect = options.dialect ?? "v2";
  const plain = readPlain(text, dialect === "v3", false);
  if (plain !== undefined) return plain.map((value, index) => new ReadDocument(text, dialect, index, value));
  return withPrefix(options, () => {
    const parser = new Parser(text, dialect);
    const documents: YamlDocument[] = [];
    for (let root = parser.next(); root !== undefined; root = parser.next()) {
      documents.push(new ReadDocument(text, dialect, documents.length, decode(root, options)));
    }
    return documents;
  });
}

/**
 * The way to the places of the values in a text that was read before: in its first document, or in all of them, a later one before an earlier
 * one. Throws `YamlError` where the text cannot be read.
 */
export function readYamlPlaces(
  text: string,
  dialect: YamlDialect,
  hasManyDocuments = false,
): (path: readonly (string | number)[]) => YamlPlace | undefined {
  const parser = new Parser(text, dialect);
  const roots: ComposedNode[] = [];
  for (let root = parser.next(); root !== undefined; root = hasManyDocuments ? parser.next() : undefined)
    roots.unshift(root);
  return (path) => {
    for (const root of roots) {
      const found = findNode(root, path, dialect);
      if (found !== undefined) return placeOf(found, parser.text);
    }
    return undefined;
  };
}

function placeOf({ node, key }: NodeWithKey, text: string): YamlPlace {
  const place = { line: node.row + 1, column: columnOf(text, node.at) };
  return key === undefined ? place : { ...place, key: { line: key.row + 1, column: columnOf(text, key.at) } };
}

function decode(root: ComposedNode | undefined, options: ReadYamlOptions): GoValue {
  return options.dialect === "v3"
    ? decodeV3(root, options.timestamp)
    : decodeV2(root, options.strict ?? false, options.keepsSpecialFloats);
}

/** Errors of v2 come through sigs.k8s.io/yaml, which says where they arose. */
function withPrefix<Result>(options: ReadYamlOptions, read: () => Result): Result {
  if (options.dialect === "v3") return read();
  try {
    return read();
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new YamlError(`error converting YAML to JSON: ${error.message}`, error.line);
  }
}

function checkTarget(value: GoValue, into: { readonly kind: "map" | "slice"; readonly goType: string }): void {
  if (value === null) return;
  const found = Array.isArray(value)
    ? "array"
    : value instanceof Map
      ? "object"
      : typeof value === "boolean"
        ? "bool"
        : typeof value;
  if (found === (into.kind === "map" ? "object" : "array")) return;
  throw new YamlError(
    `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type ${into.goType}`,
  );
}

class ReadDocument implements YamlDocument {
  readonly value: GoValue;
  private readonly text: string;
  private readonly dialect: YamlDialect;
  private readonly index: number;
  private parsed: { root: ComposedNode | undefined; scanned: string } | undefined;

  constructor(text: string, dialect: YamlDialect, index: number, value: GoValue) {
    this.text = text;
    this.dialect = dialect;
    this.index = index;
    this.value = value;
  }

  get root(): YamlNode | undefined {
    const { root, scanned } = this.parse();
    return root === undefined ? undefined : publicNode(root, scanned, this.dialect);
  }

  originOf(path: readonly (string | number)[]): YamlPlace | undefined {
    const { root, scanned } = this.parse();
    const found = root === undefined ? undefined : findNode(root, path, this.dialect);
    return found === undefined ? undefined : placeOf(found, scanned);
  }

  private parse(): { root: ComposedNode | undefined; scanned: string } {
    if (this.parsed === undefined) {
      const parser = new Parser(this.text, this.dialect);
      let root = parser.next();
      for (let i = 0; i < this.index; i++) root = parser.next();
      this.parsed = { root, scanned: parser.text };
    }
    return this.parsed;
  }
}
