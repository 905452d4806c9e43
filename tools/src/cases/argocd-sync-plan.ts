import { existsSync } from "node:fs";
import { join } from "node:path";
import { syncPlan, type SyncPlan } from "@tiphys/argocd";
import type { CaseRunner } from "./case.ts";
import { differences } from "./difference.ts";
import { readObjects, readOptions, readPlain } from "./kubernetes-objects.ts";

/** Cases of the form `objects.yaml`, optional `live.yaml`, wanted phases, waves and order. */
export const argocdSyncPlanRunner: CaseRunner = {
  name: "argocd-sync-plan",
  matches: (folder) => existsSync(join(folder, "objects.yaml")) && existsSync(join(folder, "expected.yaml")),
  run(folder) {
    const live = existsSync(join(folder, "live.yaml")) ? readObjects(join(folder, "live.yaml")) : [];
    const plan = syncPlan(readObjects(join(folder, "objects.yaml")), live, {
      prune: readOptions(folder)["prune"] === true,
    });
    const actual = recorded(plan);
    const expected = readPlain(folder, "expected.yaml");
    const found = differences(actual, expected);
    return { verdict: found.length === 0 ? "equal" : "different", detail: found.join("\n"), actual, expected };
  },
};

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
