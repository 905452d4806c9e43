import { FunctionError, type GoValue } from "@tiphys/gotemplate";
import { decodeJsonAt, encodeJson, JsonSyntaxError } from "@tiphys/gotemplate/sprig";
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

/** One document as an object: undefined for an empty one. `source` is the JSON that it was read from, for messages. Throws `ArgoError`. */
export function asObject(value: GoValue, source?: string): Unstructured | undefined {
  if (value === null) return undefined;
  if (!isMap(value))
    throw new ArgoError(`json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`);
  if (kindOf(value) === "") throw new ArgoError(`Object 'Kind' is missing in '${source ?? encodeJson(value)}'`);
  return value;
}

function jsonKind(value: GoValue): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "string") return "string";
  return typeof value === "boolean" ? "bool" : "number";
}

/** Go looks at no more than this to tell JSON from YAML. */
const guessedBytes = 4096;

/**
 * All objects of a YAML or JSON stream, in order. A stream that begins with a brace is read as JSON until that fails, then as
 * YAML; when both fail, JSON's error counts. Throws `ManifestError`.
 * Upstream: splitYAMLOrJSON, apimachinery v0.37 pkg/util/yaml/decoder.go YAMLOrJSONDecoder.
 */
export function splitManifests(text: string): Unstructured[] {
  const objects: Unstructured[] = [];
  if (!/^\s*\{/.test(text.slice(0, guessedBytes))) return readYamlObjects(text, objects);
  let consumed = 0;
  for (let count = 0; ; count++) {
    try {
      const decoded = decodeJsonAt(text, consumed);
      if (decoded === undefined) return objects;
      const object = asObject(decoded.value, text.slice(consumed, decoded.end).trimStart());
      if (object !== undefined) objects.push(object);
      consumed = decoded.end;
    } catch (error) {
      if (!(error instanceof FunctionError) && !(error instanceof ArgoError)) throw error;
      // A second object in JSON makes it JSON for good.
      if (count > 1) throw new ManifestError(`failed to unmarshal manifest: ${error.message}`, objects);
      return readYamlObjects(text.slice(consumed).replace(/^[^\S\n]*\n?/, ""), objects, error);
    }
  }
}

/** YAML documents behind the objects read so far; `jsonError` counts when the first one is no object either. */
function readYamlObjects(text: string, objects: Unstructured[], jsonError?: Error): Unstructured[] {
  let documents: readonly string[];
  let firstError = jsonError;
  const fail = (message: string): ManifestError =>
    new ManifestError(
      `failed to unmarshal manifest: ${firstError === undefined ? message : jsonText(firstError)}`,
      objects,
    );
  try {
    documents = splitYamlDocuments(text);
  } catch (error) {
    if (error instanceof YamlError) throw fail(error.message);
    throw error;
  }
  for (const document of documents) {
    try {
      const object = asObject(readYaml(document).value);
      if (object !== undefined) objects.push(object);
    } catch (error) {
      if (error instanceof YamlError) throw fail(yamlText(error));
      if (!(error instanceof ArgoError)) throw error;
      throw fail(`error unmarshaling JSON: while decoding JSON: ${error.message}`);
    }
    firstError = undefined;
  }
  return objects;
}

function jsonText(error: Error): string {
  return error instanceof JsonSyntaxError ? `json: offset ${error.offset}: ${error.message}` : error.message;
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
