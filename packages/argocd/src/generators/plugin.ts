import { type GoKind, GoMap, GoObject, type GoValue, typedSlice } from "@tiphys/gotemplate";
import { cloneJson, marshalJson } from "../api/json.ts";
import { wrapError } from "../fault.ts";
import { flatten, printValue } from "./flatten.ts";
import type { Generator } from "./generator.ts";
import { appendTemplatedValues } from "./values.ts";

/** applicationset/generators/plugin.go on recorded outputs. */
export const pluginGenerator: Generator = {
  name: "plugin",
  generate({ spec }, context) {
    const { items, origin } = context.fixtures.find("plugin", spec);
    return items.map((output) => {
      const params = context.goTemplate ? (cloneJson(new Map(output)) as Map<string, GoValue>) : flatStrings(output);
      params.set("generator", pluginInput(spec));
      try {
        appendTemplatedValues(spec.get("values"), params, context);
      } catch (error) {
        throw wrapError("error generating params", error);
      }
      return { params, origins: [origin] };
    });
  },
};

function flatStrings(output: Map<string, GoValue>): Map<string, GoValue> {
  return new Map([...flatten(output)].map(([key, value]) => [key, printValue(value)]));
}

function pluginInput(spec: Map<string, GoValue>): Map<string, GoValue> {
  const input = spec.get("input");
  const parameters = input instanceof Map ? input.get("parameters") : undefined;
  const entries = parameters instanceof Map ? [...parameters] : [];
  const typed = new GoMap(
    "v1alpha1.PluginParameters",
    entries.map(([key, value]) => [key, new RawJson(value)]),
  );
  return new Map([["input", new GoMap("map[string]v1alpha1.PluginParameters", [["parameters", typed]])]]);
}

/** apiextensionsv1.JSON as templates see it: a struct with the raw bytes. */
class RawJson extends GoObject {
  override readonly goType = "v1.JSON";
  override readonly goKind: GoKind = "struct";
  readonly value: GoValue;
  constructor(value: GoValue) {
    super();
    this.value = value;
  }
  override goFieldNames(): readonly string[] {
    return ["Raw"];
  }
  override goField(name: string): GoValue | undefined {
    if (name !== "Raw") return undefined;
    const bytes = marshalJson(this.value);
    return typedSlice(
      "[]uint8",
      Array.from(bytes, (character) => BigInt(character.charCodeAt(0))),
    );
  }
}
