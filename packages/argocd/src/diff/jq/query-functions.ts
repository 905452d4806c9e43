import type { GoValue } from "@tiphys/gotemplate";
import { isMap } from "../../unstructured.ts";
import { JqTimeout, type Place, type Query, type QueryFunction, type Results } from "./machine.ts";
import type { JqNode } from "./node.ts";
import { addAll } from "./operators.ts";
import { deletePaths, getPath, updatePath, type JqPath } from "./paths.ts";
import { computed, evaluate, pathsOf, resultOf, values } from "./query.ts";
import { compareValues, isTrue, JqError, jqType, sortedKeys, typeError, type JqType } from "./value.ts";
import { has } from "./value-functions.ts";

const identity: JqNode = { type: "identity" };
const iterateAll: JqNode = { type: "iterate" };

function* select(condition: JqNode, query: Query): Results {
  for (const value of values(condition, query)) if (isTrue(value)) yield query.input;
}

/** Keeps the input when its type is one of these. */
function ofType(...types: readonly JqType[]): QueryFunction {
  return function* (_, query) {
    if (types.includes(jqType(query.input.value))) yield query.input;
  };
}

function* whileHolds(condition: JqNode, step: JqNode, query: Query): Results {
  const until: JqNode = {
    type: "if",
    branches: [{ condition, body: step }],
    otherwise: { type: "call", name: "empty", arguments: [] },
  };
  const kept: JqNode = { type: "call", name: "select", arguments: [condition] };
  yield* evaluate({ type: "pipe", left: { type: "call", name: "recurse", arguments: [until] }, right: kept }, query);
}

/** Levels of `recurse(f)` at once. */
const maxOpen = 10_000;

function* recurseBy(step: JqNode, condition: JqNode | undefined, query: Query): Results {
  const open: Results[] = [(function* () { yield query.input; })()]; // prettier-ignore
  // A stack of our own: `recurse` may go deeper than calls may.
  while (open.length > 0) {
    query.machine.tick();
    const next = (open[open.length - 1] as Results).next();
    if (next.done === true) {
      open.pop();
      continue;
    }
    const place = next.value;
    if (condition !== undefined && open.length > 1 && !holds(condition, { ...query, input: place })) continue;
    yield place;
    if (open.length > maxOpen) throw new JqTimeout("JQ patch execution timed out (1s): recurse goes too deep");
    open.push(evaluate(step, { ...query, input: place }));
  }
}

function within(value: GoValue, list: GoValue[], query: Query): boolean {
  query.machine.visit(list);
  query.machine.visit(value);
  return list.some((other) => compareValues(value, other) === 0);
}

function holds(condition: JqNode, query: Query): boolean {
  for (const value of values(condition, query)) return isTrue(value);
  return false;
}

function isEmpty(node: JqNode, query: Query): boolean {
  for (const _ of values(node, query)) return false;
  return true;
}

function* first(node: JqNode, query: Query): Results {
  for (const place of evaluate(node, query)) {
    yield place;
    return;
  }
}

function* last(node: JqNode, query: Query): Results {
  let found: Place | undefined;
  for (const place of evaluate(node, query)) found = place;
  if (found !== undefined) yield computed(found.value);
}

function* limit(node: JqNode, count: GoValue, query: Query): Results {
  if (typeof count !== "number" || count < 0) throw new JqError("limit doesn't support negative count");
  if (count === 0) return;
  let left = count;
  for (const place of evaluate(node, query)) {
    yield place;
    if (--left <= 0) return;
  }
}

function* skip(node: JqNode, count: GoValue, query: Query): Results {
  if (typeof count !== "number" || count < 0) throw new JqError("skip doesn't support negative count");
  let left = count;
  for (const place of evaluate(node, query)) if (left-- <= 0) yield place;
}

function all(node: JqNode, condition: JqNode, query: Query, wanted: boolean): boolean {
  for (const { value } of evaluate(node, { ...query, tracks: false })) {
    for (const verdict of values(condition, { ...query, input: computed(value) }))
      if (isTrue(verdict) !== wanted) return !wanted;
  }
  return wanted;
}

function listOf(value: GoValue): readonly GoValue[] {
  if (Array.isArray(value)) return value;
  if (isMap(value)) return sortedKeys(value).map((key) => value.get(key) as GoValue);
  throw typeError("cannot iterate over", value);
}

/** The items of an array with what `by` makes of each. */
function keyed(by: JqNode, query: Query): { item: GoValue; key: GoValue[] }[] {
  const { value } = query.input;
  if (!Array.isArray(value)) throw typeError("expected an array but got", value);
  query.machine.visit(value);
  return value.map((item) => ({ item, key: [...values(by, { ...query, input: computed(item) })] }));
}

function sortedBy(by: JqNode, query: Query): { item: GoValue; key: GoValue[] }[] {
  return keyed(by, query).sort((a, b) => compareValues(a.key, b.key));
}

