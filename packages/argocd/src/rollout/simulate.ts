import {
  type ApplicationStatus,
  type LiveApplication,
  performProgressiveSync,
  type RolloutCondition,
} from "./progressive-sync.ts";
import {
  assignSteps,
  hasSteps,
  isRollingSync,
  type RolloutApplication,
  type RolloutStrategy,
  type StepMembers,
} from "./steps.ts";

/** How one Application behaves once it is synced. */
export interface SyncBehaviour {
  /** Seconds from the start of the sync until everything is applied. */
  readonly syncSeconds?: number;
  /** Seconds from then until it is healthy. */
  readonly healthySeconds?: number;
  /** `sync`: the operation fails; `health`: it never becomes healthy. */
  readonly fails?: "sync" | "health";
}

export interface SimulateOptions {
  readonly strategy: RolloutStrategy;
  readonly applications: readonly SimulatedApplication[];
  /** By Application; what is not given succeeds at once. */
  readonly behaviour?: ReadonlyMap<string, SyncBehaviour>;
}

export interface SimulatedApplication extends RolloutApplication {
  /** Default OutOfSync: everything has to be synced. */
  readonly syncStatus?: "Synced" | "OutOfSync" | "Unknown";
  /** Default Missing. */
  readonly health?: string;
}

/** Something that happened, in seconds since the start. */
export interface RolloutEvent {
  readonly at: number;
  readonly application: string;
  readonly step: string;
  readonly what: "allowed" | "applied" | "failed" | "healthy" | "already-healthy";
}

export interface RolloutSimulation {
  /** Application → `1`, `2`, … or `-1` for those in no step. */
  readonly steps: ReadonlyMap<string, string>;
  /** Which Applications are let go together, batch after batch. */
  readonly batches: readonly (readonly string[])[];
  /** Those that no batch reached: in no step, behind a step that does not end, or held by maxUpdate 0. */
  readonly neverSynced: readonly string[];
  readonly conditions: readonly RolloutCondition[];
  readonly events: readonly RolloutEvent[];
  /** Steps (1-based) that did not end, each with the Applications that hold it. */
  readonly blocked: readonly { readonly step: number; readonly by: readonly string[] }[];
  /** Seconds until nothing happened any more. */
  readonly seconds: number;
}

interface Running {
  readonly application: SimulatedApplication;
  syncStatus: "Synced" | "OutOfSync" | "Unknown";
  health: string;
  startedAt: number | undefined;
  phase: "Running" | "Succeeded" | "Failed" | undefined;
}

/**
 * A rollout played to its end: round after round of the ApplicationSet controller, with an application controller that behaves as
 * told. A clock in seconds runs from event to event.
 */
export function simulateRollout(options: SimulateOptions): RolloutSimulation {
  return new Simulation(options).run();
}

class Simulation {
  readonly options: SimulateOptions;
  readonly running: readonly Running[];
  readonly byName: ReadonlyMap<string, Running>;
  readonly members: StepMembers;
  readonly agenda: { at: number; apply: () => void }[] = [];
  readonly events: RolloutEvent[] = [];
  readonly batches: string[][] = [];
  readonly allowed = new Set<string>();
  readonly healthy = new Set<string>();
  readonly steps = new Map<string, string>();
  statuses: readonly ApplicationStatus[] = [];
  conditions: readonly RolloutCondition[] = [];
  clock = 0;

  constructor(options: SimulateOptions) {
    this.options = options;
    this.running = options.applications.map((application) => ({
      application,
      syncStatus: application.syncStatus ?? "OutOfSync",
      health: application.syncStatus === undefined ? "Missing" : (application.health ?? "Missing"),
      startedAt: undefined,
      phase: undefined,
    }));
    this.byName = new Map(this.running.map((one) => [one.application.name, one]));
    this.members = assignSteps(options.strategy, options.applications);
  }

  run(): RolloutSimulation {
    // Every round moves an Application on or empties the agenda; four quiet rounds end it, as nothing waits for a clock.
    let tick = 0;
    for (let quiet = 0; quiet < 4; tick++) {
      const isChanged = this.round(tick);
      if (isChanged) quiet = 0;
      else if (this.advance()) quiet = 0;
      else quiet++;
    }
    return this.result();
  }

