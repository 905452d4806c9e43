import {
  JsonError,
  pathMatch,
  readEditableDocument,
  readYaml,
  writeEditableDocuments,
  writeJson,
  YamlError,
  type EditableNode,
  type NodeBudget,
} from "@tiphys/source";
import { trimSpace } from "../manifests/split.ts";
import {
  asResourceError,
  clearAnnotation,
  clearEmptyAnnotations,
  fieldOf,
  isNull,
  lookup,
  metaOf,
  ResourceError,
  setAnnotation,
  type Resource,
} from "./resource.ts";

/* Streams of resources as kyaml 0.21.1 reads and writes them (kio/byteio_reader.go, kio/byteio_writer.go). */

const indexAnnotations = ["config.kubernetes.io/index", "internal.config.kubernetes.io/index"];
const sequenceIndentAnnotation = "internal.config.kubernetes.io/seqindent";
const pathAnnotations = ["internal.config.kubernetes.io/path", "config.kubernetes.io/path"];

/** Annotations with an older and a newer name; what has one of them gets the other. */
const renamedAnnotations = [
  [pathAnnotations[1]!, pathAnnotations[0]!],
  [indexAnnotations[0]!, indexAnnotations[1]!],
  ["config.k8s.io/id", "internal.config.kubernetes.io/id"],
] as const;

/** `kio.ParseAll`: every resource of a text, with kyaml's own annotations; the items of a single `List` in its place. Throws `ResourceError`. */
export function parseAll(text: string, budget: NodeBudget): Resource[] {
  const resources: Resource[] = [];
  const texts = splitDocuments(text.replaceAll("\r\n", "\n"));
  for (const document of texts) {
    const resource = parseDocument(document, resources.length, budget);
    if (resource === undefined) continue;
    const items = texts.length === 1 ? listItems(resource.root) : undefined;
    if (items === undefined) resources.push(resource);
    else for (const root of items) resources.push({ root, headComment: "", footComment: "" });
  }
  return resources;
}

function parseDocument(text: string, index: number, budget: NodeBudget): Resource | undefined {
  const resource = asResourceError("MalformedYAMLError", () => readEditableDocument(text, budget));
  if (resource === undefined || isNull(resource.root)) return undefined;
  const { root } = resource;
  const annotations = metaOf(root)?.annotations ?? new Map<string, string>();
  for (const [older, newer] of renamedAnnotations) {
    const [old = "", current = ""] = [annotations.get(older), annotations.get(newer)];
    if (current !== "" && old === "") setAnnotation(root, older, current);
    else if (current === "" && old !== "") setAnnotation(root, newer, old);
  }
  for (const name of indexAnnotations) setAnnotation(root, name, String(index));
  return resource;
}

/** Items of a list, whatever holds them; undefined for what is no list. */
function listItems(root: EditableNode): readonly EditableNode[] | undefined {
  const kind = metaOf(root)?.kind;
  if (kind !== "List" && kind !== "ResourceList") return undefined;
  const items = fieldOf(root, "items");
  if (items === undefined && fieldOf(root, "functionConfig") === undefined) return undefined;
  return items?.content ?? [];
}

/** Documents between lines that begin with `---`; only a comment may follow there. */
function splitDocuments(text: string): string[] {
  if (text === "") return [];
  const documents: string[] = [];
  let start = 0;
  for (const match of text.matchAll(/\n---([^\n]*)\n/g)) {
    const rest = trimSpace(match[1]!);
    if (rest !== "" && !rest.startsWith("#"))
      throw new ResourceError(`invalid document separator: ${trimSpace(match[0])}`);
    documents.push(`${text.slice(start, match.index)}\n`);
    start = match.index + match[0].length;
  }
  documents.push(text.slice(start));
  return documents;
}

/** `kio.StringAll`: resources without kyaml's own annotations, which are taken off them. Throws `ResourceError`. */
export function stringAll(resources: readonly Resource[]): string {
  const isJson = resources.length === 1 && isForJsonFile(resources[0]!.root);
  const written = resources.map((resource) => {
    const { root } = resource;
    const hasWideSequences = sequenceIndent(root) === "wide";
    for (const name of indexAnnotations) clearAnnotation(root, name);
    clearAnnotation(root, sequenceIndentAnnotation);
    clearEmptyAnnotations(root);
    return { ...resource, hasWideSequences };
  });
  if (isJson) return jsonOf(written[0]!);
  return writeEditableDocuments(
    written.map((document) => {
      const bare = bareSequence(document.root);
      return bare === undefined ? document : { ...document, root: bare, headComment: "", footComment: "" };
    }),
  );
}

/** The annotation's value; of several, the last. */
function sequenceIndent(root: EditableNode): string | undefined {
  const metadata = fieldOf(root, "metadata");
  const content = (metadata === undefined ? undefined : fieldOf(metadata, "annotations"))?.content ?? [];
  return content.findLast((_, index) => content[index - 1]?.value === sequenceIndentAnnotation && index % 2 === 1)
    ?.value;
}

/** A single resource that says it comes from a `.json` file is written as JSON. */
function isForJsonFile(root: EditableNode): boolean {
  const annotations = metaOf(root)?.annotations;
  const path = annotations?.get(pathAnnotations[0]!) ?? annotations?.get(pathAnnotations[1]!) ?? "";
  return path !== "" && pathMatch("*.json", path.slice(path.lastIndexOf("/") + 1));
}

function jsonOf(resource: Resource): string {
  try {
    return `${writeJson(readYaml(writeEditableDocuments([resource]), { dialect: "v3" }).value, { indent: "  " })}\n`;
  } catch (error) {
    if (error instanceof YamlError || error instanceof JsonError)
      throw new ResourceError(`json: error calling MarshalJSON for type *yaml.RNode: ${error.message}`);
    throw error;
  }
}

/** What kyaml wraps a bare list in, taken off again. */
function bareSequence(root: EditableNode): EditableNode | undefined {
  const wrapped = root.kind === "mapping" ? lookup(root, "bareSeqNodeWrappingKey") : undefined;
  if (wrapped === undefined || isNull(wrapped)) return undefined;
  return wrapped.kind !== "scalar" && wrapped.kind !== "alias" && wrapped.content.length === 0 ? undefined : wrapped;
}
