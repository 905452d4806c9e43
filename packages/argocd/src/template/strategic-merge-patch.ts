import { deepEqual, formatGo, type GoValue, quoteGo } from "@tiphys/gotemplate";
import { dereference, findField, type GoType } from "../api/schema.ts";
import { ArgoError } from "../fault.ts";
import { mergeKeyedLists, mergeScalarLists, normalizeElementOrder, partition } from "./merge-lists.ts";

/** JSON objects as the patch code handles them. */
export type JsonMap = Map<string, GoValue>;

const directiveMarker = "$patch";
const retainKeysDirective = "$retainKeys";
const deleteFromList = "$deleteFromPrimitiveList";
const setElementOrder = "$setElementOrder";

/**
 * strategicpatch.StrategicMergePatch (apimachinery 0.37, pkg/util/strategicpatch/patch.go) with the Go type `type`: both maps are
 * used up. Keys are taken in sorted order, where upstream walks a Go map. Throws `ArgoError`.
 */
export function mergeMap(original: JsonMap, patch: JsonMap, type: GoType): JsonMap {
  const directive = patch.get(directiveMarker);
  if (directive !== undefined) return applyDirective(directive, patch);
  applyRetainKeys(original, patch);
  for (const key of [...patch.keys()].sort())
    if (key.startsWith(setElementOrder)) applyElementOrder(key, original, patch, type);
  for (const key of [...patch.keys()].sort()) mergeKey(key, original, patch, type);
  return original;
}

