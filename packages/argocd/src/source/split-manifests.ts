import type { GoValue } from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import { readYaml, splitYamlDocuments, YamlError } from "@tiphys/source";
import { ArgoError } from "../fault.ts";
import { isMap, kindOf, nested, type Unstructured } from "../unstructured.ts";

/** Objects read before a document that is none. */
export class ManifestError extends ArgoError {
  override readonly name = "ManifestError";
  readonly before: readonly Unstructured[];
  constructor(message: string, before: readonly Unstructured[]) {
    super(message);
    this.before = before;
  }
}

/** One document as an object: undefined for an empty one. Throws `ArgoError`. */
export function asObject(value: GoValue): Unstructured | undefined {
  if (value === null) return undefined;
  if (!isMap(value))
    throw new ArgoError(`json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`);
  if (kindOf(value) === "") throw new ArgoError(`Object 'Kind' is missing in '${encodeJson(value)}'`);
  return value;
}

function jsonKind(value: GoValue): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "string") return "string";
  return typeof value === "boolean" ? "bool" : "number";
}

/** All objects of a YAML or JSON stream, in order. Throws `ManifestError`. Upstream: gitops-engine kube.SplitYAML, splitYAMLOrJSON. */
export function splitManifests(text: string): Unstructured[] {
  const objects: Unstructured[] = [];
  let documents: readonly string[];
  try {
    documents = splitYamlDocuments(text);
  } catch (error) {
    if (error instanceof YamlError) throw new ManifestError(`failed to unmarshal manifest: ${error.message}`, objects);
    throw error;
  }
  for (const document of documents) {
    try {
      const object = asObject(readYaml(document).value);
      if (object !== undefined) objects.push(object);
    } catch (error) {
      if (error instanceof YamlError)
        throw new ManifestError(`failed to unmarshal manifest: ${yamlText(error)}`, objects);
      if (!(error instanceof ArgoError)) throw error;
      throw new ManifestError(
        `failed to unmarshal manifest: error unmarshaling JSON: while decoding JSON: ${error.message}`,
        objects,
      );
    }
  }
  return objects;
}

/** sigs.k8s.io/yaml's prefix, where the reader has not put it. */
function yamlText(error: YamlError): string {
  return error.message.startsWith("error converting YAML to JSON")
    ? error.message
    : `error converting YAML to JSON: ${error.message}`;
}

/** Lists become their items; a list of null vanishes. Throws `ArgoError`. Upstream: GenerateManifests. */
export function openLists(objects: readonly Unstructured[]): Unstructured[] {
  return objects.flatMap((object) => {
    const items = object.get("items");
    if (Array.isArray(items)) {
      return items.map((item) => {
        if (!isMap(item)) throw new ArgoError(`items member is not an object: ${jsonKind(item)}`);
        return item;
      });
    }
    const isNullList = items === null && nested(object, "spec") === undefined && nested(object, "status") === undefined;
    return isNullList ? [] : [object];
  });
}
