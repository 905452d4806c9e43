import { ChartFile, loadChart, type Chart, type Dependency, type Profile } from "@tiphys/helm";
import { ArgoError, NotKnownOffline } from "../fault.ts";
import { commandFailure } from "./command-line.ts";
import { isExactVersion, maxVersion } from "./chart-version.ts";
import type { ChartResolver } from "./resolvers.ts";
import { cleanInside, treePath, type SourceRoot } from "./source-root.ts";

export interface DependencyBuild {
  readonly root: SourceRoot;
  /** Folder of the chart below the root. */
  readonly folder: string;
  readonly profile: Profile;
  readonly charts: ChartResolver | undefined;
}

function fail(text: string): never {
  const failure = commandFailure(["helm", "dependency", "build"], `Error: ${text}`);
  throw new ArgoError(
    `error building helm chart dependencies: failed to build helm dependencies: failed to build dependencies: failed running helm: ${failure}`,
  );
}

/**
 * The chart with its dependencies, as `helm dependency build` puts them below charts/: Argo CD runs it only when a chart lacks
 * some. Throws `ArgoError`, or `NotKnownOffline` for charts of repositories that are not at hand.
 */
export function buildDependencies(chart: Chart, build: DependencyBuild): Chart {
  const built = (chart.metadata.dependencies ?? []).map((dependency) => ({
    dependency,
    chart: fetchDependency(dependency, build),
  }));
  const names = new Set(built.map(({ dependency }) => dependency.name));
  const kept = chart.dependencies.filter((subchart) => !names.has(subchart.metadata.name));
  const added = built.map((entry) => entry.chart).sort((a, b) => (archiveName(a) < archiveName(b) ? -1 : 1));
  const dependencies = [...kept, ...added];
  return {
    metadata: chart.metadata,
    templates: chart.templates,
    files: chart.files,
    values: chart.values,
    schema: chart.schema,
    dependencies,
    raw: [
      ...chart.raw,
      ...added.flatMap((part) =>
        part.raw.map((file) => new ChartFile(`charts/${part.metadata.name}/${file.name}`, file.bytes)),
      ),
    ],
    warnings: chart.warnings,
    contentHash: () => [chart, ...added].map((part) => part.contentHash()).join("+"),
  };
}

function archiveName(chart: Chart): string {
  return `${chart.metadata.name}-${chart.metadata.version}.tgz`;
}

function fetchDependency(dependency: Dependency, build: DependencyBuild): Chart {
  const { name, repository = "", version = "" } = dependency;
  if (repository.startsWith("file://")) return localChart(dependency, build);
  if (repository === "") fail(`no repository definition for ${name}. Please add them via 'helm repo add'`);
  const { charts, profile } = build;
  const offered = isExactVersion(version) ? [version] : charts?.versions(repository, name);
  if (charts === undefined || offered === undefined)
    throw new NotKnownOffline(`wanted: chart ${name} ${version} of ${repository}`);
  const exact = maxVersion(version, offered);
  const found = charts.chart(repository, name, exact);
  if (found === undefined) throw new NotKnownOffline(`wanted: chart ${name} ${exact} of ${repository}`);
  if (found === "missing")
    fail(
      `can't get a valid version for 1 subchart(s): ${JSON.stringify(name)} (repository ${JSON.stringify(repository)}, version ${JSON.stringify(version)}). Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml`,
    );
  return loadChart(found.tree, found.folder, { profile });
}

function localChart({ name, repository = "" }: Dependency, { root, folder, profile }: DependencyBuild): Chart {
  const path = repository.slice("file://".length);
  const place = path.startsWith("/") ? undefined : cleanInside(folder, path);
  if (place === undefined || root.tree.kind(treePath(root, place)) !== "directory") {
    fail(`directory ${path.startsWith("/") ? path : normalizePath(path)} not found`);
  }
  const chart = loadChart(root.tree, treePath(root, place), { profile });
  if (chart.metadata.name !== name)
    fail(`dependency ${JSON.stringify(name)} is ${JSON.stringify(chart.metadata.name)} in ${repository}`);
  return chart;
}

/** Go's `filepath.Join(".", path)`: Argo CD runs helm in the chart's folder. */
function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/") || ".";
}
