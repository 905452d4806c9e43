import { destructure } from "./destructure.ts";
import { bindVariable, JqBreak, type Place, type Query, type Results, type Scope } from "./machine.ts";
import { patternNames, type JqNode, type JqPattern } from "./node.ts";
import { computed, evaluate, resultOf, values } from "./query.ts";
import { isTrue, JqError } from "./value.ts";

/** `source as pattern | body`, with alternatives `?//`. */
export function* bind(node: Extract<JqNode, { type: "bind" }>, query: Query): Results {
  const all = node.patterns.flatMap(patternNames);
  for (const value of values(node.source, query)) {
    for (let at = 0; at < node.patterns.length; at++) {
      // With alternatives every variable of all patterns is there, null where a pattern lacks it.
      const start =
        node.patterns.length > 1
          ? all.reduce((scope, name) => bindVariable(scope, name, null), query.scope)
          : query.scope;
      try {
        for (const scope of destructure(node.patterns[at] as JqPattern, value, { ...query, scope: start })) {
          yield* evaluate(node.body, { ...query, scope });
        }
        break;
      } catch (error) {
        if (!(error instanceof JqError) || at === node.patterns.length - 1) throw error;
      }
    }
  }
}

/** `if`, from branch `at` on. */
export function* choose(node: Extract<JqNode, { type: "if" }>, at: number, query: Query): Results {
  const branch = node.branches[at];
  if (branch === undefined) {
    if (node.otherwise === undefined) yield query.input;
    else yield* evaluate(node.otherwise, query);
    return;
  }
  for (const condition of values(branch.condition, query)) {
    if (isTrue(condition)) yield* evaluate(branch.body, query);
    else yield* choose(node, at + 1, query);
  }
}

/** `try body catch handler`. */
export function* attempt(node: Extract<JqNode, { type: "try" }>, query: Query): Results {
  const results = evaluate(node.body, query);
  for (;;) {
    let next: IteratorResult<Place, void>;
    try {
      next = results.next();
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      if (node.handler !== undefined) yield* evaluate(node.handler, { ...query, input: resultOf(error.value, query) });
      return;
    }
    // Errors of what comes after are not of the body.
    if (next.done === true) return;
    yield next.value;
  }
}

/** `left // right`. */
export function* alternative(left: JqNode, right: JqNode, query: Query): Results {
  let found = false;
  for (const place of evaluate(left, query)) {
    if (!isTrue(place.value)) continue;
    found = true;
    yield place;
  }
  if (!found) yield* evaluate(right, query);
}

/** `reduce source as pattern (start; update)`: the last result. */
export function* reduce(node: Extract<JqNode, { type: "reduce" }>, query: Query): Results {
  for (const start of evaluate(node.start, query)) {
    let state: Place | undefined = start;
    for (const value of values(node.source, query)) {
      for (const scope of destructure(node.pattern, value, query)) {
        const input: Place = state ?? computed(null);
        state = undefined;
        for (const next of evaluate(node.update, { ...query, input, scope })) state = next;
      }
    }
    if (state !== undefined) yield state;
  }
}

/** `foreach source as pattern (start; update; extract)`: every result. */
export function* foreach(node: Extract<JqNode, { type: "foreach" }>, query: Query): Results {
  for (const start of evaluate(node.start, query)) {
    let state = start;
    for (const value of values(node.source, query)) {
      for (const scope of destructure(node.pattern, value, query)) {
        for (const next of evaluate(node.update, { ...query, input: state, scope })) {
          state = next;
          if (node.extract === undefined) yield next;
          else yield* evaluate(node.extract, { ...query, input: next, scope });
        }
      }
    }
  }
}

/** `label $name | body`, which `break` ends. */
export function* labelled(node: Extract<JqNode, { type: "label" }>, query: Query): Results {
  const label = {};
  const scope: Scope = { name: `*${node.name}`, value: undefined, closure: undefined, label, outer: query.scope };
  try {
    yield* evaluate(node.body, { ...query, scope });
  } catch (error) {
    if (!(error instanceof JqBreak) || error.label !== label) throw error;
  }
}