function groupsBy(by: JqNode, query: Query): GoValue[][] {
  const groups: { key: GoValue[]; items: GoValue[] }[] = [];
  for (const { item, key } of sortedBy(by, query)) {
    const group = groups[groups.length - 1];
    if (group !== undefined && compareValues(group.key, key) === 0) group.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.map(({ items }) => items);
}

function extremeBy(by: JqNode, query: Query, sign: 1 | -1): GoValue {
  let best: { item: GoValue; key: GoValue[] } | undefined;
  for (const one of keyed(by, query)) {
    const order = best === undefined ? 1 : compareValues(one.key, best.key) * sign;
    if (order > 0 || (order === 0 && sign > 0)) best = one;
  }
  return best?.item ?? null;
}

function walk(node: JqNode, value: GoValue, query: Query): GoValue {
  query.machine.enter();
  let inner = value;
  if (Array.isArray(value)) inner = value.map((item) => walk(node, item, query));
  else if (isMap(value)) inner = new Map([...value].map(([key, item]) => [key, walk(node, item, query)]));
  query.machine.leave();
  for (const result of values(node, { ...query, input: computed(inner) })) return result;
  return null;
}

function pick(node: JqNode, query: Query): GoValue {
  let out: GoValue = null;
  for (const path of pathsOf(node, query)) {
    query.machine.visit(out);
    out = updatePath(out, path, () => getPath(query.input.value, path));
  }
  return out;
}

function mapValues(node: JqNode, query: Query): GoValue {
  const { value } = query.input;
  const change = (item: GoValue): GoValue[] => {
    for (const result of values(node, { ...query, input: computed(item) })) return [result];
    return [];
  };
  if (Array.isArray(value)) return value.flatMap(change);
  if (!isMap(value)) throw typeError("cannot iterate over", value);
  return new Map(
    sortedKeys(value).flatMap((key) => change(value.get(key) as GoValue).map((item): [string, GoValue] => [key, item])),
  );
}

/** A query function whose one result is a new value. */
function single(run: (args: readonly JqNode[], query: Query) => GoValue): QueryFunction {
  return function* (args, query) {
    yield resultOf(run(args, query), query);
  };
}

const node = (args: readonly JqNode[], at: number): JqNode => args[at] as JqNode;

function* range(from: GoValue, to: GoValue, step: GoValue, query: Query): Results {
  if (typeof from !== "number" || typeof to !== "number" || typeof step !== "number")
    throw new JqError("range cannot be applied to: null");
  if (step === 0 && from < to)
    for (;;) {
      query.machine.tick();
      yield computed(from);
    }
  for (let at = from; step > 0 ? at < to : at > to; at += step) {
    query.machine.tick();
    yield computed(at);
  }
}

const index = (key: GoValue): JqNode => ({ type: "index", key: { type: "literal", value: key as number } });

/** By `name/arity`. */
export const queryFunctions: ReadonlyMap<string, QueryFunction> = new Map<string, QueryFunction>([
  ["empty/0", function* () {}],
  ["select/1", (args, query) => select(node(args, 0), query)],
  ["recurse/0", (_, query) => evaluate({ type: "recurse" }, query)],
  ["recurse/1", (args, query) => recurseBy(node(args, 0), undefined, query)],
  ["recurse/2", (args, query) => recurseBy(node(args, 0), node(args, 1), query)],
  ["first/0", (_, query) => evaluate(index(0), query)],
  ["first/1", (args, query) => first(node(args, 0), query)],
  ["last/0", (_, query) => evaluate(index(-1), query)],
  ["last/1", (args, query) => last(node(args, 0), query)],
  ["limit/2", function* (args, query) { for (const count of values(node(args, 0), query)) yield* limit(node(args, 1), count, query); }], // prettier-ignore
  ["skip/2", function* (args, query) { for (const count of values(node(args, 0), query)) yield* skip(node(args, 1), count, query); }], // prettier-ignore
  ["nth/1", (args, query) => evaluate({ type: "index", key: node(args, 0) }, query)],
  ["nth/2", function* (args, query) {
    for (const at of values(node(args, 0), query)) for (const place of skip(node(args, 1), at, query)) { yield place; break; }
  }], // prettier-ignore
  ["until/2", function* (args, query) {
    let input = query.input;
    while (!holds(node(args, 0), { ...query, input })) {
      query.machine.tick();
      let next: Place | undefined;
      for (next of first(node(args, 1), { ...query, input }));
      if (next === undefined) return;
      input = next;
    }
    yield input;
  }], // prettier-ignore
  ["while/2", (args, query) => whileHolds(node(args, 0), node(args, 1), query)],
  ["repeat/1", function* (args, query) { for (;;) yield* evaluate(node(args, 0), query); }], // prettier-ignore
  ["range/1", function* (args, query) { for (const to of values(node(args, 0), query)) yield* range(0, to, 1, query); }], // prettier-ignore
  ["range/2", function* (args, query) {
    for (const from of values(node(args, 0), query)) for (const to of values(node(args, 1), query)) yield* range(from, to, 1, query);
  }], // prettier-ignore
  ["range/3", function* (args, query) {
    for (const from of values(node(args, 0), query))
      for (const to of values(node(args, 1), query)) for (const step of values(node(args, 2), query)) yield* range(from, to, step, query);
  }], // prettier-ignore
  ["isempty/1", single((args, query) => isEmpty(node(args, 0), query))],
  ["all/0", single((_, query) => all(iterateAll, identity, query, true))],
  ["all/1", single((args, query) => all(iterateAll, node(args, 0), query, true))],
  ["all/2", single((args, query) => all(node(args, 0), node(args, 1), query, true))],
  ["any/0", single((_, query) => all(iterateAll, identity, query, false))],
  ["any/1", single((args, query) => all(iterateAll, node(args, 0), query, false))],
  ["any/2", single((args, query) => all(node(args, 0), node(args, 1), query, false))],
  ["IN/1", single((args, query) => within(query.input.value, [...values(node(args, 0), query)], query))],
  ["IN/2", single((args, query) => {
    const wanted = [...values(node(args, 1), query)];
    return [...values(node(args, 0), query)].some((value) => within(value, wanted, query));
  })], // prettier-ignore
  ["in/1", function* (args, query) {
    for (const object of values(node(args, 0), query)) yield computed(has(object, query.input.value));
  }], // prettier-ignore
  [
    "map/1",
    single((args, query) =>
      listOf(query.input.value).flatMap((item) => [...values(node(args, 0), { ...query, input: computed(item) })]),
    ),
  ],
  ["map_values/1", single((args, query) => mapValues(node(args, 0), query))],
  ["add/1", single((args, query) => addAll([...values(node(args, 0), query)], query.machine))],
  ["path/1", function* (args, query) { for (const path of pathsOf(node(args, 0), query)) yield computed([...path]); }], // prettier-ignore
  ["paths/0", function* (_, query) { for (const path of pathsOf({ type: "recurse" }, query)) if (path.length > 0) yield computed([...path]); }], // prettier-ignore
  ["paths/1", function* (args, query) {
    const chosen: JqNode = { type: "pipe", left: { type: "recurse" }, right: { type: "call", name: "select", arguments: [node(args, 0)] } };
    for (const path of pathsOf(chosen, query)) if (path.length > 0) yield computed([...path]);
  }], // prettier-ignore
  [
    "del/1",
    single((args, query) => {
      const { input, machine } = query;
      const paths: JqPath[] = [];
      for (const path of pathsOf(node(args, 0), query)) {
        machine.visit(input.value);
        paths.push(path);
      }
      return deletePaths(input.value, paths);
    }),
  ],
  ["pick/1", single((args, query) => pick(node(args, 0), query))],
  ["getpath/1", function* (args, query) {
    for (const path of values(node(args, 0), query)) {
      if (!Array.isArray(path)) throw typeError("expected an array but got", path);
      const from: JqPath | undefined = query.input.path;
      query.machine.build(path.length);
      yield { value: getPath(query.input.value, path), path: from === undefined ? undefined : [...from, ...path] };
    }
  }], // prettier-ignore
  ["with_entries/1", function* (args, query) {
    const program: JqNode = {
      type: "pipe",
      left: { type: "call", name: "to_entries", arguments: [] },
      right: { type: "pipe", left: { type: "call", name: "map", arguments: [node(args, 0)] }, right: { type: "call", name: "from_entries", arguments: [] } },
    };
    yield* evaluate(program, { ...query, tracks: false });
  }], // prettier-ignore
  ["walk/1", single((args, query) => walk(node(args, 0), query.input.value, query))],
  ["sort_by/1", single((args, query) => sortedBy(node(args, 0), query).map(({ item }) => item))],
  ["group_by/1", single((args, query) => groupsBy(node(args, 0), query))],
  ["unique_by/1", single((args, query) => groupsBy(node(args, 0), query).map((group) => group[0] as GoValue))],
  ["min_by/1", single((args, query) => extremeBy(node(args, 0), query, -1))],
  ["max_by/1", single((args, query) => extremeBy(node(args, 0), query, 1))],
  ["arrays/0", ofType("array")],
  ["objects/0", ofType("object")],
  ["iterables/0", ofType("array", "object")],
  ["booleans/0", ofType("boolean")],
  ["numbers/0", ofType("number")],
  ["strings/0", ofType("string")],
  ["nulls/0", ofType("null")],
  ["values/0", ofType("boolean", "number", "string", "array", "object")],
  ["scalars/0", ofType("null", "boolean", "number", "string")],
]);
