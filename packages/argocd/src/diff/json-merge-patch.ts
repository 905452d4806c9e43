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
function createMergePatch(from: ReadonlyMap<string, GoValue>, to: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
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

function mergePatches(first: ReadonlyMap<string, GoValue>, second: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const out = new Map(first);
  for (const [key, value] of second) {
    const before = out.get(key);
    out.set(key, isMap(before) && isMap(value) ? mergePatches(before, value) : value);
  }
  return out;
}

/** Applies an RFC 7386 patch; nulls inside of what is new are dropped. */
export function applyMergePatch(target: ReadonlyMap<string, GoValue>, patch: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const out = new Map(target);
  for (const [key, value] of patch) {
    if (value === null) out.delete(key);
    else if (isMap(value)) {
      const before = out.get(key);
      out.set(key, applyMergePatch(isMap(before) ? before : new Map(), value));
    } else out.set(key, deepCopy(value));
  }
  return out;
}
