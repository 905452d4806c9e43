import {
  fuzzArgocd,
  fuzzDiffs,
  fuzzHealth,
  fuzzProjects,
  fuzzRollouts,
  fuzzSources,
  fuzzSyncPlans,
} from "./fuzz/argocd.ts";
import { fuzzHelmValues } from "./fuzz/helm-values.ts";
import { fuzzHelm } from "./fuzz/helm.ts";
import { fuzzHelmfile } from "./fuzz/helmfile.ts";
import { fuzzOrigins } from "./fuzz/origins.ts";
import { fuzzPivot } from "./fuzz/pivot.ts";

/** `npm run fuzz -- KIND --seconds N --seed N`: random input, ours against the real tool. */
const kinds: Readonly<Record<string, (args: readonly string[]) => number | Promise<number>>> = {
  argocd: fuzzArgocd,
  "argocd-sources": fuzzSources,
  "argocd-diff": fuzzDiffs,
  "argocd-health": fuzzHealth,
  "argocd-project": fuzzProjects,
  "argocd-rollout": fuzzRollouts,
  "argocd-sync-plan": fuzzSyncPlans,
  helm: fuzzHelm,
  "helm-values": fuzzHelmValues,
  helmfile: fuzzHelmfile,
  origins: fuzzOrigins,
  pivot: fuzzPivot,
};

const [kind = "", ...args] = process.argv.slice(2);
const run = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
if (run) process.exitCode = await run(args);
else {
  console.error(`usage: npm run fuzz -- ${Object.keys(kinds).join("|")} --seconds N --seed N [--count N]`);
  process.exitCode = 2;
}
