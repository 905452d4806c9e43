import type { Document, Pair, ParsedNode, YAMLMap } from "yaml";
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  Scalar,
  Document as YamlDocument,
  YAMLMap as YamlMap,
  YAMLSeq,
} from "yaml";
import type { GoValue } from "@tiphys/gotemplate";
import { deepEqual, fromByteString, toByteString } from "@tiphys/gotemplate";
import { readYaml, writeYamlV2 } from "@tiphys/source";

type Values = Map<string, GoValue>;

/** One value layer as text, lowest first in a list of them; what the written file is composed from. */
export interface SourceText {
  /** For the comment that says where a value came from. */
  readonly name: string;
  /** UTF-16 text of a YAML file. */
  readonly text: string;
  /** Set for layers that were no static file: the comment at the top of a file that takes values from it. */
  readonly note?: string;
}

/**
 * The text of a value file that holds exactly `values`. Keys, scalar styles, comments and order are taken from the layers
 * that set them; a layer that already says exactly this is returned word for word, anchors and all. What no layer has as
 * written (`--set`, results of templates) is written as Helm would. Always ends with a line feed; "" for no values.
 */
export function composeValuesFile(values: Values, layers: readonly SourceText[]): string {
  if (values.size === 0) return "";
  const verbatim = layers.find((layer) => layer.note === undefined && sameValues(layer.text, values));
  if (verbatim !== undefined) return withFinalNewline(verbatim.text);
  const documents = layers.flatMap((layer) => parseLayer(layer));
  const notes = new Set<string>();
  const composed = composeDocument(values, documents, notes);
  if (notes.size > 0) {
    const header = [...notes].map((note) => ` ${note}`).join("\n");
    composed.commentBefore = composed.commentBefore ? `${header}\n${composed.commentBefore}` : header;
  }
  const text = composed.toString({ lineWidth: 0, indentSeq: indentsSequences(layers), flowCollectionPadding: false });
  return sameValues(text, values) ? text : fromByteString(writeYamlV2(values));
}

/** True when Helm reads `values` and nothing else from `text`. */
function sameValues(text: string, values: Values): boolean {
  try {
    const read = readYaml(toByteString(text)).value;
    return read instanceof Map && deepEqual(read, values) && !/^---/m.test(text.replace(/^---.*\n/, ""));
  } catch {
    return false;
  }
}

interface Layer {
  readonly document: Document.Parsed;
  readonly note: string | undefined;
}

/** Scalars stay text (`failsafe`), so that `0123`, `1e3` and `"on"` come out as they went in. */
function parseLayer(layer: SourceText): Layer[] {
  const documents = parseAllDocuments(layer.text, {
    schema: "failsafe",
    uniqueKeys: false,
    logLevel: "silent",
    merge: true,
  });
  if (!Array.isArray(documents)) return [];
  return documents
    .filter((document) => document.errors.length === 0)
    .map((document) => ({ document, note: layer.note }));
}

function composeDocument(values: Values, layers: readonly Layer[], notes: Set<string>): YamlDocument {
  const document = new YamlDocument(null, { schema: "failsafe" });
  const roots = layers.flatMap(({ document: parsed, note }) =>
    isMap(parsed.contents) ? [{ map: parsed.contents as YAMLMap, layer: { document: parsed, note } as Layer }] : [],
  );
  document.contents = composeMap(values, roots, notes) as never;
  const first = layers.find((layer) => layer.document.commentBefore);
  if (first) document.commentBefore = first.document.commentBefore;
  return document;
}

interface Source {
  readonly map: YAMLMap;
  readonly layer: Layer;
}

function composeMap(values: Values, sources: readonly Source[], notes: Set<string>): YamlMap {
  const map = new YamlMap();
  for (const key of orderedKeys(values, sources)) {
    map.items.push(composePair({ key, value: values.get(key)! }, sources, notes));
  }
  return map;
}

/** Keys in the order in which the layers first name them; keys of no layer come last, sorted. */
function orderedKeys(values: Values, sources: readonly Source[]): string[] {
  const ordered = new Set<string>();
  for (const { map } of sources) {
    for (const pair of map.items) {
      const key = keyText(pair);
      if (key !== undefined && values.has(key)) ordered.add(key);
    }
  }
  for (const key of [...values.keys()].toSorted()) ordered.add(key);
  return [...ordered];
}

/** The key as Go reads it: byte string, `on` and `yes` as bool words excluded by the final comparison. */
function keyText(pair: Pair): string | undefined {
  return isScalar(pair.key) ? toByteString(String(pair.key.value)) : undefined;
}

