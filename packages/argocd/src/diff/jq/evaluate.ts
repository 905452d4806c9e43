import type { GoValue } from "@tiphys/gotemplate";
import { isMap } from "../../unstructured.ts";
import { call, define } from "./call.ts";
import { alternative, attempt, bind, choose, foreach, labelled, reduce } from "./control.ts";
import { formatText } from "./format.ts";
import { find, JqBreak, type Machine, type Place, type Query, type Results } from "./machine.ts";
import type { BinaryOperator, JqNode } from "./node.ts";
import { applyOperator } from "./operators.ts";
import { deletePaths, indexValue, sliceCost, sliceValue, updatePath, type JqPath } from "./paths.ts";
import { below, computed, pathsOf, resultOf, values } from "./query.ts";
import { JqError, isTrue, sortedKeys, toJson, typeError } from "./value.ts";

/** All results of a query, in order. Throws `JqError`, `JqTimeout`, `JqBreak`. */
export function* evaluate(node: JqNode, query: Query): Results {
  const { input, machine } = query;
  machine.tick();
  switch (node.type) {
    case "identity":
      yield input;
      return;
    case "recurse":
      yield* recurse(input, query);
      return;
    case "literal":
      yield resultOf(node.value, query);
      return;
    case "string":
      yield* interpolate(node.parts, node.format, query);
      return;
    case "format":
      machine.visit(input.value);
      yield resultOf(formatText(node.name, input.value), query);
      return;
    case "suffix":
      for (const place of evaluate(node.term, query)) yield* applySuffix(node.suffix, place, query);
      return;
    case "index":
    case "slice":
    case "iterate":
      yield* applySuffix(node, input, query);
      return;
    case "pipe":
      for (const place of evaluate(node.left, query)) yield* evaluate(node.right, { ...query, input: place });
      return;
    case "comma":
      yield* evaluate(node.left, query);
      yield* evaluate(node.right, query);
      return;
    case "variable":
      yield computed(variableValue(node.name, query));
      return;
    case "call":
      yield* call(node, query);
      return;
    case "define":
      yield* evaluate(node.body, { ...query, scope: define(node, query.scope) });
      return;
    case "bind":
      yield* bind(node, query);
      return;
    case "if":
      yield* choose(node, 0, query);
      return;
    case "try":
      yield* attempt(node, query);
      return;
    case "alternative":
      yield* alternative(node.left, node.right, query);
      return;
    case "reduce":
      yield* reduce(node, query);
      return;
    case "foreach":
      yield* foreach(node, query);
      return;
    case "label":
      yield* labelled(node, query);
      return;
    case "break": {
      const label = find(query.scope, `*${node.name}`)?.label;
      throw label === undefined ? new JqError(`label not defined: ${node.name}`) : new JqBreak(label);
    }
    case "update":
      yield* update(node, query);
      return;
    default:
      for (const value of compute(node, query)) yield computed(value);
  }
}

/** Nodes whose results are always new values. */
function* compute(node: JqNode, query: Query): Generator<GoValue, void, void> {
  switch (node.type) {
    case "and":
    case "or":
      for (const left of values(node.left, query)) {
        if (isTrue(left) === (node.type === "or")) yield node.type === "or";
        else for (const right of values(node.right, query)) yield isTrue(right);
      }
      return;
    case "binary":
      for (const right of values(node.right, query))
        for (const left of values(node.left, query)) yield operate(node.operator, left, right, query.machine);
      return;
    case "negate":
      for (const value of values(node.body as JqNode, query)) {
        if (typeof value !== "number") throw typeError("cannot negate", value);
        yield -value;
      }
      return;
    case "array": {
      const items: GoValue[] = [];
      if (node.body !== undefined) for (const value of values(node.body, query)) items.push(value);
      yield items;
      return;
    }
    case "object":
      yield* buildObject(node.entries, 0, new Map(), query);
      return;
    default:
      throw new Error(`no such jq node: ${node.type}`);
  }
}

function* recurse(place: Place, query: Query): Results {
  query.machine.tick();
  yield place;
  const { value } = place;
  if (!Array.isArray(value) && !isMap(value)) return;
  query.machine.enter();
  for (const inner of iterate(place, query)) yield* recurse(inner, query);
  query.machine.leave();
}

