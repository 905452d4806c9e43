import { newEditableNode, readEditableDocuments, writeEditableDocuments } from "@tiphys/source";
import type { EditableNode } from "@tiphys/source";

/**
 * Puts `metadata.namespace` into every resource of a manifest that has none, and writes all of it anew with its comments: set_namespace.go of
 * chartify 0.28.2. Throws `YamlError`.
 */
export function setNamespace(text: string, namespace: string): string {
  const documents = readEditableDocuments(text);
  for (const { root } of documents) {
    const metadata = metadataOf(root);
    if (metadata === undefined || hasKey(metadata, "namespace")) continue;
    const scalar = (value: string): EditableNode => newEditableNode("scalar", { tag: "!!str", value });
    metadata.content.push(scalar("namespace"), scalar(namespace));
  }
  return writeEditableDocuments(documents.map((document) => ({ ...document, hasWideSequences: true })));
}

function metadataOf({ kind, content }: EditableNode): EditableNode | undefined {
  if (kind !== "mapping") return undefined;
  const at = content.findIndex(({ value }, index) => index % 2 === 0 && value === "metadata");
  const metadata = at < 0 ? undefined : content[at + 1];
  return metadata?.kind === "mapping" ? metadata : undefined;
}

function hasKey({ content }: EditableNode, key: string): boolean {
  return content.some(({ value }, index) => index % 2 === 0 && value === key);
}
