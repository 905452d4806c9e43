import type { ChartResolver, ResolvedChart } from "@tiphys/argocd";
import { fromByteString } from "@tiphys/gotemplate";
import type { ChartReference } from "@tiphys/helm";
import { defaultProfile, readArchive } from "@tiphys/helm";
import { MemoryTree } from "@tiphys/source";
import type { ChartFinder } from "./chart-answer.ts";

/** The charts of chart repositories that Applications name, from what finds an estate's charts. */
export function argocdCharts(charts: ChartFinder): ChartResolver {
  return {
    versions: (repoURL, chart) => {
      const answer = charts.find(argocdChartReference(repoURL, chart, ""));
      return answer.kind === "chart" ? [fromByteString(answer.chart.metadata.version)] : undefined;
    },
    chart: (repoURL, chart, version): ResolvedChart | undefined => {
      const answer = charts.find(
        argocdChartReference(fromByteString(repoURL), fromByteString(chart), fromByteString(version)),
      );
      if (answer.kind !== "chart") return undefined;
      const { place } = answer;
      if (!place.isArchive) return { tree: place.tree, folder: place.path };
      const files = readArchive(place.tree.read(place.path) ?? new Uint8Array(), defaultProfile);
      return {
        tree: new MemoryTree(
          files.map((file) => [fromByteString(file.name), file.bytes] as const),
          place.path,
        ),
        folder: "",
      };
    },
  };
}

/** A source's `repoURL`, `chart` and `targetRevision` as a reference: without a scheme it is a registry. */
export function argocdChartReference(repoURL: string, chart: string, version: string): ChartReference {
  if (!repoURL.includes("://")) return { kind: "oci", reference: `oci://${repoURL}/${chart}`, version };
  if (repoURL.startsWith("oci://"))
    return { kind: "oci", reference: `${repoURL.replace(/\/+$/, "")}/${chart}`, version };
  return { kind: "repository", repoURL, chart, version };
}