function mergeKey(written: string, original: JsonMap, patch: JsonMap, type: GoType): void {
  const value = patch.get(written)!;
  const isDeleteList = written.startsWith(deleteFromList);
  const key = isDeleteList ? afterSlash(written, deleteFromList) : written;
  if (value === null) {
    original.delete(key);
    return;
  }
  const present = original.get(key);
  if (present === undefined || goKind(present) !== goKind(value)) {
    if (!isDeleteList) setWithoutDirectives(original, key, value);
    return;
  }
  if (value instanceof Map) {
    const field = lookup(type, key);
    const replaces = field.strategies.includes("replace");
    original.set(key, replaces ? value : mergeMap(present as JsonMap, value, field.type));
  } else if (Array.isArray(value)) {
    const field = lookupList(type, key);
    original.set(key, mergeLists(present as GoValue[], value, field, isDeleteList));
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
  const cleaned = removeDirectives(discardNulls(value));
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
function applyRetainKeys(original: JsonMap, patch: JsonMap): void {
  const directive = patch.get(retainKeysDirective);
  if (directive === undefined) return;
  patch.delete(retainKeysDirective);
  if (!Array.isArray(directive)) throw new ArgoError("invalid patch format of retainKeys");
  const retained = new Set(directive);
  for (const [key, value] of patch) {
    if (value === null || key.startsWith(deleteFromList) || key.startsWith(setElementOrder)) continue;
    if (!retained.has(key)) throw new ArgoError("invalid patch format of retainKeys");
  }
  for (const key of original.keys()) if (!retained.has(key)) original.delete(key);
}

interface PatchField {
  readonly type: GoType;
  readonly strategies: readonly string[];
  readonly mergeKey: string;
}

/** apimachinery third_party/forked/golang/json/fields.go, LookupPatchMetadataForStruct. */
function lookup(type: GoType, key: string): PatchField {
  const holder = dereferenceOnce(type);
  if (holder.kind === "rawObject" || holder.kind === "json")
    throw noSuchField(holder.kind === "json" ? "JSON" : "RawExtension", key);
  if (holder.kind === "opaque") return { type: holder, strategies: [], mergeKey: "" };
  if (holder.kind !== "struct") {
    throw new ArgoError(`merging an object in json but data type is not struct, instead is: ${reflectKind(holder)}`);
  }
  const field = findField(holder, key);
  if (!field) throw noSuchField(holder.name, key);
  return { type: field.type, strategies: field.patchStrategy.split(","), mergeKey: field.patchMergeKey };
}

function noSuchField(struct: string, key: string): ArgoError {
  return new ArgoError(`unable to find api field in struct ${struct} for the json field ${quoteGo(key)}`);
}

function lookupList(type: GoType, key: string): PatchField {
  const field = lookup(type, key);
  const inner = dereferenceOnce(field.type);
  if (inner.kind === "slice") return { ...field, type: inner.element };
  if (field.type.kind === "pointer" || inner.kind === "opaque") return { ...field, type: inner };
  throw new ArgoError(`expected slice or array type, but got: ${reflectKind(type)}`);
}

function dereferenceOnce(type: GoType): Exclude<GoType, { kind: "pointer" }> {
  return dereference(type);
}

function reflectKind(type: GoType): string {
  switch (type.kind) {
    case "pointer":
      return "ptr";
    case "intOrString":
    case "time":
    case "json":
    case "rawObject":
      return "struct";
    case "opaque":
      return "interface";
    default:
      return type.kind;
  }
}

function mergeLists(original: GoValue[], patch: GoValue[], field: PatchField, isDeleteList: boolean): GoValue[] {
  if (isDeleteList) return original.filter((item) => !patch.some((gone) => deepEqual(item, gone)));
  if (!field.strategies.includes("merge")) return patch;
  if (original.length === 0 && patch.length === 0) return original;
  if (!listsOfMaps(original, patch)) {
    const merged = mergeScalarLists(original, patch);
    const [fromPatch, others] = partition(merged, patch, "");
    return normalizeElementOrder({ patch: fromPatch, others, order: patch, original, mergeKey: "" });
  }
  if (field.mergeKey === "") throw new ArgoError(`cannot merge lists without merge key for ${reflectKind(field.type)}`);
  const merged = mergeKeyedLists(original, patch, field.mergeKey, (one, other) => mergeMap(one, other, field.type));
  const [fromPatch, others] = partition(merged.items, merged.patch, field.mergeKey);
  return normalizeElementOrder({
    patch: fromPatch,
    others,
    order: merged.patch,
    original: merged.original,
    mergeKey: field.mergeKey,
  });
}

/** sliceElementType: all items of both lists are of one type, which is no list. */
function listsOfMaps(original: readonly GoValue[], patch: readonly GoValue[]): boolean {
  const kinds = new Set([...original, ...patch].map(goKind));
  if (kinds.has("slice")) throw new ArgoError("lists of lists are not supported");
  if (kinds.size > 1) throw new ArgoError(`list element types are not identical: ${[...kinds].join(", ")}`);
  return kinds.has("map");
}

/** mergePatchIntoOriginal: a `$setElementOrder` list puts the items of the merged list in order. */
function applyElementOrder(directive: string, original: JsonMap, patch: JsonMap, type: GoType): void {
  const order = patch.get(directive)!;
  patch.delete(directive);
  if (!Array.isArray(order)) throw new ArgoError("invalid patch format of setElementOrder list");
  const key = afterSlash(directive, setElementOrder);
  const originalList = original.get(key);
  const patchList = patch.get(key);
  const field = lookupList(type, key);
  let merged: GoValue[];
  if (Array.isArray(originalList) && Array.isArray(patchList))
    merged = mergeLists(originalList, patchList, field, false);
  else if (Array.isArray(originalList)) merged = originalList;
  else if (Array.isArray(patchList)) merged = removeDirectives(patchList) as GoValue[];
  else return;
  const [fromPatch, others] = partition(merged, order, field.mergeKey);
  original.set(
    key,
    normalizeElementOrder({
      patch: fromPatch,
      others,
      order,
      original: Array.isArray(originalList) ? originalList : [],
      mergeKey: field.mergeKey,
    }),
  );
  patch.delete(key);
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
  return Array.isArray(value) ? "slice" : typeof value;
}
