import { fromByteString, FunctionError, toByteString } from "@tiphys/gotemplate";
import { parseConstraints, parseVersion } from "@tiphys/gotemplate/sprig";
import type { Chart, ChartReference } from "@tiphys/helm";
import { defaultProfile, HelmError, loadChart, readArchive } from "@tiphys/helm";
import type { FileTree } from "@tiphys/source";
import { MemoryTree, normalizePath, readYaml, toPlain, YamlError } from "@tiphys/source";
import type { ChartAnswer, ChartFinder, ChartPlace } from "./chart-answer.ts";

/** Charts that need charts that need charts …: deeper is a cycle. */
const maximumDepth = 16;

/** Where dependencies come from that do not lie in the workspace. */
export interface DependencySource {
  readonly find: ChartFinder["find"];
  /** Repository URL → the names that helmfiles give it, for dependencies that say `@name`. */
  readonly repositoryNames: () => ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The chart's folder with its dependencies below `charts/`, as `helm dependency build` (which helmfile runs before it renders) puts them there:
 * `file://` ones from the workspace, others from where charts are found, in the version of the lock file. Undefined when none is missing; what is not
 * here is wanted. Throws `HelmError` where one is not where Chart.yaml says.
 */
export function vendorDependencies(
  { tree, path: folder }: ChartPlace,
  chart: Chart,
  source: DependencySource,
): { readonly kind: "tree"; readonly tree: FileTree } | Exclude<ChartAnswer, { kind: "chart" }> | undefined {
  if (missingDependencies(folder, chart, source).length === 0) return undefined;
  const files = filesWithDependencies({ tree, source }, folder, 0);
  if (!Array.isArray(files)) return files;
  const entries = files.map(([path, bytes]) => [`${folder}/${path}`, bytes] as const);
  return { kind: "tree", tree: new MemoryTree(entries, `${tree.label} with dependencies`) };
}

type Files = [string, Uint8Array][];

interface Vendoring {
  readonly tree: FileTree;
  readonly source: DependencySource;
}

function filesWithDependencies(
  { tree, source }: Vendoring,
  folder: string,
  depth: number,
): Files | Exclude<ChartAnswer, { kind: "chart" }> {
  if (depth > maximumDepth)
    throw new HelmError(
      "chart-missing",
      `dependencies of ${folder} are nested deeper than ${maximumDepth}: a chart depends on itself`,
      { place: { file: `${folder}/Chart.yaml` } },
    );
  const files = filesBelow(tree, folder, "");
  for (const missing of missingDependencies(folder, loadChart(tree, folder), source)) {
    const found =
      missing.kind === "remote"
        ? remoteFiles(missing.reference, source)
        : localFiles({ tree, source }, { folder, depth, missing });
    if (!Array.isArray(found)) return found;
    for (const [file, bytes] of found) files.push([`charts/${missing.name}/${file}`, bytes]);
  }
  return files;
}

interface LocalDependency {
  readonly kind: "local";
  readonly name: string;
  readonly repository: string;
  readonly path: string | undefined;
  /** Version of the lock file, or the range of Chart.yaml. */
  readonly version: string;
}

type MissingDependency =
  | LocalDependency
  | { readonly kind: "remote"; readonly name: string; readonly reference: ChartReference };

function localFiles(
  vendoring: Vendoring,
  at: { readonly folder: string; readonly depth: number; readonly missing: LocalDependency },
): ReturnType<typeof filesWithDependencies> {
  const { name, path } = at.missing;
  if (path === undefined || vendoring.tree.kind(`${path}/Chart.yaml`) !== "file") {
    throw new HelmError(
      "chart-missing",
      `dependency ${name} of ${at.folder}: there is no chart at ${path ?? "a place in the workspace"}`,
      { place: { file: `${at.folder}/Chart.yaml` } },
    );
  }
  checkRange(at.missing, { folder: at.folder, version: loadChart(vendoring.tree, path).metadata.version });
  return filesWithDependencies(vendoring, path, at.depth + 1);
}

/** What `helm dependency` refuses (internal/resolver/resolver.go, Helm 4.2.4): a chart outside of the range that asks for it. */
function checkRange(
  { name, repository, version: range }: LocalDependency,
  { folder, version }: { readonly folder: string; readonly version: string },
): void {
  const refusal = (reason: string): HelmError =>
    new HelmError("chart-version-invalid", reason, { place: { file: `${folder}/Chart.yaml` } });
  try {
    if (parseConstraints(toByteString(range)).check(parseVersion(version))) return;
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    throw refusal(`dependency "${name}" has an invalid version/constraint format: ${error.message}`);
  }
  throw refusal(
    `can't get a valid version for 1 subchart(s): "${name}" (repository "${repository}", version "${range}"). Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml`,
  );
}

function remoteFiles(reference: ChartReference, { find }: DependencySource): ReturnType<typeof filesWithDependencies> {
  const answer = find(reference);
  if (answer.kind !== "chart") return answer;
  const { tree, path, isArchive } = answer.place;
  if (!isArchive) return filesBelow(tree, path, "");
  return readArchive(tree.read(path) ?? new Uint8Array(), defaultProfile).map((file) => [
    fromByteString(file.name),
    file.bytes,
  ]);
}

/** Dependencies that `charts/` does not hold. */
function missingDependencies(folder: string, chart: Chart, { repositoryNames }: DependencySource): MissingDependency[] {
  const declared = chart.metadata.dependencies ?? [];
  const there = new Set(chart.dependencies.map(({ metadata }) => metadata.name));
  // Aliases of one chart share it.
  const missing = declared.filter(
    ({ name }, index) => !there.has(name) && declared.findIndex((other) => other.name === name) === index,
  );
  if (missing.length === 0) return [];
  const locked = lockedVersions(chart);
  return missing.flatMap((dependency): MissingDependency[] => {
    const name = fromByteString(dependency.name);
    const repository = fromByteString(dependency.repository ?? "");
    const version = locked.get(name) ?? fromByteString(dependency.version);
    if (repository.startsWith("file://")) {
      const path = pathFrom(folder, repository.slice("file://".length));
      return [{ kind: "local", name, repository, path, version }];
    }
    const reference = remoteReference(repository, repositoryNames, { name, version });
    return reference === undefined ? [] : [{ kind: "remote", name, reference }];
  });
}

/** Undefined where Chart.yaml gives no address: then the chart must be in `charts/`. */
function remoteReference(
  repository: string,
  repositoryNames: DependencySource["repositoryNames"],
  { name, version }: { readonly name: string; readonly version: string },
): ChartReference | undefined {
  if (repository.startsWith("oci://"))
    return { kind: "oci", reference: `${repository.replace(/\/+$/, "")}/${name}`, version };
  const named = /^(?:@|alias:)(.+)$/.exec(repository)?.[1];
  const repoURL = named === undefined ? repository : [...repositoryNames()].find(([, names]) => names.has(named))?.[0];
  return repoURL === undefined || !repoURL.includes("://")
    ? undefined
    : { kind: "repository", repoURL, chart: name, version };
}

/** Versions that `helm dependency build` takes, by name. */
function lockedVersions(chart: Chart): Map<string, string> {
  const file =
    chart.raw.findLast(({ name }) => name === "requirements.lock") ??
    chart.raw.findLast(({ name }) => name === "Chart.lock");
  const versions = new Map<string, string>();
  if (file === undefined) return versions;
  try {
    const { dependencies = [] } = (toPlain(readYaml(file.text).value) ?? {}) as {
      readonly dependencies?: readonly { readonly name?: unknown; readonly version?: unknown }[];
    };
    for (const { name, version } of dependencies)
      if (typeof name === "string" && typeof version === "string") versions.set(name, version);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
  }
  return versions;
}

/** Undefined for a path that leaves the workspace. */
function pathFrom(folder: string, path: string): string | undefined {
  if (path.startsWith("/")) return undefined;
  const parts: string[] = folder.split("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return normalizePath(parts.join("/"));
}

function filesBelow(tree: FileTree, folder: string, below: string): Files {
  return (tree.list(below === "" ? folder : `${folder}/${below}`) ?? []).flatMap((entry): Files => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.kind === "directory"
      ? filesBelow(tree, folder, path)
      : [[path, tree.read(`${folder}/${path}`) ?? new Uint8Array()]];
  });
}
