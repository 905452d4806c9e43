import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { argocdAppSetRunner } from "../cases/argocd-appset.ts";
import { argocdManifestsRunner } from "../cases/argocd-manifests.ts";
import { argocdProjectRunner } from "../cases/argocd-project.ts";
import { argocdRolloutRunner } from "../cases/argocd-rollout.ts";
import { argocdSyncPlanRunner } from "../cases/argocd-sync-plan.ts";
import type { CaseResult, CaseRunner } from "../cases/case.ts";
import { ArgoGrammar } from "./argocd-grammar.ts";
import { SourceGrammar } from "./argocd-source-grammar.ts";
import { argocdDiffRunner } from "../cases/argocd-diff.ts";
import { argocdHealthRunner } from "../cases/argocd-health.ts";
import { HealthGrammar } from "./health-grammar.ts";
import { DiffGrammar } from "./diff-grammar.ts";
import { fuzzOptions } from "./options.ts";
import { Random } from "./random.ts";
import { ProjectGrammar } from "./project-grammar.ts";
import { RolloutGrammar } from "./rollout-grammar.ts";
import { SyncPlanGrammar } from "./sync-plan-grammar.ts";

const casesPerRound = 100;
interface ArgocdFuzz {
  readonly what: string;
  readonly runner: CaseRunner;
  /** How often the oracle is asked again where we differ: what it answers differently is random upstream. */
  readonly repeats: number;
  /** Random input files of one case, by path below its folder. */
  files(random: Random): ReadonlyMap<string, string>;
}

/** Random ApplicationSets against Argo CD's own code. */
export function fuzzArgocd(args: readonly string[]): number {
  return fuzzCases(args, {
    what: "ApplicationSets",
    runner: argocdAppSetRunner,
    repeats: 64,
    files: (random) => new ArgoGrammar(random).files(),
  });
}

/** Random Applications with all kinds of sources against the repo-server of Argo CD. */
export function fuzzSources(args: readonly string[]): number {
  return fuzzCases(args, {
    what: "Applications",
    runner: argocdManifestsRunner,
    // Go begins a small map at its first entry seven times of eight.
    repeats: 32,
    files: (random) => new SourceGrammar(random).files(),
  });
}

/** Random objects, desired and live, against the sync engine of Argo CD. */
export function fuzzSyncPlans(args: readonly string[]): number {
  const hasAllOptions = oracleTakes([
    ["objects.yaml", ""],
    ["options.json", JSON.stringify({ degraded: [] })],
  ]);
  return fuzzCases(args, {
    what: "sync plans",
    runner: argocdSyncPlanRunner,
    repeats: 64,
    files: (random) => new SyncPlanGrammar(random, hasAllOptions).files(),
  });
}

/** Random RollingSync strategies with their Applications. */
export function fuzzRollouts(args: readonly string[]): number {
  return fuzzCases(args, {
    what: "rollouts",
    runner: argocdRolloutRunner,
    repeats: 8,
    files: (random) => new RolloutGrammar(random).files(),
  });
}

/** Random AppProjects and what they permit; the oracle has to know `questions.json`. */
export function fuzzProjects(args: readonly string[]): number {
  const hasGlobals = oracleAnswers([
    ["project.yaml", '---\n{"metadata":{"name":"p"}}\n---\n{"metadata":{"name":"g"},"spec":{"sourceRepos":["*"]}}\n'],
    ["argocd-cm.yaml", JSON.stringify({ data: { globalProjects: "[{projectName: g}]" } })],
    ["questions.json", JSON.stringify({ sources: ["a"] })],
  ]).includes("true");
  return fuzzCases(args, {
    what: "AppProjects",
    runner: argocdProjectRunner,
    repeats: 1,
    files: (random) => new ProjectGrammar(random, hasGlobals).files(),
  });
}

/** Random live objects, and scripts of argocd-cm. */
export function fuzzHealth(args: readonly string[]): number {
  return fuzzCases(args, {
    what: "objects",
    runner: argocdHealthRunner,
    repeats: 8,
    files: (random) => new HealthGrammar(random).files(),
  });
}

/** Random pairs of live and desired objects with ignore rules. */
export function fuzzDiffs(args: readonly string[]): number {
  const asksForTarget = oracleTakes([
    ["target.yaml", JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } })],
    ["options.json", JSON.stringify({ respectIgnoreDifferences: true })],
  ]);
  return fuzzCases(args, {
    what: "comparisons",
    runner: argocdDiffRunner,
    repeats: 8,
    files: (random) => new DiffGrammar(random, asksForTarget).files(),
  });
}

