import { FunctionError } from "@tiphys/gotemplate";
import { decodeJson } from "@tiphys/gotemplate/sprig";
import type { StructType } from "../api/schema.ts";
import { ArgoError, NotKnownOffline, wrapError } from "../fault.ts";
import { SettingsError } from "../settings/resource-overrides.ts";
import { mergeMap } from "../template/strategic-merge-patch.ts";
import {
  annotationsOf,
  deepCopy,
  deepEqual,
  groupOf,
  isMap,
  kindOf,
  nested,
  setNested,
  type Unstructured,
} from "../unstructured.ts";
import {
  fullNormalize,
  knownType,
  preDiffNormalize,
  prepare,
  type Comparison,
  type DiffRequest,
  type Side,
} from "./comparison.ts";
import { threeWayMergePatch, twoWayMergePatch } from "./create-strategic-patch.ts";
import type { IgnoreWarning } from "./ignore-rules.ts";
import { applyMergePatch, threeWayJsonMergePatch } from "./json-merge-patch.ts";
import { normalizeKind } from "./normalize-kinds.ts";
import { removeListFields, removeMapFields } from "./remove-fields.ts";
import { withDefaults } from "./set-defaults.ts";
import { decodeTyped, encodeTyped, TypeMismatch } from "./typed.ts";

export interface DiffResult {
  /** The object makes its Application OutOfSync. */
  readonly modified: boolean;
  /** Both sides after tracking, managers, ignore rules and known types. */
  readonly normalized?: { readonly live: Unstructured | undefined; readonly target: Unstructured | undefined };
  /** What is compared in the end: live with defaults, and live as it would be after a sync. */
  readonly diff?: { readonly live: Unstructured | undefined; readonly predicted: Unstructured | undefined };
  /** The rules could not be used, in Argo CD's words. */
  readonly error?: string;
  /** Why the answer is not known here: `unsupported: …`. */
  readonly notKnown?: string;
  /** Rules that failed on the object; Argo CD compares without them. */
  readonly warnings: readonly IgnoreWarning[];
}

/**
 * Compares a live and a desired object as Argo CD's client-side diff does (no server-side diff: it needs a cluster).
 * Users' faults come back as `error`. Mirrors Argo CD v3.6.1 util/argo/diff and gitops-engine v3.6.1 pkg/diff.
 */
export function normalizeAndDiff(request: DiffRequest): DiffResult {
  let warnings: readonly IgnoreWarning[] = [];
  let normalized: DiffResult["normalized"];
  try {
    const comparison = prepare(request);
    ({ warnings } = comparison.normalizer);
    const pair = preDiffNormalize(request.live, request.target, comparison);
    normalized = { live: fullNormalize(pair.live, comparison), target: fullNormalize(pair.target, comparison) };
    const diff = diffPair(pair.live, pair.target, comparison);
    return { modified: diff.modified, normalized, diff: { live: diff.live, predicted: diff.predicted }, warnings };
  } catch (error) {
    if (error instanceof NotKnownOffline) return { modified: false, notKnown: error.message, warnings };
    if (!(error instanceof ArgoError) && !(error instanceof SettingsError)) throw error;
    return { modified: false, ...(normalized === undefined ? {} : { normalized }), error: error.message, warnings };
  }
}

interface ComparedPair {
  readonly modified: boolean;
  readonly live: Side;
  readonly predicted: Side;
}

/** Upstream: gitops-engine pkg/diff Diff. */
function diffPair(liveObject: Side, targetObject: Side, comparison: Comparison): ComparedPair {
  const target = targetObject && normalizeFor(remarshal(targetObject), comparison);
  const live = liveObject && normalizeFor(remarshal(liveObject), comparison);
  if (live === undefined || target === undefined) {
    if (live === undefined && target === undefined)
      throw new ArgoError("failed to calculate diff: both live and config are null objects");
    return { modified: target !== undefined, live, predicted: target };
  }
  const lastApplied = lastAppliedConfiguration(live);
  if (lastApplied !== undefined) {
    try {
      return threeWayDiff(normalizeFor(lastApplied, comparison), target, live);
    } catch (error) {
      // Upstream falls back to comparing two.
      if (!(error instanceof ArgoError) || error instanceof NotKnownOffline) throw error;
    }
  }
  try {
    return threeWayDiff(target, target, live);
  } catch (error) {
    throw wrapError("failed to calculate diff", error);
  }
}

