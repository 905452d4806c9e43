import type { Proof, ProofSummary } from "@tiphys/pivot";
import type { FileTree } from "@tiphys/source";
import type { Sides } from "../reporters/differences.ts";
import { explainedLines } from "../reporters/differences.ts";
import { jsonText } from "../reporters/structured.ts";
import { markdownTable, textTable } from "../reporters/table.ts";
import { version } from "../version.ts";
import { inputHashes } from "./input-hashes.ts";

/** A finished proof with what a report says beside it. */
export interface ProofReport {
  readonly proofs: readonly Proof[];
  readonly summary: ProofSummary;
  /** `tiphys`, `helm v4.3.1`. */
  readonly engine: string;
  /** What was compared, left ↔ right; also the names of the sides in differences. */
  readonly sides: Sides;
  readonly showSecrets: boolean;
  readonly tree: FileTree;
}

export function printProof(report: ProofReport, format: "text" | "json" | "markdown"): string {
  if (format === "json") return jsonText(reportData(report));
  return format === "markdown" ? markdownReport(report) : textReport(report);
}

/** The report as data: small enough to commit, and enough to run the proof again and compare. */
export function reportData({
  proofs,
  summary,
  engine,
  sides,
  showSecrets,
  tree,
}: ProofReport): Readonly<Record<string, unknown>> {
  return {
    tiphys: version,
    engine,
    compared: `${sides.left} ↔ ${sides.right}`,
    summary,
    proofs: proofs.map((proof) => {
      const { environment, release, layer, component, verdict, reason, comparison, explained, charts, chartHashes } =
        proof;
      const inputs = inputHashes(proof, tree);
      return {
        environment,
        release,
        layer,
        component,
        verdict,
        reason,
        charts,
        chartHashes,
        ...(inputs === undefined ? {} : { inputs }),
        ...(comparison === undefined
          ? {}
          : {
              objects: comparison.leftObjects,
              equal: comparison.equal,
              accepted: countRules(comparison.accepted),
              differences: explained.map((each) => ({
                kind: each.difference.kind,
                key: each.difference.key,
                lines: explainedLines(each, showSecrets, sides),
              })),
            }),
      };
    }),
  };
}

function countRules(accepted: readonly { readonly rule: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of accepted) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

function rulesText(accepted: readonly { readonly rule: string }[]): string {
  return Object.entries(countRules(accepted))
    .map(([rule, count]) => `${rule} ${count}`)
    .join(", ");
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
  const parts = [
    `${summary.proven} proven`,
    `${summary.different} different`,
    `${summary.notProven} not proven`,
    `${summary.notMigrated} not migrated`,
  ];
  if (summary.noRelease > 0) parts.push(`${summary.noRelease} without a release`);
  return `${parts.join(", ")}: ${summary.unexplained} unexplained differences\n`;
}

function textReport({ proofs, summary, showSecrets, sides }: ProofReport): string {
  let text = textTable(headings, rows(proofs));
  for (const proof of proofs) {
    if (proof.verdict !== "different") continue;
    text += `\n${proof.environment} ${proof.release}\n`;
    for (const each of proof.explained)
      text += explainedLines(each, showSecrets, sides)
        .map((line) => `  ${line}\n`)
        .join("");
  }
  return `${text}\n${summaryLine(summary)}`;
}

function markdownReport({ proofs, summary, engine, showSecrets, sides, tree }: ProofReport): string {
  let text = `# Proof\n\n${sides.left} ↔ ${sides.right}: ${summaryLine(summary)}\nRendered with ${engine} (tiphys ${version}). Accepted differences are named by rule; docs/proof.md says why each is harmless.\n\n`;
  text += markdownTable(headings, rows(proofs));
  for (const proof of proofs.filter(({ verdict }) => verdict === "different")) {
    text += `\n## ${proof.environment} ${proof.release}\n\n\`\`\`diff\n${proof.explained.flatMap((each) => explainedLines(each, showSecrets, sides)).join("\n")}\n\`\`\`\n`;
  }
  const charts = new Map(
    proofs
      .filter(({ chartHashes }) => chartHashes[0] !== "")
      .map(({ charts: names, chartHashes }) => [names[0], chartHashes[0]]),
  );
  if (charts.size > 0)
    text += `\n## Charts\n\n${markdownTable(
      ["Chart", "SHA-256"],
      [...charts].toSorted().map(([name, hash]) => [name, `\`${hash}\``]),
    )}`;
  const inputs = proofs.flatMap((proof) => {
    const hashes = inputHashes(proof, tree);
    return hashes === undefined
      ? []
      : [[proof.environment, proof.release, `\`${hashes.left.slice(0, 16)}\``, `\`${hashes.right.slice(0, 16)}\``]];
  });
  if (inputs.length > 0)
    text += `\n## Inputs\n\nThe first 16 digits of the SHA-256 of chart, values and flags of each side; the JSON report has them whole.\n\n${markdownTable(["Environment", "Release", sides.left, sides.right], inputs)}`;
  return text;
}
