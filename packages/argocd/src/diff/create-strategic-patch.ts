import { sortSlice, sprint, type GoValue } from "@tiphys/gotemplate";
import type { GoType, StructType } from "../api/schema.ts";
import { ArgoError } from "../fault.ts";
import { keyOf, listKind, mergeScalarLists } from "../template/merge-lists.ts";
import { metadataForSlice, metadataForStruct } from "../template/patch-metadata.ts";
import { mergePatches } from "../template/strategic-merge-patch.ts";
import { deepCopy, deepEqual, isMap } from "../unstructured.ts";

/** Mirrors k8s.io/apimachinery v0.37.1 pkg/util/strategicpatch/patch.go, the half that creates patches. */

type JsonMap = Map<string, GoValue>;

interface DiffOptions {
  readonly ignoreChangesAndAdditions: boolean;
  readonly ignoreDeletions: boolean;
  readonly setElementOrder: boolean;
  readonly buildRetainKeys: boolean;
}

const noOptions: DiffOptions = {
  ignoreChangesAndAdditions: false,
  ignoreDeletions: false,
  setElementOrder: true,
  buildRetainKeys: false,
};

/** The patch from `original` to `modified`. Throws `ArgoError`. */
export function twoWayMergePatch(original: JsonMap, modified: JsonMap, type: StructType): JsonMap {
  return diffMaps(original, modified, type, noOptions);
}

/**
 * The patch that brings `current` to `modified` and deletes what `modified` no longer has of `original`. Throws `ArgoError`.
 * Upstream: CreateThreeWayMergePatch with overwrite.
 */
export function threeWayMergePatch(original: JsonMap, modified: JsonMap, current: JsonMap, type: StructType): JsonMap {
  const delta = diffMaps(current, modified, type, { ...noOptions, ignoreDeletions: true });
  const deletions = diffMaps(original, modified, type, { ...noOptions, ignoreChangesAndAdditions: true });
  return mergePatches(deepCopy(deletions), deepCopy(delta), type);
}

function diffMaps(original: JsonMap, modified: JsonMap, type: GoType, options: DiffOptions): JsonMap {
  const patch: JsonMap = new Map();
  const retained: string[] = [];
  for (const [key, value] of modified) {
    if (options.buildRetainKeys && value !== null) retained.push(key);
    const before = original.get(key);
    if (key === "$patch" && before !== undefined) diffDirective(before, value, patch);
    else if (before === undefined || goKind(before) !== goKind(value)) {
      if (!options.ignoreChangesAndAdditions) patch.set(key, value);
    } else if (isMap(before) && isMap(value)) {
      diffMapField(key, before, value, { patch, type, options });
    } else if (Array.isArray(before) && Array.isArray(value)) {
      diffListField(key, before, value, { patch, type, options });
    } else if (!options.ignoreChangesAndAdditions && !deepEqual(before, value)) {
      patch.set(key, value);
    }
  }
  if (!options.ignoreDeletions) {
    for (const key of original.keys()) if (!modified.has(key)) patch.set(key, null);
  }
  const hasAdditional = [...original].some(([key, value]) => value !== null && !modified.has(key));
  if (retained.length > 0 && (patch.size > 0 || hasAdditional)) patch.set("$retainKeys", retained.sort());
  return patch;
}

function diffDirective(before: GoValue, value: GoValue, patch: JsonMap): void {
  if (typeof before !== "string" || typeof value !== "string")
    throw new ArgoError("invalid value for special key: $patch");
  if (before !== value) patch.set("$patch", value);
}

interface FieldDiff {
  readonly patch: JsonMap;
  readonly type: GoType;
  readonly options: DiffOptions;
}

/** Maps and lists that are equal need no field. */
function metadata(key: string, { type }: FieldDiff, find: typeof metadataForStruct, isEqual: () => boolean) {
  try {
    return find(type, key);
  } catch (error) {
    if (error instanceof ArgoError && isEqual()) return undefined;
    throw error;
  }
}

function diffMapField(key: string, before: JsonMap, value: JsonMap, field: FieldDiff): void {
  const { patch, options } = field;
  const meta = metadata(key, field, metadataForStruct, () => deepEqual(before, value));
  if (meta === undefined) return;
  if (meta.strategy === "replace") {
    if (!options.ignoreChangesAndAdditions) patch.set(key, value);
    return;
  }
  const inner = diffMaps(before, value, meta.type, { ...options, buildRetainKeys: meta.retainKeys });
  if (inner.size > 0) patch.set(key, inner);
}

function diffListField(key: string, before: GoValue[], value: GoValue[], field: FieldDiff): void {
  const { patch, options } = field;
  const meta = metadata(key, field, metadataForSlice, () => deepEqual(before, value));
  if (meta === undefined) return;
  if (meta.strategy !== "merge") {
    if (!options.ignoreChangesAndAdditions && !deepEqual(before, value)) patch.set(key, value);
    return;
  }
  const diff = diffLists(before, value, {
    element: meta.type,
    mergeKey: meta.mergeKey,
    options: { ...options, buildRetainKeys: meta.retainKeys },
  });
  if (diff.additions.length > 0) patch.set(key, diff.additions);
  if (diff.deletions.length > 0) patch.set(`$deleteFromPrimitiveList/${key}`, diff.deletions);
  if (diff.order.length > 0) patch.set(`$setElementOrder/${key}`, diff.order);
}

