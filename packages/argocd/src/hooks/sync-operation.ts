import {
  annotationOption,
  deepCopy,
  groupOf,
  isBeingDeleted,
  kindOf,
  namespaceOf,
  removeNested,
  resourceKeyText,
  type ResourceKey,
  type Unstructured,
} from "../unstructured.ts";
import { syncFacts } from "./sync-facts.ts";
import { objectName, type SyncStep } from "./sync-step.ts";
import {
  isDeletedBeforeCreation,
  isPrune,
  syncOptionsAnnotation,
  taskIsHook,
  taskKey,
  taskObject,
  taskWave,
  type OperationState,
  type ResultCode,
  type SyncTask,
} from "./sync-task.ts";
import { isNamespace, SyncTaskList, type SyncTaskSettings } from "./sync-tasks.ts";

/** What goes wrong with an object: the API server refuses it, or it degrades. */
export interface SyncFailure {
  readonly at: "sync" | "health";
  readonly message: string;
}

export interface SyncOperationSettings extends SyncTaskSettings {
  readonly prune: boolean;
  readonly defaultPruneOption: string | undefined;
  readonly pruneConfirmed: boolean;
  readonly failureOf: (object: Unstructured) => SyncFailure | undefined;
}

interface SyncResult {
  readonly key: ResourceKey;
  status: ResultCode | "";
  state: OperationState;
  message: string;
}

/**
 * A sync operation on a cluster in which whatever is applied is at once healthy, or degraded where the settings say so. Round
 * after round it does what gitops-engine v3.6.1 pkg/sync/sync_context.go (Sync) does in one reconciliation.
 */
export class SyncOperation {
  phase: "Running" | "Succeeded" | "Failed" = "Running";
  message = "";
  /** Grows whenever the cluster or a result changes. */
  private changes = 0;
  private readonly cluster = new Map<string, Unstructured>();
  /** Made by the operation, but not the Application's: a namespace that CreateNamespace made. */
  private readonly untracked = new Set<string>();
  private readonly results = new Map<string, SyncResult>();
  private readonly reported = new Set<string>();
  private readonly taskList: SyncTaskList;
  private readonly settings: SyncOperationSettings;

  constructor(targets: readonly Unstructured[], live: readonly Unstructured[], settings: SyncOperationSettings) {
    this.taskList = new SyncTaskList(targets, settings);
    this.settings = settings;
    for (const object of live) this.put(object);
  }

  /** Runs to the end, or until the operation waits for a confirmation or for an object that does not go, and returns what was done. */
  run(): SyncStep[] {
    const steps: SyncStep[] = [];
    for (let before = -1; this.phase === "Running" && before !== this.changes;) {
      before = this.changes;
      steps.push(...this.sync());
    }
    return steps;
  }

  private put(object: Unstructured): string {
    let stored = object;
    if (namespaceOf(object) !== "" && this.settings.isClusterScoped(groupOf(object), kindOf(object))) {
      stored = deepCopy(object);
      removeNested(stored, "metadata", "namespace");
    }
    const key = syncFacts(stored).keyText;
    this.cluster.set(key, stored);
    this.changes++;
    return key;
  }

  private delete(object: Unstructured): boolean {
    const isThere = this.cluster.delete(syncFacts(object).keyText);
    if (isThere) this.changes++;
    return isThere;
  }

  private tasks(): SyncTask[] {
    const live = new Map(this.cluster);
    for (const key of this.untracked) live.delete(key);
    const tasks = this.taskList.round(live, this.cluster);
    for (const task of tasks) {
      const result = this.results.get(task.resultKey);
      if (result !== undefined) [task.status, task.state, task.message] = [result.status, result.state, result.message];
    }
    return tasks;
  }

