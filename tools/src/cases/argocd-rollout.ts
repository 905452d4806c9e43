import { existsSync } from "node:fs";
import { join } from "node:path";
import { readStrategy, simulateRollout } from "@tiphys/argocd";
import type { GoValue } from "@tiphys/gotemplate";
import type { CaseRunner } from "./case.ts";
import { differences } from "./difference.ts";
import { readObject, readObjects, readPlain } from "./kubernetes-objects.ts";

/** RollingSync cases: `appset.yaml` and `applications.yaml` → steps, batches, conditions. */
export const argocdRolloutRunner: CaseRunner = {
  name: "argocd-rollout",
  matches: (folder) => existsSync(join(folder, "applications.yaml")) && existsSync(join(folder, "appset.yaml")),
  run(folder) {
    const simulation = simulateRollout({
      strategy: readStrategy(readObject(folder, "appset.yaml") ?? null),
      applications: readObjects(join(folder, "applications.yaml")).map(toApplication),
    });
    const actual = {
      ...(simulation.steps.size > 0 ? { steps: Object.fromEntries(simulation.steps) } : {}),
      ...(simulation.batches.length > 0 ? { batches: simulation.batches } : {}),
      ...(simulation.neverSynced.length > 0 ? { neverSynced: simulation.neverSynced } : {}),
      ...(simulation.conditions.length > 0
        ? { conditions: simulation.conditions.map(({ type, status, message }) => `${type}=${status}: ${message}`) }
        : {}),
    };
    const expected = readPlain(folder, "expected.yaml");
    const found = differences(actual, expected);
    return { verdict: found.length === 0 ? "equal" : "different", detail: found.join("\n"), actual, expected };
  },
};

function toApplication(object: Map<string, GoValue>) {
  const metadata = object.get("metadata");
  const labels = metadata instanceof Map ? metadata.get("labels") : undefined;
  const name = metadata instanceof Map ? metadata.get("name") : undefined;
  const status = object.get("status");
  const sync = status instanceof Map ? status.get("sync") : undefined;
  const health = status instanceof Map ? status.get("health") : undefined;
  const syncStatus = sync instanceof Map ? sync.get("status") : undefined;
  const healthStatus = health instanceof Map ? health.get("status") : undefined;
  return {
    name: String(name ?? ""),
    labels: new Map(labels instanceof Map ? [...labels].map(([key, value]) => [key, String(value)] as const) : []),
    ...(typeof syncStatus === "string" && syncStatus !== ""
      ? { syncStatus: syncStatus as "Synced" | "OutOfSync" | "Unknown" }
      : {}),
    ...(typeof healthStatus === "string" ? { health: healthStatus } : {}),
  };
}