/**
 * Random cases, recorded with `argocd-oracle` on PATH, compared by the case runner. What differs is kept as a case below the
 * folder that is printed. Exit code 1 when anything differs, 2 without the oracle.
 */
function fuzzCases(args: readonly string[], { what, runner, repeats, files }: ArgocdFuzz): number {
  const options = fuzzOptions(args);
  if (spawnSync("argocd-oracle", ["versions"]).status !== 0) {
    console.log("skipped: argocd-oracle is not on PATH");
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "tiphys-argocd-fuzz-"));
  const kept = join(folder, "different");
  const reasons = new Map<string, number>();
  const counts = { cases: 0, unrecorded: 0, errors: 0, random: 0, different: 0 };
  const until = Date.now() + options.seconds * 1000;
  for (let round = 0; Date.now() < until && counts.cases < options.count; round++) {
    const cases = Array.from({ length: Math.min(casesPerRound, options.count - counts.cases) }, (_, index) =>
      writeCase(
        join(folder, "round", `case-${options.seed}-${round}-${index}`),
        files(new Random(options.seed * 1_000_003 + round * casesPerRound + index)),
      ),
    );
    record(cases);
    for (const path of cases) {
      counts.cases++;
      if (!existsSync(join(path, "expected.yaml"))) {
        counts.unrecorded++;
        continue;
      }
      const result = runGuarded(runner, path);
      const error = errorOf(result);
      if (error !== undefined) {
        counts.errors++;
        const kind = error.replace(/["'`{<].*/s, "").slice(0, 70);
        reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
      }
      if (result.verdict === "equal") continue;
      if (isRandomUpstream(runner, path, result, repeats)) {
        counts.random++;
        continue;
      }
      counts.different++;
      const copy = path.replace(join(folder, "round"), kept);
      cpSync(path, copy, { recursive: true });
      console.log(`${result.verdict} ${copy}\n  ${(result.detail ?? "").split("\n").slice(0, 6).join("\n  ")}`);
    }
    rmSync(join(folder, "round"), { recursive: true, force: true });
    if (counts.different >= 40) break;
  }
  if (counts.different === 0) rmSync(folder, { recursive: true, force: true });
  for (const [kind, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 12))
    console.log(`  ${count} × ${kind}`);
  console.log(
    `${counts.cases} ${what} (${counts.unrecorded} of them not taken by the oracle, ${counts.errors} errors upstream, ${counts.random} random upstream), ${counts.different} differences, seed ${options.seed}`,
  );
  if (counts.unrecorded === counts.cases) return 2;
  return counts.different === 0 ? 0 : 1;
}

/** Some builds of the oracle know fewer options than others, and refuse a case that has more. */
function oracleTakes(files: readonly (readonly [string, string])[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-argocd-fuzz-"));
  const { status } = spawnSync("argocd-oracle", ["record", writeCase(folder, new Map(files))]);
  rmSync(folder, { recursive: true });
  return status === 0;
}

/** What it says of a case; "" when it refuses it. */
function oracleAnswers(files: readonly (readonly [string, string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-argocd-fuzz-"));
  const expected = join(writeCase(folder, new Map(files)), "expected.yaml");
  const { status } = spawnSync("argocd-oracle", ["record", folder]);
  const answer = status === 0 ? readFileSync(expected, "utf8") : "";
  rmSync(folder, { recursive: true });
  return answer;
}

function writeCase(path: string, files: ReadonlyMap<string, string>): string {
  for (const [file, text] of files) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

function record(paths: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync("argocd-oracle", ["record", ...paths], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0)
    console.log(
      `oracle: ${stdout
        .split("\n")
        .filter((line) => line.startsWith("FAIL"))
        .join("\n")}${stderr.slice(-500)}`,
    );
}

function runGuarded(runner: CaseRunner, path: string): CaseResult {
  try {
    return runner.run(path);
  } catch (error) {
    return { verdict: "crashed", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function errorOf(result: CaseResult): string | undefined {
  const error = (result.expected as { error?: unknown } | undefined)?.error;
  return typeof error === "string" ? error : undefined;
}

/** Where Go walks a map upstream answers now this, now that: ours has to be one of the answers. */
function isRandomUpstream(runner: CaseRunner, path: string, result: CaseResult, repeats: number): boolean {
  if (result.verdict === "crashed") return false;
  for (let i = 0; i < repeats; i++) {
    record([path]);
    if (runGuarded(runner, path).verdict === "equal") return true;
  }
  return false;
}
