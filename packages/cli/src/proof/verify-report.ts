import { UserError } from "../command.ts";

interface ReportedProof {
  readonly environment: string;
  readonly release: string;
  readonly verdict: string;
  readonly inputs?: { readonly left: string; readonly right: string };
  readonly accepted?: Readonly<Record<string, number>>;
  readonly equal?: number;
}

/** A committed report, as far as it is compared. */
export interface Report {
  readonly tiphys: string;
  readonly engine: string;
  readonly compared: string;
  readonly proofs: readonly ReportedProof[];
}

/** Reads a JSON report of `prove`. Throws `UserError`. */
export function readReport(text: string, name: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      `error: ${name} is no JSON: ${(error as Error).message}\n  fix: give a report that \`tiphys prove -o json\` wrote`,
    );
  }
  const report = value as Partial<Report> | null;
  if (typeof report?.tiphys !== "string" || !Array.isArray(report.proofs))
    throw new UserError(`error: ${name} is no report of \`tiphys prove -o json\``);
  return report as Report;
}

/** What a new run says otherwise than a report, one line each; empty when the report still holds. */
export function reportDifferences(report: Report, now: Report): string[] {
  const lines: string[] = [];
  if (report.compared !== now.compared) lines.push(`the report compares ${report.compared}, this run ${now.compared}`);
  const key = ({ environment, release }: ReportedProof): string => `${environment} ${release}`;
  const found = new Map(now.proofs.map((proof) => [key(proof), proof]));
  for (const proof of report.proofs) {
    const again = found.get(key(proof));
    if (again === undefined) lines.push(`${key(proof)}: is in the report only`);
    else lines.push(...proofDifferences(proof, again).map((text) => `${key(proof)}: ${text}`));
  }
  const reported = new Set(report.proofs.map(key));
  for (const proof of now.proofs) if (!reported.has(key(proof))) lines.push(`${key(proof)}: is not in the report`);
  return lines;
}

function proofDifferences(report: ReportedProof, now: ReportedProof): string[] {
  const lines: string[] = [];
  if (report.verdict !== now.verdict) lines.push(`was ${report.verdict}, is ${now.verdict}`);
  if (report.inputs?.left !== now.inputs?.left) lines.push("the left side's chart, values or flags have changed");
  if (report.inputs?.right !== now.inputs?.right) lines.push("the right side's chart, values or flags have changed");
  if (JSON.stringify(report.accepted) !== JSON.stringify(now.accepted)) lines.push("other differences are accepted");
  return lines;
}
