import { GoMap, type GoValue } from "@tiphys/gotemplate";
import { readYaml, YamlError } from "@tiphys/source";
import { cloneJson } from "../api/json.ts";
import { ArgoError } from "../fault.ts";
import { decodeYamlMaps } from "../template/sigs-yaml.ts";
import type { Generator, GeneratorContext, GeneratorSpec } from "./generator.ts";
import type { ParamSet } from "./param-set.ts";

/** applicationset/generators/list.go. */
export const listGenerator: Generator = {
  name: "list",
  generate({ spec, path }, context) {
    const elements = spec.get("elements");
    const sets: ParamSet[] = Array.isArray(elements)
      ? elements.map((element, index) => ({
          params: elementParams(element, context.goTemplate),
          origins: [context.originOf([...path, "elements", index])],
        }))
      : [];
    return [...sets, ...elementsFromYaml({ spec, path }, context)];
  },
};

function elementParams(element: GoValue, goTemplate: boolean): Map<string, GoValue> {
  if (element === null) return new GoMap("map[string]interface {}", null, true);
  if (!(element instanceof Map)) {
    throw new ArgoError(
      `error unmarshling list element json: cannot unmarshal ${jsonKind(element)} into Go value of type map[string]interface {}`,
    );
  }
  if (goTemplate) return cloneJson(element) as Map<string, GoValue>;
  if (element.size === 0) return new GoMap("map[string]interface {}", null, true);
  return flatParams(element);
}

/** Without goTemplate every parameter is a string, and so is everything below `values`. */
function flatParams(element: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const params = new Map<string, GoValue>();
  for (const [key, value] of element) {
    if (key === "values") {
      if (!(value instanceof Map)) throw new ArgoError("error parsing values map");
      for (const [name, inner] of value) params.set(`values.${name}`, asString(inner));
    } else params.set(key, asString(value));
  }
  return params;
}

function asString(value: GoValue): string {
  // Upstream wraps an error that is nil there.
  if (typeof value !== "string") throw new ArgoError("error parsing value as string %!w(<nil>)");
  return value;
}

function elementsFromYaml({ spec, path }: GeneratorSpec, context: GeneratorContext): ParamSet[] {
  const text = spec.get("elementsYaml");
  if (typeof text !== "string" || text === "") return [];
  try {
    const origin = context.originOf([...path, "elementsYaml"]);
    return decodeYamlMaps(readYaml(text).value).map((params) => ({ params, origins: [origin] }));
  } catch (error) {
    if (error instanceof YamlError) throw new ArgoError(`error unmarshling decoded ElementsYaml ${error.message}`);
    throw error;
  }
}

function jsonKind(value: GoValue): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}
