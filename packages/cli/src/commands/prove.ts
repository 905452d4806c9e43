import type { ArgocdSide } from "@tiphys/estate";
import { ArgocdSide as Side } from "@tiphys/estate";
import { fromByteString, bytesToByteString } from "@tiphys/gotemplate";
import { findProfile } from "@tiphys/helm";
import type { PivotView, ProofPair, ReleaseDecision } from "@tiphys/pivot";
import {
  committedPairs,
  decide,
  proofContext,
  proofPairs,
  prove,
  revisionPairs,
  summarize,
  twinPairs,
} from "@tiphys/pivot";
import type { Diagnostic } from "@tiphys/source";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import { renderEngine } from "../engine-choice.ts";
import { collect, addWorkspaceOptions, workspaceOptions } from "../options.ts";
import type { PivotWorkspace } from "../pivot-workspace.ts";
import { addHelmfileOptions } from "../helmfile-flags.ts";
import { openPivot } from "../pivot-workspace.ts";
import type { ProofReport } from "../proof/proof-report.ts";
import { printProof, reportData } from "../proof/proof-report.ts";
import type { Report } from "../proof/verify-report.ts";
import { readReport, reportDifferences } from "../proof/verify-report.ts";
import type { Sides } from "../reporters/differences.ts";
import { reportDiagnostics } from "../reporters/diagnostics.ts";
import { outputFormat } from "../reporters/structured.ts";
import { assertLayers, selectReleases } from "../select-releases.ts";
import { readUserFile } from "../workspace.ts";

/** `tiphys prove`: two renderings side by side, release by release; Helmfile's and Argo CD's unless another pair is asked for. */
export const command: CommandModule = {
  configure(command) {
    addHelmfileOptions(addWorkspaceOptions(command, ["text", "json", "markdown"]))
      .option("--layer <name>", "only this helmfile layer; may be repeated", collect)
      .option("--rendered", "compare committed manifests.yaml beside charts with what the charts give")
      .option("--base <revision>", "compare Argo CD's side of this Git revision …")
      .option("--head <revision>", "… with that of this one (default: the work tree)")
      .option("--helm-version <version>", "render Helmfile's side as this Helm does (4.3.1, 4.2.4, 4.2.3, 3.19.4) …")
      .option("--against <version or engine>", "… and compare with this Helm, or with the engine helm or tiphys")
      .option("--verify <report>", "run a JSON report of prove again: exit 1 when something is no longer as it says")
      .option("--show-secrets", "show the values of Secrets in differences")
      .addHelpText(
        "after",
        "\nExit code 0: every migrated release is proven. 1: differences, or releases that could not be proven. 2: errors.\nThe rules under which a difference is accepted are in docs/proof.md.",
      );
  },
  run: proveReleases,
};

interface ChosenPairs {
  readonly pairs: readonly ProofPair[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sides: Sides;
}

async function proveReleases(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["text", "json", "markdown"]);
  const pivot = await openPivot(run, options);
  const view = decide(pivot);
  const decisions = selectedDecisions(run, pivot, view);
  const { pairs, diagnostics, sides } = await choosePairs(run, pivot, { view, decisions });
  const proofs = prove(pairs, {
    causes: {
      trace: (request) => pivot.engine.trace?.({ ...request, context: proofContext(pivot)() }),
      tree: pivot.tree,
    },
  });
  const all = [
    ...pivot.diagnostics,
    ...view.diagnostics,
    ...diagnostics,
    ...proofs.flatMap((proof) => (proof.verdict === "not-migrated" ? [] : proof.diagnostics)),
  ];
  reportDiagnostics(all, io, pivot.tree);
  const summary = summarize(proofs);
  const report: ProofReport = {
    proofs,
    summary,
    engine: pivot.engine.label,
    sides,
    showSecrets: run.options["showSecrets"] === true,
    tree: pivot.tree,
  };
  const hasErrors = [...pivot.inventory.diagnostics, ...diagnostics].some(({ severity }) => severity === "error");
  if (run.options["verify"] !== undefined) return hasErrors ? 2 : verify(run, report);
  io.stdout.write(printProof(report, format));
  if (hasErrors) return 2;
  return summary.different + summary.notProven + summary.noRelease > 0 ||
    (sides !== pivotSides && summary.notMigrated > 0)
    ? 1
    : 0;
}

