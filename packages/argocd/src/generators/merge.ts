import type { GoValue } from "@tiphys/gotemplate";
import { marshalJson } from "../api/json.ts";
import { ArgoError, wrapError } from "../fault.ts";
import { nestedSlice } from "../unstructured.ts";
import type { GeneratorContext, GeneratorSpec } from "./generator.ts";
import { mergeOverride } from "./mergo.ts";
import { childParams, childSpec, type GenerateChild } from "./nested.ts";
import { joinOrigins, type ParamSet } from "./param-set.ts";

/**
 * applicationset/generators/merge.go: the sets of the first child, overridden by those of the others that have the same merge keys.
 * Upstream's order is random (it walks a map); here the first child's.
 */
export function mergeParams(
  specification: GeneratorSpec,
  context: GeneratorContext,
  generate: GenerateChild,
): ParamSet[] {
  const written = specification.spec.get("generators");
  const children = Array.isArray(written) ? written : [];
  if (children.length < 2) throw new ArgoError("found less than two generators, Merge requires two or more");
  const sets = children.map((child, index) =>
    setsOfChild(child as Map<string, GoValue>, index, children.length, specification, generate),
  );
  const mergeKeys = nestedSlice(specification.spec, "mergeKeys").map(String);
  const base = byMergeKey(mergeKeys, sets[0]!);
  for (const overrides of sets.slice(1)) {
    const byKey = byMergeKey(mergeKeys, overrides);
    for (const [key, set] of base) {
      const override = byKey.get(key);
      if (!override) continue;
      base.set(key, {
        params: overridden(set.params, override.params, context),
        origins: joinOrigins(set.origins, override.origins),
      });
    }
  }
  return [...base.values()];
}

function setsOfChild(
  child: Map<string, GoValue>,
  index: number,
  count: number,
  { path }: GeneratorSpec,
  generate: GenerateChild,
): ParamSet[] {
  try {
    return childParams(generate, { spec: childSpec(child), path: [...path, "generators", index] });
  } catch (error) {
    throw wrapError(
      `error getting param sets from generators: error getting params from generator ${index + 1} of ${count}`,
      error,
    );
  }
}

function overridden(
  base: Map<string, GoValue>,
  override: Map<string, GoValue>,
  { goTemplate }: GeneratorContext,
): Map<string, GoValue> {
  try {
    if (goTemplate) mergeOverride(base, override);
    else for (const [key, value] of override) base.set(key, value);
    return base;
  } catch (error) {
    throw wrapError("error merging base param set with override param set", error);
  }
}

function byMergeKey(mergeKeys: readonly string[], sets: readonly ParamSet[]): Map<string, ParamSet> {
  if (mergeKeys.length === 0)
    throw new ArgoError(
      "error getting param sets by merge key: no merge keys were specified, Merge requires at least one",
    );
  const result = new Map<string, ParamSet>();
  for (const set of sets) {
    const key = marshalJson(new Map(mergeKeys.map((mergeKey) => [mergeKey, set.params.get(mergeKey) ?? null])));
    if (result.has(key)) {
      throw new ArgoError(
        `error getting param sets by merge key: the parameters from a generator were not unique by the given mergeKeys, Merge requires all param sets to be unique. Duplicate key was ${key}`,
      );
    }
    result.set(key, set);
  }
  return result;
}
