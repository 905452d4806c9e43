import { formatGo, FunctionError, goTypeName, GoObject } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";

/* pkg/tmpl/get_or_nil.go of helmfile 1.8.0. */

/** The path ends in nothing: `getOrNil` answers nil. */
class NoValueError extends FunctionError {}

/** `get "a.b" [default] object`. Throws `FunctionError`. */
export function get(path: string, ...args: GoValue[]): GoValue {
  if (args.length === 1) return walk(path, args[0]!, undefined);
  if (args.length === 2) return walk(path, args[1]!, { value: args[0]! });
  throw new FunctionError(
    `unexpected number of args passed to the template function get(path, [def, ]obj): expected 1 or 2, got ${args.length}, args was ${formatGo("%v", [args])}`,
  );
}

export function getOrNil(path: string, object: GoValue): GoValue {
  try {
    return walk(path, object, undefined);
  } catch (error) {
    if (error instanceof NoValueError) return null;
    throw error;
  }
}

function walk(path: string, object: GoValue, fallback: { readonly value: GoValue } | undefined): GoValue {
  let current = object;
  let rest = path;
  while (rest !== "") {
    const dot = rest.indexOf(".");
    const key = dot < 0 ? rest : rest.slice(0, dot);
    rest = dot < 0 ? "" : rest.slice(dot + 1);
    let next: GoValue | undefined;
    if (current instanceof Map) {
      next = current.get(key);
      if (next === undefined && fallback === undefined)
        throw new NoValueError(`no value exist for key "${key}" in ${formatGo("%v", [current])}`);
      if (next !== undefined && goTypeName(current) === "map[string]string") return next;
    } else if (current instanceof GoObject && current.goKind === "struct") {
      next = current.goField(key);
      if (next === undefined && fallback === undefined)
        throw new NoValueError(`no field named "${key}" exist in ${formatGo("%v", [current])}`);
    } else {
      throw new NoValueError(
        `unexpected type(${goTypeName(current)}) of value for key "${key}": it must be either map[string]any or any struct`,
      );
    }
    if (next === undefined) return fallback!.value;
    current = next;
  }
  return current;
}
