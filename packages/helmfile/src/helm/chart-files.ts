import { bytesToByteString, byteStringToBytes, fromByteString, FunctionError, toByteString } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { parseConstraints, parseVersion } from "@tiphys/gotemplate/sprig";
import { HelmError, readArchive } from "@tiphys/helm";
import type { Profile } from "@tiphys/helm";
import { MemoryTree } from "@tiphys/source";
import { baseOf, isAbsolute, joinPaths } from "../files/filepath.ts";
import type { YamlCodec } from "../session/yaml-codec.ts";
import { HelmfileError } from "../state/error.ts";
import type { ValueMap } from "../values/mergo.ts";
import type { ChartFolder } from "./chart-store.ts";

/** The files of a chart that is being made, by path inside it. Paths and contents are byte strings. */
export type ChartFiles = Map<string, string>;

export function readChartFolder({ tree, path }: ChartFolder): ChartFiles {
  const files: ChartFiles = new Map();
  const walk = (folder: string, prefix: string): void => {
    for (const { name, kind } of tree.list(folder) ?? []) {
      const inside = folder === "" ? name : `${folder}/${name}`;
      if (kind === "directory") walk(inside, `${prefix}${name}/`);
      else files.set(toByteString(prefix + name), bytesToByteString(tree.read(inside) ?? new Uint8Array()));
    }
  };
  walk(path, "");
  return files;
}

export function readChartArchive(bytes: Uint8Array, profile: Profile): ChartFiles {
  return new Map(readArchive(bytes, profile).map((file) => [toByteString(file.name), bytesToByteString(file.bytes)]));
}

export function chartFolderOf(files: ReadonlyMap<string, string>): ChartFolder {
  const entries = [...files].map(([path, content]) => [fromByteString(path), byteStringToBytes(content)] as const);
  return { tree: new MemoryTree(entries), path: "" };
}

export interface ChartDependency {
  readonly name: string;
  readonly repository: string;
  readonly alias: string;
  readonly version: string;
}

/** The metadata of a chart in the making; empty when it has none. Throws `YamlError`. */
export function chartMetadata(files: ChartFiles, yaml: YamlCodec): ValueMap {
  const text = files.get("Chart.yaml");
  return text === undefined ? new Map() : yaml.unmarshalMap(text);
}

/** Dependencies of `Chart.yaml`, then those of `requirements.yaml`, as written. */
export function declaredDependencies(files: ChartFiles, yaml: YamlCodec): ValueMap[] {
  const requirements = files.get("requirements.yaml");
  const lists = [chartMetadata(files, yaml), requirements === undefined ? new Map() : yaml.unmarshalMap(requirements)];
  return lists.flatMap((map) => {
    const list: GoValue = map.get("dependencies");
    return Array.isArray(list) ? list.filter((item): item is ValueMap => item instanceof Map) : [];
  });
}

/** Whether `helm dependency build` takes the versions of a lock file. */
export function isLocked(files: ChartFiles): boolean {
  return files.has("Chart.lock") || files.has("requirements.lock");
}

export function dependencyOf(item: ValueMap): ChartDependency {
  const text = (key: string): string => {
    const value = item.get(key);
    return typeof value === "string" ? value : "";
  };
  return { name: text("name"), repository: text("repository"), alias: text("alias"), version: text("version") };
}

/** Where a chart's folders come from. */
export interface DependencyContext {
  readonly yaml: YamlCodec;
  /** Where the chart lies, for relative `file://` repositories. */
  readonly chartPath: string;
  readonly folder: (path: string) => ChartFolder | undefined;
}

/**
 * Puts the dependencies that lie in folders under `charts/`, as `helm dependency build` would with archives. Those that
 * lie elsewhere must be in `charts/` already. Throws `HelmError` for folders that are not there, `HelmfileError` for the first other one that is not at hand.
 */
export function addDependencies(files: ChartFiles, context: DependencyContext): void {
  for (const item of declaredDependencies(files, context.yaml)) {
    const dependency = dependencyOf(item);
    if (dependency.repository.startsWith("file://")) addLocal(files, dependency, context);
    else if (dependency.repository !== "" && !hasSubchart(files, dependency.name)) {
      throw new HelmfileError(
        `wanted: chart ${dependency.repository}/${dependency.name}${dependency.version === "" ? "" : ` ${dependency.version}`}`,
        { code: "chart-wanted" },
      );
    }
  }
}

function addLocal(files: ChartFiles, dependency: ChartDependency, context: DependencyContext): void {
  const path = localPath(dependency, context);
  const folder = context.folder(path);
  if (folder === undefined) throw new HelmError("chart-missing", `directory ${path} not found`);
  for (const each of files.keys()) if (isSubchart(each, dependency.name)) files.delete(each);
  const own = readChartFolder(folder);
  addDependencies(own, { ...context, chartPath: path });
  for (const [name, content] of own) files.set(`charts/${dependency.name}/${name}`, content);
}

function localPath({ repository }: ChartDependency, { chartPath }: DependencyContext): string {
  const written = repository.slice("file://".length);
  return isAbsolute(written) ? written : joinPaths(chartPath, written);
}

/**
 * What `helm dependency update` refuses before it fetches anything (internal/resolver/resolver.go of Helm 4.2): folders that are not there, versions
 * that are no range, charts of folders outside their range. Throws `HelmError` with Helm's text.
 */
export function checkDependencies(files: ChartFiles, context: DependencyContext): void {
  const dependencies = declaredDependencies(files, context.yaml).map(dependencyOf);
  const locals = dependencies.filter(({ repository }) => repository.startsWith("file://"));
  for (const local of locals) {
    const path = localPath(local, context);
    if (context.folder(path) === undefined) throw new HelmError("chart-missing", `directory ${path} not found`);
  }
  const outside = dependencies.filter((dependency) => {
    const allows = readRange(dependency);
    if (!locals.includes(dependency)) return false;
    const folder = context.folder(localPath(dependency, context))!;
    const version = chartMetadata(readChartFolder(folder), context.yaml).get("version");
    return typeof version === "string" && !allows(version);
  });
  if (outside.length === 0) return;
  const named = outside.map(
    ({ name, repository, version }) => `"${name}" (repository "${repository}", version "${version}")`,
  );
  throw new HelmError(
    "chart-version-invalid",
    `can't get a valid version for ${outside.length} subchart(s): ${named.join(", ")}. Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml`,
  );
}

function readRange({ name, version }: ChartDependency): (version: string) => boolean {
  try {
    const range = parseConstraints(version);
    return (candidate) => range.check(parseVersion(candidate));
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    throw new HelmError(
      "chart-version-invalid",
      `dependency "${name}" has an invalid version/constraint format: ${error.message}`,
    );
  }
}

function hasSubchart(files: ChartFiles, name: string): boolean {
  for (const path of files.keys()) if (isSubchart(path, name)) return true;
  return false;
}

function isSubchart(path: string, name: string): boolean {
  if (path.startsWith(`charts/${name}/`)) return true;
  return (
    path.startsWith(`charts/${name}-`) && path.endsWith(".tgz") && /^[0-9]/.test(baseOf(path).slice(name.length + 1))
  );
}
