import type { ResourceKey, Unstructured } from "../unstructured.ts";
import type { HookDeletePolicy, SyncPhase } from "./hook.ts";
import { syncFacts, type SyncFacts } from "./sync-facts.ts";

export type ResultCode = "Synced" | "SyncFailed" | "Pruned" | "PruneSkipped";
export type OperationState = "" | "Running" | "Succeeded" | "Failed";

export const syncOptionsAnnotation = "argocd.argoproj.io/sync-options";

/** One object in one phase. Mirrors gitops-engine v3.6.1 pkg/sync/sync_task.go. */
export interface SyncTask {
  phase: SyncPhase;
  readonly target: Unstructured | undefined;
  live: Unstructured | undefined;
  /** Of the target, or of the live object where there is none. */
  readonly facts: SyncFacts;
  /** Its name in the results of an operation, once its phase is settled: one object may run in several. */
  resultKey: string;
  waveOverride: number | undefined;
  status: ResultCode | "";
  state: OperationState;
  message: string;
  /** The namespace that CreateNamespace makes, which no Application owns. */
  readonly isCreatedNamespace: boolean;
}

export function newTask(
  phase: SyncPhase,
  { target, live }: { readonly target: Unstructured | undefined; readonly live?: Unstructured | undefined },
  isCreatedNamespace = false,
): SyncTask {
  return {
    phase,
    target,
    live,
    facts: syncFacts((target ?? live) as Unstructured),
    resultKey: "",
    waveOverride: undefined,
    status: "",
    state: "",
    message: "",
    isCreatedNamespace,
  };
}

export function taskObject(task: SyncTask): Unstructured {
  return (task.target ?? task.live) as Unstructured;
}

export function taskWave(task: SyncTask): number {
  return task.waveOverride ?? task.facts.wave;
}

export function isPrune(task: SyncTask): boolean {
  return task.target === undefined;
}

export function taskIsHook(task: SyncTask): boolean {
  return task.facts.isHook;
}

export function taskKey(task: SyncTask): ResourceKey {
  return task.facts.key;
}

export function hasHookDeletePolicy(task: SyncTask, policy: HookDeletePolicy): boolean {
  return taskIsHook(task) && task.facts.deletePolicies.includes(policy);
}

export function isDeletedBeforeCreation(task: SyncTask): boolean {
  return task.live !== undefined && task.state === "" && hasHookDeletePolicy(task, "BeforeHookCreation");
}

const phaseOrder: Readonly<Record<SyncPhase, number>> = { PreSync: -1, Sync: 0, PostSync: 1, SyncFail: 2 };

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The order of resources that upstream takes from a Go map: what the engine's own order leaves open is then defined. */
export function compareByKey(a: SyncTask, b: SyncTask): number {
  const [left, right] = [taskKey(a), taskKey(b)];
  return (
    compareText(left.group, right.group) ||
    compareText(left.kind, right.kind) ||
    compareText(left.namespace, right.namespace)
  );
}

/** Phase, wave, kind, name; equal ones stay as they are: resources, then hooks in the order of the manifests. */
function compareTasks(a: SyncTask, b: SyncTask): number {
  return (
    phaseOrder[a.phase] - phaseOrder[b.phase] ||
    taskWave(a) - taskWave(b) ||
    a.facts.kindOrder - b.facts.kindOrder ||
    compareText(a.facts.key.name, b.facts.key.name)
  );
}

/** Sorts tasks in place, then moves namespaces and CRDs before what needs them. Upstream: sync_tasks.go, Sort. */
export function sortTasks(tasks: SyncTask[]): void {
  tasks.sort(compareTasks);
  moveDependenciesUp(
    tasks,
    (facts) => facts.madeNamespace,
    (facts) => facts.key.namespace || undefined,
  );
  moveDependenciesUp(
    tasks,
    (facts) => facts.definedKind,
    (facts) => facts.groupKind,
  );
}

type KeyOf = (facts: SyncFacts) => string | undefined;

function moveDependenciesUp(tasks: SyncTask[], dependency: KeyOf, reference: KeyOf): void {
  if (!tasks.some(({ target, facts }) => target !== undefined && dependency(facts) !== undefined)) return;
  const firstIndex = new Map<string, number>();
  for (let index = 0; index < tasks.length; index++) {
    const task = tasks[index] as SyncTask;
    if (task.target === undefined) continue;
    const provided = dependency(task.facts);
    if (provided === undefined) {
      const needed = reference(task.facts);
      if (needed !== undefined && !firstIndex.has(needed)) firstIndex.set(needed, index);
      continue;
    }
    const first = firstIndex.get(provided);
    if (first === undefined) continue;
    const user = tasks[first] as SyncTask;
    task.waveOverride = taskWave(user);
    task.phase = user.phase;
    tasks.splice(index, 1);
    tasks.splice(first, 0, task);
    for (const [key, at] of firstIndex) if (at >= first) firstIndex.set(key, at + 1);
  }
}
