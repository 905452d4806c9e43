import { assignSteps, hasSteps, type RolloutApplication, type RolloutStrategy } from "./steps.ts";

/** In which order Applications go when their ApplicationSet is deleted. */
export interface DeletionPlan {
  /** Deleted one by one, each after the one before is gone; empty unless the order is Reverse. */
  readonly oneByOne: readonly string[];
  /** Left to the garbage collector, all at once, when the ApplicationSet itself goes. */
  readonly together: readonly string[];
}

/**
 * PerformReverseDeletion (applicationset/progressivesync/progressive_sync.go): with `deletionOrder: Reverse` (in any letter case) the
 * last step goes first. Inside a step upstream's order is random; here it is by name. Applications in no step come last, together.
 */
export function planDeletion(strategy: RolloutStrategy, applications: readonly RolloutApplication[]): DeletionPlan {
  const names = applications.map(({ name }) => name).sort();
  if (!hasSteps(strategy) || strategy.deletionOrder.toLowerCase() !== "reverse")
    return { oneByOne: [], together: names };
  const { stepOf } = assignSteps(strategy, applications);
  const ordered = names
    .filter((name) => stepOf.has(name))
    .sort((a, b) => stepOf.get(b)! - stepOf.get(a)! || (a < b ? -1 : 1));
  return { oneByOne: ordered, together: names.filter((name) => !stepOf.has(name)) };
}
