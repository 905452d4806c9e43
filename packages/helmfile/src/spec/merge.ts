import { mergeValues } from "../values/mergo.ts";
import type { GoValue } from "@tiphys/gotemplate";
import { isZero } from "./schema.ts";
import type { GoType, Pointer, Struct, StructSchema } from "./schema.ts";

export interface MergeOptions {
  /** `mergo.WithOverride`: what is not empty in the source wins. */
  readonly override: boolean;
  /** `mergo.WithAppendSlice`: lists grow instead of being replaced. */
  readonly appendSlice: boolean;
}

/**
 * dario.cat/mergo 1.0 `Merge` of two structs: writes `source` into `target`. Empty values of the source never count, so
 * `wait: false` overrides nothing. A pointer that the target lacks is taken over as it is, and a later merge writes
 * through it: that is how a release changes the template that it inherits from.
 */
export function mergeStructs(schema: StructSchema, target: Struct, source: Struct, options: MergeOptions): void {
  for (const { key, field } of schema.list) {
    const value = source[key];
    // Nil, an empty text, zero and false never count; there are no fields of type `any`.
    if (value === undefined || value === "" || value === 0 || value === false) continue;
    target[key] = mergeField(field.type, target[key], value, options);
  }
}

function mergeField(type: GoType, target: unknown, source: unknown, options: MergeOptions): unknown {
  switch (type.kind) {
    case "struct":
      mergeStructs(type.schema, target as Struct, source as Struct, options);
      return target;
    case "pointer": {
      const from = source as Pointer<unknown> | undefined;
      const into = target as Pointer<unknown> | undefined;
      if (from === undefined) return into;
      if (into === undefined) return from;
      into.value = mergeField(type.to, into.value, from.value, options);
      return into;
    }
    case "slice":
      return mergeSlice(target as unknown[] | undefined, source as unknown[] | undefined, options);
    case "map":
      return mergeMap(
        type.of,
        target as Map<string, unknown> | undefined,
        source as Map<string, unknown> | undefined,
        options,
      );
    default: {
      const takes = (isZero(type, target) || options.override) && !isZero(type, source);
      return takes ? source : target;
    }
  }
}

function mergeSlice(
  target: unknown[] | undefined,
  source: unknown[] | undefined,
  options: MergeOptions,
): unknown[] | undefined {
  if (options.appendSlice) return source === undefined || source.length === 0 ? target : [...(target ?? []), ...source];
  const isEmpty = source === undefined || source.length === 0;
  return !isEmpty && (options.override || target === undefined || target.length === 0) ? source : target;
}

/** Maps with string keys; struct elements are taken whole, because mergo cannot write into a map's element. */
function mergeMap(
  of: GoType,
  target: Map<string, unknown> | undefined,
  source: Map<string, unknown> | undefined,
  options: MergeOptions,
): Map<string, unknown> | undefined {
  if (source === undefined) return target;
  if (of.kind === "any") {
    const into = (target ?? new Map()) as Map<string, GoValue>;
    mergeValues(into, source as Map<string, GoValue>);
    return into;
  }
  const into = target ?? new Map<string, unknown>();
  for (const [key, value] of source) {
    if (options.override || !into.has(key) || isZero(of, into.get(key))) into.set(key, value);
  }
  return into;
}
