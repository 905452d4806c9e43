import {
  annotationOption,
  deepCopy,
  finalizersOf,
  generateNameOf,
  groupOf,
  hasAnnotationOption,
  isBeingDeleted,
  kindOf,
  nameOf,
  namespaceOf,
  removeNested,
  resourceKeyOf,
  resourceKeyText,
  setNested,
  type ResourceKey,
  type Unstructured,
} from "../unstructured.ts";
import { hasHookFinalizer, hookFinalizer, isHook, isIgnored, syncPhases, type SyncPhase } from "./hook.ts";
import { objectName, type SyncStep } from "./sync-step.ts";
import {
  isDeletedBeforeCreation,
  isPrune,
  newTask,
  resultKey,
  sortTasks,
  taskIsHook,
  taskKey,
  taskObject,
  taskWave,
  type OperationState,
  type ResultCode,
  type SyncTask,
} from "./sync-task.ts";

export interface SyncOperationSettings {
  readonly prune: boolean;
  readonly pruneLast: boolean;
  readonly defaultPruneOption: string | undefined;
  readonly pruneConfirmed: boolean;
  readonly skipHooks: boolean;
  readonly namespace: string;
  readonly revision: string;
  readonly startedAt: number;
  readonly isClusterScoped: (group: string, kind: string) => boolean;
}

interface SyncResult {
  readonly key: ResourceKey;
  status: ResultCode | "";
  state: OperationState;
}

const syncOptions = "argocd.argoproj.io/sync-options";
/** More rounds than this only happen while an operation waits for somebody. */
const maxRounds = 100_000;

/**
 * A sync operation on a cluster in which whatever is applied is healthy at once. Round after round it does what
 * gitops-engine v3.6.1 pkg/sync/sync_context.go (Sync) does in one reconciliation.
 */
export class SyncOperation {
  phase: "Running" | "Succeeded" | "Failed" = "Running";
  message = "";
  /** A deleted object is still there. */
  private isLeaving = false;
  private readonly cluster = new Map<string, Unstructured>();
  private readonly results = new Map<string, SyncResult>();
  private readonly reported = new Set<string>();
  private readonly targets: readonly Unstructured[];
  private readonly settings: SyncOperationSettings;

  constructor(targets: readonly Unstructured[], live: readonly Unstructured[], settings: SyncOperationSettings) {
    this.targets = targets;
    this.settings = settings;
    for (const object of live) this.put(object);
  }

  /** Runs to the end, or until the operation waits for a confirmation or for an object that does not go, and returns what was done. */
  run(): SyncStep[] {
    const steps: SyncStep[] = [];
    for (let round = 0; round < maxRounds && this.phase === "Running"; round++) {
      const before = this.results.size + this.cluster.size;
      const step = this.sync();
      if (step !== undefined) steps.push(step);
      if (
        this.phase === "Running" &&
        (this.isLeaving || this.message.startsWith("waiting for pruning confirmation")) &&
        before === this.results.size + this.cluster.size
      )
        break;
    }
    return steps;
  }

  private put(object: Unstructured): void {
    const copy = deepCopy(object);
    if (this.settings.isClusterScoped(groupOf(copy), kindOf(copy))) removeNested(copy, "metadata", "namespace");
    this.cluster.set(resourceKeyText(resourceKeyOf(copy)), copy);
  }

