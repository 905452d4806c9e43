import { existsSync } from "node:fs";
import { join } from "node:path";
import { objectRole, syncPlan, type SyncPlan, type SyncPlanOptions } from "@tiphys/argocd";
import type { CaseRunner } from "./case.ts";
import { differences } from "./difference.ts";
import { readObjects, readOptions, readPlain } from "./kubernetes-objects.ts";

/** Cases of the form `objects.yaml`, optional `live.yaml`, wanted phases, waves and order. */
export const argocdSyncPlanRunner: CaseRunner = {
  name: "argocd-sync-plan",
  matches: (folder) => existsSync(join(folder, "objects.yaml")) && existsSync(join(folder, "expected.yaml")),
  run(folder) {
    const live = existsSync(join(folder, "live.yaml")) ? readObjects(join(folder, "live.yaml")) : [];
    const plan = syncPlan(readObjects(join(folder, "objects.yaml")), live, planOptions(readOptions(folder)));
    const actual = recorded(plan);
    const expected = readPlain(folder, "expected.yaml");
    const found = differences(withoutWaiting(actual), withoutWaiting(expected));
    return { verdict: found.length === 0 ? "equal" : "different", detail: found.join("\n"), actual, expected };
  },
};

/** `fails` and `degraded` name objects as the plan does; what they say is the oracle's. */
function planOptions(options: Readonly<Record<string, unknown>>): SyncPlanOptions {
  const names = (key: string): readonly string[] => (options[key] as readonly string[] | undefined) ?? [];
  const { namespace, defaultPruneOption } = options as { namespace?: string; defaultPruneOption?: string };
  return {
    prune: options["prune"] === true,
    pruneLast: options["pruneLast"] === true,
    pruneConfirmed: options["pruneConfirmed"] === true,
    skipHooks: options["skipHooks"] === true,
    createNamespace: options["createNamespace"] === true && (options["managedNamespace"] === true ? "managed" : true),
    ...(namespace !== undefined && { namespace }),
    ...(defaultPruneOption !== undefined && { defaultPruneOption }),
    failureOf: (object) => {
      const name = objectRole(object).object;
      if (names("fails").includes(name)) return { at: "sync", message: "refused" };
      return names("degraded").includes(name) ? { at: "health", message: "degraded" } : undefined;
    },
  };
}

/** In the shape of the recorded files: empty fields are absent. */
function recorded(plan: SyncPlan): Record<string, unknown> {
  const objects = plan.objects.map(({ object, wave, hook, deletePolicies, skipped, ignored }) => ({
    object,
    wave,
    ...(hook.length > 0 && { hook }),
    ...(deletePolicies.length > 0 && { deletePolicies }),
    ...(skipped && { skipped }),
    ...(ignored && { ignored }),
  }));
  const steps = plan.steps.map(({ phase, wave, tasks }) => ({ phase, wave, tasks: tasks.length > 0 ? tasks : null }));
  return {
    objects: objects.length > 0 ? objects : null,
    ...(steps.length > 0 && { steps }),
    ...(plan.phase !== undefined && { phase: plan.phase }),
    ...(plan.message !== "" && { message: plan.message }),
  };
}

/** The oracle stops counting the rounds of an operation that waits for ever; how often it looked is no part of the plan. */
function withoutWaiting(plan: unknown): unknown {
  const { phase, steps } = plan as { phase?: string; steps?: readonly { tasks: unknown }[] };
  if (phase !== "Running" || steps === undefined) return plan;
  const last = steps.findLastIndex(({ tasks }) => tasks !== null);
  return { ...(plan as object), steps: steps.slice(0, last + 1) };
}