function composePair(
  { key, value }: { key: string; value: GoValue },
  sources: readonly Source[],
  notes: Set<string>,
): Pair {
  const holders = sources.flatMap((source) => {
    const pair = source.map.items.findLast((item) => keyText(item) === key);
    return pair === undefined ? [] : [{ pair, source }];
  });
  if (value instanceof Map && value.size > 0) {
    const inner = holders.flatMap(({ pair, source }) => {
      const node = resolve(pair.value, source.layer);
      return isMap(node) ? [{ map: node as YAMLMap, layer: source.layer }] : [];
    });
    const holder = holders.find(({ pair, source }) => isMap(resolve(pair.value, source.layer)));
    return decorate(newPair(key, composeMap(value, inner, notes)), holder?.pair);
  }
  const holder = holders.findLast(({ pair, source }) => holds(pair.value, value, source.layer));
  if (holder === undefined) return newPair(key, freshNode(value));
  const node = detach(resolve(holder.pair.value, holder.source.layer), holder.source.layer);
  if (holder.source.layer.note !== undefined) notes.add(holder.source.layer.note);
  return decorate(newPair(key, node), holder.pair);
}

/** Whether a node as written means `value` to Helm. */
function holds(node: unknown, value: GoValue, layer: Layer): boolean {
  try {
    const probe = new YamlDocument(null, { schema: "failsafe" });
    probe.contents = detach(resolve(node, layer), layer) as never;
    return deepEqual(readYaml(toByteString(probe.toString({ lineWidth: 0 }))).value, value);
  } catch {
    return false;
  }
}

function resolve(node: unknown, layer: Layer): unknown {
  return isAlias(node) ? node.resolve(layer.document as never) : node;
}

/** A copy without anchors, aliases and merge keys, so that it stands alone. An empty plain scalar is a null. */
function detach(node: unknown, layer: Layer): unknown {
  const real = resolve(node, layer);
  if (real === null || real === undefined) return plainScalar("null");
  if (isScalar(real)) {
    if (real.type === Scalar.PLAIN && real.value === "") return plainScalar("null");
    const copy = real.clone() as Scalar;
    copy.anchor = undefined;
    return copy;
  }
  if (isSeq(real)) {
    const copy = new YAMLSeq();
    copy.flow = real.flow;
    copy.commentBefore = real.commentBefore;
    copy.comment = real.comment;
    copy.items = real.items.map((item) => detach(item, layer)) as never;
    return copy;
  }
  if (isMap(real)) return detachMap(real as YAMLMap, layer);
  return real;
}

function detachMap(real: YAMLMap, layer: Layer): YamlMap {
  const copy = new YamlMap();
  copy.flow = real.flow;
  copy.commentBefore = real.commentBefore;
  copy.comment = real.comment;
  for (const pair of real.items) {
    if (!isPair(pair)) continue;
    const merged = isScalar(pair.key) && pair.key.value === "<<" ? resolve(pair.value, layer) : undefined;
    if (isMap(merged)) {
      for (const inherited of (detachMap(merged as YAMLMap, layer) as YAMLMap).items) {
        if (!real.items.some((own) => keyText(own) === keyText(inherited))) copy.items.push(inherited);
      }
      continue;
    }
    const copied = newPairOf(detach(pair.key, layer) as ParsedNode, detach(pair.value, layer));
    copy.items.push(copied);
  }
  return copy;
}

function newPair(key: string, node: unknown): Pair {
  return newPairOf(keyNode(key) as ParsedNode, node);
}

function newPairOf(key: ParsedNode, node: unknown): Pair {
  return new YamlDocument(null, { schema: "failsafe" }).createPair(key, node) as Pair;
}

/** A key as Helm writes it: quoted where YAML 1.1 would read something else than this string. */
function keyNode(key: string): unknown {
  const written = fromByteString(writeYamlV2(new Map([[key, 0]]))).replace(/: 0\n$/, "");
  return scalarFromText(written);
}

/** A value of no layer, as Helm would write it. */
function freshNode(value: GoValue): unknown {
  const document = parseAllDocuments(fromByteString(writeYamlV2(new Map([["v", value]]))), { schema: "failsafe" });
  const parsed = Array.isArray(document) ? document[0] : undefined;
  const root = parsed?.contents;
  if (!isMap(root)) return plainScalar("null");
  return detach(root.items[0]?.value, { document: parsed as Document.Parsed, note: undefined });
}

function scalarFromText(text: string): unknown {
  const document = parseAllDocuments(text, { schema: "failsafe" });
  const contents = Array.isArray(document) ? document[0]?.contents : undefined;
  return isScalar(contents) ? contents.clone() : plainScalar(text);
}

function plainScalar(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.PLAIN;
  return scalar;
}

/** Comments and blank lines of the pair as it was written. */
function decorate(pair: Pair, written: Pair | undefined): Pair {
  const key = pair.key as Scalar;
  const writtenKey = written?.key as Scalar | undefined;
  if (writtenKey?.commentBefore) key.commentBefore = writtenKey.commentBefore;
  if (writtenKey?.spaceBefore) key.spaceBefore = true;
  const node = pair.value as Scalar | null;
  const writtenNode = written?.value as Scalar | undefined;
  if (node && writtenNode?.comment && !node.comment) node.comment = writtenNode.comment;
  return pair;
}

/** The style of the first layer that shows one: are list items indented below their key? */
function indentsSequences(layers: readonly SourceText[]): boolean {
  for (const { text } of layers) {
    const match = /^( *)[^\s#-][^\n]*:[ \t]*\n( *)- /m.exec(text);
    if (match) return match[2]!.length > match[1]!.length;
  }
  return true;
}

function withFinalNewline(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