  private sync(): SyncStep | undefined {
    const tasks = this.tasks();
    if (this.results.size === 0) {
      // The destination namespace is made before the dry run of all others.
      const namespaceTask = tasks.find(
        (task) => task.live === undefined && task.target !== undefined && this.isOwnNamespace(task.target),
      );
      if (namespaceTask !== undefined) this.runTasks([namespaceTask]);
    }
    const first = tasks[0];
    const last = tasks[tasks.length - 1];
    for (const task of tasks) {
      if (task.state === "Running" && task.live !== undefined) this.setResult(task, task.status, "Succeeded");
    }
    const multiStep =
      first !== undefined && last !== undefined && (taskWave(first) !== taskWave(last) || first.phase !== last.phase);
    if (tasks.some((task) => (multiStep || taskIsHook(task)) && task.state === "Running")) return undefined;
    const leaving = tasks.filter(
      ({ status, live }) => status === "Pruned" && live !== undefined && isBeingDeleted(live),
    );
    this.isLeaving = leaving.length > 0;
    if (this.isLeaving) {
      this.message = waitingText("deletion of", leaving);
      return undefined;
    }
    const pending = tasks.filter((task) => task.phase !== "SyncFail" && task.state === "");
    const next = pending[0];
    if (next === undefined) {
      this.finish("successfully synced (no more tasks)");
      return undefined;
    }
    const phase = next.phase;
    const wave = taskWave(next);
    const group = pending.filter((task) => task.phase === phase && taskWave(task) === wave);
    const done = this.runTasks(group);
    if (!done) this.message = this.waitingMessage(group);
    else if (pending.length === group.length && !group.some(taskIsHook))
      this.finish("successfully synced (all tasks run)");
    return { phase, wave, tasks: this.report() };
  }

  private finish(message: string): void {
    this.phase = "Succeeded";
    this.message = message;
  }

  private isOwnNamespace(object: Unstructured): boolean {
    return groupOf(object) === "" && kindOf(object) === "Namespace" && nameOf(object) === this.settings.namespace;
  }

  /** Upstream: reconcile.go and getSyncTasks. */
  private tasks(): SyncTask[] {
    const resources = this.reconcile();
    const tasks: SyncTask[] = [];
    for (const { target, live } of resources.values()) {
      const object = (target ?? live) as Unstructured;
      if (isHook(object)) continue;
      for (const phase of syncPhases(object)) tasks.push(newTask(phase, target, live));
    }
    if (!this.settings.skipHooks) tasks.push(...this.hookTasks());
    for (const task of tasks) {
      if (task.target === undefined) continue;
      if (namespaceOf(task.target) === "") {
        // Cluster-scoped objects get the namespace too, as upstream.
        task.target = deepCopy(task.target);
        setNested(task.target, this.settings.namespace, "metadata", "namespace");
      }
      task.live ??= this.findLive(resources, task.target);
    }
    this.overrideWaves(tasks);
    sortTasks(tasks);
    for (const task of tasks) {
      const result = this.results.get(resultKey(task));
      if (result === undefined) continue;
      task.status = result.status;
      task.state = result.state;
    }
    return tasks;
  }

  private reconcile(): Map<string, { target: Unstructured | undefined; live: Unstructured | undefined }> {
    const rest = new Map(this.cluster);
    const resources = new Map<string, { target: Unstructured | undefined; live: Unstructured | undefined }>();
    for (const target of this.targets) {
      if (isIgnored(target) || isHook(target)) continue;
      const key = { ...resourceKeyOf(target) };
      const namespace = this.settings.isClusterScoped(key.group, key.kind)
        ? ""
        : key.namespace || this.settings.namespace;
      const liveKey = resourceKeyText({ ...key, namespace });
      const live = rest.get(liveKey);
      rest.delete(liveKey);
      resources.set(live === undefined ? resourceKeyText(key) : liveKey, { target, live });
    }
    for (const [key, live] of rest) resources.set(key, { target: undefined, live });
    return resources;
  }

  private hookTasks(): SyncTask[] {
    const tasks: SyncTask[] = [];
    for (const hook of this.targets) {
      if (isIgnored(hook) || !isHook(hook)) continue;
      for (const phase of syncPhases(hook)) {
        const target = deepCopy(hook);
        if (nameOf(target) === "") setNested(target, this.generatedName(hook, phase), "metadata", "name");
        if (!hasHookFinalizer(target))
          setNested(target, [...finalizersOf(target), hookFinalizer], "metadata", "finalizers");
        tasks.push(newTask(phase, target));
      }
    }
    return tasks;
  }

  private generatedName(hook: Unstructured, phase: SyncPhase): string {
    const { revision, startedAt } = this.settings;
    const short = revision.length >= 8 ? revision.slice(0, 7) : revision;
    return generateNameOf(hook) + `${short}-${phase}-${startedAt}`.toLowerCase();
  }

