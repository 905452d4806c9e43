import { fromPlain } from "@tiphys/source";
import {
  deepCopy,
  finalizersOf,
  generateNameOf,
  hasAnnotationOption,
  nameOf,
  namespaceOf,
  resourceKeyOf,
  resourceKeyText,
  setNested,
  type Unstructured,
} from "../unstructured.ts";
import { hasHookFinalizer, hookFinalizer, type SyncPhase } from "./hook.ts";
import { syncFacts, type SyncFacts } from "./sync-facts.ts";
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

/** What is wanted, as every round of a sync needs it. */
interface SyncTargets {
  readonly resources: readonly WantedResource[];
  /** Copies of the hooks, one for each of their phases, with name and finalizer. */
  readonly hooks: readonly { readonly phase: SyncPhase; readonly target: Unstructured }[];
}

interface WantedResource {
  readonly key: string;
  /** Its key where it lives. */
  readonly liveKey: string;
  /** In the destination namespace unless it has one of its own; cluster-scoped objects get the namespace too, as upstream. */
  readonly target: Unstructured;
}

/** Reads the desired objects once for all rounds. */
function syncTargets(targets: readonly Unstructured[], settings: SyncTaskSettings): SyncTargets {
  const wanted = targets.filter((target) => !syncFacts(target).isIgnored);
  const resources = wanted.flatMap((target): WantedResource[] => {
    const { key, keyText, isHook } = syncFacts(target);
    if (isHook) return [];
    const namespace = settings.isClusterScoped(key.group, key.kind) ? "" : key.namespace || settings.namespace;
    return [
      {
        key: keyText,
        liveKey: resourceKeyText({ ...key, namespace }),
        target: inNamespace(target, settings.namespace),
      },
    ];
  });
  return { resources, hooks: settings.skipHooks ? [] : wanted.flatMap((target) => hookTargets(target, settings)) };
}

function inNamespace(target: Unstructured, namespace: string): Unstructured {
  if (namespaceOf(target) !== "") return target;
  const copy = deepCopy(target);
  setNested(copy, namespace, "metadata", "namespace");
  return copy;
}

/**
 * The tasks of a sync in the engine's order, round after round. What they are and how they follow each other depends on the objects alone
 * that are there in a round, so that order is kept until another object comes or one goes.
 * Upstream: gitops-engine v3.6.1 pkg/sync/reconcile.go and getSyncTasks of sync_context.go.
 */
export class SyncTaskList {
  private readonly targets: SyncTargets;
  private readonly settings: SyncTaskSettings;
  /** What the tasks in `sorted` were made of. */
  private objects: readonly unknown[] = [];
  private sorted: readonly SyncTask[] | undefined;

  constructor(targets: readonly Unstructured[], settings: SyncTaskSettings) {
    this.targets = syncTargets(targets, settings);
    this.settings = settings;
  }

  /** Tasks of their own for one round. `live` holds what belongs to the Application, by key, `cluster` also what does not. */
  round(live: Cluster, cluster: Cluster): SyncTask[] {
    const resources = reconcile(this.targets.resources, live);
    const namespaceTask = createNamespaceTask(resources, cluster, this.settings);
    const liveOf = new Map<Unstructured, Unstructured>();
    const objects: unknown[] = [namespaceTask !== undefined];
    for (const { target, live: present } of resources.values()) {
      objects.push(target ?? present);
      if (target !== undefined && present !== undefined) liveOf.set(target, present);
    }
    if (this.sorted === undefined || !hasSameItems(objects, this.objects)) {
      this.sorted = this.sortedTasks(resources, namespaceTask);
      this.objects = objects;
    }
    return this.sorted.map((task) => {
      const present = task.isCreatedNamespace ? namespaceTask?.live : task.target && liveOf.get(task.target);
      return { ...task, live: task.target === undefined ? task.live : (present ?? findLive(resources, task.facts)) };
    });
  }

  private sortedTasks(
    resources: ReadonlyMap<string, ReconciledResource>,
    namespaceTask: SyncTask | undefined,
  ): SyncTask[] {
    const tasks: SyncTask[] = [];
    for (const resource of resources.values()) {
      const { isHook, phases } = syncFacts((resource.target ?? resource.live) as Unstructured);
      if (isHook) continue;
      for (const phase of phases) tasks.push(newTask(phase, resource));
    }
    tasks.sort(compareByKey);
    for (const { phase, target } of this.targets.hooks) tasks.push(newTask(phase, { target }));
    if (namespaceTask !== undefined) tasks.push(namespaceTask);
    overrideWaves(tasks, this.settings.pruneLast);
    sortTasks(tasks);
    for (const task of tasks) task.resultKey = `${task.facts.keyText}:${task.phase}`;
    return tasks;
  }
}

function hasSameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function reconcile(wanted: readonly WantedResource[], live: Cluster): Map<string, ReconciledResource> {
  const rest = new Map(live);
  const resources = new Map<string, ReconciledResource>();
  for (const { key, liveKey, target } of wanted) {
    const present = rest.get(liveKey);
    rest.delete(liveKey);
    resources.set(present === undefined ? key : liveKey, { target, live: present });
  }
  for (const [key, present] of rest) resources.set(key, { target: undefined, live: present });
  return resources;
}

function hookTargets(hook: Unstructured, settings: SyncTaskSettings): SyncTargets["hooks"] {
  const { isHook, phases } = syncFacts(hook);
  if (!isHook) return [];
  return phases.map((phase) => {
    const target = deepCopy(hook);
    if (nameOf(target) === "") setNested(target, generatedName(hook, phase, settings), "metadata", "name");
    if (!hasHookFinalizer(target))
      setNested(target, [...finalizersOf(target), hookFinalizer], "metadata", "finalizers");
    if (namespaceOf(target) === "") setNested(target, settings.namespace, "metadata", "namespace");
    return { phase, target };
  });
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
  return syncFacts(object).madeNamespace === name;
}

function findLive(
  resources: ReadonlyMap<string, ReconciledResource>,
  { keyText, clusterKeyText }: SyncFacts,
): Unstructured | undefined {
  // Upstream takes any of the two, another one each time; an operation goes on once it has met the one that exists.
  return resources.get(clusterKeyText)?.live ?? resources.get(keyText)?.live;
}

/** Deletions go through their waves backwards; PruneLast ones come after all. */
function overrideWaves(tasks: readonly SyncTask[], pruneLast: boolean): void {
  const byWave = new Map<number, SyncTask[]>();
  for (const task of tasks) {
    if (!isPrune(task)) continue;
    const wave = taskWave(task);
    const others = byWave.get(wave);
    if (others === undefined) byWave.set(wave, [task]);
    else others.push(task);
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
