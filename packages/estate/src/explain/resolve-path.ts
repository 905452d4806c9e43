import type { Plain } from "@tiphys/source";
import { itemKeys } from "../compare/list-keys.ts";

/**
 * A path of `compareValues` as keys and indexes of `value`. Stops where the value has no such field, so that the place of what
 * would hold it is found; false tells so.
 */
export function resolvePath(path: string, value: Plain): { steps: (string | number)[]; complete: boolean } {
  const steps: (string | number)[] = [];
  let at: Plain | undefined = value;
  let field = "";
  for (let index = 0; index < path.length;) {
    const token = readToken(path, index, { field, value: at });
    if (token === undefined) return { steps, complete: false };
    index = token.end;
    const next: Plain | undefined =
      at === null || typeof at !== "object"
        ? undefined
        : Object.hasOwn(at, token.step)
          ? (at as Record<string | number, Plain>)[token.step]
          : undefined;
    if (next === undefined) return { steps, complete: false };
    steps.push(token.step);
    at = next;
    field = typeof token.step === "string" ? token.step : "";
  }
  return { steps, complete: true };
}

interface Token {
  readonly step: string | number;
  readonly end: number;
}

function readToken(
  path: string,
  index: number,
  at: { readonly field: string; readonly value: Plain | undefined },
): Token | undefined {
  const start = path[index] === "." ? index + 1 : index;
  if (path[start] !== "[") {
    const name = /[A-Za-z_][A-Za-z0-9_-]*/y;
    name.lastIndex = start;
    const match = name.exec(path);
    return match === null ? undefined : { step: match[0], end: name.lastIndex };
  }
  if (path[start + 1] === '"' && !Array.isArray(at.value)) {
    const quoted = /\[("(?:[^"\\]|\\.)*")\]/y;
    quoted.lastIndex = start;
    const match = quoted.exec(path);
    return match === null ? undefined : { step: JSON.parse(match[1]!) as string, end: quoted.lastIndex };
  }
  return Array.isArray(at.value) ? readItem(path, start, { field: at.field, items: at.value }) : undefined;
}

/** `[web]` by the item's key, else `[0]` by position. */
function readItem(
  path: string,
  start: number,
  list: { readonly field: string; readonly items: readonly Plain[] },
): Token | undefined {
  const keys = itemKeys(list.field, list.items) ?? [];
  const named = keys
    .map((key, step) => ({ key, step }))
    .filter(({ key }) => path.startsWith(`[${key}]`, start))
    .toSorted((a, b) => b.key.length - a.key.length)[0];
  if (named !== undefined) return { step: named.step, end: start + named.key.length + 2 };
  const number = /\[(\d+)\]/y;
  number.lastIndex = start;
  const match = number.exec(path);
  return match === null ? undefined : { step: Number(match[1]), end: number.lastIndex };
}
