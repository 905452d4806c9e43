import { fromByteString } from "@tiphys/gotemplate";
import type { Chart } from "@tiphys/helm";
import { HelmError, loadChart } from "@tiphys/helm";
import type { FileTree } from "@tiphys/source";
import { MemoryTree, normalizePath } from "@tiphys/source";

/** Charts that need charts that need charts …: deeper is a cycle. */
const maximumDepth = 16;

/**
 * The chart's folder with its `file://` dependencies below `charts/`, as `helm dependency build` (which helmfile runs before it renders) puts
 * them there; undefined when none is missing. Throws `HelmError` where one is not where Chart.yaml says.
 */
export function vendorDependencies(tree: FileTree, folder: string, chart: Chart): FileTree | undefined {
  if (missingFolders(folder, chart).length === 0) return undefined;
  return new MemoryTree(
    filesWithDependencies(tree, folder, 0).map(([path, bytes]) => [`${folder}/${path}`, bytes] as const),
    `${tree.label} with dependencies`,
  );
}

function filesWithDependencies(tree: FileTree, folder: string, depth: number): [string, Uint8Array][] {
  if (depth > maximumDepth)
    throw new HelmError(
      "chart-missing",
      `dependencies of ${folder} are nested deeper than ${maximumDepth}: a chart depends on itself`,
      { place: { file: `${folder}/Chart.yaml` } },
    );
  const files = filesBelow(tree, folder, "");
  const chart = loadChart(tree, folder);
  for (const { name, path } of missingFolders(folder, chart)) {
    if (path === undefined || tree.kind(`${path}/Chart.yaml`) !== "file") {
      throw new HelmError(
        "chart-missing",
        `dependency ${name} of ${folder}: there is no chart at ${path ?? "a place in the workspace"}`,
        { place: { file: `${folder}/Chart.yaml` } },
      );
    }
    for (const [file, bytes] of filesWithDependencies(tree, path, depth + 1))
      files.push([`charts/${name}/${file}`, bytes]);
  }
  return files;
}

/** Dependencies by `file://` that `charts/` does not hold. */
function missingFolders(folder: string, chart: Chart): { name: string; path: string | undefined }[] {
  const there = new Set(chart.dependencies.map(({ metadata }) => metadata.name));
  return (chart.metadata.dependencies ?? [])
    .filter(({ name, repository }) => (repository ?? "").startsWith("file://") && !there.has(name))
    .map(({ name, repository = "" }) => ({
      name: fromByteString(name),
      path: pathFrom(folder, fromByteString(repository.slice("file://".length))),
    }));
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

function filesBelow(tree: FileTree, folder: string, below: string): [string, Uint8Array][] {
  return (tree.list(below === "" ? folder : `${folder}/${below}`) ?? []).flatMap((entry): [string, Uint8Array][] => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    return entry.kind === "directory"
      ? filesBelow(tree, folder, path)
      : [[path, tree.read(`${folder}/${path}`) ?? new Uint8Array()]];
  });
}
