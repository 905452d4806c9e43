import { deepCopy, generateNameOf, groupOf, kindOf, nameOf, namespaceOf, type Unstructured } from "../unstructured.ts";
import {
  deletionHookTypes,
  hookDeletePolicies,
  hookTypes,
  isHook,
  isIgnored,
  isSkipped,
  syncWave,
  type DeletionHookType,
  type HookDeletePolicy,
  type HookType,
} from "./hook.ts";
import { isClusterScopedKind } from "./scope.ts";
import { SyncOperation, type SyncFailure } from "./sync-operation.ts";
import { objectName, type SyncStep } from "./sync-step.ts";

/** What a desired object is to Argo CD. */
export interface ObjectRole {
  /** `Kind.group namespace/name`; a generated name ends in `*`. */
  readonly object: string;
  readonly hook: readonly HookType[];
  /** Only hooks have them. */
  readonly deletePolicies: readonly HookDeletePolicy[];
  /** Hook type Skip. */
  readonly skipped: boolean;
  /** A hook that no sync runs: Helm's test and rollback hooks, unknown ones, and those that run on deletion only. */
  readonly ignored: boolean;
  /** Runs when the Application is deleted. */
  readonly onDeletion: readonly DeletionHookType[];
  readonly wave: number;
}

export interface SyncPlan {
  readonly objects: readonly ObjectRole[];
  readonly steps: readonly SyncStep[];
  readonly phase: "Succeeded" | "Running" | "Failed";
  readonly message: string;
}

export interface SyncPlanOptions {
  /** Delete what is no longer wanted. */
  readonly prune?: boolean;
  /** Sync option PruneLast=true of the Application. */
  readonly pruneLast?: boolean;
  /** Sync option Prune of the Application: "false" or "confirm". */
  readonly defaultPruneOption?: string;
  /** The operator has confirmed deletions marked `Prune=confirm`. */
  readonly pruneConfirmed?: boolean;
  readonly skipHooks?: boolean;
  /** Sync option CreateNamespace=true; "managed" where the Application has `managedNamespaceMetadata` too. */
  readonly createNamespace?: boolean | "managed";
  /** Objects that the API server refuses, or that degrade; none by default. */
  readonly failureOf?: (object: Unstructured) => SyncFailure | undefined;
  /** Destination namespace. */
  readonly namespace?: string;
  /** Revision, for names made from `generateName`. */
  readonly revision?: string;
  /** Start of the operation in seconds since 1970, for names made from `generateName`. */
  readonly startedAt?: number;
  /** True for kinds without a namespace; the default knows Kubernetes' own and common custom ones. */
  readonly isClusterScoped?: (group: string, kind: string) => boolean;
}

/**
 * The phases, waves and order in which Argo CD applies `objects` to a cluster that holds `live` (objects that belong to
 * the Application), when everything but `failureOf` turns healthy at once. Mirrors gitops-engine v3.6.1 pkg/sync.
 */
export function syncPlan(
  objects: readonly Unstructured[],
  live: readonly Unstructured[] = [],
  options: SyncPlanOptions = {},
): SyncPlan {
  const isClusterScoped = options.isClusterScoped ?? isClusterScopedKind;
  const operation = new SyncOperation(
    objects.filter((object) => !isIgnored(object)),
    live.map((object) => deepCopy(object)),
    {
      prune: options.prune ?? false,
      pruneLast: options.pruneLast ?? false,
      defaultPruneOption: options.defaultPruneOption,
      pruneConfirmed: options.pruneConfirmed ?? false,
      skipHooks: options.skipHooks ?? false,
      createNamespace: options.createNamespace ?? false,
      failureOf: options.failureOf ?? (() => undefined),
      namespace: options.namespace ?? "default",
      revision: options.revision ?? "0000000000000000",
      startedAt: options.startedAt ?? 1_700_000_000,
      isClusterScoped,
    },
  );
  const steps = operation.run();
  return { objects: objects.map(objectRole), steps, phase: operation.phase, message: operation.message };
}

/** What one desired object is to a sync. */
export function objectRole(object: Unstructured): ObjectRole {
  return {
    object: objectName(
      groupOf(object),
      kindOf(object),
      namespaceOf(object),
      nameOf(object) || `${generateNameOf(object)}*`,
    ),
    hook: hookTypes(object),
    deletePolicies: isHook(object) ? hookDeletePolicies(object) : [],
    skipped: isSkipped(object),
    ignored: isIgnored(object),
    onDeletion: deletionHookTypes(object),
    wave: syncWave(object),
  };
}
