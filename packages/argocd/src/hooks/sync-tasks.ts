import { fromPlain } from "@tiphys/source";
import {
  deepCopy,
  finalizersOf,
  generateNameOf,
  groupOf,
  hasAnnotationOption,
  kindOf,
  nameOf,
  namespaceOf,
  resourceKeyOf,
  resourceKeyText,
  setNested,
  type Unstructured,
} from "../unstructured.ts";
import { hasHookFinalizer, hookFinalizer, isHook, isIgnored, syncPhases, type SyncPhase } from "./hook.ts";
import {
  compareByKey,
  isPrune,
  newTask,
  sortTasks,
  syncOptionsAnnotation,
  taskObject,
  taskWave,
  type SyncTask,
} from "./sync-task.ts";

/** What of a sync operation decides which tasks it has. */
export interface SyncTaskSettings {
  readonly pruneLast: boolean;
  readonly skipHooks: boolean;
  /** Sync option CreateNamespace=true; "managed" with `managedNamespaceMetadata`, which is applied every time. */
  readonly createNamespace: boolean | "managed";
  readonly namespace: string;
  readonly revision: string;
  readonly startedAt: number;
  readonly isClusterScoped: (group: string, kind: string) => boolean;
}

interface ReconciledResource {
  readonly target: Unstructured | undefined;
  readonly live: Unstructured | undefined;
}

type Cluster = ReadonlyMap<string, Unstructured>;

/**
 * The tasks of a sync in the engine's order. `live` holds what belongs to the Application, by key, `cluster` also what does not.
 * Upstream: gitops-engine v3.6.1 pkg/sync/reconcile.go and getSyncTasks of sync_context.go.
 */
export function syncTasks(
  targets: readonly Unstructured[],
  live: Cluster,
  cluster: Cluster,
  settings: SyncTaskSettings,
): SyncTask[] {
  const resources = reconcile(targets, live, settings);
  const tasks: SyncTask[] = [];
  for (const resource of resources.values()) {
    const object = (resource.target ?? resource.live) as Unstructured;
    if (isHook(object)) continue;
    for (const phase of syncPhases(object)) tasks.push(newTask(phase, resource));
  }
  tasks.sort(compareByKey);
  if (!settings.skipHooks) tasks.push(...hookTasks(targets, settings));
  for (const task of tasks) {
    if (task.target === undefined || namespaceOf(task.target) !== "") continue;
    // Cluster-scoped objects get the namespace too, as upstream.
    task.target = deepCopy(task.target);
    setNested(task.target, settings.namespace, "metadata", "namespace");
  }
  const namespaceTask = createNamespaceTask(resources, cluster, settings);
  if (namespaceTask !== undefined) tasks.push(namespaceTask);
  for (const task of tasks) if (task.target !== undefined) task.live ??= findLive(resources, task.target);
  overrideWaves(tasks, settings.pruneLast);
  sortTasks(tasks);
  return tasks;
}

function reconcile(
  targets: readonly Unstructured[],
  live: Cluster,
  settings: SyncTaskSettings,
): Map<string, ReconciledResource> {
  const rest = new Map(live);
  const resources = new Map<string, ReconciledResource>();
  for (const target of targets) {
    if (isIgnored(target) || isHook(target)) continue;
    const key = resourceKeyOf(target);
    const namespace = settings.isClusterScoped(key.group, key.kind) ? "" : key.namespace || settings.namespace;
    const liveKey = resourceKeyText({ ...key, namespace });
    const present = rest.get(liveKey);
    rest.delete(liveKey);
    resources.set(present === undefined ? resourceKeyText(key) : liveKey, { target, live: present });
  }
  for (const [key, present] of rest) resources.set(key, { target: undefined, live: present });
  return resources;
}

function hookTasks(targets: readonly Unstructured[], settings: SyncTaskSettings): SyncTask[] {
  const tasks: SyncTask[] = [];
  for (const hook of targets) {
    if (isIgnored(hook) || !isHook(hook)) continue;
    for (const phase of syncPhases(hook)) {
      const target = deepCopy(hook);
      if (nameOf(target) === "") setNested(target, generatedName(hook, phase, settings), "metadata", "name");
      if (!hasHookFinalizer(target))
        setNested(target, [...finalizersOf(target), hookFinalizer], "metadata", "finalizers");
      tasks.push(newTask(phase, { target }));
    }
  }
  return tasks;
}

function generatedName(hook: Unstructured, phase: SyncPhase, { revision, startedAt }: SyncTaskSettings): string {
  const short = revision.length >= 8 ? revision.slice(0, 7) : revision;
  return generateNameOf(hook) + `${short}-${phase}-${startedAt}`.toLowerCase();
}

/** The destination namespace, where no manifest has it. Upstream: autoCreateNamespace; hooks are not asked. */
function createNamespaceTask(
  resources: ReadonlyMap<string, ReconciledResource>,
  cluster: Cluster,
  { createNamespace, namespace }: SyncTaskSettings,
): SyncTask | undefined {
  if (createNamespace === false || namespace === "") return undefined;
  for (const { target } of resources.values())
    if (target !== undefined && isNamespace(target, namespace)) return undefined;
  const target = fromPlain({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }) as Unstructured;
  const live = cluster.get(resourceKeyText(resourceKeyOf(target)));
  return live === undefined || createNamespace === "managed" ? newTask("PreSync", { target, live }, true) : undefined;
}

export function isNamespace(object: Unstructured, name: string): boolean {
  return groupOf(object) === "" && kindOf(object) === "Namespace" && nameOf(object) === name;
}

function findLive(resources: ReadonlyMap<string, ReconciledResource>, target: Unstructured): Unstructured | undefined {
  // Upstream takes any of the two, another one each time; an operation goes on once it has met the one that exists.
  const key = resourceKeyOf(target);
  const withoutNamespace = resources.get(resourceKeyText({ ...key, namespace: "" }));
  return withoutNamespace?.live ?? resources.get(resourceKeyText(key))?.live;
}

/** Deletions go through their waves backwards; PruneLast ones come after all. */
function overrideWaves(tasks: readonly SyncTask[], pruneLast: boolean): void {
  const byWave = new Map<number, SyncTask[]>();
  for (const task of tasks) {
    if (!isPrune(task)) continue;
    const wave = taskWave(task);
    byWave.set(wave, [...(byWave.get(wave) ?? []), task]);
  }
  const waves = [...byWave.keys()].sort((a, b) => a - b);
  waves.forEach((wave, index) => {
    const opposite = waves[waves.length - 1 - index] as number;
    if (opposite === wave) return;
    for (const task of byWave.get(wave) ?? []) task.waveOverride = opposite;
  });
  let lastWave = 0;
  for (const task of tasks) if (task.phase === "Sync") lastWave = Math.max(lastWave, taskWave(task));
  for (const task of tasks) {
    if (!isPrune(task)) continue;
    if (pruneLast || hasAnnotationOption(taskObject(task), syncOptionsAnnotation, "PruneLast=true"))
      task.waveOverride = lastWave + 1;
  }
}