function* iterate(place: Place, query: Query): Results {
  const { value } = place;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) yield below(query, place, value[index] as GoValue, index);
  } else if (isMap(value)) {
    for (const key of sortedKeys(value)) yield below(query, place, value.get(key) as GoValue, key);
  } else {
    throw typeError("cannot iterate over", value);
  }
}

/** Index, slice or iteration of `place`; queries inside the brackets see the input of the whole term. */
function* applySuffix(suffix: JqNode, place: Place, query: Query): Results {
  query.machine.tick();
  if (suffix.type === "iterate") {
    yield* iterate(place, query);
  } else if (suffix.type === "index") {
    for (const key of values(suffix.key, query)) yield below(query, place, indexValue(place.value, key), key);
  } else if (suffix.type === "slice") {
    for (const to of suffix.to === undefined ? [null] : values(suffix.to, query)) {
      for (const from of suffix.from === undefined ? [null] : values(suffix.from, query)) {
        const key = new Map<string, GoValue>([
          ["start", from],
          ["end", to],
        ]);
        if (typeof place.value === "string") query.machine.tick(sliceCost(place.value));
        yield below(query, place, sliceValue(place.value, from, to), key);
      }
    }
  }
}

function* interpolate(
  parts: readonly (string | JqNode)[],
  format: string | undefined,
  query: Query,
  from = 0,
): Results {
  const part = parts[from];
  if (part === undefined) {
    yield computed("");
    return;
  }
  for (const { value: rest } of interpolate(parts, format, query, from + 1)) {
    if (typeof part === "string") yield computed(part + (rest as string));
    else {
      for (const value of values(part, query)) {
        query.machine.visit(value);
        const text = format === undefined ? textOf(value) : formatText(format, value);
        query.machine.build((rest as string).length / 8);
        yield computed(text + (rest as string));
      }
    }
  }
}

function textOf(value: GoValue): string {
  return typeof value === "string" ? value : toJson(value);
}

function variableValue(name: string, query: Query): GoValue {
  if (name === "$ENV") return new Map();
  const found = find(query.scope, name);
  if (found?.value === undefined) throw new JqError(`variable not defined: ${name}`);
  return found.value;
}

function* update(node: Extract<JqNode, { type: "update" }>, query: Query): Results {
  const { value } = query.input;
  if (node.operator === "|=") {
    let out = value;
    const deleted: JqPath[] = [];
    for (const path of pathsOf(node.left, query)) {
      query.machine.tick();
      query.machine.visit(out);
      out = updatePath(out, path, (inner) => {
        for (const first of values(node.right, { ...query, input: computed(inner) })) return first;
        deleted.push(path);
        return inner;
      });
    }
    yield computed(deletePaths(out, deleted));
    return;
  }
  for (const right of values(node.right, query)) {
    let out = value;
    for (const path of pathsOf(node.left, query)) {
      query.machine.tick();
      query.machine.visit(out);
      out = updatePath(out, path, (inner) => assigned(node.operator, inner, right, query.machine));
    }
    yield computed(out);
  }
}

function operate(operator: BinaryOperator, left: GoValue, right: GoValue, machine: Machine): GoValue {
  machine.visit(left);
  machine.visit(right);
  if (operator === "-" && Array.isArray(left) && Array.isArray(right)) machine.build(left.length * right.length);
  const value = applyOperator(operator, left, right);
  // A text that is repeated may be larger than both.
  if (typeof value === "string") machine.visit(value);
  return value;
}

function assigned(operator: string, before: GoValue, right: GoValue, machine: Machine): GoValue {
  if (operator === "=") return right;
  if (operator === "//=") return isTrue(before) ? before : right;
  return operate(operator.slice(0, -1) as BinaryOperator, before, right, machine);
}

function* buildObject(
  entries: Extract<JqNode, { type: "object" }>["entries"],
  at: number,
  object: Map<string, GoValue>,
  query: Query,
): Generator<GoValue, void, void> {
  const entry = entries[at];
  if (entry === undefined) {
    yield object;
    return;
  }
  for (const key of values(entry.key, query)) {
    if (typeof key !== "string") throw typeError("expected a string for object key but got", key);
    const all = entry.value === undefined ? [indexValue(query.input.value, key)] : values(entry.value, query);
    for (const value of all) {
      query.machine.build(object.size);
      yield* buildObject(entries, at + 1, new Map(object).set(key, value), query);
    }
  }
}