  private findLive(
    resources: ReadonlyMap<string, { live: Unstructured | undefined }>,
    target: Unstructured,
  ): Unstructured | undefined {
    const key = resourceKeyOf(target);
    const found = resources.get(resourceKeyText({ ...key, namespace: "" })) ?? resources.get(resourceKeyText(key));
    return found?.live;
  }

  /** Deletions go through their waves backwards; PruneLast ones come after all. */
  private overrideWaves(tasks: readonly SyncTask[]): void {
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
      if (this.settings.pruneLast || hasAnnotationOption(taskObject(task), syncOptions, "PruneLast=true"))
        task.waveOverride = lastWave + 1;
    }
  }

  private pruneOption(task: SyncTask): string | undefined {
    return annotationOption(taskObject(task), syncOptions, "Prune") ?? this.settings.defaultPruneOption;
  }

  private needsConfirmation(task: SyncTask): boolean {
    return !this.settings.pruneConfirmed && isPrune(task) && this.pruneOption(task) === "confirm";
  }

  /** False while something has to be deleted or confirmed first. Upstream: runTasks. */
  private runTasks(tasks: readonly SyncTask[]): boolean {
    const prunes = tasks.filter(isPrune);
    const creations = tasks.filter((task) => !isPrune(task));
    if (prunes.some((task) => this.needsConfirmation(task))) return false;
    for (const task of prunes) {
      const live = task.live as Unstructured;
      if (!this.settings.prune || this.pruneOption(task) === "false") {
        this.setResult(task, "PruneSkipped", "Succeeded");
        continue;
      }
      if (!isBeingDeleted(live)) this.cluster.delete(resourceKeyText(resourceKeyOf(live)));
      this.setResult(task, "Pruned", "Succeeded");
    }
    const outdatedHooks = creations.filter(isDeletedBeforeCreation);
    if (outdatedHooks.length > 0) {
      for (const task of outdatedHooks) this.cluster.delete(resourceKeyText(resourceKeyOf(task.live as Unstructured)));
      return false;
    }
    for (const task of creations) {
      this.put(task.target as Unstructured);
      this.setResult(task, "Synced", "Running");
    }
    return true;
  }

  private setResult(task: SyncTask, status: ResultCode | "", state: OperationState): void {
    task.status = status;
    task.state = state;
    const key = resultKey(task);
    const known = this.results.get(key);
    if (known === undefined) {
      this.results.set(key, { key: taskKey(task), status, state });
      return;
    }
    known.status = status;
    known.state = state;
  }

  private waitingMessage(tasks: readonly SyncTask[]): string {
    const unconfirmed = tasks.filter((task) => this.needsConfirmation(task));
    const waiting = unconfirmed.length > 0 ? unconfirmed : tasks.filter(isDeletedBeforeCreation);
    if (waiting.length === 0) return "";
    return waitingText(unconfirmed.length > 0 ? "pruning confirmation of" : "deletion of hook", waiting);
  }

  /** Results that no step has shown yet; what the engine does at the same time goes by name. */
  private report(): string[] {
    const names: string[] = [];
    for (const [key, result] of this.results) {
      if (this.reported.has(key)) continue;
      this.reported.add(key);
      const name = objectName(result.key.group, result.key.kind, result.key.namespace, result.key.name);
      names.push(result.status === "Pruned" || result.status === "PruneSkipped" ? `${result.status} ${name}` : name);
    }
    return sortParallel(names);
  }
}

function waitingText(reason: string, tasks: readonly SyncTask[]): string {
  const first = tasks[0] as SyncTask;
  const { group, kind, name } = taskKey(first);
  const more = tasks.length > 1 ? ` and ${tasks.length - 1} more ${taskIsHook(first) ? "hooks" : "resources"}` : "";
  return `waiting for ${reason} ${group}/${kind}/${name}${more}`;
}

function sortParallel(names: readonly string[]): string[] {
  const groupName = (name: string): string =>
    name.startsWith("Prune") ? "prune" : name.slice(0, name.lastIndexOf(" "));
  const out: string[] = [];
  for (let from = 0; from < names.length;) {
    let to = from;
    while (to < names.length && groupName(names[to] as string) === groupName(names[from] as string)) to++;
    out.push(...names.slice(from, to).sort());
    from = to;
  }
  return out;
}
