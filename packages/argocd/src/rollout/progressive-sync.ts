import {
  assignSteps,
  hasSteps,
  isRollingSync,
  issueMessage,
  type RolloutApplication,
  type RolloutStrategy,
  type StepMembers,
  type StrategyIssues,
} from "./steps.ts";

/** `status.applicationStatus[].status`. */
export type ProgressiveStatus = "Waiting" | "Pending" | "Progressing" | "Healthy";

/** What the application controller says of an Application at some moment. Times are milliseconds of any clock. */
export interface LiveApplication extends RolloutApplication {
  readonly syncStatus: "Synced" | "OutOfSync" | "Unknown";
  readonly health: string;
  /** Revisions that were compared last; a change of them puts the Application back to Waiting. */
  readonly revisions: readonly string[];
  readonly reconciledAt?: number;
  /** When the last operation started. */
  readonly operationStartedAt?: number;
  readonly operationPhase?: "Running" | "Succeeded" | "Failed" | "Error" | "Terminating";
  /** A condition InvalidSpecError or UnknownError. */
  readonly hasError?: boolean;
}

export interface ApplicationStatus {
  readonly application: string;
  readonly status: ProgressiveStatus;
  /** 1-based; `-1` for an Application that no step selects. */
  readonly step: string;
  readonly message: string;
  readonly targetRevisions: readonly string[];
  readonly lastTransitionTime: number;
}

export interface RolloutCondition {
  readonly type: "InvalidRolloutConfig" | "RolloutProgressing";
  readonly status: "True" | "False";
  readonly message: string;
}

/** What one reconciliation came to. */
export interface RolloutRound {
  /** Sorted by Application. */
  readonly statuses: readonly ApplicationStatus[];
  /** Applications of the steps that are open. */
  readonly allowed: ReadonlySet<string>;
  readonly conditions: readonly RolloutCondition[];
}

/** PerformProgressiveSyncs (applicationset/progressivesync/progressive_sync.go, 3.6.1): one round from the statuses before. `steps` spares putting the Applications into steps again. */
export function performProgressiveSync(
  strategy: RolloutStrategy,
  applications: readonly LiveApplication[],
  before: readonly ApplicationStatus[],
  now: number,
  steps: StepMembers = assignSteps(strategy, applications),
): RolloutRound {
  const known = new Map(before.map((status) => [status.application, status]));
  const updated = applications
    .map((application) => updateStatus(application, known.get(application.name), steps, now))
    .sort(byApplication);
  if (hasPendingChanges(updated, before) && !allReconciled(applications, updated, before)) {
    return { statuses: updated, allowed: new Set(), conditions: conditionsOf(strategy, updated, steps.issues) };
  }
  const allowed = openApplications(steps.members, updated);
  const statuses = hasSteps(strategy) ? promote(strategy, updated, allowed, steps, now) : [];
  return { statuses, allowed, conditions: conditionsOf(strategy, statuses, steps.issues) };
}

function byApplication(a: ApplicationStatus, b: ApplicationStatus): number {
  return a.application < b.application ? -1 : a.application > b.application ? 1 : 0;
}

const revisionChanged = "Application has pending changes, setting status to Waiting";

/** UpdateApplicationSetApplicationStatus, for one Application. */
function updateStatus(
  application: LiveApplication,
  current: ApplicationStatus | undefined,
  { stepOf }: StepMembers,
  now: number,
): ApplicationStatus {
  const index = stepOf.get(application.name);
  const step = index === undefined ? "-1" : String(index + 1);
  if (!current) {
    const message = "No Application status found, defaulting status to Waiting";
    const fresh = {
      application: application.name,
      status: "Waiting",
      step,
      message,
      targetRevisions: application.revisions,
      lastTransitionTime: now,
    } as const;
    return leaveWaiting(application, fresh, now);
  }
  const status = current.step === step ? current : { ...current, step };
  const isChanged = !sameRevisions(current.targetRevisions, application.revisions);
  if (isChanged) {
    const waiting = {
      ...status,
      status: "Waiting",
      targetRevisions: application.revisions,
      message: revisionChanged,
      lastTransitionTime: now,
    } as const;
    return leaveWaiting(application, waiting, now);
  }
  if (status.status === "Waiting") return leaveWaiting(application, status, now);
  if (current.status === "Pending") return leavePending(application, status, now);
  if (current.status === "Progressing" && application.health === "Healthy" && application.syncStatus === "Synced") {
    return {
      ...status,
      status: "Healthy",
      message: "Application resource became Healthy, updating status from Progressing to Healthy",
      lastTransitionTime: now,
    };
  }
  return status;
}

function sameRevisions(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((revision, index) => revision === b[index]));
}

/** An Application that is Synced needs no sync: it goes on at once. */
function leaveWaiting(application: LiveApplication, status: ApplicationStatus, now: number): ApplicationStatus {
  if (application.syncStatus !== "Synced") return status;
  const next = application.health === "Healthy" ? "Healthy" : "Progressing";
  return {
    ...status,
    status: next,
    message: `Application resource has synced, updating status to ${next}`,
    lastTransitionTime: now,
  };
}

