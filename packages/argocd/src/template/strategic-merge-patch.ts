import { formatGo, type GoValue, goTypeName } from "@tiphys/gotemplate";
import type { GoType } from "../api/schema.ts";
import { ArgoError } from "../fault.ts";
import { deepEqual } from "../unstructured.ts";
import { listKind, mergeKeyedLists, mergeScalarLists, normalizeElementOrder, partition } from "./merge-lists.ts";
import { metadataForSlice, metadataForStruct, type PatchMetadata, reflectKind } from "./patch-metadata.ts";
import { assertSameOrder } from "./set-element-order.ts";

/** JSON objects as the patch code handles them. */
export type JsonMap = Map<string, GoValue>;

const directiveMarker = "$patch";
const retainKeysDirective = "$retainKeys";
const deleteFromList = "$deleteFromPrimitiveList";
const setElementOrder = "$setElementOrder";

/**
 * strategicpatch.StrategicMergePatch (apimachinery v0.37.1, pkg/util/strategicpatch/patch.go) with the Go type `type`: both maps are
 * used up. Keys are taken in sorted order, where upstream walks a Go map. Throws `ArgoError`.
 */
export function mergeMap(original: JsonMap, patch: JsonMap, type: GoType): JsonMap {
  return mergeInto(original, patch, { type, keepsDirectives: false });
}

/** Adds `patch` to a patch: nulls and directives stay (mergeMap without MergeParallelList). Both maps are used up. Throws `ArgoError`. */
export function mergePatches(original: JsonMap, patch: JsonMap, type: GoType): JsonMap {
  return mergeInto(original, patch, { type, keepsDirectives: true });
}

interface Merge {
  readonly type: GoType;
  /** `original` is a patch too. Upstream: neither MergeParallelList nor IgnoreUnmatchedNulls. */
  readonly keepsDirectives: boolean;
}

function mergeInto(original: JsonMap, patch: JsonMap, merge: Merge): JsonMap {
  const directive = patch.get(directiveMarker);
  if (directive !== undefined) return applyDirective(directive, patch);
  applyRetainKeys(original, patch, merge);
  for (const key of [...patch.keys()].sort())
    if (key.startsWith(setElementOrder)) applyElementOrder(key, { original, patch }, merge);
  for (const key of [...patch.keys()].sort()) mergeKey(key, { original, patch }, merge);
  return original;
}

interface MapPair {
  readonly original: JsonMap;
  readonly patch: JsonMap;
}

function mergeKey(written: string, { original, patch }: MapPair, merge: Merge): void {
  const value = patch.get(written)!;
  const isDeleteList = written.startsWith(deleteFromList);
  if (isDeleteList && merge.keepsDirectives) {
    original.set(written, value);
    return;
  }
  const key = isDeleteList ? afterSlash(written, deleteFromList) : written;
  if (value === null) {
    original.delete(key);
    if (!merge.keepsDirectives) return;
  }
  const present = original.get(key);
  if (present === undefined || goKind(present) !== goKind(value)) {
    if (!isDeleteList) setWithoutDirectives(original, key, merge.keepsDirectives ? value : discardNulls(value));
  } else if (value instanceof Map) {
    const field = metadataForStruct(merge.type, key);
    const inner = { ...merge, type: field.type };
    original.set(key, field.strategy === "replace" ? value : mergeInto(present as JsonMap, value, inner));
  } else if (Array.isArray(value)) {
    const field = metadataForSlice(merge.type, key);
    original.set(key, mergeLists(present as GoValue[], value, { field, merge, isDeleteList }));
  } else setWithoutDirectives(original, key, value);
}

/** The rest of `prefix/name`. */
function afterSlash(key: string, prefix: string): string {
  const slash = key.indexOf("/");
  if (slash >= 0 && key.slice(0, slash) === prefix) return key.slice(slash + 1);
  throw new ArgoError(
    prefix === deleteFromList
      ? "invalid patch format of primitive list"
      : "invalid patch format of setElementOrder list",
  );
}

function setWithoutDirectives(original: JsonMap, key: string, value: GoValue): void {
  const cleaned = removeDirectives(value);
  if (cleaned === undefined) original.delete(key);
  else original.set(key, cleaned);
}

function applyDirective(directive: GoValue, patch: JsonMap): JsonMap {
  if (directive === "replace") {
    patch.delete(directiveMarker);
    return patch;
  }
  if (directive === "delete") return new Map();
  throw new ArgoError(formatGo("unknown patch type: %s in map: %v", [directive, patch]));
}

