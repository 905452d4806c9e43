import type { Proof, ProofSummary } from "@tiphys/pivot";
import { decide, proofContext, proofPairs, prove, summarize } from "@tiphys/pivot";
import type { CommandModule, CommandRun } from "../command.ts";
import { UserError } from "../command.ts";
import { addWorkspaceOptions, workspaceOptions } from "../options.ts";
import { addHelmfileOptions, openPivot } from "../pivot-workspace.ts";
import { reportDiagnostics } from "../reporters/diagnostics.ts";
import { explainedLines } from "../reporters/differences.ts";
import { jsonText, outputFormat } from "../reporters/structured.ts";
import { markdownTable, textTable } from "../reporters/table.ts";
import { selectReleases } from "../select-releases.ts";
import { version } from "../version.ts";

/** `tiphys prove`: what Helmfile applies against what Argo CD applies, release by release. */
export const command: CommandModule = {
  configure(command) {
    const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];
    addHelmfileOptions(addWorkspaceOptions(command, ["text", "json", "markdown"]))
      .option("--layer <name>", "only this helmfile layer; may be repeated", collect)
      .option("--show-secrets", "show the values of Secrets in differences")
      .addHelpText("after", "\nExit code 0: every migrated release is proven. 1: differences, or releases that could not be proven. 2: errors.\nThe rules under which a difference is accepted are in docs/proof.md.");
  },
  run: proveReleases,
};

async function proveReleases(run: CommandRun): Promise<number> {
  const { io } = run;
  const options = workspaceOptions(run);
  const format = outputFormat(options.output, ["text", "json", "markdown"]);
  const pivot = await openPivot(run, options);
  const view = decide(pivot);
  const layers = (run.options["layer"] as string[] | undefined) ?? [];
  const unknown = layers.find((layer) => !pivot.inventory.layerOrder.includes(layer));
  if (unknown !== undefined) throw new UserError(`error: there is no layer "${unknown}"; known are ${pivot.inventory.layerOrder.join(", ")}`);
  const decisions = selectReleases(view.decisions, options.selectors).filter(({ classification }) => layers.length === 0 || layers.includes(classification.release.layer));
  const { pairs, diagnostics } = proofPairs(pivot, view, { decisions, environments: new Set(pivot.selected.map(({ name }) => name)) });
  const proofs = prove(pairs, { causes: { trace: (request) => pivot.engine.trace?.({ ...request, context: proofContext(pivot)() }), tree: pivot.tree } });
  const all = [...pivot.diagnostics, ...view.diagnostics, ...diagnostics, ...proofs.flatMap((proof) => (proof.verdict === "not-migrated" ? [] : proof.diagnostics))];
  reportDiagnostics(all, io, pivot.tree);
  const summary = summarize(proofs);
  const showSecrets = run.options["showSecrets"] === true;
  io.stdout.write(print({ proofs, summary, engine: pivot.engine.label, showSecrets }, format));
  if (pivot.inventory.diagnostics.some(({ severity }) => severity === "error") || diagnostics.some(({ severity }) => severity === "error")) return 2;
  return summary.different + summary.notProven + summary.noRelease > 0 ? 1 : 0;
}

interface ProofReport {
  readonly proofs: readonly Proof[];
  readonly summary: ProofSummary;
  readonly engine: string;
  readonly showSecrets: boolean;
}

function print(report: ProofReport, format: "text" | "json" | "markdown"): string {
  if (format === "json") return jsonText(reportData(report));
  return format === "markdown" ? markdownReport(report) : textReport(report);
}

function reportData({ proofs, summary, engine, showSecrets }: ProofReport): unknown {
  return {
    tiphys: version,
    engine,
    summary,
    proofs: proofs.map(({ comparison, explained, diagnostics: _diagnostics, ...proof }) => ({
      ...proof,
      ...(comparison === undefined
        ? {}
        : {
            objects: comparison.leftObjects,
            equal: comparison.equal,
            accepted: countRules(comparison.accepted),
            differences: explained.map((each) => ({ kind: each.difference.kind, key: each.difference.key, lines: explainedLines(each, showSecrets) })),
          }),
    })),
  };
}

function countRules(accepted: readonly { readonly rule: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of accepted) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

function rulesText(accepted: readonly { readonly rule: string }[]): string {
  return Object.entries(countRules(accepted)).map(([rule, count]) => `${rule} ${count}`).join(", ");
}

function rows(proofs: readonly Proof[]): string[][] {
  return proofs.map((proof) => [
    proof.environment,
    proof.release,
    proof.component ?? "-",
    proof.verdict === "different" ? `DIFFERENT (${proof.comparison?.differences.length ?? 0})` : proof.verdict,
    proof.comparison === undefined ? "-" : `${proof.comparison.equal}/${proof.comparison.leftObjects}`,
    proof.reason !== "" ? proof.reason : rulesText(proof.comparison?.accepted ?? []),
  ]);
}

const headings = ["ENVIRONMENT", "RELEASE", "COMPONENT", "VERDICT", "EQUAL", "NOTE"];

function summaryLine(summary: ProofSummary): string {
  const parts = [`${summary.proven} proven`, `${summary.different} different`, `${summary.notProven} not proven`, `${summary.notMigrated} not migrated`];
  if (summary.noRelease > 0) parts.push(`${summary.noRelease} without a release`);
  return `${parts.join(", ")}: ${summary.unexplained} unexplained differences\n`;
}

function textReport({ proofs, summary, showSecrets }: ProofReport): string {
  let text = textTable(headings, rows(proofs));
  for (const proof of proofs) {
    if (proof.verdict !== "different") continue;
    text += `\n${proof.environment} ${proof.release}\n`;
    for (const each of proof.explained) text += explainedLines(each, showSecrets).map((line) => `  ${line}\n`).join("");
  }
  return `${text}\n${summaryLine(summary)}`;
}

function markdownReport({ proofs, summary, engine, showSecrets }: ProofReport): string {
  let text = `# Proof\n\n${summaryLine(summary)}\nRendered with ${engine} (tiphys ${version}). Accepted differences are named by rule; docs/proof.md says why each is harmless.\n\n`;
  text += markdownTable(headings, rows(proofs));
  for (const proof of proofs.filter(({ verdict }) => verdict === "different")) {
    text += `\n## ${proof.environment} ${proof.release}\n\n\`\`\`diff\n${proof.explained.flatMap((each) => explainedLines(each, showSecrets)).join("\n")}\n\`\`\`\n`;
  }
  const charts = new Map(proofs.filter(({ chartHashes }) => chartHashes[0] !== "").map(({ charts: names, chartHashes }) => [names[0], chartHashes[0]]));
  if (charts.size > 0) text += `\n## Inputs\n\n${markdownTable(["Chart", "SHA-256"], [...charts].toSorted().map(([name, hash]) => [name, `\`${hash}\``]))}`;
  return text;
}
