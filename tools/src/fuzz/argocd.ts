import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { argocdAppSetRunner } from "../cases/argocd-appset.ts";
import type { CaseResult } from "../cases/case.ts";
import { ArgoGrammar } from "./argocd-grammar.ts";
import { fuzzOptions } from "./options.ts";
import { Random } from "./random.ts";

const casesPerRound = 100;
/** How often the oracle is asked again where we differ: what it answers differently is random upstream. */
const repeats = 16;

/**
 * Random ApplicationSets against Argo CD's own code (`argocd-oracle` on PATH). What differs is kept as a case below the folder that
 * is printed. Exit code 1 when anything differs, 2 without the oracle.
 */
export function fuzzArgocd(args: readonly string[]): number {
  const options = fuzzOptions(args);
  if (spawnSync("argocd-oracle", ["versions"]).status !== 0) {
    console.log("skipped: argocd-oracle is not on PATH");
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "tiphys-argocd-fuzz-"));
  const kept = join(folder, "different");
  const reasons = new Map<string, number>();
  const counts = { cases: 0, errors: 0, random: 0, different: 0 };
  const until = Date.now() + options.seconds * 1000;
  for (let round = 0; Date.now() < until && counts.cases < options.count; round++) {
    const cases = writeRound(folder, options.seed, round, Math.min(casesPerRound, options.count - counts.cases));
    record(cases.map(({ path }) => path));
    for (const { path, name } of cases) {
      counts.cases++;
      const result = runGuarded(path);
      const error = errorOf(result);
      if (error !== undefined) {
        counts.errors++;
        const kind = error.replace(/["'`{<].*/s, "").slice(0, 70);
        reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
      }
      if (result.verdict === "equal") continue;
      if (isRandomUpstream(path, result)) {
        counts.random++;
        continue;
      }
      counts.different++;
      cpSync(path, join(kept, name), { recursive: true });
      console.log(
        `${result.verdict} ${join(kept, name)}\n  ${(result.detail ?? "").split("\n").slice(0, 6).join("\n  ")}`,
      );
    }
    rmSync(join(folder, "round"), { recursive: true, force: true });
    if (counts.different >= 40) break;
  }
  if (counts.different === 0) rmSync(folder, { recursive: true, force: true });
  for (const [kind, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 12))
    console.log(`  ${count} × ${kind}`);
  console.log(
    `${counts.cases} ApplicationSets (${counts.errors} of them errors upstream, ${counts.random} random upstream), ${counts.different} differences, seed ${options.seed}`,
  );
  return counts.different === 0 ? 0 : 1;
}

interface FuzzCase {
  readonly name: string;
  readonly path: string;
}

function writeRound(folder: string, seed: number, round: number, count: number): FuzzCase[] {
  return Array.from({ length: count }, (_, index) => {
    const grammar = new ArgoGrammar(new Random(seed * 1_000_003 + round * casesPerRound + index));
    const name = `case-${seed}-${round}-${index}`;
    const path = join(folder, "round", name);
    for (const [file, text] of grammar.files()) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    }
    return { name, path };
  });
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

function runGuarded(path: string): CaseResult {
  if (!existsSync(join(path, "expected.yaml"))) return { verdict: "equal" };
  try {
    return argocdAppSetRunner.run(path);
  } catch (error) {
    return { verdict: "crashed", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function errorOf(result: CaseResult): string | undefined {
  const error = (result.expected as { error?: unknown } | undefined)?.error;
  return typeof error === "string" ? error : undefined;
}

/** Where Go walks a map the first error, or the winner of two equal keys, is another one each time. */
function isRandomUpstream(path: string, result: CaseResult): boolean {
  if (result.verdict === "crashed") return false;
  const first = readFileSync(join(path, "expected.yaml"), "utf8");
  for (let i = 0; i < repeats; i++) {
    record([path]);
    const isEqual = runGuarded(path).verdict === "equal";
    if (isEqual || readFileSync(join(path, "expected.yaml"), "utf8") !== first) return true;
  }
  return false;
}