  private sync(): SyncStep[] {
    const tasks = this.tasks();
    if (this.results.size === 0) {
      // The destination namespace is made before the dry run of all others.
      const namespaceTask = tasks.find(
        ({ live, target }) =>
          live === undefined && target !== undefined && isNamespace(target, this.settings.namespace),
      );
      if (namespaceTask !== undefined && this.runTasks([namespaceTask]) === "failed") {
        this.fail([namespaceTask], "the namespace failed to apply");
        return this.steps(namespaceTask);
      }
    }
    for (const task of tasks) if (task.state === "Running" && task.live !== undefined) this.updateHealth(task);
    const [first, last] = [tasks[0], tasks[tasks.length - 1]];
    const multiStep =
      first !== undefined && last !== undefined && (taskWave(first) !== taskWave(last) || first.phase !== last.phase);
    const running = tasks.filter((task) => (multiStep || taskIsHook(task)) && task.state === "Running");
    if (running.length > 0) {
      for (const task of running) if (task.live === undefined && !this.isInCluster(task)) this.setMissing(task);
      this.message = this.waitingMessage(running, false);
      return this.settings.createNamespace === false ? [] : this.steps(running[0]);
    }
    const leaving = tasks.filter(
      ({ status, live }) => status === "Pruned" && live !== undefined && isBeingDeleted(live),
    );
    if (leaving.length > 0) {
      this.message = this.waitingMessage(leaving, true);
      return [];
    }
    const failureTasks = tasks.filter(({ phase }) => phase === "SyncFail");
    const others = tasks.filter(({ phase }) => phase !== "SyncFail");
    if (others.some(({ state }) => state === "Failed")) {
      this.runFailureTasks(failureTasks, others, "one or more synchronization tasks completed unsuccessfully");
      return this.steps(failureTasks[0]);
    }
    const pending = others.filter(({ state }) => state === "");
    const next = pending[0];
    if (next === undefined) {
      this.finish("successfully synced (no more tasks)");
      return this.settings.createNamespace === false ? [] : this.steps(tasks[0]);
    }
    return this.runWave(next, pending, failureTasks);
  }

  private runWave(next: SyncTask, pending: readonly SyncTask[], failureTasks: readonly SyncTask[]): SyncStep[] {
    const group = pending.filter((task) => task.phase === next.phase && taskWave(task) === taskWave(next));
    const place = { phase: next.phase, wave: taskWave(next) };
    switch (this.runTasks(group)) {
      case "failed": {
        const tasks = this.report();
        const running = group.filter(({ state }) => state === "Running");
        if (running.length === 0 || failureTasks.length > 0) {
          const isDone = this.runFailureTasks(failureTasks, group, "one or more objects failed to apply");
          if (!isDone) running.push(...failureTasks);
        }
        if (running.length > 0 && this.phase === "Running") this.message = this.waitingMessage(running, false);
        return [{ ...place, tasks }, ...this.steps(failureTasks[0])];
      }
      case "pending": {
        const blocking = group.filter((task) => isDeletedBeforeCreation(task) || (isPrune(task) && task.state === ""));
        this.message = this.waitingMessage(blocking, true);
        break;
      }
      case "successful":
        if (pending.length === group.length && !group.some(taskIsHook))
          this.finish("successfully synced (all tasks run)");
        else this.message = this.waitingMessage(group, false);
    }
    return [{ ...place, tasks: this.report() }];
  }

  private updateHealth(task: SyncTask): void {
    const failure = this.settings.failureOf(task.live as Unstructured);
    if (failure?.at === "health") this.setResult(task, task.status, "Failed", failure.message);
    else this.setResult(task, task.status, "Succeeded");
  }

  private isInCluster(task: SyncTask): boolean {
    const key = taskKey(task);
    const namespace = this.settings.isClusterScoped(key.group, key.kind) ? "" : key.namespace;
    return this.cluster.has(resourceKeyText({ ...key, namespace }));
  }

  private setMissing(task: SyncTask): void {
    const { group, kind, name } = taskKey(task);
    const message = `Resource ${group}/${kind}/${name} is missing, it might have been deleted`;
    this.setResult(task, "SyncFailed", "Failed", message);
  }

  private finish(message: string): void {
    this.phase = "Succeeded";
    this.message = message;
  }

  private fail(failed: readonly SyncTask[], message: string): void {
    this.phase = "Failed";
    this.message = withReasons(message, failed);
  }

  /** Starts the SyncFail hooks; true when there are none or all are done, and the operation has failed. Upstream: executeSyncFailPhase. */
  private runFailureTasks(failureTasks: readonly SyncTask[], tasks: readonly SyncTask[], message: string): boolean {
    const failed = tasks.filter(({ status }) => status === "SyncFailed");
    if (failureTasks.every(({ state }) => state === "Succeeded" || state === "Failed")) {
      this.fail(failed, message);
      const failedHooks = failureTasks.filter(({ status }) => status === "SyncFailed");
      if (failedHooks.length > 0) this.message += `\n${withReasons("one or more SyncFail hooks failed", failedHooks)}`;
      return true;
    }
    const pending = failureTasks.filter(({ state }) => state === "");
    this.runTasks(pending);
    this.message = this.waitingMessage(pending, false);
    return false;
  }

