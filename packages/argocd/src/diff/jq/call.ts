import type { GoValue } from "@tiphys/gotemplate";
import { findQueryFunction, findValueFunction } from "./functions.ts";
import { bindClosure, bindVariable, find, type Closure, type Query, type Results, type Scope } from "./machine.ts";
import type { JqNode } from "./node.ts";
import { findPreludeFunction } from "./prelude.ts";
import { evaluate, resultOf, values } from "./query.ts";
import { JqError } from "./value.ts";

/** The names inside a definition's scope: a function sees itself. */
export function define(node: Extract<JqNode, { type: "define" }>, scope: Scope | undefined): Scope {
  const { name, parameters, body } = node.definition;
  const closure: Closure = { body, parameters, scope: undefined };
  const inner = bindClosure(scope, `${name}/${parameters.length}`, closure);
  // A function sees itself.
  closure.scope = inner;
  return inner;
}

/** The results of a function: one of the program, of the prelude, or a built-in one. Throws `JqError`. */
export function* call(node: Extract<JqNode, { type: "call" }>, query: Query): Results {
  const name = `${node.name}/${node.arguments.length}`;
  const closure = find(query.scope, name)?.closure ?? findPreludeFunction(name);
  const { machine } = query;
  if (closure === undefined) {
    const queryFunction = findQueryFunction(name);
    if (queryFunction !== undefined) {
      yield* queryFunction(node.arguments, query);
      return;
    }
    const valueFunction = findValueFunction(name);
    if (valueFunction === undefined) throw new JqError(`function not defined: ${name}`);
    for (const args of argumentValues(node.arguments, query)) {
      machine.visit(query.input.value);
      machine.visit(args);
      yield resultOf(valueFunction(query.input.value, args, machine), query);
    }
    return;
  }
  machine.enter();
  try {
    yield* enterClosure(closure, node.arguments, 0, { ...query, scope: closure.scope }, query.scope);
  } finally {
    // Also when nobody wants the rest.
    machine.leave();
  }
}

/** Binds the arguments one after the other; a `$name` parameter runs the body once for each value. */
function* enterClosure(
  closure: Closure,
  args: readonly JqNode[],
  at: number,
  query: Query,
  outer: Scope | undefined,
): Results {
  const parameter = closure.parameters[at];
  if (parameter === undefined) {
    yield* evaluate(closure.body, query);
    return;
  }
  const argument = args[at] as JqNode;
  if (!parameter.startsWith("$")) {
    const bound = bindClosure(query.scope, `${parameter}/0`, { body: argument, parameters: [], scope: outer });
    yield* enterClosure(closure, args, at + 1, { ...query, scope: bound }, outer);
    return;
  }
  for (const value of values(argument, { ...query, scope: outer })) {
    const constant = bindClosure(query.scope, `${parameter.slice(1)}/0`, {
      body: argument,
      parameters: [],
      scope: outer,
    });
    yield* enterClosure(closure, args, at + 1, { ...query, scope: bindVariable(constant, parameter, value) }, outer);
  }
}

/** All combinations of the arguments' values; the last argument varies slowest, as in jq. */
function* argumentValues(args: readonly JqNode[], query: Query): Generator<GoValue[], void, void> {
  if (args.length === 0) {
    yield [];
    return;
  }
  for (const last of values(args[args.length - 1] as JqNode, query)) {
    for (const firsts of argumentValues(args.slice(0, -1), query)) yield [...firsts, last];
  }
}
