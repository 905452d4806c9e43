import type { Comparison, RenderContext, Rendering, Rule } from "@tiphys/estate";
import { compareObjects, pivotRules, renderInstallation } from "@tiphys/estate";
import type { Installation } from "@tiphys/helm";
import type { Diagnostic } from "@tiphys/source";

/** Two installations that must come to the same, or one whose partner is missing. */
export interface ProofPair {
  readonly environment: string;
  /** Release id on Helmfile's side. */
  readonly release: string;
  /** Name of the component or Application; undefined when nothing stands for the release. */
  readonly component: string | undefined;
  readonly left: Installation | undefined;
  /** What Argo CD applies; an Application with several sources gives several. */
  readonly right: readonly Installation[];
}

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
  readonly component: string | undefined;
  readonly verdict: Verdict;
  /** Why it is not proven; "" otherwise. */
  readonly reason: string;
  readonly comparison: Comparison | undefined;
  /** Name and version of the chart on each side; "" for manifests. */
  readonly leftChart: string;
  readonly rightChart: string;
  /** SHA-256 of the chart on each side; "" for manifests. */
  readonly chartHashes: readonly [string, string];
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

/** Renders both sides of every pair with one engine, seeded alike, and compares them. Results are in the order of the pairs. */
export function prove(pairs: readonly ProofPair[], context: RenderContext, rules: readonly Rule[] = pivotRules): Proof[] {
  return pairs.map((pair) => provePair(pair, context, rules));
}

function provePair(pair: ProofPair, context: RenderContext, rules: readonly Rule[]): Proof {
  if (pair.left === undefined) return unproven(pair, { verdict: "no-release", reason: "helmfile installs no such release here" });
  if (pair.right.length === 0) return unproven(pair, { verdict: "not-migrated", reason: "no component stands for it" });
  const left = renderInstallation(pair.left, context);
  const right = pair.right.map((installation) => renderInstallation(installation, context));
  const broken = [left, ...right].find((rendering) => rendering.status !== "rendered");
  const diagnostics = [left, ...right].flatMap((rendering) => rendering.diagnostics);
  if (broken !== undefined) {
    const side = broken === left ? "Helmfile" : "Argo CD";
    return { ...unproven(pair, { verdict: "not-proven", reason: reasonOf(broken, side) }), diagnostics };
  }
  const comparison = compareObjects(
    left.objects,
    right.flatMap((rendering) => rendering.objects),
    rules,
  );
  return {
    environment: pair.environment,
    release: pair.release,
    component: pair.component,
    verdict: comparison.differences.length === 0 ? "proven" : "different",
    reason: "",
    comparison,
    leftChart: chartName(left),
    rightChart: right.map(chartName).join(", "),
    chartHashes: [left.chart?.contentHash() ?? "", right.map((rendering) => rendering.chart?.contentHash() ?? "").join(",")],
    diagnostics: diagnostics.filter((diagnostic) => diagnostic.severity !== "info"),
  };
}

function unproven(pair: ProofPair, result: { verdict: Verdict; reason: string }): Proof {
  return {
    environment: pair.environment,
    release: pair.release,
    component: pair.component,
    ...result,
    comparison: undefined,
    leftChart: "",
    rightChart: "",
    chartHashes: ["", ""],
    diagnostics: [],
  };
}

function reasonOf(rendering: Rendering, side: string): string {
  const message = rendering.diagnostics.find((diagnostic) => diagnostic.severity === "error")?.message ?? rendering.status;
  if (rendering.status === "wanted") return message;
  return `${side}'s side: ${message.split("\n")[0]}`;
}

function chartName(rendering: Rendering): string {
  const metadata = rendering.chart?.metadata;
  return metadata === undefined ? "" : `${metadata.name ?? ""} ${metadata.version ?? ""}`;
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