  private pruneOption(task: SyncTask): string | undefined {
    return annotationOption(taskObject(task), syncOptionsAnnotation, "Prune") ?? this.settings.defaultPruneOption;
  }

  private needsConfirmation(task: SyncTask): boolean {
    return !this.settings.pruneConfirmed && isPrune(task) && this.pruneOption(task) === "confirm";
  }

  /** "pending" while something has to be deleted or confirmed first. */
  private runTasks(tasks: readonly SyncTask[]): "successful" | "pending" | "failed" {
    const prunes = tasks.filter(isPrune);
    const creations = tasks.filter((task) => !isPrune(task));
    if (prunes.some((task) => this.needsConfirmation(task))) return "pending";
    for (const task of prunes) {
      const live = task.live as Unstructured;
      if (!this.settings.prune || this.pruneOption(task) === "false") {
        this.setResult(task, "PruneSkipped", "Succeeded");
        continue;
      }
      if (!isBeingDeleted(live)) this.delete(live);
      this.setResult(task, "Pruned", "Succeeded");
    }
    let isDeleting = false;
    for (const task of creations.filter(isDeletedBeforeCreation)) {
      // What was pruned a moment ago need not be waited for.
      if (this.delete(task.live as Unstructured)) isDeleting = true;
      else task.live = undefined;
    }
    if (isDeleting) return "pending";
    let isFailed = false;
    for (const task of creations) if (!this.apply(task)) isFailed = true;
    return isFailed ? "failed" : "successful";
  }

  private apply(task: SyncTask): boolean {
    const target = task.target as Unstructured;
    const failure = this.settings.failureOf(target);
    if (failure?.at === "sync") {
      this.setResult(task, "SyncFailed", "Failed", failure.message);
      return false;
    }
    const key = this.put(target);
    if (task.isCreatedNamespace) this.untracked.add(key);
    else this.untracked.delete(key);
    this.setResult(task, "Synced", "Running");
    return true;
  }

  private setResult(task: SyncTask, status: ResultCode | "", state: OperationState, message = ""): void {
    if (message !== "") task.message = message;
    task.status = status;
    task.state = state;
    this.changes++;
    const key = task.resultKey;
    const known = this.results.get(key);
    if (known === undefined) this.results.set(key, { key: taskKey(task), status, state, message: task.message });
    else Object.assign(known, { status, state, message: task.message });
  }

  /** Upstream: setRunningPhase. */
  private waitingMessage(tasks: readonly SyncTask[], isDeletion: boolean): string {
    const hooks = tasks.filter(taskIsHook);
    const first = hooks[0] ?? tasks[0];
    if (first === undefined) return "";
    const unconfirmed = tasks.filter((task) => this.needsConfirmation(task));
    let reason = hooks.length > 0 ? "completion of hook" : "healthy state of";
    if (isDeletion) reason = hooks.length > 0 ? "deletion of hook" : "deletion of";
    if (unconfirmed.length > 0) reason = "pruning confirmation of";
    const { group, kind, name } = taskKey(unconfirmed[0] ?? first);
    const more = (unconfirmed.length || tasks.length) - 1;
    const others = more > 0 ? ` and ${more} more ${hooks.length === tasks.length ? "hooks" : "resources"}` : "";
    return `waiting for ${reason} ${group}/${kind}/${name}${others}`;
  }

  /** What has been run outside of a wave, as a step of its own. */
  private steps(first: SyncTask | undefined): SyncStep[] {
    const tasks = this.report();
    return first === undefined || tasks.length === 0 ? [] : [{ phase: first.phase, wave: taskWave(first), tasks }];
  }

  /** Results that no step has shown yet; what the engine does at the same time goes by name. */
  private report(): string[] {
    const names: string[] = [];
    for (const [key, result] of this.results) {
      if (this.reported.has(key)) continue;
      this.reported.add(key);
      const name = objectName(result.key.group, result.key.kind, result.key.namespace, result.key.name);
      names.push(result.status === "Synced" || result.status === "" ? name : `${result.status} ${name}`);
    }
    return sortParallel(names);
  }
}

function withReasons(message: string, failed: readonly SyncTask[]): string {
  const reasons = [...new Set(failed.map((task) => task.message))];
  return reasons.length === 0 ? message : `${message}, reason: ${reasons.join(",")}`;
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
