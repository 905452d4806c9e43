import type { GoValue } from "@tiphys/gotemplate";
import { bindVariable, type Query, type Scope } from "./machine.ts";
import type { JqPattern } from "./node.ts";
import { indexValue } from "./paths.ts";
import { values } from "./query.ts";
import { typeError } from "./value.ts";

/** The scopes in which the names of a pattern are bound to the parts of `value`. Throws `JqError`. */
export function* destructure(
  pattern: JqPattern,
  value: GoValue,
  query: Query,
): Generator<Scope | undefined, void, void> {
  if (pattern.type === "variable") {
    yield bindVariable(query.scope, pattern.name, value);
    return;
  }
  yield* pattern.type === "array"
    ? destructureItems(pattern.items, 0, value, query)
    : destructureEntries(pattern.entries, 0, value, query);
}

function* destructureItems(
  items: readonly JqPattern[],
  at: number,
  value: GoValue,
  query: Query,
): Generator<Scope | undefined, void, void> {
  const item = items[at];
  if (item === undefined) {
    yield query.scope;
    return;
  }
  if (value !== null && !Array.isArray(value)) throw typeError("expected an array but got", value);
  for (const scope of destructure(item, indexValue(value, at), query))
    yield* destructureItems(items, at + 1, value, { ...query, scope });
}

type PatternEntries = Extract<JqPattern, { type: "object" }>["entries"];

function* destructureEntries(
  entries: PatternEntries,
  at: number,
  value: GoValue,
  query: Query,
): Generator<Scope | undefined, void, void> {
  const entry = entries[at];
  if (entry === undefined) {
    yield query.scope;
    return;
  }
  for (const key of values(entry.key, query)) {
    if (typeof key !== "string") throw typeError("expected a string for object key but got", key);
    const inner = indexValue(value, key);
    const scope = entry.bind === undefined ? query.scope : bindVariable(query.scope, entry.bind, inner);
    const scopes = entry.pattern === undefined ? [scope] : destructure(entry.pattern, inner, { ...query, scope });
    for (const bound of scopes) yield* destructureEntries(entries, at + 1, value, { ...query, scope: bound });
  }
}
