import type { GoValue } from "@tiphys/gotemplate";
import { wrapError } from "../fault.ts";
import type { GeneratorContext } from "./generator.ts";
import { stringMap } from "./param-set.ts";

/**
 * A generator's `values`, each resolved against the parameters alone, never against each other
 * (applicationset/generators/value_interpolation.go). With goTemplate they replace a parameter `values`.
 */
export function appendTemplatedValues(
  values: GoValue | undefined,
  params: Map<string, GoValue>,
  { goTemplate, replacer }: Pick<GeneratorContext, "goTemplate" | "replacer">,
): void {
  if (!(values instanceof Map) || values.size === 0) return;
  const resolved: [string, string][] = [];
  for (const key of [...values.keys()].sort()) {
    try {
      resolved.push([key, replacer.replace(String(values.get(key)), params)]);
    } catch (error) {
      throw wrapError(
        "failed to replace templated string: failed to replace templated string with rendered values",
        error,
      );
    }
  }
  if (goTemplate) params.set("values", stringMap(resolved));
  else for (const [key, value] of resolved) params.set(`values.${key}`, value);
}
