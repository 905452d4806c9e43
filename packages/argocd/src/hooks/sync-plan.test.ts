import { describe, expect, it } from "vitest";
import { fromPlain } from "@tiphys/source";
import type { Unstructured } from "../unstructured.ts";
import { objectRole, syncPlan, type SyncPlan, type SyncPlanOptions } from "./sync-plan.ts";

function object(kind: string, name: string, annotations: Record<string, string> = {}): Unstructured {
  const [apiVersion, plain] = kind.includes("/") ? splitKind(kind) : ["v1", kind];
  return fromPlain({ apiVersion, kind: plain, metadata: { name, namespace: "x", annotations } }) as Unstructured;
}

function splitKind(kind: string): readonly [string, string] {
  const slash = kind.lastIndexOf("/");
  return [kind.slice(0, slash), kind.slice(slash + 1)];
}

const hook = (type: string, more: Record<string, string> = {}): Record<string, string> => ({
  "argocd.argoproj.io/hook": type,
  ...more,
});
const wave = (number: number): Record<string, string> => ({ "argocd.argoproj.io/sync-wave": String(number) });

function steps(wanted: Unstructured[], live: Unstructured[] = [], options: SyncPlanOptions = {}): string[] {
  const plan: SyncPlan = syncPlan(wanted, live, { namespace: "x", ...options });
  return plan.steps.map(({ phase, wave: number, tasks }) => `${phase} ${number}: ${tasks.join(", ")}`);
}

describe("order", () => {
  it("is by phase, then wave, then kind, then name", () => {
    expect(
      steps([
        object("apps/v1/Deployment", "b"),
        object("apps/v1/Deployment", "a"),
        object("ConfigMap", "z"),
        object("Secret", "late", wave(2)),
        object("batch/v1/Job", "before", hook("PreSync")),
        object("batch/v1/Job", "after", hook("PostSync")),
        object("batch/v1/Job", "failed", hook("SyncFail")),
      ]),
    ).toEqual([
      "PreSync 0: Job.batch x/before",
      "Sync 0: ConfigMap x/z, Deployment.apps x/a, Deployment.apps x/b",
      "Sync 2: Secret x/late",
      "PostSync 0: Job.batch x/after",
    ]);
  });

  it("prunes in the reverse order of waves", () => {
    const live = [object("ConfigMap", "one", wave(1)), object("ConfigMap", "two", wave(2))];
    // The waves are dealt out anew after every step, as recorded with Argo CD.
    expect(steps([], live, { prune: true })).toEqual([
      "Sync 1: Pruned ConfigMap x/two",
      "Sync 1: Pruned ConfigMap x/one",
    ]);
  });

  it("leaves what may not be pruned", () => {
    const live = [object("ConfigMap", "kept", { "argocd.argoproj.io/sync-options": "Prune=false" })];
    expect(steps([], live, { prune: true })).toEqual(["Sync 0: PruneSkipped ConfigMap x/kept"]);
  });
});

describe("what an object is", () => {
  it("takes Helm's hooks for Argo CD's", () => {
    const role = objectRole(
      object("batch/v1/Job", "j", { "helm.sh/hook": "pre-install,post-upgrade", "helm.sh/hook-weight": "5" }),
    );
    expect(role.hook).toEqual(["PreSync", "PostSync"]);
    expect(role.wave).toBe(5);
    expect(role.ignored).toBe(false);
  });

  it("never runs Helm's tests and rollback hooks", () => {
    for (const type of ["test", "test-success", "pre-rollback", "post-rollback"]) {
      expect(objectRole(object("Pod", "t", { "helm.sh/hook": type }))).toMatchObject({ ignored: true });
    }
  });

  it("lets Argo CD's annotation win over Helm's", () => {
    expect(objectRole(object("Pod", "t", { "helm.sh/hook": "test", ...hook("PostSync") })).hook).toEqual(["PostSync"]);
  });

  it("skips objects of hook type Skip", () => {
    expect(objectRole(object("Pod", "t", hook("Skip"))).skipped).toBe(true);
    expect(steps([object("Pod", "t", hook("Skip"))])).toEqual([]);
  });
});
