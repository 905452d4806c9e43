// Mirrors evalField of text/template/exec.go, Go 1.26.
import type { AnyNode, Tree } from "../parse/node.ts";
import { goTypeName, mapElementType, sliceElementType, zeroOf } from "../reflect.ts";
import { quoteGo } from "../strconv/quote.ts";
import { GoMap, GoObject } from "../value.ts";
import type { GoFunction } from "../value.ts";
import { executionError } from "./error.ts";
import type { Frame, Value } from "./frame.ts";
import { typedElement } from "./types.ts";

/** What a read of a missing map entry gives. */
export type MissingKey = "default" | "error" | "zero";

/** A chain of field names in the text. */
export interface FieldSite {
  readonly tree: Tree;
  readonly names: readonly string[];
  readonly missingKey: MissingKey;
  /** The node to name in errors. */
  errorNode(frame: Frame): AnyNode;
  /** The variable slot that holds the container from which the chain's start was taken by a range; -1 otherwise. */
  readonly originSlot: number;
  /** Calls a method in the chain. */
  callMethod(frame: Frame, method: GoFunction, name: string): Value;
}

/** Whether an element taken from `container` is an interface in Go, so that errors call it `interface {}`. */
function givesInterface(container: Value, name: string | undefined): boolean {
  const method = name === undefined ? undefined : methodOf(container, name);
  if (method) return method.result === "interface {}";
  if (container instanceof Map) return mapElementType(container) === "interface {}";
  if (Array.isArray(container)) return sliceElementType(container) === "interface {}";
  return container instanceof GoObject && givesInterface(container.goUnderlying(), undefined);
}

/** The static type of the receiver of name `index` in a chain, as Go's errors print it. */
function receiverType(
  site: FieldSite,
  frame: Frame,
  receiver: Value,
  { container, index }: { container: Value; index: number },
): string {
  if (receiver === null) return "interface {}";
  const from = index > 0 ? container : site.originSlot >= 0 ? frame.variables[site.originSlot] : undefined;
  return givesInterface(from, site.names[index - 1]) ? "interface {}" : goTypeName(receiver);
}

/** A method of a value by name. */
export function methodOf(receiver: Value, name: string): GoFunction | undefined {
  return receiver instanceof GoMap || receiver instanceof GoObject ? receiver.goMethod(name) : undefined;
}

/** An entry of a map that the quick path did not find. */
function missingEntry(site: FieldSite, frame: Frame, map: Map<string, unknown>, name: string): Value {
  if (site.missingKey === "default") return undefined;
  if (site.missingKey === "zero") return map instanceof GoMap ? zeroOf(map.goElementType) : null;
  throw executionError(site.tree, site.errorNode(frame), `map has no entry for key ${quoteGo(name)}`);
}

/**
 * The field, entry or method result `site.names[index]` of `receiver`, which was taken from `container`.
 * With `hasArguments` the caller has found no method to take them.
 */
export function readField(
  site: FieldSite,
  frame: Frame,
  receiver: Value,
  place: { container: Value; index: number; hasArguments?: boolean },
): Value {
  const name = site.names[place.index]!;
  if (receiver === undefined) {
    if (site.missingKey !== "error") return undefined;
    throw executionError(site.tree, site.errorNode(frame), `nil data; no entry for key ${quoteGo(name)}`);
  }
  const fail = (detail: string): never => {
    throw executionError(site.tree, site.errorNode(frame), detail);
  };
  if (receiver === null) return fail(`nil pointer evaluating interface {}.${name}`);
  if (!place.hasArguments) {
    const method = methodOf(receiver, name);
    if (method) return site.callMethod(frame, method, name);
  }
  const inner = receiver instanceof GoObject ? receiver.goUnderlying() : receiver;
  if (inner instanceof Map) {
    if (place.hasArguments) fail(`${name} is not a method but has arguments`);
    const value = inner.get(name);
    if (value === undefined) return missingEntry(site, frame, inner, name);
    return typeof value === "bigint" ? typedElement(value, mapElementType(inner)) : value;
  }
  if (receiver instanceof GoObject) {
    const value = receiver.goField(name);
    if (value !== undefined) {
      if (place.hasArguments) fail(`${name} has arguments but cannot be invoked as function`);
      return value;
    }
  }
  return fail(`can't evaluate field ${name} in type ${receiverType(site, frame, receiver, place)}`);
}

/** The value at the end of a chain that starts at `start`. */
export function readChain(site: FieldSite, frame: Frame, start: Value): Value {
  const { names } = site;
  let value = start;
  let container: Value;
  for (let i = 0; i < names.length; i++) {
    let next: Value;
    // Plain maps, which most values are, have no methods.
    if (value instanceof Map) next = value instanceof GoMap ? value.goEntry(names[i]!) : value.get(names[i]!);
    if (next === undefined) next = readField(site, frame, value, { container, index: i });
    container = value;
    value = next;
  }
  return value;
}
