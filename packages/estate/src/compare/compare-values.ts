import type { Plain } from "@tiphys/source";
import { itemKeys } from "./list-keys.ts";

/** One place at which two values differ. */
export type FieldChange =
  | { readonly kind: "added"; readonly path: string; readonly right: Plain }
  | { readonly kind: "removed"; readonly path: string; readonly left: Plain }
  | { readonly kind: "changed"; readonly path: string; readonly left: Plain; readonly right: Plain }
  /** The same items, identified by their key, in another order. */
  | { readonly kind: "reordered"; readonly path: string; readonly left: Plain; readonly right: Plain };

type PlainMap = Readonly<Record<string, Plain>>;

/**
 * Every difference between two values, deepest places first named: `spec.template.spec.containers[name=web].image`.
 * Lists whose items have a key (list-keys.ts) pair by it, others by position. Equal values give an empty list.
 */
export function compareValues(left: Plain, right: Plain, path = ""): FieldChange[] {
  const changes: FieldChange[] = [];
  compareAt(left, right, { path, field: "" }, changes);
  return changes;
}

interface Place {
  readonly path: string;
  /** Name of the field that holds the value. */
  readonly field: string;
}

function compareAt(left: Plain, right: Plain, place: Place, changes: FieldChange[]): void {
  if (left === right) return;
  if (Array.isArray(left) && Array.isArray(right)) return compareLists(left, right, place, changes);
  if (isMap(left) && isMap(right)) return compareMaps(left, right, place, changes);
  if (Number.isNaN(left) && Number.isNaN(right)) return;
  changes.push({ kind: "changed", path: place.path, left, right });
}

function compareMaps(left: PlainMap, right: PlainMap, place: Place, changes: FieldChange[]): void {
  for (const key of Object.keys(left)) {
    const path = joinField(place.path, key);
    if (Object.hasOwn(right, key)) compareAt(left[key]!, right[key]!, { path, field: key }, changes);
    else changes.push({ kind: "removed", path, left: left[key]! });
  }
  for (const key of Object.keys(right)) {
    if (!Object.hasOwn(left, key))
      changes.push({ kind: "added", path: joinField(place.path, key), right: right[key]! });
  }
}

function compareLists(left: readonly Plain[], right: readonly Plain[], place: Place, changes: FieldChange[]): void {
  const leftKeys = itemKeys(place.field, left);
  const rightKeys = itemKeys(place.field, right);
  if (leftKeys === undefined || rightKeys === undefined) return compareByPosition(left, right, place, changes);
  const positions = new Map(rightKeys.map((key, index) => [key, index]));
  const kept: number[] = [];
  for (const [index, key] of leftKeys.entries()) {
    const path = `${place.path}[${key}]`;
    const position = positions.get(key);
    if (position === undefined) {
      changes.push({ kind: "removed", path, left: left[index]! });
      continue;
    }
    kept.push(position);
    compareAt(left[index]!, right[position]!, { path, field: "" }, changes);
  }
  const known = new Set(leftKeys);
  for (const [index, key] of rightKeys.entries()) {
    if (!known.has(key)) changes.push({ kind: "added", path: `${place.path}[${key}]`, right: right[index]! });
  }
  if (kept.some((position, index) => index > 0 && position < kept[index - 1]!)) {
    changes.push({ kind: "reordered", path: place.path, left: leftKeys, right: rightKeys });
  }
}

function compareByPosition(
  left: readonly Plain[],
  right: readonly Plain[],
  place: Place,
  changes: FieldChange[],
): void {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const path = `${place.path}[${index}]`;
    if (index >= right.length) changes.push({ kind: "removed", path, left: left[index]! });
    else if (index >= left.length) changes.push({ kind: "added", path, right: right[index]! });
    else compareAt(left[index]!, right[index]!, { path, field: "" }, changes);
  }
}

function isMap(value: Plain): value is PlainMap {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** `a.b`, or `a["x.y/z"]` where the key is no plain word. */
function joinField(path: string, key: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return path === "" ? key : `${path}.${key}`;
  return `${path}[${JSON.stringify(key)}]`;
}
