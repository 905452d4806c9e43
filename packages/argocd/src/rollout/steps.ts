import type { GoValue } from "@tiphys/gotemplate";
import { nestedSlice, nestedString } from "../unstructured.ts";

/** An Application as the rollout looks at it. */
export interface RolloutApplication {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** A step of `spec.strategy.rollingSync.steps`. */
export interface RolloutStep {
  readonly matchExpressions: readonly MatchExpression[];
  /** A number, a text such as `25%`, or undefined for all at once. */
  readonly maxUpdate: number | string | undefined;
}

export interface MatchExpression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** `spec.strategy` as far as it decides the order. */
export interface RolloutStrategy {
  readonly type: string;
  /** undefined where `rollingSync` is not given at all. */
  readonly steps: readonly RolloutStep[] | undefined;
  readonly deletionOrder: string;
}

/** The strategy of an ApplicationSet (the object, as read or decoded). */
export function readStrategy(applicationSet: GoValue): RolloutStrategy {
  const spec = applicationSet instanceof Map ? applicationSet.get("spec") : undefined;
  const strategy = spec instanceof Map ? spec.get("strategy") : undefined;
  const rollingSync = strategy instanceof Map ? strategy.get("rollingSync") : undefined;
  return {
    type: nestedString(strategy, "type"),
    deletionOrder: nestedString(strategy, "deletionOrder"),
    steps: rollingSync instanceof Map ? nestedSlice(rollingSync, "steps").map(readStep) : undefined,
  };
}

function readStep(step: GoValue): RolloutStep {
  const maxUpdate = step instanceof Map ? step.get("maxUpdate") : undefined;
  return {
    matchExpressions: nestedSlice(step, "matchExpressions").map((expression) => ({
      key: nestedString(expression, "key"),
      operator: nestedString(expression, "operator"),
      values: nestedSlice(expression, "values").map(String),
    })),
    maxUpdate:
      typeof maxUpdate === "bigint"
        ? Number(maxUpdate)
        : typeof maxUpdate === "number" || typeof maxUpdate === "string"
          ? maxUpdate
          : undefined,
  };
}

/** Whether RollingSync is chosen, with steps or without. */
export function isRollingSync(strategy: RolloutStrategy): boolean {
  return strategy.type === "RollingSync" && strategy.steps !== undefined;
}

/** Whether Applications wait for each other. */
export function hasSteps(strategy: RolloutStrategy): boolean {
  return isRollingSync(strategy) && strategy.steps!.length > 0;
}

/** What is wrong with a strategy (applicationset/progressivesync/validation_issues.go); steps are 0-based. */
export interface StrategyIssues {
  readonly invalidOperators: { readonly step: number; readonly operator: string }[];
  /** Application → all steps that select it, where there are several. */
  readonly selectedTwice: Map<string, number[]>;
  readonly emptySteps: number[];
  readonly invalidMaxUpdates: { readonly step: number; readonly maxUpdate: string }[];
}

export interface StepMembers {
  /** Names of the Applications per step, in the order given. */
  readonly members: readonly string[][];
  /** The first step that selects an Application, 0-based. */
  readonly stepOf: ReadonlyMap<string, number>;
  readonly issues: StrategyIssues;
}

/** Puts Applications into steps by their labels (progressive_sync.go, buildAppDependencyList). */
export function assignSteps(strategy: RolloutStrategy, applications: readonly RolloutApplication[]): StepMembers {
  const issues: StrategyIssues = {
    invalidOperators: [],
    selectedTwice: new Map(),
    emptySteps: [],
    invalidMaxUpdates: [],
  };
  const stepOf = new Map<string, number>();
  if (strategy.type === "" || strategy.type === "AllAtOnce") return { members: [], stepOf, issues };
  const steps = hasSteps(strategy) ? strategy.steps! : [];
  const members = steps.map((): string[] => []);
  for (const application of applications) {
    steps.forEach((step, index) => {
      if (!isSelected(application, step, index, issues)) return;
      members[index]!.push(application.name);
      const first = stepOf.get(application.name);
      if (first === undefined) stepOf.set(application.name, index);
      else {
        const all = issues.selectedTwice.get(application.name) ?? [first];
        issues.selectedTwice.set(application.name, [...all, index]);
      }
    });
  }
  members.forEach((names, index) => {
    if (names.length === 0) issues.emptySteps.push(index);
  });
  return { members, stepOf, issues };
}

/**
 * All expressions must hold. A label that is missing fails `In` only. An operator other than In and NotIn selects nothing and is
 * noticed once per step; where it was noticed before, the expression counts as not matching.
 */
function isSelected(
  application: RolloutApplication,
  step: RolloutStep,
  index: number,
  issues: StrategyIssues,
): boolean {
  for (const { key, operator, values } of step.matchExpressions) {
    const value = application.labels.get(key);
    if (value === undefined) {
      if (operator === "In") return false;
      continue;
    }
    if (operator !== "In" && operator !== "NotIn") {
      const isKnown = issues.invalidOperators.some((issue) => issue.step === index && issue.operator === operator);
      if (!isKnown) issues.invalidOperators.push({ step: index, operator });
      return false;
    }
    if (values.includes(value) !== (operator === "In")) return false;
  }
  return true;
}

/** The message of the condition InvalidRolloutConfig for the gravest issue; undefined when there is none. */
export function issueMessage(issues: StrategyIssues): string | undefined {
  const { invalidOperators, selectedTwice, invalidMaxUpdates, emptySteps } = issues;
  if (invalidOperators.length > 0) {
    const steps = invalidOperators.map(({ step }) => step + 1).join(", ");
    const operators = invalidOperators.map(({ operator }) => operator).join(", ");
    const verb = invalidOperators.length === 1 ? `Step ${steps} has` : `Steps ${steps} have`;
    return `${verb} invalid matchExpression operators: ${operators}. Supported Operators are 'In' and 'NotIn'`;
  }
  if (selectedTwice.size > 0) {
    const names = [...selectedTwice.keys()].sort();
    const steps = names.map((name) =>
      selectedTwice
        .get(name)!
        .map((step) => step + 1)
        .join("-"),
    );
    if (names.length === 1) return `Application '${names[0]}' is selected by multiple steps: (${steps[0]})`;
    return `Applications '${names.join("', '")}' are selected by multiple steps: [(${steps.join("), (")})]`;
  }
  if (invalidMaxUpdates.length > 0) {
    const steps = invalidMaxUpdates.map(({ step }) => step + 1).join(", ");
    const values = invalidMaxUpdates.map(({ maxUpdate }) => maxUpdate).join(", ");
    if (invalidMaxUpdates.length === 1) return `Step ${steps} has an invalid maxUpdate value: ${values}`;
    return `Steps ${steps} have invalid maxUpdate values: [${values}]`;
  }
  if (emptySteps.length > 0) {
    return `Steps [${emptySteps.map((step) => step + 1).join(" ")}] have no applications matching their criteria`;
  }
  return undefined;
}
