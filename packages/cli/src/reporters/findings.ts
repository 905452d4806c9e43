import type { Diagnostic, FileTree } from "@tiphys/source";
import { printDiagnostic } from "@tiphys/source";
import { version } from "../version.ts";
import { jsonText } from "./structured.ts";

export type FindingsFormat = "text" | "json" | "sarif" | "github" | "junit";

/** Findings for a person, a program, a code-scanning service (SARIF 2.1.0), GitHub's annotations or a test report (JUnit). */
export function printFindings(findings: readonly Diagnostic[], format: FindingsFormat, tree: FileTree): string {
  switch (format) {
    case "json":
      return jsonText(findings);
    case "sarif":
      return jsonText(sarif(findings));
    case "github":
      return findings.map(annotation).join("");
    case "junit":
      return junit(findings);
    case "text":
      return findings.length === 0
        ? "nothing found\n"
        : `${findings.map((finding) => printDiagnostic(finding, { tree })).join("\n")}\n${findings.length} found\n`;
  }
}

function annotation(finding: Diagnostic): string {
  const level = finding.severity === "info" ? "notice" : finding.severity;
  const { file = "", line = 1, column = 1 } = finding.origin ?? { file: "" };
  const escape = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return `::${level} file=${file},line=${line},col=${column},title=${finding.code}::${escape(finding.fix === undefined ? finding.message : `${finding.message}. ${finding.fix}`)}\n`;
}

function sarif(findings: readonly Diagnostic[]): unknown {
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "tiphys", version, rules: codes.map((id) => ({ id })) } },
        results: findings.map((finding) => ({
          ruleId: finding.code,
          level: finding.severity === "info" ? "note" : finding.severity,
          message: { text: finding.fix === undefined ? finding.message : `${finding.message}. ${finding.fix}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: finding.origin?.file ?? "" },
                region: { startLine: finding.origin?.line ?? 1, startColumn: finding.origin?.column ?? 1 },
              },
            },
          ],
        })),
      },
    ],
  };
}

function junit(findings: readonly Diagnostic[]): string {
  const escape = (text: string): string =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  const cases = findings.map((finding) => {
    const place = `${finding.origin?.file ?? ""}:${finding.origin?.line ?? 1}`;
    const body = escape(finding.fix === undefined ? place : `${place}\n${finding.fix}`);
    return `  <testcase classname="${escape(finding.code)}" name="${escape(place)}"><failure type="${finding.severity}" message="${escape(finding.message)}">${body}</failure></testcase>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="tiphys" tests="${findings.length}" failures="${findings.length}">\n${cases.join("")}</testsuite>\n`;
}
