import type { ChartFinder, ChartPlace } from "@tiphys/estate";
import { createChartFinder, repositoryKey } from "@tiphys/estate";
import type { ChartReference } from "@tiphys/helm";
import type { HelmfileRepository } from "@tiphys/helmfile";
import type { Inventory } from "@tiphys/pivot";
import type { Diagnostic } from "@tiphys/source";
import type { Io } from "../command.ts";
import type { Workspace } from "../workspace.ts";
import { chartFinderOptions } from "../workspace.ts";
import type { RepositoryEntry } from "./repositories-file.ts";

export interface WantedChartsRequest {
  readonly io: Io;
  readonly workspace: Workspace;
  readonly inventory: Inventory;
  readonly offline: boolean;
}

/**
 * A chart finder that knows, besides the workspace and its overrides, the charts that releases want from repositories and registries:
 * they are fetched into the cache first, unless `offline`. What could not be fetched comes back as a warning and stays wanted.
 */
export async function wantedCharts(
  request: WantedChartsRequest,
): Promise<{ charts: ChartFinder; diagnostics: readonly Diagnostic[] }> {
  const { workspace, io } = request;
  const options = {
    ...chartFinderOptions(workspace.root, workspace.tree, workspace.estateFile),
    repositoryNames: () => repositoryNames(request.inventory.repositories),
  };
  let charts = createChartFinder(options);
  if (request.offline) return { charts, diagnostics: [] };
  const fetched = new Map<string, ChartPlace>();
  const asked = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  // A chart that is here may want others: its dependencies.
  for (;;) {
    const wanted = [...wantedOf(request.inventory, charts)].filter(([text]) => !asked.has(text));
    if (wanted.length === 0) break;
    for (const [text] of wanted) asked.add(text);
    const { fetchCharts } = await import("./fetch-charts.ts");
    const answer = await fetchCharts(
      wanted.map(([, reference]) => reference),
      { io, repositories: request.inventory.repositories.map(entryOf) },
    );
    for (const [text, place] of answer.fetched) fetched.set(text, place);
    diagnostics.push(...answer.diagnostics);
    charts = createChartFinder({ ...options, fetched });
  }
  return { charts, diagnostics: diagnostics.map((diagnostic) => ({ ...diagnostic, severity: "warning" })) };
}

function entryOf(repository: HelmfileRepository): RepositoryEntry {
  const { name, url, username, password, caFile, certFile, keyFile, skipTLSVerify, passCredentials } = repository;
  return {
    ...{ name, url, username, password, caFile, certFile, keyFile },
    insecureSkipTLSVerify: skipTLSVerify,
    passCredentialsAll: passCredentials,
  };
}

function wantedOf(inventory: Inventory, charts: ChartFinder): Map<string, ChartReference> {
  const wanted = new Map<string, ChartReference>();
  for (const release of inventory.releases) {
    for (const { installation, furtherCharts } of release.occurrences) {
      const { source } = installation;
      const asked = furtherCharts.map(({ chart, reference }) => charts.find(reference, chart));
      if (source.kind === "helm") asked.push(charts.find(source.chart, source.chartAlias));
      for (const answer of asked) if (answer.kind === "wanted") wanted.set(answer.text, answer.reference);
    }
  }
  return wanted;
}

/** The names that the helmfiles give to repositories, by URL: the first part of `repo/chart`. */
export function repositoryNames(repositories: readonly HelmfileRepository[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { name, url } of repositories) {
    const key = repositoryKey(url);
    names.set(key, (names.get(key) ?? new Set()).add(name));
  }
  return names;
}