  /** One reconciliation; times are rounds, so that each operation starts after the move to Pending. */
  round(tick: number): boolean {
    const live = this.running.map((one) => toLive(one, tick));
    const members = { ...this.members, issues: { ...this.members.issues, invalidMaxUpdates: [] } };
    const round = performProgressiveSync(this.options.strategy, live, this.statuses, tick, members);
    const isChanged = !isSame(round.statuses, this.statuses);
    this.noteHealthy(round.statuses);
    this.statuses = round.statuses;
    this.conditions = round.conditions;
    const batch: string[] = [];
    for (const { application, status, step } of round.statuses) {
      if (!this.steps.has(application)) this.steps.set(application, step);
      if (status !== "Pending" || this.allowed.has(application)) continue;
      this.allowed.add(application);
      batch.push(application);
    }
    if (batch.length > 0) this.batches.push(batch.sort());
    for (const name of batch)
      this.start(
        this.running.find((one) => one.application.name === name)!,
        tick,
      );
    return isChanged;
  }

  noteHealthy(statuses: readonly ApplicationStatus[]): void {
    for (const { application, status, step } of statuses) {
      if (status !== "Healthy" || this.healthy.has(application)) continue;
      this.healthy.add(application);
      this.events.push({
        at: this.clock,
        application,
        step,
        what: this.allowed.has(application) ? "healthy" : "already-healthy",
      });
    }
  }

  start(one: Running, tick: number): void {
    const { name } = one.application;
    const behaviour = this.options.behaviour?.get(name) ?? {};
    one.startedAt = tick + 0.5;
    one.phase = "Running";
    this.note(one, "allowed");
    this.agenda.push({ at: this.clock + (behaviour.syncSeconds ?? 0), apply: () => this.applied(one, behaviour) });
  }

  applied(one: Running, behaviour: SyncBehaviour): void {
    if (behaviour.fails === "sync") {
      one.phase = "Failed";
      this.note(one, "failed");
      return;
    }
    one.phase = "Succeeded";
    one.syncStatus = "Synced";
    one.health = "Progressing";
    this.note(one, "applied");
    if (behaviour.fails === "health") return;
    const becomeHealthy = () => {
      one.health = "Healthy";
    };
    if ((behaviour.healthySeconds ?? 0) === 0) becomeHealthy();
    else this.agenda.push({ at: this.clock + behaviour.healthySeconds!, apply: becomeHealthy });
  }

  note(one: Running, what: RolloutEvent["what"]): void {
    const { name } = one.application;
    this.events.push({ at: this.clock, application: name, step: this.steps.get(name) ?? "-1", what });
  }

  /** Goes to the next moment at which something is due; false when nothing is. */
  advance(): boolean {
    if (this.agenda.length === 0) return false;
    const next = Math.min(...this.agenda.map(({ at }) => at));
    this.clock = Math.max(this.clock, next);
    const due = this.agenda.filter(({ at }) => at <= this.clock);
    this.agenda.splice(0, this.agenda.length, ...this.agenda.filter(({ at }) => at > this.clock));
    for (const { apply } of due) apply();
    return true;
  }

  result(): RolloutSimulation {
    const names = this.options.applications.map(({ name }) => name);
    const status = new Map(this.statuses.map((one) => [one.application, one.status]));
    const { members } = this.members;
    const blocked = members
      .map((inStep, index) => ({ step: index + 1, by: inStep.filter((name) => status.get(name) !== "Healthy") }))
      .filter(({ by }) => by.length > 0)
      .slice(0, 1);
    return {
      steps: hasSteps(this.options.strategy) || isRollingSync(this.options.strategy) ? this.steps : new Map(),
      batches: this.batches,
      neverSynced: names.filter((name) => !this.allowed.has(name)).sort(),
      conditions: this.conditions,
      events: this.events,
      blocked,
      seconds: this.clock,
    };
  }
}

const noRevisions: readonly string[] = [];

function toLive(one: Running, tick: number): LiveApplication {
  const { name, labels } = one.application;
  return {
    name,
    labels,
    syncStatus: one.syncStatus,
    health: one.health,
    revisions: noRevisions,
    reconciledAt: tick,
    ...(one.startedAt === undefined ? {} : { operationStartedAt: one.startedAt }),
    ...(one.phase === undefined ? {} : { operationPhase: one.phase }),
  };
}

/** What did not change is the same object again. */
function isSame(a: readonly ApplicationStatus[], b: readonly ApplicationStatus[]): boolean {
  return a.length === b.length && a.every((status, index) => status === b[index]);
}
