import type { ChartReference } from "@tiphys/helm";
import { HelmError, loadChart, loadChartArchive } from "@tiphys/helm";
import { fromByteString } from "@tiphys/gotemplate";
import { FileTreeError } from "@tiphys/source";
import type { Diagnostic, FileTree, Origin } from "@tiphys/source";
import type { ChartAnswer, ChartFinder, ChartPlace } from "./chart-answer.ts";
import type { DependencySource } from "./vendor-dependencies.ts";
import { vendorDependencies } from "./vendor-dependencies.ts";

export interface ChartFinderOptions {
  /** The workspace; chart paths are relative to its root. */
  readonly tree: FileTree;
  /** Override target → place; undefined when there is nothing. The face resolves targets outside the workspace. */
  readonly resolveOverride: (target: string) => ChartPlace | undefined;
  /** `charts.overrides`: reference as written → target. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Charts that a face has fetched, by `referenceText`. */
  readonly fetched: ReadonlyMap<string, ChartPlace>;
  /** Repository URL → the names that helmfiles give it, so that an override of `name/chart` holds for the URL, too. */
  readonly repositoryNames?: () => ReadonlyMap<string, ReadonlySet<string>>;
}

/** `repo/name`, an OCI reference or `URL name`, with `@version` where there is one; how a chart is named in messages and caches. */
export function referenceText(reference: ChartReference): string {
  switch (reference.kind) {
    case "path":
      return reference.path;
    case "url":
      return reference.url;
    case "oci":
      return reference.version === "" ? reference.reference : `${reference.reference}@${reference.version}`;
    case "repository":
      return `${reference.repoURL} ${reference.chart}${reference.version === "" ? "" : `@${reference.version}`}`;
  }
}

/** A finder that loads each chart once. */
export function createChartFinder(options: ChartFinderOptions): ChartFinder {
  const loaded = new Map<string, ChartAnswer>();
  let names: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  const repositoryNames = (): typeof names & {} => (names ??= options.repositoryNames?.() ?? new Map());
  const load = (place: ChartPlace): ChartAnswer => {
    const key = `${place.tree.label}\0${place.path}`;
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const answer = loadAt(place, { find: finder.find, repositoryNames });
    loaded.set(key, answer);
    return answer;
  };
  const finder: ChartFinder = {
    find(reference, alias) {
      const target =
        options.overrides.size === 0
          ? undefined
          : overrideFor(
              options.overrides,
              referenceNames(reference, alias, repositoryNames),
              "version" in reference ? reference.version : "",
            );
      if (target !== undefined) {
        const place = options.resolveOverride(target);
        if (place !== undefined) return load(place);
        return { kind: "failed", diagnostic: overrideMissing(target, reference) };
      }
      if (reference.kind === "path") return findPath(options.tree, reference.path, load);
      const place = options.fetched.get(referenceText(reference));
      return place === undefined ? { kind: "wanted", reference, text: referenceText(reference) } : load(place);
    },
  };
  return finder;
}

function findPath(tree: FileTree, path: string, load: (place: ChartPlace) => ChartAnswer): ChartAnswer {
  let kind: ReturnType<FileTree["kind"]>;
  try {
    kind = tree.kind(path);
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error;
    return unreadable(path, error);
  }
  if (kind !== undefined) return load({ tree, path, isArchive: kind === "file" });
  return {
    kind: "failed",
    diagnostic: {
      code: "chart-missing",
      severity: "error",
      message: `there is no chart at ${path}`,
      origin: { file: path },
      fix: "check the path, or map the chart under charts.overrides in tiphys.yaml",
    },
  };
}

/** A path that leads out of the workspace, or something in the way that is no file or folder. */
function unreadable(path: string, { message }: FileTreeError): ChartAnswer {
  return {
    kind: "failed",
    diagnostic: {
      code: "chart-missing",
      severity: "error",
      message: `the chart at ${path} cannot be read: ${message}`,
      origin: { file: path },
      fix: "put the chart below the workspace's root, name a root that holds it with --path, or map it under charts.overrides in tiphys.yaml",
    },
  };
}