function normalizeFor(object: Unstructured, comparison: Comparison): Unstructured {
  const evened = normalizeKind(object, comparison.ignoreAggregatedRoles);
  try {
    return fullNormalize(evened, comparison) ?? evened;
  } catch (error) {
    // Upstream logs it.
    if (error instanceof ArgoError && !(error instanceof NotKnownOffline)) return evened;
    throw error;
  }
}

/** The object as its Go type writes it, without what that adds; unchanged when it does not fit the type. Upstream: remarshal. */
function remarshal(object: Unstructured): Unstructured {
  const type = knownType(object);
  if (type === undefined) return object;
  try {
    return removeMapFields(object, encodeTyped(decodeTyped(object, type, { strict: true }), type));
  } catch (error) {
    if (error instanceof TypeMismatch) return object;
    throw error;
  }
}

function lastAppliedConfiguration(live: Unstructured): Unstructured | undefined {
  const text = annotationsOf(live).get("kubectl.kubernetes.io/last-applied-configuration");
  if (text === undefined) return undefined;
  try {
    const { value } = decodeJson(text);
    return isMap(value) && kindOf(value) !== "" ? value : undefined;
  } catch (error) {
    if (error instanceof FunctionError) return undefined;
    throw error;
  }
}

/** Upstream: ThreeWayDiff. */
function threeWayDiff(original: Unstructured, target: Unstructured, live: Unstructured): ComparedPair {
  const before = removeNamespaceAnnotation(original);
  const wanted = removeNamespaceAnnotation(target);
  const type = knownType(before);
  if (type === undefined) {
    const patch = threeWayJsonMergePatch(before, wanted, removeMapFields(before, live));
    const predicted = applyMergePatch(live, patch);
    return { modified: !deepEqual(predicted, live), live, predicted };
  }
  const patch = strategicPatch(before, wanted, statefulSetWorkaround(before, live), type);
  const synced = merged("failed to construct strategic merge patch", live, patch, type);
  const predicted = applyDefaults("predicted", synced, type);
  const defaulted = applyDefaults("live", live, type);
  return { modified: !deepEqual(predicted, defaulted), live: defaulted, predicted };
}

function strategicPatch(
  original: Unstructured,
  target: Unstructured,
  live: Unstructured,
  type: StructType,
): Unstructured {
  try {
    return threeWayMergePatch(original, target, live, type);
  } catch (error) {
    throw wrapError("failed to construct thre way merge patch", error);
  }
}

function removeNamespaceAnnotation(object: Unstructured): Unstructured {
  const metadata = object.get("metadata");
  if (!isMap(metadata)) return object;
  const copy = new Map(metadata);
  copy.delete("namespace");
  const annotations = copy.get("annotations");
  if (annotations === null || (isMap(annotations) && annotations.size === 0)) copy.delete("annotations");
  return new Map(object).set("metadata", copy);
}

/** Claim templates cannot change; what the server added to them is no difference. */
function statefulSetWorkaround(original: Unstructured, live: Unstructured): Unstructured {
  const group = groupOf(original);
  if ((group !== "apps" && group !== "extensions") || kindOf(original) !== "StatefulSet") return live;
  const [wanted, present] = [
    nested(original, "spec", "volumeClaimTemplates"),
    nested(live, "spec", "volumeClaimTemplates"),
  ];
  if (!Array.isArray(wanted) || !Array.isArray(present)) return live;
  const copy = deepCopy(live);
  setNested(copy, removeListFields(wanted, present), "spec", "volumeClaimTemplates");
  return copy;
}

function merged(failure: string, object: Unstructured, patch: Unstructured, type: StructType): Unstructured {
  try {
    return mergeMap(deepCopy(object), deepCopy(patch), type);
  } catch (error) {
    throw wrapError(failure, error);
  }
}

/** Adds defaults through a patch, so that what the Go type does not know stays. Upstream: generateSchemeDefaultPatch. */
function applyDefaults(state: "predicted" | "live", object: Unstructured, type: StructType): Unstructured {
  let typed: Unstructured;
  try {
    typed = decodeTyped(object, type, { strict: false });
  } catch (error) {
    if (error instanceof TypeMismatch) return object;
    throw error;
  }
  const patch = twoWayMergePatch(encodeTyped(typed, type), encodeTyped(withDefaults(typed, type), type), type);
  return patch.size === 0
    ? object
    : merged(`failed to construct strategic merge patch for ${state} state`, object, patch, type);
}
