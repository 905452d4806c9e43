import {
  newEditableNode,
  writeEditableDocuments,
  type EditableDocument,
  type EditableNode,
  YamlError,
} from "@tiphys/source";

/* Resources as kyaml 0.21.1 reads and changes them (yaml/fns.go, yaml/kfns.go, yaml/rnode.go). */

/** A resource that kyaml cannot handle; `message` is its text, a byte string. */
export class ResourceError extends Error {
  override readonly name = "ResourceError";
}

const kindNames = { mapping: "MappingNode", sequence: "SequenceNode", scalar: "ScalarNode", alias: "AliasNode" };

export function isNull(node: EditableNode): boolean {
  return node.tag === "!!null";
}

/** Nothing to be found in it: null, `{}` or `[]`. */
function isEmpty(node: EditableNode): boolean {
  return isNull(node) || ((node.kind === "mapping" || node.kind === "sequence") && node.content.length === 0);
}

/** The first value under a key; undefined for what is no mapping. */
export function fieldOf(node: EditableNode, name: string): EditableNode | undefined {
  if (node.kind !== "mapping") return undefined;
  for (let i = 0; i + 1 < node.content.length; i += 2) if (node.content[i]!.value === name) return node.content[i + 1]!;
  return undefined;
}

function checkMapping(node: EditableNode): void {
  if (isNull(node) || node.kind === "mapping") return;
  const message = `wrong node kind: expected MappingNode but got ${kindNames[node.kind]}`;
  throw new ResourceError(`${message}: node contents:\n${writeNode(node)}`);
}

/** A node alone, as YAML. */
function writeNode(root: EditableNode): string {
  return writeEditableDocuments([{ root, headComment: "", footComment: "" }]);
}

/** As `fieldOf`; nothing is in null. Throws `ResourceError` for what is no mapping. */
export function lookup(node: EditableNode, name: string): EditableNode | undefined {
  if (isNull(node)) return undefined;
  checkMapping(node);
  return fieldOf(node, name);
}

function lookupOrCreate(node: EditableNode, name: string): EditableNode | undefined {
  const found = lookup(node, name);
  if (found !== undefined || isNull(node)) return found;
  const made = newEditableNode("mapping");
  node.content.push(newEditableNode("scalar", { value: name }), made);
  return made;
}

/** Removes a field, with `ifEmpty` the first one of that name that holds no other nodes. */
function clearField(node: EditableNode, name: string, ifEmpty: boolean): void {
  checkMapping(node);
  for (let i = 0; i + 1 < node.content.length; i += 2) {
    if (node.content[i]!.value !== name) continue;
    if (ifEmpty && node.content[i + 1]!.content.length > 0) continue;
    node.content.splice(i, 2);
    return;
  }
}

/** Removes annotations and metadata that hold nothing. Throws `ResourceError`. */
export function clearEmptyAnnotations(root: EditableNode): void {
  const metadata = lookup(root, "metadata");
  if (metadata !== undefined) clearField(metadata, "annotations", true);
  clearField(root, "metadata", true);
}

/** Sets an annotation, in single quotes where it is new. Throws `ResourceError`. */
export function setAnnotation(root: EditableNode, key: string, value: string): void {
  clearEmptyAnnotations(root);
  const metadata = lookupOrCreate(root, "metadata");
  const annotations = metadata === undefined ? undefined : lookupOrCreate(metadata, "annotations");
  if (annotations === undefined) return;
  const present = lookup(annotations, key);
  const made = newEditableNode("scalar", { tag: "!!str", value, style: "single-quoted" });
  if (present === undefined) annotations.content.push(newEditableNode("scalar", { value: key }), made);
  else {
    const { style, isTagged, isFlow } = present;
    Object.assign(present, made, { style, isTagged, isFlow });
  }
}

/** Removes an annotation. Throws `ResourceError`. */
export function clearAnnotation(root: EditableNode, key: string): void {
  const metadata = lookup(root, "metadata");
  const annotations = metadata === undefined ? undefined : lookup(metadata, "annotations");
  if (annotations !== undefined) clearField(annotations, key, false);
}

/** What kyaml's `GetMeta` finds. */
export interface ResourceMeta {
  readonly kind: string;
  readonly annotations: ReadonlyMap<string, string>;
}

/** Kind and annotations; undefined where there is no metadata at all ("missing Resource metadata"). */
export function metaOf(root: EditableNode): ResourceMeta | undefined {
  if (isNull(root)) return { kind: "", annotations: new Map() };
  const given = (node: EditableNode | undefined, name: string): EditableNode | undefined => {
    const field = node === undefined ? undefined : fieldOf(node, name);
    return field === undefined || isEmpty(field) ? undefined : field;
  };
  const kind = given(root, "kind");
  const metadata = given(root, "metadata");
  const annotations = given(metadata, "annotations");
  const isMissing =
    kind === undefined &&
    given(root, "apiVersion") === undefined &&
    ["name", "namespace", "labels", "annotations"].every((name) => given(metadata, name) === undefined);
  if (isMissing) return undefined;
  return { kind: kind?.value ?? "", annotations: textsOf(annotations) };
}

function textsOf(node: EditableNode | undefined): Map<string, string> {
  const texts = new Map<string, string>();
  if (node?.kind !== "mapping") return texts;
  const text = (part: EditableNode): string => (isNull(part) ? "" : part.value);
  for (let i = 0; i + 1 < node.content.length; i += 2) {
    const key = text(node.content[i]!);
    if (!texts.has(key)) texts.set(key, text(node.content[i + 1]!));
  }
  return texts;
}

/** Runs `read`, with what YAML refuses as a `ResourceError`. */
export function asResourceError<Result>(prefix: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof YamlError || error instanceof ResourceError)
      throw new ResourceError(`${prefix}: ${error.message}`);
    throw error;
  }
}

export type Resource = EditableDocument;
