import type { GoValue } from "@tiphys/gotemplate";
import type { Place, Query, Results } from "./machine.ts";
import type { JqNode } from "./node.ts";
import type { JqPath } from "./paths.ts";
import { JqError, jqType } from "./value.ts";

/** A value that stands nowhere in the input. */
export function computed(value: GoValue): Place {
  return { value, path: undefined };
}

/** A computed value. One that is the input itself stands where the input does, as in gojq. */
export function resultOf(value: GoValue, query: Query): Place {
  return query.tracks && value === query.input.value ? query.input : computed(value);
}

/** The place below `from`; a value that stands nowhere has no places in it. */
export function below(query: Query, from: Place, value: GoValue, key: GoValue): Place {
  if (!query.tracks) return computed(value);
  if (from.path === undefined) throw new JqError(`invalid path against: ${jqType(from.value)}`);
  query.machine.build(from.path.length);
  return { value, path: [...from.path, key] };
}

/** All results of a query, in order. Throws `JqError`, `JqTimeout`, `JqBreak`. */
export function evaluate(node: JqNode, query: Query): Results {
  return query.machine.evaluate(node, query);
}

/** The values of a query, without places. */
export function* values(node: JqNode, query: Query): Generator<GoValue, void, void> {
  for (const { value } of evaluate(node, query.tracks ? { ...query, tracks: false } : query)) yield value;
}

/** The places that a query names. Throws `JqError` for results that stand nowhere. */
export function* pathsOf(node: JqNode, query: Query): Generator<JqPath, void, void> {
  const input: Place = { value: query.input.value, path: [] };
  for (const { path, value } of evaluate(node, { ...query, input, tracks: true })) {
    if (path === undefined) throw new JqError(`invalid path: ${jqType(value)}`);
    yield path;
  }
}
