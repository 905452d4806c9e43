import type {
  AcceptedDifference,
  Comparison,
  ExplainedDifference,
  FieldChange,
  ObjectDifference,
  RenderedArgoApplication,
  Rendering,
  Rule,
  TracedSide,
  Tracer,
} from "@tiphys/estate";
import { CauseFinder, compareObjects, isHelmTest, pivotRules, randomDataRule } from "@tiphys/estate";
import type { Diagnostic, FileTree } from "@tiphys/source";
import type { ProofPair } from "./proof-pairs.ts";
import { objectsOfCompanion, objectsWithoutCompanions } from "./translate/companion.ts";
import { convertTest } from "./translate/smoke.ts";

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
  /** The unexplained differences with their causes, where they were asked for. */
  readonly explained: readonly ExplainedDifference[];
  /** What was compared, for who wants to hash its inputs; undefined where nothing was. */
  readonly rendered: { readonly left: Rendering; readonly right: RenderedArgoApplication } | undefined;
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

export interface ProveOptions {
  /** Default: the rules of the pivot. */
  readonly rules?: readonly Rule[];
  /** Finds the causes of what differs; absent: causes are not looked for. */
  readonly causes?: { readonly trace: Tracer; readonly tree: FileTree };
}

/** Compares both sides of every pair. Results are in the order of the pairs. */
export function prove(pairs: readonly ProofPair[], options: ProveOptions = {}): Proof[] {
  return pairs.map((pair) => provePair(pair, options));
}

function provePair(pair: ProofPair, options: ProveOptions): Proof {
  const { left } = pair;
  if (left === undefined)
    return unproven(pair, {
      verdict: "no-release",
      reason: pair.layer === "" ? "only the right side has it" : "helmfile installs no such release here",
    });
  if (left.status === "wanted") return unproven(pair, { verdict: "not-proven", reason: messageOf(left.diagnostics) });
  if (pair.component === undefined) {
    const reason =
      pair.stays === ""
        ? pair.layer === ""
          ? "only the left side has it"
          : "no component stands for it"
        : `it stays with Helmfile: ${pair.stays}`;
    return unproven(pair, { verdict: "not-migrated", reason });
  }
  if (pair.right === undefined) {
    return unproven(pair, {
      verdict: "not-proven",
      reason: `no ApplicationSet makes an Application of component ${pair.component}`,
    });
  }
  const right = pair.right();
  if (left.status !== "rendered")
    return unproven(
      pair,
      { verdict: "not-proven", reason: `Helmfile's side: ${messageOf(left.diagnostics)}` },
      left.diagnostics,
    );
  if (right.status !== "rendered") {
    const reason =
      right.status === "wanted"
        ? messageOf(right.diagnostics).replace(/^wanted: chart/, "chart wanted:")
        : `Argo CD's side: ${messageOf(right.diagnostics)}`;
    return unproven(pair, { verdict: "not-proven", reason }, right.diagnostics);
  }
  return compared(pair, { left: asTranslated(pair, left, right), right, options });
}

interface TranslatedRendering extends Rendering {
  readonly translated: readonly AcceptedDifference[];
}

/** The left side as the move was meant to change it: tests that were converted, CRDs that are elsewhere. Each is listed by its rule. */
function asTranslated(pair: ProofPair, left: Rendering, right: RenderedArgoApplication): TranslatedRendering {
  if (pair.companion !== undefined)
    return { ...left, objects: objectsOfCompanion(pair.companion, left.objects), translated: [] };
  const kept = objectsWithoutCompanions(pair.companions ?? [], left.objects);
  const translated: AcceptedDifference[] = left.objects
    .filter((object) => !kept.includes(object))
    .map(({ key, origin }) => ({ rule: "crds-split", key, origin }));
  const { smoke } = pair;
  if (smoke === undefined || smoke.mode !== "gate" || smoke.place !== "own")
    return { ...left, objects: kept, translated };
  const byKey = new Map(right.objects.map((object) => [object.key, object]));
  const objects = kept.map((object) => {
    const converted = convertTest(object, smoke.mode);
    const partner = byKey.get(converted.key);
    // A test that nobody has converted yet is still a test, which neither side applies; one that is gone is no gate.
    const there = partner ?? byKey.get(object.key);
    if (converted === object || (there !== undefined && isHelmTest(there))) return object;
    if (partner === undefined) return converted;
    translated.push({ rule: "test-hook-gate", key: object.key, origin: partner.origin });
    return converted;
  });
  return { ...left, objects, translated };
}

interface ComparedSides {
  readonly left: TranslatedRendering;
  readonly right: RenderedArgoApplication;
  readonly options: ProveOptions;
}

