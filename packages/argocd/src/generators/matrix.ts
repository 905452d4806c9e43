import { GoMap, type GoValue, sliceTypeOf } from "@tiphys/gotemplate";
import { marshalJson } from "../api/json.ts";
import { ArgoError, wrapError } from "../fault.ts";
import { printValue } from "./flatten.ts";
import type { GeneratorContext, GeneratorSpec } from "./generator.ts";
import { mergeOverride } from "./mergo.ts";
import { childParams, childSpec, type GenerateChild } from "./nested.ts";
import { assertParamSets, joinOrigins, type ParamSet } from "./param-set.ts";

/**
 * applicationset/generators/matrix.go: every set of the first child with every set of the second, which is generated again
 * for each set of the first unless its specification holds no `{{`.
 */
export function matrixParams(
  { spec, path }: GeneratorSpec,
  context: GeneratorContext,
  generate: GenerateChild,
): ParamSet[] {
  const written = spec.get("generators");
  const children = Array.isArray(written) ? written : [];
  if (children.length < 2) throw new ArgoError("found less than two generators, Matrix support only two");
  if (children.length > 2) throw new ArgoError("found more than two generators, Matrix support only two");
  const child = (index: number): GeneratorSpec => ({
    spec: childSpec(children[index]! as Map<string, GoValue>, "error retrieving merge generator: "),
    path: [...path, "generators", index],
  });
  const outer = firstParams(child, generate);
  if (outer.length === 0) return [];
  const second = secondChild(child);
  const isReusable = second !== undefined && !marshalJson(second.spec).includes("{{");
  const sets: ParamSet[] = [];
  let inner: readonly ParamSet[] | undefined;
  for (const a of outer) {
    if (!isReusable || inner === undefined) inner = secondParams(() => second ?? child(1), a.params, generate);
    assertParamSets(isReusable ? outer.length * inner.length : sets.length + inner.length);
    for (const b of inner) {
      const params = context.goTemplate ? mergeParams(a.params, b.params) : combineStrings(a.params, b.params);
      sets.push({ params, origins: joinOrigins(a.origins, b.origins) });
    }
  }
  return sets;
}

function firstParams(child: (index: number) => GeneratorSpec, generate: GenerateChild): ParamSet[] {
  try {
    return childParams(generate, child(0));
  } catch (error) {
    throw wrapError("error failed to get params for first generator in matrix generator", error);
  }
}

/** The second child's specification; undefined when it cannot be read, which is reported when it is needed. */
function secondChild(child: (index: number) => GeneratorSpec): GeneratorSpec | undefined {
  try {
    return child(1);
  } catch {
    return undefined;
  }
}

function secondParams(child: () => GeneratorSpec, outer: Map<string, GoValue>, generate: GenerateChild): ParamSet[] {
  try {
    return childParams(generate, child(), outer);
  } catch (error) {
    throw wrapError("failed to get params for second generator in the matrix generator", error);
  }
}

/** The first child wins; a fresh copy of the second's maps, since merging writes into them. */
function mergeParams(a: Map<string, GoValue>, b: Map<string, GoValue>): Map<string, GoValue> {
  const merged = new Map<string, GoValue>();
  mergeOverride(merged, cloneParams(b) as Map<string, GoValue>);
  mergeOverride(merged, a);
  return merged;
}

/** matrix.go, deepCopyParams: maps and plain lists are copied, typed ones keep their type. */
export function cloneParams(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.constructor === Array && !hasType(value) ? value.map(cloneParams) : value;
  if (!(value instanceof Map)) return value;
  const copy = emptyLike(value);
  for (const [key, item] of value) copy.set(key, cloneParams(item));
  return copy;
}

function hasType(slice: GoValue[]): boolean {
  return sliceTypeOf(slice) !== "[]interface {}";
}

function emptyLike(map: Map<string, GoValue>): Map<string, GoValue> {
  return map instanceof GoMap ? new GoMap(map.goType, null, map.isNil) : new Map();
}

/** applicationset/utils/map.go: everything becomes a string, and the same key must have the same one. */
function combineStrings(a: Map<string, GoValue>, b: Map<string, GoValue>): Map<string, GoValue> {
  const combined = new Map<string, GoValue>();
  for (const [key, value] of a) combined.set(key, printValue(value));
  for (const key of [...b.keys()].sort()) {
    const value = printValue(b.get(key)!);
    const current = combined.get(key);
    if (current !== undefined && current !== value) {
      throw new ArgoError(
        `failed to combine string maps with merging params for the matrix generator: found duplicate key ${key} with different value, a: ${printValue(current)} ,b: ${value}`,
      );
    }
    combined.set(key, value);
  }
  return combined;
}
