import type { Comparison, RenderedArgoApplication, Rendering, Rule } from "@tiphys/estate";
import { compareObjects, pivotRules, randomDataRule } from "@tiphys/estate";
import type { Diagnostic } from "@tiphys/source";
import type { ProofPair } from "./proof-pairs.ts";

export type Verdict =
  /** Nothing but accepted differences. */
  | "proven"
  | "different"
  /** One side could not be rendered; the reason says why. */
  | "not-proven"
  /** No component stands for the release yet. */
  | "not-migrated"
  /** A component whose release helmfile does not install there. */
  | "no-release";

/** The proof of one release in one environment. */
export interface Proof {
  readonly environment: string;
  readonly release: string;
  readonly layer: string;
  readonly component: string | undefined;
  readonly verdict: Verdict;
  /** Why it is not proven; "" otherwise. */
  readonly reason: string;
  readonly comparison: Comparison | undefined;
  /** Name and version of the chart on each side; "" for manifests. */
  readonly charts: readonly [left: string, right: string];
  /** SHA-256 of the chart on each side; "" for manifests. */
  readonly chartHashes: readonly [left: string, right: string];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ProofSummary {
  readonly proven: number;
  readonly different: number;
  readonly notProven: number;
  readonly notMigrated: number;
  readonly noRelease: number;
  /** Over all proofs. */
  readonly unexplained: number;
  /** Uses of each rule. */
  readonly accepted: ReadonlyMap<string, number>;
}

/** Compares both sides of every pair. Results are in the order of the pairs. */
export function prove(pairs: readonly ProofPair[], rules: readonly Rule[] = pivotRules): Proof[] {
  return pairs.map((pair) => provePair(pair, rules));
}

function provePair(pair: ProofPair, rules: readonly Rule[]): Proof {
  const { left } = pair;
  if (left === undefined) return unproven(pair, { verdict: "no-release", reason: "helmfile installs no such release here" });
  if (left.status === "wanted") return unproven(pair, { verdict: "not-proven", reason: messageOf(left.diagnostics) });
  if (pair.component === undefined) {
    const reason = pair.stays === "" ? "no component stands for it" : `it stays with Helmfile: ${pair.stays}`;
    return unproven(pair, { verdict: "not-migrated", reason });
  }
  if (pair.right === undefined) {
    return unproven(pair, { verdict: "not-proven", reason: `no ApplicationSet makes an Application of component ${pair.component}` });
  }
  const right = pair.right();
  if (left.status !== "rendered") return unproven(pair, { verdict: "not-proven", reason: `Helmfile's side: ${messageOf(left.diagnostics)}` }, left.diagnostics);
  if (right.status !== "rendered") {
    const reason = right.status === "wanted" ? messageOf(right.diagnostics).replace(/^wanted: chart/, "chart wanted:") : `Argo CD's side: ${messageOf(right.diagnostics)}`;
    return unproven(pair, { verdict: "not-proven", reason }, right.diagnostics);
  }
  return compared(pair, { left, right, rules });
}

interface ComparedSides {
  readonly left: Rendering;
  readonly right: RenderedArgoApplication;
  readonly rules: readonly Rule[];
}

function compared(pair: ProofPair, { left, right, rules }: ComparedSides): Proof {
  const again = pair.leftAgain?.();
  const comparison = compareObjects(left.objects, right.objects, again === undefined ? rules : [...rules, randomDataRule(left.objects, again.objects)]);
  const name = (chart: Rendering["chart"]): string => (chart === undefined ? "" : `${chart.metadata.name} ${chart.metadata.version}`);
  return {
    ...identity(pair),
    verdict: comparison.differences.length === 0 ? "proven" : "different",
    reason: "",
    comparison,
    charts: [name(left.chart), [...new Set(right.charts.map(name))].join(", ")],
    chartHashes: [left.chart?.contentHash() ?? "", [...new Set(right.charts.map((chart) => chart.contentHash()))].join(",")],
    diagnostics: [...left.diagnostics, ...right.diagnostics].filter((diagnostic) => diagnostic.severity === "error"),
  };
}

function identity(pair: ProofPair): Pick<Proof, "environment" | "release" | "layer" | "component"> {
  return { environment: pair.environment, release: pair.release, layer: pair.layer, component: pair.component };
}

function unproven(pair: ProofPair, result: { verdict: Verdict; reason: string }, diagnostics: readonly Diagnostic[] = []): Proof {
  return { ...identity(pair), ...result, comparison: undefined, charts: ["", ""], chartHashes: ["", ""], diagnostics };
}

function messageOf(diagnostics: readonly Diagnostic[]): string {
  const message = diagnostics.find((diagnostic) => diagnostic.severity === "error")?.message ?? "unknown";
  return message.split("\n")[0] ?? message;
}

/** Counts over all proofs; `unexplained` must be 0 for a pivot without loss. */
export function summarize(proofs: readonly Proof[]): ProofSummary {
  const count = (verdict: Verdict): number => proofs.filter((proof) => proof.verdict === verdict).length;
  const accepted = new Map<string, number>();
  let unexplained = 0;
  for (const { comparison } of proofs) {
    unexplained += comparison?.differences.length ?? 0;
    for (const { rule } of comparison?.accepted ?? []) accepted.set(rule, (accepted.get(rule) ?? 0) + 1);
  }
  return {
    proven: count("proven"),
    different: count("different"),
    notProven: count("not-proven"),
    notMigrated: count("not-migrated"),
    noRelease: count("no-release"),
    unexplained,
    accepted,
  };
}
