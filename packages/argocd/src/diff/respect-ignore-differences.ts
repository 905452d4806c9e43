import type { GoValue } from "@tiphys/gotemplate";
import { ArgoError, NotKnownOffline } from "../fault.ts";
import { SettingsError } from "../settings/resource-overrides.ts";
import { mergeMap } from "../template/strategic-merge-patch.ts";
import { deepCopy, deepEqual, groupOf, isMap, kindOf, removeNested, type Unstructured } from "../unstructured.ts";
import { fullNormalize, knownType, preDiffNormalize, prepare, type DiffRequest } from "./comparison.ts";
import { threeWayMergePatch } from "./create-strategic-patch.ts";
import type { IgnoreWarning } from "./ignore-rules.ts";
import { applyMergePatch, createMergePatch } from "./json-merge-patch.ts";

/** What a sync applies. */
export interface SyncTarget {
  /** undefined: the object is not wanted, or `error` or `notKnown` is set. */
  readonly target: Unstructured | undefined;
  /** The operation fails for this reason, in Argo CD's words. */
  readonly error?: string;
  /** Why the answer is not known here: `unsupported: …`. */
  readonly notKnown?: string;
  /** Rules that failed on the object; Argo CD goes on without them. */
  readonly warnings: readonly IgnoreWarning[];
}

/** Groups whose Go types Argo CD patches with and the tables lack. */
const otherGroups: ReadonlySet<string> = new Set([
  "internal.apiserver.k8s.io",
  "resource.k8s.io",
  "storagemigration.k8s.io",
]);

/**
 * What a sync with `RespectIgnoreDifferences=true` applies: the desired object with the live values of all that the rules ignore,
 * but for `status`. Custom kinds are patched as plain JSON, as where the cluster has no schema for them. Users' faults come back as
 * `error`. Mirrors Argo CD v3.6.1 controller/sync.go, normalizeTargetResources.
 */
export function respectIgnoreDifferences(request: DiffRequest): SyncTarget {
  const { live, target } = request;
  let warnings: readonly IgnoreWarning[] = [];
  try {
    const comparison = prepare(request);
    ({ warnings } = comparison.normalizer);
    const pair = preDiffNormalize(live, target, comparison);
    const normalized = {
      live: fullNormalize(pair.live, comparison),
      target: fullNormalize(pair.target, comparison),
    };
    if (live === undefined || target === undefined || normalized.live === undefined || normalized.target === undefined)
      return { target, warnings };
    const patched = withLiveValues(normalized.target, normalized.live, live);
    restoreNonIgnoredFields(patched, { original: target, target: normalized.target, live: normalized.live });
    return { target: patched, warnings };
  } catch (error) {
    if (error instanceof NotKnownOffline) return { target: undefined, notKnown: error.message, warnings };
    if (!(error instanceof ArgoError) && !(error instanceof SettingsError)) throw error;
    return { target: undefined, error: error.message, warnings };
  }
}

/** What normalising took from the live object is put into the desired one. */
function withLiveValues(target: Unstructured, normalizedLive: Unstructured, live: Unstructured): Unstructured {
  if (otherGroups.has(groupOf(target)))
    throw new NotKnownOffline(`unsupported: patching ${kindOf(target)} of ${groupOf(target)}`);
  const type = knownType(target);
  const [before, after] = [withoutStatus(normalizedLive), withoutStatus(live)];
  if (type === undefined) return deepCopy(applyMergePatch(target, createMergePatch(before, after)));
  return mergeMap(deepCopy(target), threeWayMergePatch(after, after, before, type), type);
}

/** It belongs to the controller of the object, never to a sync. */
function withoutStatus(object: Unstructured): Unstructured {
  const copy = deepCopy(object);
  removeNested(copy, "status");
  return copy;
}

type Fields = ReadonlyMap<string, GoValue>;

interface Counterparts {
  readonly original: Fields;
  readonly target: Fields;
  readonly live: Fields;
}

const none: Fields = new Map();

/**
 * A patch replaces some fields as a whole and so brings more from the live object than what is ignored: that is undone. A field
 * is not ignored where normalising left it as it was; one that only the live object has, where normalising left it there.
 */
function restoreNonIgnoredFields(patched: Map<string, GoValue>, { original, target, live }: Counterparts): void {
  for (const [key, wanted] of original) {
    const [value, normalized] = [patched.get(key), target.get(key)];
    if (isMap(value) && isMap(wanted) && isMap(normalized)) {
      const inner = live.get(key);
      restoreNonIgnoredFields(value, { original: wanted, target: normalized, live: isMap(inner) ? inner : none });
    } else if (normalized !== undefined && deepEqual(normalized, wanted) && !deepEqual(value, wanted)) {
      patched.set(key, wanted);
    }
  }
  for (const key of [...patched.keys()]) if (!original.has(key) && live.has(key)) patched.delete(key);
}