/** Pending ends when an operation has started after it began, or when the Application cannot sync at all. */
function leavePending(application: LiveApplication, status: ApplicationStatus, now: number): ApplicationStatus {
  const since = status.lastTransitionTime;
  if (application.reconciledAt !== undefined && application.reconciledAt <= since) return status;
  if (application.operationStartedAt !== undefined && application.operationStartedAt > since) {
    return { ...status, status: "Progressing", message: startedMessage(application), lastTransitionTime: now };
  }
  if (!application.hasError) return status;
  const message = "Application resource has error and cannot sync, updating status to Progressing";
  return { ...status, status: "Progressing", message, lastTransitionTime: now };
}

function startedMessage({ operationPhase }: LiveApplication): string {
  if (operationPhase === "Succeeded")
    return "Application resource completed a sync successfully, updating status from Pending to Progressing";
  if (operationPhase === "Failed" || operationPhase === "Error")
    return "Application resource completed a sync, updating status from Pending to Progressing";
  return "Application resource became Progressing, updating status from Pending to Progressing";
}

/** Latest time at which an Application went back to Waiting for a change. */
function latestChange(statuses: readonly ApplicationStatus[]): number | undefined {
  const times = statuses
    .filter((status) => status.status === "Waiting" && status.message === revisionChanged)
    .map((status) => status.lastTransitionTime);
  return times.length === 0 ? undefined : Math.max(...times);
}

function hasPendingChanges(updated: readonly ApplicationStatus[], before: readonly ApplicationStatus[]): boolean {
  return (latestChange(before) ?? latestChange(updated)) !== undefined;
}

/** ensureApplicationsReconciled: after a change the set waits until every Application has been compared since. */
function allReconciled(
  applications: readonly LiveApplication[],
  updated: readonly ApplicationStatus[],
  before: readonly ApplicationStatus[],
): boolean {
  const since = latestChange(before) ?? latestChange(updated) ?? 0;
  return applications.every(({ reconciledAt }) => reconciledAt !== undefined && reconciledAt >= since);
}

/** getAppsToSync: a step opens when every Application of the steps before it is Healthy; empty steps are passed. */
function openApplications(
  members: readonly (readonly string[])[],
  statuses: readonly ApplicationStatus[],
): Set<string> {
  const isHealthy = new Map(statuses.map(({ application, status }) => [application, status === "Healthy"]));
  const open = new Set<string>();
  for (const names of members) {
    for (const name of names) open.add(name);
    if (!names.every((name) => isHealthy.get(name) === true)) break;
  }
  return open;
}

/**
 * UpdateApplicationSetApplicationStatusProgress: Waiting becomes Pending as far as maxUpdate allows. Applications that no step
 * selects count as members of the first step here, in the number that a percentage is taken of and in those under way.
 */
function promote(
  strategy: RolloutStrategy,
  statuses: readonly ApplicationStatus[],
  allowed: ReadonlySet<string>,
  { stepOf, issues }: StepMembers,
  now: number,
): ApplicationStatus[] {
  const totals = strategy.steps!.map(() => 0);
  const underWay = strategy.steps!.map(() => 0);
  const countedIn = (name: string) => stepOf.get(name) ?? 0;
  for (const { application, status } of statuses) {
    const step = countedIn(application);
    totals[step] = totals[step]! + 1;
    if (status === "Pending" || status === "Progressing") underWay[step] = underWay[step]! + 1;
  }
  return statuses.map((status) => {
    const step = countedIn(status.application);
    const limit = updateLimit(strategy.steps![step]!.maxUpdate, totals[step]!, step, issues);
    if (status.status !== "Waiting" || !allowed.has(status.application) || underWay[step]! >= limit) return status;
    underWay[step] = underWay[step]! + 1;
    const message = "Application moved to Pending status, watching for the Application resource to start Progressing";
    return { ...status, status: "Pending", message, lastTransitionTime: now };
  });
}

/** How many Applications of a step may be under way: a share is rounded down, but at least 1 unless it is `0%`. */
export function updateLimit(
  maxUpdate: number | string | undefined,
  total: number,
  step: number,
  issues: StrategyIssues,
): number {
  if (maxUpdate === undefined) return Number.POSITIVE_INFINITY;
  if (typeof maxUpdate === "number") return maxUpdate;
  const share = /^([+-]?\d+)%$/.exec(maxUpdate);
  if (!share && !issues.invalidMaxUpdates.some((issue) => issue.step === step))
    issues.invalidMaxUpdates.push({ step, maxUpdate });
  const limit = share ? Math.floor((Number(share[1]) * total) / 100) : 0;
  return maxUpdate !== "0%" && limit < 1 ? 1 : limit;
}

/** Both conditions of a RollingSync; none for another strategy. */
function conditionsOf(
  strategy: RolloutStrategy,
  statuses: readonly ApplicationStatus[],
  issues: StrategyIssues,
): RolloutCondition[] {
  if (!isRollingSync(strategy)) return [];
  const message = issueMessage(issues);
  const config: RolloutCondition =
    message === undefined
      ? { type: "InvalidRolloutConfig", status: "False", message: "Rolling Sync Configured correctly" }
      : { type: "InvalidRolloutConfig", status: "True", message };
  const unfinished = new Set(statuses.flatMap(({ step, status }) => (status === "Healthy" ? [] : [step])));
  const step = strategy.steps!.findIndex((_, index) => unfinished.has(String(index + 1)));
  const progressing: RolloutCondition =
    step < 0
      ? { type: "RolloutProgressing", status: "False", message: "ApplicationSet Rollout has completed" }
      : {
          type: "RolloutProgressing",
          status: "True",
          message: `ApplicationSet is performing rollout of step ${step + 1}`,
        };
  return [config, progressing];
}
