import type { ChartAnswer, RenderContext, Rendering } from "@tiphys/estate";
import { renderInstallation } from "@tiphys/estate";
import { HelmError, loadChart } from "@tiphys/helm";
import type { GivenChart, HelmfileRelease } from "@tiphys/helmfile";
import { makeChart } from "@tiphys/helmfile";
import { fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic } from "@tiphys/source";
import type { ReleaseOccurrence } from "./inventory-model.ts";

/**
 * What helmfile would apply of a release in one environment. Where helmfile makes a chart of its own first (patches, added dependencies, a
 * folder of manifests), that chart is made and rendered. Faults are in the result.
 */
export function renderOccurrence(occurrence: ReleaseOccurrence, context: RenderContext): Rendering {
  const { installation, madeBy } = occurrence;
  if (madeBy === undefined) return renderInstallation(installation, context);
  const made = madeChart(occurrence, madeBy, context);
  return renderInstallation(installation, { ...context, charts: { find: () => made } });
}

function madeChart(
  { installation, furtherCharts }: ReleaseOccurrence,
  release: HelmfileRelease,
  context: RenderContext,
): ChartAnswer {
  const { source } = installation;
  if (source.kind !== "helm") throw new Error("helmfile makes charts of charts only");
  const isFolder = release.chartEdits.includes("not-a-chart");
  const base = isFolder ? undefined : context.charts.find(source.chart, source.chartAlias);
  if (base !== undefined && base.kind !== "chart") return base;
  const further = new Map<string, GivenChart>();
  for (const { chart, reference } of furtherCharts) {
    if (reference.kind === "path") continue;
    const answer = context.charts.find(reference, chart);
    if (answer.kind !== "chart") return answer;
    further.set(chart, answer.place);
  }
  const answer = makeChart(release, {
    engine: context.engine,
    chart: base?.place,
    dependencies: further,
    ...(context.kubeVersion === undefined ? {} : { kubeVersion: context.kubeVersion }),
    ...(context.apiVersions === undefined ? {} : { apiVersions: context.apiVersions }),
    ...(context.context === undefined ? {} : { context: context.context }),
    ...(context.profile === undefined ? {} : { profile: context.profile }),
  });
  if (answer.kind === "failed") return { kind: "failed", diagnostic: inOneLine(answer.diagnostic) };
  const { tree, path } = answer.value;
  try {
    return { kind: "chart", chart: loadChart(tree, path), place: { tree, path, isArchive: false } };
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    const message = fromByteString(error.message);
    return {
      kind: "failed",
      diagnostic: { code: error.code, severity: "error", message, origin: installation.origin },
    };
  }
}

/** What kustomize says, without the report of a command around it. */
function inOneLine(fault: Diagnostic): Diagnostic {
  const output = /\nOUTPUT:\n\s*(?:Error: )?([^]+)$/.exec(fault.message)?.[1];
  if (fault.code !== "kustomize-failed" || output === undefined) return fault;
  return { ...fault, message: `kustomize: ${output.trim().replaceAll(/\n\s*/g, " ")}` };
}
