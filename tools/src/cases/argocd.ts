import { readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { argocdAppSetRunner } from "./argocd-appset.ts";
import { argocdDiffRunner } from "./argocd-diff.ts";
import { argocdHealthRunner, useArgocdCheckout } from "./argocd-health.ts";
import { isHealthSuiteFolder, runArgocdHealthSuites } from "./argocd-health-suite.ts";
import { argocdManifestsRunner } from "./argocd-manifests.ts";
import { argocdProjectRunner } from "./argocd-project.ts";
import { argocdRolloutRunner } from "./argocd-rollout.ts";
import { argocdSyncPlanRunner } from "./argocd-sync-plan.ts";
import type { CaseResult, CaseRunner } from "./case.ts";

/** Runners in order of asking; a format told by fewer files comes later. */
export const argocdRunners: readonly CaseRunner[] = [
  argocdProjectRunner,
  argocdRolloutRunner,
  argocdAppSetRunner,
  argocdManifestsRunner,
  argocdHealthRunner,
  argocdSyncPlanRunner,
  argocdDiffRunner,
];

interface Counted {
  readonly name: string;
  readonly runner: string;
  readonly result: CaseResult;
}

/**
 * `npm run cases -- argocd FOLDER [--only REGEX] [--show CASE] [--argocd CHECKOUT]`: runs every case below FOLDER, whatever its format, and
 * ends with `N equal, N different, N unsupported, N crashed of N`. The exit code is 0 when all are equal or unsupported.
 */
export function runArgocdCases(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { only: { type: "string" }, show: { type: "string" }, quiet: { type: "boolean" }, argocd: { type: "string" } },
  });
  const root = positionals[0];
  if (root === undefined) {
    console.error("usage: npm run cases -- argocd FOLDER [--only REGEX] [--show CASE]");
    return 2;
  }
  if (values.argocd !== undefined) useArgocdCheckout(values.argocd);
  const only = values.only === undefined ? undefined : new RegExp(values.only);
  const counted: Counted[] = [];
  for (const { folder, runner } of findCases(resolve(root))) {
    const name = relative(resolve(root), folder) || folder;
    if (only && !only.test(name)) continue;
    if (values.show !== undefined && name !== values.show && !name.endsWith(`/${values.show}`)) continue;
    counted.push({ name, runner: runner.name, result: runGuarded(runner, folder) });
  }
  if (values.show !== undefined) for (const one of counted) show(one);
  else if (!values.quiet) for (const one of counted) report(one);
  const count = (verdict: string) => counted.filter(({ result }) => result.verdict === verdict).length;
  console.log(
    `${count("equal")} equal, ${count("different")} different, ${count("unsupported")} unsupported, ${count("crashed")} crashed of ${counted.length}`,
  );
  return count("different") + count("crashed") > 0 || counted.length === 0 ? 1 : 0;
}

/** `npm run cases -- argocd-health FOLDER`: suites in Argo CD's own layout (`resource_customizations`), else cases as above. */
export function runArgocdHealthCases(args: string[]): number {
  const folder = args.find((arg) => !arg.startsWith("-"));
  return folder !== undefined && isHealthSuiteFolder(resolve(folder)) ? runArgocdHealthSuites(folder) : runArgocdCases(args);
}

function runGuarded(runner: CaseRunner, folder: string): CaseResult {
  try {
    return runner.run(folder);
  } catch (error) {
    return { verdict: "crashed", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function* findCases(folder: string): Generator<{ folder: string; runner: CaseRunner }> {
  const runner = argocdRunners.find((candidate) => candidate.matches(folder));
  if (runner) {
    yield { folder, runner };
    return;
  }
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* findCases(path);
  }
}

function report({ name, runner, result }: Counted): void {
  if (result.verdict === "equal") return;
  console.log(`${result.verdict} ${name} (${runner})`);
  for (const line of (result.detail ?? "").split("\n").slice(0, result.verdict === "crashed" ? 3 : 12)) console.log(`  ${line}`);
}

function show({ name, runner, result }: Counted): void {
  console.log(`# ${name} (${runner}): ${result.verdict}`);
  if (result.detail) console.log(result.detail);
  console.log(`# actual\n${JSON.stringify(result.actual, null, 2)}\n# expected\n${JSON.stringify(result.expected, null, 2)}`);
}
