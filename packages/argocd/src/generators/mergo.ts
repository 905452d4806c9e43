import { type GoValue, isTrue, sliceTypeOf } from "@tiphys/gotemplate";
import { ArgoPanic } from "../fault.ts";
import { goTypeOf } from "./flatten.ts";

/**
 * dario.cat/mergo 1.0.2 `Merge(&destination, source, WithOverride)` on parameter maps, faults included: maps are merged in place
 * and may end up shared between source and destination, lists are replaced, empty scalars override, an empty map erases
 * nothing, and a `map[string]string` that is to take a value of a plain map panics.
 */
export function mergeOverride(destination: Map<string, GoValue>, source: ReadonlyMap<string, GoValue>): void {
  for (const key of [...source.keys()].sort()) {
    const sourceItem = source.get(key)!;
    const destinationItem = destination.get(key);
    if (sourceItem === null) {
      assign(destination, key, sourceItem, source);
      continue;
    }
    if (sourceItem instanceof Map && destinationItem instanceof Map) mergeOverride(destinationItem, sourceItem);
    if (Array.isArray(sourceItem)) assignSlice(destination, key, sourceItem);
    const keepsDestination = destinationItem !== undefined && !isEmpty(destinationItem);
    if (keepsDestination && Array.isArray(sourceItem)) continue;
    if (keepsDestination && sourceItem instanceof Map && destinationItem instanceof Map) continue;
    assign(destination, key, sourceItem, source);
  }
}

function assignSlice(destination: Map<string, GoValue>, key: string, slice: GoValue[]): void {
  if (goTypeOf(destination) === "map[string]string") {
    if (destination.has(key)) throw new ArgoPanic("reflect: call of reflect.Value.IsNil on string Value");
    throw new ArgoPanic(
      `reflect.Value.SetMapIndex: value of type ${sliceTypeOf(slice)} is not assignable to type string`,
    );
  }
  destination.set(key, slice);
}

function assign(
  destination: Map<string, GoValue>,
  key: string,
  value: GoValue,
  source: ReadonlyMap<string, GoValue>,
): void {
  if (goTypeOf(destination) === "map[string]string" && goTypeOf(source) !== "map[string]string") {
    throw new ArgoPanic("reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string");
  }
  destination.set(key, value);
}

function isEmpty(value: GoValue): boolean {
  return !isTrue(value);
}
