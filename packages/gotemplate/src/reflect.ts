import type { GoKind, GoValue } from "./value.ts";

/** The type of a value as `%T` prints it; `<nil>` for nil. */
export function goTypeName(_value: GoValue): string {
  throw new Error("not yet");
}
/** The reflect kind of a value; `invalid` for nil. */
export function goKind(_value: GoValue): GoKind {
  throw new Error("not yet");
}
/** Template truth: not the zero of its type, not empty. */
export function isTrue(_value: GoValue): boolean {
  throw new Error("not yet");
}
/** The keys of a map in Go's order (bytes). */
export function mapKeysSorted(map: ReadonlyMap<string, GoValue>): string[] {
  return [...map.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
/** Go's `reflect.DeepEqual`. */
export function deepEqual(_a: GoValue, _b: GoValue): boolean {
  throw new Error("not yet");
}