function loadAt(place: ChartPlace, source: DependencySource): ChartAnswer {
  try {
    if (place.isArchive)
      return { kind: "chart", chart: loadChartArchive(place.tree.read(place.path) ?? new Uint8Array()), place };
    const chart = loadChart(place.tree, place.path);
    const vendored = vendorDependencies(place, chart, source);
    if (vendored === undefined) return { kind: "chart", chart, place };
    if (vendored.kind !== "tree") return vendored;
    const { tree } = vendored;
    return { kind: "chart", chart: loadChart(tree, place.path), place: { ...place, tree } };
  } catch (error) {
    if (error instanceof FileTreeError) return unreadable(place.path, error);
    if (!(error instanceof HelmError)) throw error;
    const message = fromByteString(error.message);
    return {
      kind: "failed",
      diagnostic: { code: error.code, severity: "error", message, origin: originOf(error, place) },
    };
  }
}

/** The file of the chart that an error names, by its path in the tree. */
function originOf(error: HelmError, { path, isArchive }: ChartPlace): Origin {
  if (error.place === undefined || isArchive) return { file: path };
  const file = fromByteString(error.place.file);
  return { ...error.place, file: file.startsWith(`${path}/`) ? file : `${path}/${file}` };
}

function overrideMissing(target: string, reference: ChartReference): Diagnostic {
  return {
    code: "chart-override-missing",
    severity: "error",
    message: `charts.overrides maps ${referenceText(reference)} to ${target}, where there is no chart`,
    origin: { file: "tiphys.yaml", path: "charts.overrides" },
    fix: "give a folder with a Chart.yaml, or a .tgz, relative to the workspace",
  };
}

/**
 * The override for a chart: its alias (`repo/name`) or reference, followed by `@version` or not, or a pattern with one `*` in place of the
 * chart's name. What says a version wins.
 */
function overrideFor(
  overrides: ReadonlyMap<string, string>,
  names: readonly string[],
  version: string,
): string | undefined {
  const exact = version === "" ? [] : names.map((name) => `${name}@${version}`);
  return nameOverride(overrides, exact, (pattern) => pattern.endsWith(`@${version}`)) ?? nameOverride(overrides, names);
}

function nameOverride(
  overrides: ReadonlyMap<string, string>,
  names: readonly string[],
  isPattern: (name: string) => boolean = () => true,
): string | undefined {
  for (const name of names) {
    const exact = overrides.get(name);
    if (exact !== undefined) return exact;
    for (const [pattern, target] of overrides) {
      const star = pattern.indexOf("*");
      if (star < 0 || !isPattern(pattern)) continue;
      const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
      if (name.length >= pattern.length - 1 && name.startsWith(before) && name.endsWith(after)) {
        return target.replaceAll("*", name.slice(before.length, name.length - after.length));
      }
    }
  }
  return undefined;
}

function referenceNames(
  reference: ChartReference,
  alias: string | undefined,
  repositoryNames: () => ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const names = alias === undefined ? [] : [alias];
  const known = (url: string, chart: string): string[] =>
    [...(repositoryNames().get(repositoryKey(url)) ?? [])].map((name) => `${name}/${chart}`);
  switch (reference.kind) {
    case "path":
      return [...names, reference.path];
    case "url":
      return [...names, reference.url];
    case "oci": {
      const slash = reference.reference.lastIndexOf("/");
      const aliases = known(reference.reference.slice(0, slash), reference.reference.slice(slash + 1));
      return [...names, ...aliases, reference.reference, reference.reference.replace(/^oci:\/\//, "")];
    }
    case "repository": {
      const url = reference.repoURL.replace(/\/+$/, "");
      const aliases = known(url, reference.chart);
      return [
        ...names,
        ...aliases,
        `${url}/${reference.chart}`,
        `${url} ${reference.chart}`,
        `${url}/${reference.chart}-${reference.version}.tgz`,
      ];
    }
  }
}

/** A repository's URL without what makes no difference: scheme of OCI, slashes at its end. */
export function repositoryKey(url: string): string {
  return url.replace(/^oci:\/\//, "").replace(/\/+$/, "");
}