interface ListContext {
  readonly element: GoType;
  readonly mergeKey: string;
  readonly options: DiffOptions;
}

interface ListDiff {
  readonly additions: GoValue[];
  readonly deletions: GoValue[];
  readonly order: GoValue[];
}

const noDiff: ListDiff = { additions: [], deletions: [], order: [] };

function diffLists(original: GoValue[], modified: GoValue[], context: ListContext): ListDiff {
  const { options, mergeKey } = context;
  if (original.length === 0) {
    return modified.length === 0 || options.ignoreChangesAndAdditions ? noDiff : { ...noDiff, additions: modified };
  }
  if (listKind(original, modified) !== "map") return diffScalars(original, modified, options);
  const { changed, deleted } = diffKeyedLists(original as JsonMap[], modified as JsonMap[], context);
  const keys = modified.map((item) => keyOf(item, mergeKey));
  changed.sort((a, b) => indexOf(keys, keyOf(a, mergeKey)) - indexOf(keys, keyOf(b, mergeKey)));
  const additions = [...changed, ...deleted];
  const orderSame =
    original.length === modified.length &&
    modified.every((item, index) => deepEqual(keyOf(item, mergeKey), keyOf(original[index] as GoValue, mergeKey)));
  const setsOrder =
    options.setElementOrder &&
    ((!options.ignoreChangesAndAdditions && (additions.length > 0 || !orderSame)) ||
      (!options.ignoreDeletions && additions.length > 0));
  const order = setsOrder ? keys.map((key): GoValue => new Map([[mergeKey, key]])) : [];
  return { additions, deletions: [], order };
}

function indexOf(list: readonly GoValue[], wanted: GoValue): number {
  return list.findIndex((item) => deepEqual(item, wanted));
}

interface Text<T> {
  readonly value: T;
  /** As `%v` prints what is sorted by. */
  readonly text: string;
}

/** In upstream's order: it calls equal texts "less", which brings repeats the other way round, and in some order from 13 items on. */
function sortedByText<T>(list: readonly T[], key: (item: T) => GoValue): Text<T>[] {
  const texts = list.map((value) => ({ value, text: sprint([key(value)]) }));
  sortSlice(texts, (a, b) => a.text <= b.text);
  return texts;
}

/** Walks both lists in order of their keys, as upstream does, so that repeated keys pair up in the same way. */
function diffKeyedLists(
  original: JsonMap[],
  modified: JsonMap[],
  { element, mergeKey, options }: ListContext,
): { changed: GoValue[]; deleted: GoValue[] } {
  const byKey = (list: JsonMap[]): { item: JsonMap; text: string }[] =>
    sortedByText(list, (item) => item.get(mergeKey) ?? null).map(({ value: item, text }) => ({ item, text }));
  const [left, right] = [byKey(original), byKey(modified)];
  const changed: GoValue[] = [];
  const deleted: GoValue[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const [before, after] = [left[l], right[r]];
    for (const side of [before, after]) if (side !== undefined) keyOf(side.item, mergeKey);
    if (before !== undefined && after !== undefined && before.text === after.text) {
      const patch = diffMaps(before.item, after.item, element, options);
      if (patch.size > 0) changed.push(patch.set(mergeKey, keyOf(after.item, mergeKey)));
      l++;
      r++;
    } else if (before === undefined || (after !== undefined && after.text < before.text)) {
      if (!options.ignoreChangesAndAdditions) changed.push((after as { item: JsonMap }).item);
      r++;
    } else {
      if (!options.ignoreDeletions) {
        deleted.push(
          new Map<string, GoValue>([
            [mergeKey, keyOf(before.item, mergeKey)],
            ["$patch", "delete"],
          ]),
        );
      }
      l++;
    }
  }
  return { changed, deleted };
}

/** Upstream sorts `original` itself, and compares it so with `modified` afterwards. */
function diffScalars(original: GoValue[], modified: GoValue[], options: DiffOptions): ListDiff {
  const [left, right] = [sortedByText(original, (item) => item), sortedByText(modified, (item) => item)];
  const additions: GoValue[] = [];
  const deletions: GoValue[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const [before, after] = [left[l], right[r]];
    if (before !== undefined && after !== undefined && before.text === after.text) {
      l++;
      r++;
    } else if (before === undefined || (after !== undefined && after.text < before.text)) {
      if (!options.ignoreChangesAndAdditions) additions.push(after!.value);
      r++;
    } else {
      if (!options.ignoreDeletions) deletions.push(before.value);
      l++;
    }
  }
  additions.sort((a, b) => indexOf(modified, a) - indexOf(modified, b));
  const sorted = left.map(({ value }) => value);
  const setsOrder =
    options.setElementOrder &&
    ((!options.ignoreDeletions && deletions.length > 0) ||
      (!options.ignoreChangesAndAdditions && !deepEqual(sorted, modified)));
  return { additions, deletions: mergeScalarLists(deletions, []), order: setsOrder ? modified : [] };
}

function goKind(value: GoValue): string {
  if (value === null) return "nil";
  if (isMap(value)) return "map";
  if (Array.isArray(value)) return "slice";
  return typeof value === "bigint" ? "number" : typeof value;
}
