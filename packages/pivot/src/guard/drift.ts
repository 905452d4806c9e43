import type { Diagnostic } from "@tiphys/source";
import type { PivotView } from "../pivot.ts";
import type { Proof } from "../prove.ts";

/** What moved and has come apart since: Helmfile and GitOps disagree, or committed manifests are not what the chart gives. */
export function driftFindings(view: PivotView, proofs: readonly Proof[]): Diagnostic[] {
  return proofs.flatMap((proof): Diagnostic[] => {
    if (proof.verdict !== "different") return [];
    const component = view.components.get(proof.environment)?.find(({ name }) => name === proof.component);
    const count = proof.comparison?.differences.length ?? 0;
    const what = `${count} ${count === 1 ? "object differs" : "objects differ"}`;
    if (component !== undefined && component.chart === undefined) {
      return [
        {
          code: "guard-stale-manifests",
          severity: "error",
          message: `${proof.environment}: the committed manifests of ${component.name} are not what its chart gives now (${what})`,
          origin: { file: component.file.replace(/[^/]+$/, "manifests.yaml") },
          fix: `look with tiphys prove -e ${proof.environment}, then render again: tiphys migrate --write`,
        },
      ];
    }
    return [
      {
        code: "guard-drift",
        severity: "error",
        message: `${proof.environment}: Helmfile and GitOps disagree about ${proof.component ?? proof.release} (${what})`,
        origin: { file: component?.file ?? proof.release },
        fix: `look with tiphys prove -e ${proof.environment}; change both sides alike, or leave the release with Helmfile in tiphys.yaml`,
      },
    ];
  });
}
