import type { SyncPlanOptions } from "../hooks/sync-plan.ts";
import { syncOptionsAnnotation } from "../hooks/sync-task.ts";
import {
  annotationOption,
  hasAnnotationOption,
  isMap,
  nested,
  nestedSlice,
  nestedString,
  type Unstructured,
} from "../unstructured.ts";

/** Whether `spec.syncPolicy.syncOptions` of an Application has exactly this option: `PruneLast=true`. */
export function hasSyncOption(application: Unstructured, option: string): boolean {
  return nestedSlice(application, "spec", "syncPolicy", "syncOptions").includes(option);
}

/**
 * How the controller syncs an Application on its own: what its `spec.syncPolicy` says of pruning, order and the namespace.
 * Mirrors Argo CD v3.6.1 controller/sync.go, SyncAppState.
 */
export function syncPlanOptions(application: Unstructured): SyncPlanOptions {
  const policy = nested(application, "spec", "syncPolicy");
  const prune = defaultPruneOption(application);
  return {
    namespace: nestedString(application, "spec", "destination", "namespace"),
    prune: nested(policy, "automated", "prune") === true,
    pruneLast: hasSyncOption(application, "PruneLast=true"),
    ...(prune !== undefined && { defaultPruneOption: prune }),
    createNamespace:
      hasSyncOption(application, "CreateNamespace=true") &&
      (isMap(nested(policy, "managedNamespaceMetadata")) ? "managed" : true),
  };
}

function defaultPruneOption(application: Unstructured): string | undefined {
  const option = nestedSlice(application, "spec", "syncPolicy", "syncOptions").find(
    (candidate): candidate is string => typeof candidate === "string" && candidate.startsWith("Prune="),
  );
  return option?.slice("Prune=".length);
}

/** Whether the controller, syncing on its own, deletes a live object that is no longer wanted. */
export function isPrunedBySync(application: Unstructured, live: Unstructured): boolean {
  const option = annotationOption(live, syncOptionsAnnotation, "Prune") ?? defaultPruneOption(application);
  const isAllowed = option !== "false" && option !== "confirm";
  return isAllowed && nested(application, "spec", "syncPolicy", "automated", "prune") === true;
}

const compareOptions = "argocd.argoproj.io/compare-options";

/** Whether a live object that is no longer wanted leaves its Application Synced. Upstream: controller/state.go. */
export function ignoresExtraneous(live: Unstructured): boolean {
  return hasAnnotationOption(live, compareOptions, "IgnoreExtraneous");
}

/** What makes Argo CD have the API server compare an Application's objects; undefined where it compares them itself. Upstream: shouldUseServerSideDiff. */
export function serverSideDiffReason(application: Unstructured): string | undefined {
  const has = (value: string): boolean => hasAnnotationOption(application, compareOptions, `ServerSideDiff=${value}`);
  if (has("false")) return undefined;
  if (has("true")) return "compare option ServerSideDiff=true";
  return hasSyncOption(application, "ServerSideApply=true") ? "sync option ServerSideApply=true" : undefined;
}