function selectedDecisions(run: CommandRun, pivot: PivotWorkspace, view: PivotView): readonly ReleaseDecision[] {
  const layers = (run.options["layer"] as string[] | undefined) ?? [];
  assertLayers(pivot.inventory.layerOrder, layers);
  return selectReleases(view.decisions, workspaceOptions(run).selectors).filter(
    ({ classification }) => layers.length === 0 || layers.includes(classification.release.layer),
  );
}

const pivotSides: Sides = { left: "Helmfile", right: "Argo CD" };

interface Selection {
  readonly view: PivotView;
  readonly decisions: readonly ReleaseDecision[];
}

async function choosePairs(
  run: CommandRun,
  pivot: PivotWorkspace,
  { view, decisions }: Selection,
): Promise<ChosenPairs> {
  const { rendered, base, helmVersion, against } = run.options;
  const environments = new Set(pivot.selected.map(({ name }) => name));
  if (base !== undefined) return revisions(run, pivot);
  if (rendered === true) {
    const sides = new Map(pivot.selected.map((environment) => [environment.name, argocdSide(pivot, environment.name)]));
    return { pairs: committedPairs(pivot, view, sides), diagnostics: [], sides: { left: "committed", right: "chart" } };
  }
  if (helmVersion !== undefined || against !== undefined) {
    const left = twin(run, pivot, helmVersion ?? "tiphys");
    const right = twin(run, pivot, against ?? "tiphys");
    return {
      pairs: twinPairs(pivot, decisions, { environments, left: left.context, right: right.context }),
      diagnostics: [],
      sides: { left: left.name, right: right.name },
    };
  }
  const { pairs, diagnostics } = proofPairs(pivot, view, { decisions, environments });
  return { pairs, diagnostics, sides: pivotSides };
}

async function revisions(run: CommandRun, pivot: PivotWorkspace): Promise<ChosenPairs> {
  const options = workspaceOptions(run);
  const { base, head } = run.options;
  const left = await openPivot(run, { ...options, ref: String(base) });
  const right = head === undefined ? pivot : await openPivot(run, { ...options, ref: String(head) });
  const pairs = pivot.selected.flatMap(({ name }) =>
    revisionPairs(argocdSide(left, name), argocdSide(right, name), name),
  );
  return {
    pairs,
    diagnostics: [...left.diagnostics, ...right.diagnostics],
    sides: { left: String(base), right: head === undefined ? "the work tree" : String(head) },
  };
}

function argocdSide(pivot: PivotWorkspace, environment: string): ArgocdSide {
  return new Side({
    tree: pivot.tree,
    estateFile: pivot.estateFile,
    environment: pivot.environments.find(({ name }) => name === environment) ?? pivot.selected[0]!,
    charts: pivot.charts,
    engine: pivot.engine,
    context: proofContext(pivot),
    ...(pivot.kustomize === undefined ? {} : { kustomize: pivot.kustomize }),
  });
}

/** One side of a comparison of Helm versions or engines. Throws `UserError` for a name that is neither. */
function twin(
  run: CommandRun,
  pivot: PivotWorkspace,
  asked: unknown,
): { name: string; context: Parameters<typeof twinPairs>[2]["left"] } {
  const name = String(asked);
  if (name === "tiphys" || name === "helm") {
    const engine = renderEngine({ ...run, options: { ...run.options, engine: name } }, pivot.helmEngine);
    return { name: engine.label, context: { engine } };
  }
  const profile = findProfile(name.replace(/^v/, ""));
  if (profile === undefined)
    throw new UserError(
      `error: unknown Helm version or engine "${name}": use tiphys, helm, 4.3.1, 4.2.4, 4.2.3 or 3.19.4`,
    );
  return { name: `Helm ${profile.name}`, context: { profile } };
}

/** Runs a committed report again. */
function verify(run: CommandRun, report: ProofReport): number {
  const name = String(run.options["verify"]);
  const committed = readReport(fromByteString(bytesToByteString(readUserFile(run.io, name))), name);
  const lines = reportDifferences(committed, JSON.parse(JSON.stringify(reportData(report), replaceMaps)) as Report);
  for (const line of lines) run.io.stdout.write(`${line}\n`);
  run.io.stdout.write(
    lines.length === 0
      ? `${name} holds: ${committed.proofs.length} proofs are as it says\n`
      : `${lines.length} things are no longer as ${name} says\n`,
  );
  return lines.length === 0 ? 0 : 1;
}

function replaceMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
