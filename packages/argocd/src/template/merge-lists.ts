import { formatGo, type GoValue, sprint } from "@tiphys/gotemplate";
import { ArgoError } from "../fault.ts";
import { deepEqual } from "../unstructured.ts";

/** Both lists in one, each scalar once (strategicpatch, deduplicateScalars: a repeat takes the place of the last item). */
export function mergeScalarLists(original: readonly GoValue[], patch: readonly GoValue[]): GoValue[] {
  const items = [...original, ...patch];
  for (let i = 0; i < items.length - 1; i++) {
    for (let j = i + 1; j < items.length; j++) {
      if (!deepEqual(items[i]!, items[j]!)) continue;
      const last = items.pop()!;
      if (j < items.length) items[j] = last;
      j--;
    }
  }
  return items;
}

export interface KeyedMerge {
  /** The merged list, before it is put in order. */
  readonly items: GoValue[];
  /** The patch without elements that are directives. */
  readonly patch: readonly GoValue[];
  /** The original without what the patch deletes. */
  readonly original: readonly GoValue[];
}

/** Lists of maps, paired by `mergeKey`; elements with `$patch` delete or replace (mergeSliceWithSpecialElements and …WithoutSpecialElements). */
export function mergeKeyedLists(
  original: GoValue[],
  patch: readonly GoValue[],
  mergeKey: string,
  merge: (original: Map<string, GoValue>, patch: Map<string, GoValue>) => Map<string, GoValue>,
): KeyedMerge {
  let kept = original;
  let replaces = false;
  const plain: Map<string, GoValue>[] = [];
  for (const item of patch as Map<string, GoValue>[]) {
    const directive = item.get("$patch");
    if (directive === undefined) plain.push(item);
    else if (directive === "delete") {
      const gone = keyOf(item, mergeKey);
      kept = kept.filter((one) => !(one instanceof Map && one.has(mergeKey) && deepEqual(one.get(mergeKey)!, gone)));
    } else if (directive === "replace") replaces = true;
    else if (directive === "merge") throw new ArgoError("merging lists cannot yet be specified in the patch");
    else throw new ArgoError(formatGo("unknown patch type: %s in map: %v", [directive, item]));
  }
  if (replaces) return { items: plain, patch: [], original: plain };
  const items = [...kept];
  for (const item of plain) {
    const key = keyOf(item, mergeKey);
    const at = items.findIndex((one) => one instanceof Map && one.has(mergeKey) && deepEqual(one.get(mergeKey)!, key));
    if (at < 0) items.push(item);
    else items[at] = merge(items[at] as Map<string, GoValue>, item);
  }
  return { items, patch: plain, original: kept };
}

/** The value of the merge key of a list's item. Throws `ArgoError` when it has none. */
export function keyOf(item: GoValue, mergeKey: string): GoValue {
  const key = item instanceof Map ? item.get(mergeKey) : undefined;
  if (key === undefined) throw new ArgoError(`map: ${sprint([item])} does not contain declared merge key: ${mergeKey}`);
  return key;
}

/** Splits `items` into those that `by` has too and the rest; maps are compared by `mergeKey`, scalars by value. */
export function partition(items: readonly GoValue[], by: readonly GoValue[], mergeKey: string): [GoValue[], GoValue[]] {
  const inBoth: GoValue[] = [];
  const others: GoValue[] = [];
  for (const item of items) (indexOf(by, item, mergeKey) >= 0 ? inBoth : others).push(item);
  return [inBoth, others];
}

function indexOf(items: readonly GoValue[], wanted: GoValue, mergeKey: string): number {
  const value = (item: GoValue) => (item instanceof Map && mergeKey !== "" ? keyOf(item, mergeKey) : item);
  const key = value(wanted);
  return items.findIndex((item) => deepEqual(value(item), key));
}

export interface ElementOrder {
  readonly patch: GoValue[];
  readonly others: GoValue[];
  /** The order of the patch's items. */
  readonly order: readonly GoValue[];
  readonly original: readonly GoValue[];
  readonly mergeKey: string;
}

/** normalizeElementOrder: the patch's order first, then the original's; each other item stands before the first patch item that followed it. */
export function normalizeElementOrder({ patch, others, order, original, mergeKey }: ElementOrder): GoValue[] {
  const sortBy = (items: GoValue[], by: readonly GoValue[]) =>
    items
      .map((item) => ({ item, at: indexOf(by, item, mergeKey) }))
      .sort((a, b) => (a.at < 0 || b.at < 0 ? 0 : a.at - b.at))
      .map(({ item }) => item);
  // Items that delete come last (extractToDeleteItems).
  const sorted = (items: GoValue[], by: readonly GoValue[]) => [
    ...sortBy(
      items.filter((item) => !deletes(item)),
      by,
    ),
    ...items.filter(deletes),
  ];
  const left = sorted(others, original);
  const right = sorted(patch, order);
  const merged: GoValue[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i >= left.length) merged.push(right[j++]!);
    else if (j >= right.length) merged.push(left[i++]!);
    else {
      const before = indexOf(original, left[i]!, mergeKey);
      const after = indexOf(original, right[j]!, mergeKey);
      merged.push(before >= 0 && after >= 0 && before < after ? left[i++]! : right[j++]!);
    }
  }
  return merged;
}

function deletes(item: GoValue): boolean {
  return item instanceof Map && item.get("$patch") === "delete";
}

/**
 * What the items of both lists are: all of one type, which is no list; `none` without any. Throws `ArgoError`.
 * Upstream: sliceElementType.
 */
export function listKind(original: readonly GoValue[], patch: readonly GoValue[]): "map" | "scalar" | "none" {
  const kinds = new Set([...original, ...patch].map(kindOf));
  if (kinds.has("slice")) throw new ArgoError("lists of lists are not supported");
  if (kinds.size > 1)
    throw new ArgoError(`list element types are not identical: ${sprint([[[...original], [...patch]]])}`);
  if (kinds.size === 0) return "none";
  return kinds.has("map") ? "map" : "scalar";
}

function kindOf(value: GoValue): string {
  if (value instanceof Map) return "map";
  return Array.isArray(value) ? "slice" : typeof value;
}