/** Fields that `$retainKeys` does not name are cleared; the patch may set no others. */
function applyRetainKeys(original: JsonMap, patch: JsonMap, { keepsDirectives }: Merge): void {
  const directive = patch.get(retainKeysDirective);
  if (directive === undefined) return;
  patch.delete(retainKeysDirective);
  if (keepsDirectives) {
    const present = original.get(retainKeysDirective);
    if (present === undefined) original.set(retainKeysDirective, directive);
    else if (!deepEqual(present, directive))
      throw new ArgoError(
        formatGo("%v and %v are not deep equal: this may happen when calculating the 3-way diff patch", [
          present,
          directive,
        ]),
      );
    return;
  }
  if (!Array.isArray(directive)) throw new ArgoError("invalid patch format of retainKeys");
  const retained = new Set(directive);
  for (const [key, value] of patch) {
    if (value === null || key.startsWith(deleteFromList) || key.startsWith(setElementOrder)) continue;
    if (!retained.has(key)) throw new ArgoError("invalid patch format of retainKeys");
  }
  for (const key of original.keys()) if (!retained.has(key)) original.delete(key);
}

interface ListMerge {
  readonly field: PatchMetadata;
  readonly merge: Merge;
  readonly isDeleteList: boolean;
}

function mergeLists(original: GoValue[], patch: GoValue[], { field, merge, isDeleteList }: ListMerge): GoValue[] {
  if (field.strategy !== "merge" && !isDeleteList) return patch;
  if (original.length === 0 && patch.length === 0) return original;
  const { mergeKey: key } = field;
  if (listKind(original, patch) !== "map") {
    if (isDeleteList) return original.filter((item) => !patch.some((gone) => deepEqual(item, gone)));
    const merged = mergeScalarLists(original, patch);
    const [fromPatch, others] = partition(merged, patch, key);
    return normalizeElementOrder({ patch: fromPatch, others, order: patch, original, mergeKey: key });
  }
  if (key === "") throw new ArgoError(`cannot merge lists without merge key for ${reflectKind(field.type)}`);
  const merged = mergeKeyedLists(original, patch, key, (one, other) =>
    mergeInto(one, other, { ...merge, type: field.type }),
  );
  const [fromPatch, others] = partition(merged.items, merged.patch, key);
  return normalizeElementOrder({
    patch: fromPatch,
    others,
    order: merged.patch,
    original: merged.original,
    mergeKey: key,
  });
}

/** mergePatchIntoOriginal: a `$setElementOrder` list puts the items of the merged list in order. */
function applyElementOrder(directive: string, { original, patch }: MapPair, merge: Merge): void {
  const order = patch.get(directive)!;
  if (merge.keepsDirectives) {
    const present = original.get(directive);
    if (present === undefined) original.set(directive, order);
    else if (!deepEqual(present, order)) throw new ArgoError("invalid patch format of setElementOrder list");
  }
  patch.delete(directive);
  assertList(order);
  const key = afterSlash(directive, setElementOrder);
  const originalList = original.get(key);
  const patchList = patch.get(key);
  if (originalList !== undefined) assertList(originalList);
  if (patchList !== undefined) assertList(patchList);
  const field = metadataForSlice(merge.type, key);
  assertSameOrder(patchList ?? [], order, field.mergeKey);
  let merged: GoValue[];
  if (originalList === undefined && patchList === undefined) return;
  else if (patchList === undefined) merged = originalList!;
  else if (originalList === undefined) merged = removeDirectives(patchList) as GoValue[];
  else merged = mergeLists(originalList, patchList, { field, merge, isDeleteList: false });
  const [fromPatch, others] = partition(merged, order, field.mergeKey);
  const kind = listKind(originalList ?? [], patchList ?? []);
  if (kind === "none") throw new ArgoError("no elements in any of the given slices");
  original.set(
    key,
    normalizeElementOrder({
      patch: fromPatch,
      others,
      order,
      original: originalList ?? [],
      mergeKey: field.mergeKey,
    }),
  );
  patch.delete(key);
}

function assertList(value: GoValue): asserts value is GoValue[] {
  if (!Array.isArray(value))
    throw new ArgoError(`expected a []interface {}, but received a ${value === null ? "%!s(<nil>)" : jsonType(value)}`);
}

/** As the JSON decoder of apimachinery has it. */
function jsonType(value: GoValue): string {
  return typeof value === "bigint" ? "int64" : goTypeName(value);
}

/** Null values are taken out of maps at any depth. */
function discardNulls(value: GoValue): GoValue {
  if (Array.isArray(value)) value.forEach(discardNulls);
  else if (value instanceof Map) {
    for (const [key, item] of value) {
      if (item === null) value.delete(key);
      else discardNulls(item);
    }
  }
  return value;
}

/** The value without maps that carry `$patch`; undefined when it is one itself. */
function removeDirectives(value: GoValue): GoValue | undefined {
  if (Array.isArray(value)) return value.map(removeDirectives).filter((item) => item !== undefined);
  if (!(value instanceof Map)) return value;
  if (value.has(directiveMarker)) return undefined;
  for (const [key, item] of value) {
    const cleaned = removeDirectives(item);
    if (cleaned === undefined) value.delete(key);
    else value.set(key, cleaned);
  }
  return value;
}

function goKind(value: GoValue): string {
  if (value instanceof Map) return "map";
  if (value === null) return "nil";
  return Array.isArray(value) ? "slice" : typeof value;
}
