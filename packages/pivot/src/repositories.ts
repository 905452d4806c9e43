import type { HelmfileRepository } from "@tiphys/helmfile";
import type { ReleaseOccurrence } from "./inventory-model.ts";

/**
 * An occurrence whose helmfile does not declare the repository of its chart, with the one that another helmfile of the estate declares under that
 * name: Helm keeps repositories by name for all. Where none does, or several do, nobody here knows where the chart comes from.
 */
export function withRepository(
  occurrence: ReleaseOccurrence,
  repositories: readonly HelmfileRepository[],
): ReleaseOccurrence {
  const { installation, chart } = occurrence;
  const { source } = installation;
  if (source.kind !== "helm" || source.chart.kind !== "repository" || source.chart.repoURL !== "") return occurrence;
  const { chart: name, version } = source.chart;
  const alias = chart.slice(0, chart.indexOf("/"));
  const named = repositories.filter((repository) => repository.name === alias);
  const [found] = named;
  if (found === undefined || named.some(({ url }) => url !== found.url))
    return { ...occurrence, reasons: [...occurrence.reasons, { code: "repository-unknown", detail: alias }] };
  const reference = found.oci
    ? {
        kind: "oci" as const,
        reference: `oci://${found.url.replace(/^oci:\/\//, "").replace(/\/+$/, "")}/${name}`,
        version,
      }
    : { kind: "repository" as const, repoURL: found.url, chart: name, version };
  return {
    ...occurrence,
    repositoryURL: found.url,
    repositoryIsOci: found.oci,
    installation: { ...installation, source: { ...source, chart: reference } },
    reasons: [...occurrence.reasons, { code: "repository-elsewhere", detail: alias }],
  };
}
