import { GoMap, type GoValue, nilSlice } from "@tiphys/gotemplate";
import { YamlError } from "@tiphys/source";

/** What sigs.k8s.io/yaml.Unmarshal leaves in a `map[string]any`. Throws `YamlError` with encoding/json's text. */
export function decodeYamlMap(value: GoValue): Map<string, GoValue> {
  if (value === null) return new GoMap("map[string]interface {}", null, true);
  if (value instanceof Map) return value;
  throw mismatch(value, "Go value of type map[string]interface {}");
}

/** What sigs.k8s.io/yaml.Unmarshal leaves in a `[]any`. */
export function decodeYamlList(value: GoValue): GoValue[] {
  if (value === null) return nilSlice();
  if (Array.isArray(value)) return value;
  throw mismatch(value, "Go value of type []interface {}");
}

/** What sigs.k8s.io/yaml.Unmarshal leaves in a `[]map[string]any`; a null item is a nil map. */
export function decodeYamlMaps(value: GoValue): Map<string, GoValue>[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw mismatch(value, "Go value of type []map[string]interface {}");
  return value.map((item, index) => {
    if (item === null || item instanceof Map) return decodeYamlMap(item);
    throw mismatch(item, `.${index} of type map[string]interface {}`);
  });
}

function mismatch(value: GoValue, into: string): YamlError {
  const kind = Array.isArray(value)
    ? "array"
    : value instanceof Map
      ? "object"
      : typeof value === "boolean"
        ? "bool"
        : typeof value === "string"
          ? "string"
          : "number";
  return new YamlError(`error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into ${into}`);
}
