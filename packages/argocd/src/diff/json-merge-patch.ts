import type { GoValue } from "@tiphys/gotemplate";
import { deepCopy, deepEqual, isMap } from "../unstructured.ts";

/**
 * The JSON merge patch that brings `current` to `modified` and takes away what `modified` no longer has of `original`.
 * Upstream: k8s.io/apimachinery v0.37.1 pkg/util/jsonmergepatch.
 */
export function threeWayJsonMergePatch(
  original: ReadonlyMap<string, GoValue>,
  modified: ReadonlyMap<string, GoValue>,
  current: ReadonlyMap<string, GoValue>,
): Map<string, GoValue> {
  const additions = keepOrDeleteNulls(createMergePatch(current, modified), false);
  const deletions = keepOrDeleteNulls(createMergePatch(original, modified), true);
  return mergePatches(deletions, additions);
}

/** RFC 7386 patch from one object to another. Upstream: evanphx/json-patch CreateMergePatch. */
export function createMergePatch(
  from: ReadonlyMap<string, GoValue>,
  to: ReadonlyMap<string, GoValue>,
): Map<string, GoValue> {
  const patch = new Map<string, GoValue>();
  for (const [key, value] of to) {
    const before = from.get(key);
    if (before === undefined) patch.set(key, value);
    else if (isMap(before) && isMap(value)) {
      const inner = createMergePatch(before, value);
      if (inner.size > 0) patch.set(key, inner);
    } else if (!deepEqual(before, value)) patch.set(key, value);
  }
  for (const key of from.keys()) if (!to.has(key)) patch.set(key, null);
  return patch;
}

/** Only the nulls of a patch, or all but them. */
function keepOrDeleteNulls(patch: ReadonlyMap<string, GoValue>, keepNulls: boolean): Map<string, GoValue> {
  const out = new Map<string, GoValue>();
  for (const [key, value] of patch) {
    if (isMap(value)) {
      const inner = keepOrDeleteNulls(value, keepNulls);
      if (inner.size > 0 || (value.size === 0 && !keepNulls)) out.set(key, inner);
    } else if ((value === null) === keepNulls) {
      out.set(key, value);
    }
  }
  return out;
}

/** One patch that does what both do, one after the other. */
function mergePatches(first: ReadonlyMap<string, GoValue>, second: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const out = new Map(first);
  for (const [key, value] of second) {
    const before = out.get(key) ?? null;
    out.set(key, before === null ? value : merge(before, value, mergePatches));
  }
  return out;
}

/** Applies an RFC 7386 patch; nulls inside of what is new are dropped. Upstream: evanphx/json-patch MergePatch. */
export function applyMergePatch(
  target: ReadonlyMap<string, GoValue>,
  patch: ReadonlyMap<string, GoValue>,
): Map<string, GoValue> {
  const out = new Map(target);
  for (const [key, value] of patch) {
    const before = out.get(key) ?? null;
    if (value === null) out.delete(key);
    else out.set(key, before === null ? withoutNulls(value) : merge(before, value, applyMergePatch));
  }
  return out;
}

function merge(before: GoValue, value: GoValue, mergeMaps: typeof applyMergePatch): GoValue {
  if (!isMap(before)) return withoutNulls(value);
  return isMap(value) ? mergeMaps(before, value) : deepCopy(value);
}

/** A copy whose objects have no nulls; lists keep theirs. */
function withoutNulls(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  return new Map(
    [...value].flatMap(([key, inner]): [string, GoValue][] => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}