function compared(pair: ProofPair, { left, right, options }: ComparedSides): Proof {
  const { rules = pivotRules } = options;
  const again = pair.leftAgain?.();
  const compared = compareObjects(
    left.objects,
    right.objects,
    again === undefined ? rules : [...rules, randomDataRule(left.objects, again.objects)],
  );
  const comparison: Comparison = {
    ...compared,
    differences: [...applicationDifferences(left, right), ...compared.differences],
    accepted: [...left.translated, ...compared.accepted],
  };
  const name = (chart: Rendering["chart"]): string =>
    chart === undefined ? "" : `${chart.metadata.name} ${chart.metadata.version}`;
  return {
    ...identity(pair),
    verdict: comparison.differences.length === 0 ? "proven" : "different",
    reason: "",
    comparison,
    explained: explain(comparison, { left, right, options }),
    rendered: { left, right },
    charts: [name(left.chart), [...new Set(right.charts.map(name))].join(", ")],
    chartHashes: [
      left.chart?.contentHash() ?? "",
      [...new Set(right.charts.map((chart) => chart.contentHash()))].join(","),
    ],
    diagnostics: [...left.diagnostics, ...right.diagnostics].filter((diagnostic) => diagnostic.severity === "error"),
  };
}

/** What of an Application is in no object: where it installs to, and which version of a chart it asks for. */
function applicationDifferences(
  { installation, chart }: Rendering,
  { application, installations }: RenderedArgoApplication,
): ObjectDifference[] {
  const changes: FieldChange[] = [];
  const namespace = installation.namespace === "" ? "default" : installation.namespace;
  if (application.namespace !== namespace)
    changes.push({
      kind: "changed",
      path: "spec.destination.namespace",
      left: namespace,
      right: application.namespace,
    });
  for (const { source } of installations) {
    if (source.kind !== "helm" || !("version" in source.chart) || chart === undefined) continue;
    const asked = source.chart.version.replace(/^v/, "");
    const wanted = exactVersion(installation) ?? chart.metadata.version.replace(/^v/, "");
    if (/^\d+\.\d+\.\d+/.test(asked) && asked !== wanted)
      changes.push({ kind: "changed", path: "spec.source.targetRevision", left: wanted, right: asked });
  }
  if (changes.length === 0) return [];
  return [
    {
      kind: "changed",
      key: `argoproj.io/Application//${application.name}`,
      left: installation.origin,
      right: application.origin,
      changes,
    },
  ];
}

/** The version that the helmfile pins; undefined for a range or none. */
function exactVersion({ source }: Rendering["installation"]): string | undefined {
  const version = source.kind === "helm" && "version" in source.chart ? source.chart.version : "";
  return /^v?\d+\.\d+\.\d+/.test(version) ? version.replace(/^v/, "") : undefined;
}

function explain(
  { differences }: Comparison,
  { left, right, options: { causes } }: ComparedSides,
): ExplainedDifference[] {
  if (causes === undefined || differences.length === 0) return [];
  const finder = new CauseFinder(leftSide(left, causes.tree), rightSide(right, causes.tree), causes.trace);
  return differences.map((difference) => finder.explain(difference));
}

function leftSide({ installation, renderedChart }: Rendering, tree: FileTree): TracedSide {
  const files = installation.source.kind === "manifests" ? installation.source.files : [];
  return { charts: renderedChart === undefined ? [] : [renderedChart], files, tree, namespace: installation.namespace };
}

function rightSide({ application, renderedCharts, files }: RenderedArgoApplication, tree: FileTree): TracedSide {
  return { charts: renderedCharts, files, tree, namespace: application.namespace };
}

function identity(pair: ProofPair): Pick<Proof, "environment" | "release" | "layer" | "component"> {
  return { environment: pair.environment, release: pair.release, layer: pair.layer, component: pair.component };
}

function unproven(
  pair: ProofPair,
  result: { verdict: Verdict; reason: string },
  diagnostics: readonly Diagnostic[] = [],
): Proof {
  return {
    ...identity(pair),
    ...result,
    comparison: undefined,
    explained: [],
    rendered: undefined,
    charts: ["", ""],
    chartHashes: ["", ""],
    diagnostics,
  };
}

/** One line; of Helm's traces through templates the place and the word at the end. */
function messageOf(diagnostics: readonly Diagnostic[]): string {
  const message = diagnostics.find((diagnostic) => diagnostic.severity === "error")?.message ?? "unknown";
  const lines = message.trim().split("\n");
  return lines.length < 2 ? message : `${lines[0]}: ${lines.at(-1)!.trim()}`;
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
