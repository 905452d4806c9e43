import { sprint, type GoValue } from "@tiphys/gotemplate";
import { dereference, findField, type GoType, type StructType } from "../api/schema.ts";
import { ArgoError } from "../fault.ts";
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
  return mergePatches(deletions, delta, type);
}

function diffMaps(original: JsonMap, modified: JsonMap, type: GoType, options: DiffOptions): JsonMap {
  const patch: JsonMap = new Map();
  const retained: string[] = [];
  for (const [key, value] of modified) {
    if (options.buildRetainKeys && value !== null) retained.push(key);
    const before = original.get(key);
    if (before === undefined || goKind(before) !== goKind(value)) {
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
  const hasAdditional = [...original.keys()].some((key) => !modified.has(key));
  if (retained.length > 0 && (patch.size > 0 || hasAdditional)) patch.set("$retainKeys", retained.sort());
  return patch;
}

interface FieldDiff {
  readonly patch: JsonMap;
  readonly type: GoType;
  readonly options: DiffOptions;
}

interface PatchMeta {
  readonly type: GoType;
  readonly strategy: string;
  readonly retainKeys: boolean;
  readonly mergeKey: string;
}

/** What the Go type says of a field; undefined when it has none such. */
function lookup(type: GoType, key: string): PatchMeta | undefined {
  const holder = dereference(type);
  if (holder.kind !== "struct") return undefined;
  const field = findField(holder, key);
  if (field === undefined) return undefined;
  const strategies = field.patchStrategy.split(",").filter((strategy) => strategy !== "");
  return {
    type: field.type,
    strategy: strategies.find((strategy) => strategy !== "retainKeys") ?? "",
    retainKeys: strategies.includes("retainKeys"),
    mergeKey: field.patchMergeKey,
  };
}

function noSuchField(type: GoType, key: string): ArgoError {
  return new ArgoError(`unable to find api field in struct ${dereference(type).goName} for the json field "${key}"`);
}

function diffMapField(key: string, before: JsonMap, value: JsonMap, { patch, type, options }: FieldDiff): void {
  const meta = lookup(type, key);
  if (meta === undefined) {
    // Maps of scalars (labels, data) have no fields to look up.
    if (deepEqual(before, value)) return;
    throw noSuchField(type, key);
  }
  if (meta.strategy === "replace") {
    if (!options.ignoreChangesAndAdditions) patch.set(key, value);
    return;
  }
  const inner = diffMaps(before, value, meta.type, { ...options, buildRetainKeys: meta.retainKeys });
  if (inner.size > 0) patch.set(key, inner);
}

function diffListField(key: string, before: GoValue[], value: GoValue[], { patch, type, options }: FieldDiff): void {
  const meta = lookup(type, key);
  if (meta === undefined) {
    if (deepEqual(before, value)) return;
    throw noSuchField(type, key);
  }
  if (meta.strategy !== "merge") {
    if (!options.ignoreChangesAndAdditions && !deepEqual(before, value)) patch.set(key, value);
    return;
  }
  const list = dereference(meta.type);
  const element = list.kind === "slice" ? list.element : list;
  const diff = diffLists(before, value, {
    element,
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
  const kinds = new Set([...original, ...modified].map(goKind));
  if (kinds.has("slice")) throw new ArgoError("lists of lists are not supported");
  if (kinds.size > 1) throw new ArgoError(`list element types are not identical: ${sprint([[original, modified]])}`);
  if (!kinds.has("map")) return diffScalars(original, modified, options);
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

function keyOf(item: GoValue, mergeKey: string): GoValue {
  const key = isMap(item) ? item.get(mergeKey) : undefined;
  if (key === undefined) throw new ArgoError(`map: ${sprint([item])} does not contain declared merge key: ${mergeKey}`);
  return key;
}

function indexOf(list: readonly GoValue[], wanted: GoValue): number {
  return list.findIndex((item) => deepEqual(item, wanted));
}

function scalarText(value: GoValue): string {
  return sprint([value]);
}

/** Walks both lists in order of their keys, as upstream does, so that repeated keys pair up in the same way. */
function diffKeyedLists(
  original: JsonMap[],
  modified: JsonMap[],
  { element, mergeKey, options }: ListContext,
): { changed: GoValue[]; deleted: GoValue[] } {
  // Upstream's order calls equal keys "less", so items with equal keys come out the other way round.
  const byKey = (list: JsonMap[]): { item: JsonMap; text: string }[] =>
    list
      .map((item) => ({ item, text: scalarText(item.get(mergeKey) ?? null) }))
      .reverse()
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
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

function diffScalars(original: GoValue[], modified: GoValue[], options: DiffOptions): ListDiff {
  const has = (list: readonly GoValue[], value: GoValue): boolean => indexOf(list, value) >= 0;
  const unique = (list: readonly GoValue[]): GoValue[] => list.filter((value, index) => indexOf(list, value) === index);
  const additions = options.ignoreChangesAndAdditions ? [] : modified.filter((value) => !has(original, value));
  const deletions = options.ignoreDeletions ? [] : unique(original.filter((value) => !has(modified, value)));
  const setsOrder =
    options.setElementOrder &&
    ((!options.ignoreDeletions && deletions.length > 0) ||
      (!options.ignoreChangesAndAdditions && !deepEqual(original, modified)));
  return { additions, deletions, order: setsOrder ? modified : [] };
}

/** Adds a patch to another one that only deletes; both were made against the same `modified`. */
function mergePatches(deletions: JsonMap, delta: JsonMap, type: GoType): JsonMap {
  const out = deepCopy(deletions);
  for (const [key, value] of delta) {
    const before = out.get(key);
    if (key.startsWith("$") || before === undefined || before === null) {
      out.set(key, deepCopy(value));
    } else if (isMap(before) && isMap(value)) {
      out.set(key, mergePatches(before, value, lookup(type, key)?.type ?? type));
    } else if (Array.isArray(before) && Array.isArray(value)) {
      out.set(key, mergePatchLists(before, value, lookup(type, key)));
    } else {
      out.set(key, deepCopy(value));
    }
  }
  return out;
}

function mergePatchLists(
  deletions: readonly GoValue[],
  delta: readonly GoValue[],
  meta: PatchMeta | undefined,
): GoValue[] {
  if (meta === undefined || meta.mergeKey === "") return [...deepCopy(delta as GoValue[])];
  const list = dereference(meta.type);
  const element = list.kind === "slice" ? list.element : list;
  const { mergeKey } = meta;
  const isDirective = (item: GoValue): boolean => isMap(item) && item.has("$patch");
  const out = deepCopy(delta as GoValue[]);
  for (const item of deletions) {
    if (isDirective(item)) continue;
    const at = out.findIndex(
      (other) =>
        isMap(other) &&
        !isDirective(other) &&
        deepEqual(other.get(mergeKey), isMap(item) ? item.get(mergeKey) : undefined),
    );
    if (at < 0) out.push(deepCopy(item));
    else out[at] = mergePatches(item as JsonMap, out[at] as JsonMap, element);
  }
  return [...out, ...deepCopy(deletions.filter(isDirective) as GoValue[])];
}

function goKind(value: GoValue): string {
  if (value === null) return "nil";
  if (isMap(value)) return "map";
  if (Array.isArray(value)) return "slice";
  return typeof value === "bigint" ? "number" : typeof value;
}
