import { fromByteString } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { isRemote } from "../files/remote.ts";
import { isAbsolute, joinPaths } from "../files/filepath.ts";
import { chartify } from "../helm/chartify.ts";
import type { AdhocDependency, ChartifyRequest } from "../helm/chartify.ts";
import { readChartArchive, readChartFolder } from "../helm/chart-files.ts";
import type { ChartFiles } from "../helm/chart-files.ts";
import { wantedChart } from "../helm/helm.ts";
import type { Helm } from "../helm/helm.ts";
import {
  apiVersionsOf,
  effectiveTemplateArgs,
  kubeContextOf,
  kubeVersionOf,
  skipsSchemaValidation,
} from "../release/flags.ts";
import type { TemplateOptions } from "../release/flags.ts";
import { releaseId } from "../release/overrides.ts";
import { chartSetArguments } from "../release/set-flags.ts";
import { releaseTemplateData } from "../release/template-data.ts";
import { preparedEntries, renderValuesFile, valuesFilesOf } from "../release/values-files.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { resolveFile } from "../state/storage.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { mergeMaps } from "../values/merge-maps.ts";
import { normalizeChart } from "../files/chart-path.ts";
import { isPatched } from "./prepare-charts.ts";

/* pkg/state/helmx.go and pkg/state/state.go of helmfile 1.8.0: `PrepareChartify` and `processChartification`. */

/** Whether the release's chart is a folder of manifests or a kustomization. */
export function isPlainFolder(state: HelmState, release: ReleaseSpec): boolean {
  const { workspace } = state.session;
  const folder = isAbsolute(release.chart) ? release.chart : joinPaths(state.basePath, release.chart);
  return workspace.isDirectory(folder) && !workspace.isFile(joinPaths(folder, "Chart.yaml"));
}

/** Whether helmfile makes a chart of its own for the release. */
export function needsChartify(state: HelmState, release: ReleaseSpec): boolean {
  return (
    isPlainFolder(state, release) ||
    (release.dependencies ?? []).length > 0 ||
    isPatched(release) ||
    release.forceNamespace !== ""
  );
}

/** Where the new chart lies; the number is ours. */
export function chartifyTarget(state: HelmState, release: ReleaseSpec): string {
  let sum = 0;
  for (const char of releaseId(release) + state.filePath) sum = (Math.imul(sum, 31) + char.charCodeAt(0)) >>> 0;
  const { temporaryFolder, environment, workspace } = state.session;
  const own = environment.get("CHARTIFY_TEMPDIR") ?? "";
  const folder =
    own === "" ? joinPaths(temporaryFolder, `chartify${String(sum).padStart(10, "0")}`) : workspace.absolute(own);
  return joinPaths(folder, releaseId(release));
}

export interface ChartifyOptions {
  readonly command: string;
  readonly includeCrds: boolean;
  readonly skipsDependencies: boolean;
  readonly template?: TemplateOptions;
  /** What templates see where the release does not say. */
  readonly defaults?: { readonly kubeVersion: string; readonly apiVersions: readonly string[] };
  readonly print: (text: string) => void;
}

/** Makes the release's chart; gives its path. Throws `HelmfileError` or `ExitError`. */
export function chartifyRelease(state: HelmState, helm: Helm, release: ReleaseSpec, options: ChartifyOptions): string {
  const { workspace } = state.session;
  const path = normalizeChart(state.basePath, release.chart);
  const isLocal = workspace.kind(path) !== undefined;
  const found = isLocal
    ? localFiles(helm, path)
    : fetchedFiles(helm, release, { path, target: chartifyTarget(state, release) });
  const values = valuesFilesOf(state, release);
  for (const file of values) helm.addTemporaryFile(file.path, file.content);
  const { template } = options;
  const given = (template?.values ?? []).map((each) => ({ path: each, content: workspace.read(each) }));
  const target = chartifyTarget(state, release);
  const request: ChartifyRequest = {
    releaseName: release.name,
    chart: path,
    isLocal,
    files: found,
    target,
    namespace: release.namespace,
    forceNamespace: release.forceNamespace,
    version: release.version,
    skipsDependencies: options.skipsDependencies,
    dependencies: adhocDependencies(state, helm, release),
    ...patchFiles(state, release),
    valuesFiles: [...given, ...values],
    setFlags: [...setFlagsOf(state, release), ...(template?.set ?? []).flatMap((each) => ["--set", each])],
    includeCrds: options.includeCrds,
    validate: template?.validate ?? false,
    ...capabilitiesOf(state, release, options),
    templateArgs: templateArgs(state, release, options),
    render: (text) =>
      state.session
        .renderer(path)
        .render(text, releaseTemplateData(state, release), { file: workspace.displayPath(path), line: 1 }),
  };
  chartify(helm, request, options.print);
  return target;
}

function capabilitiesOf(
  state: HelmState,
  release: ReleaseSpec,
  { template, defaults }: ChartifyOptions,
): Pick<ChartifyRequest, "kubeVersion" | "apiVersions"> {
  const kubeVersion = kubeVersionOf(state, release, template?.kubeVersion ?? "");
  const apiVersions = apiVersionsOf(state, release);
  return {
    kubeVersion: kubeVersion === "" ? (defaults?.kubeVersion ?? "") : kubeVersion,
    apiVersions: apiVersions.length > 0 ? apiVersions : (defaults?.apiVersions ?? []),
  };
}

function localFiles(helm: Helm, path: string): ChartFiles {
  const { workspace } = helm.session;
  const folder = helm.charts.folder(path);
  if (folder !== undefined) return readChartFolder(folder);
  return readChartArchive(workspace.readBytes(path) ?? new Uint8Array(), helm.profile);
}

function fetchedFiles(
  helm: Helm,
  release: ReleaseSpec,
  { path, target }: { readonly path: string; readonly target: string },
): ChartFiles {
  // A folder that is not there: helm takes its first part for a repository.
  if (/^\.\.?\//.test(release.chart)) helm.failToPull(release.chart, release.version, target);
  const missing = helm.charts.locate(release.chart, release.version);
  if (missing !== undefined || helm.charts.folder(release.chart) === undefined)
    throw new HelmfileError(`release "${release.name}": ${wantedChart(path, release.version).message}`, {
      code: "chart-wanted",
    });
  return readChartFolder(helm.charts.folder(release.chart)!);
}

function adhocDependencies(state: HelmState, helm: Helm, release: ReleaseSpec): AdhocDependency[] {
  const { workspace } = state.session;
  return (release.dependencies ?? []).map(({ chart, version, alias }) => {
    const isLocal = workspace.isDirectory(normalizeChart(state.basePath, chart));
    const fetched = isLocal ? undefined : helm.charts.fetched(chart, version);
    if (fetched !== undefined) return { chart: fetched, version, alias, isLocal: true };
    if (!isLocal && isRemote(chart))
      throw new HelmfileError(`ad-hoc dependency "${fromByteString(chart)}": ${wantedChart(chart, version).message}`, {
        code: "chart-wanted",
      });
    return { chart: isLocal ? workspace.absolute(joinPaths(state.basePath, chart)) : chart, version, alias, isLocal };
  });
}

/** `set` alone: chartify knows neither `setString` nor `env`. */
function setFlagsOf(state: HelmState, release: ReleaseSpec): string[] {
  const failure = `rendering set value entry for release ${release.name}`;
  return chartSetArguments(state, release, failure).flatMap((set) => [set.flag, set.expression]);
}

function templateArgs(state: HelmState, release: ReleaseSpec, options: ChartifyOptions): string {
  const args = effectiveTemplateArgs(state, options.template?.templateArgs ?? "").trim();
  const words: string[] = args === "" ? [] : [args];
  const usesCluster = options.command === "sync";
  if (usesCluster || args.includes("--dry-run")) {
    const context = kubeContextOf(state, release);
    if (context !== "" && !args.includes("--kube-context")) words.push("--kube-context", context);
    if (usesCluster && !(options.template?.validate ?? false) && !args.includes("--dry-run"))
      words.push("--dry-run=server");
  }
  const skips = skipsSchemaValidation(state, release, options.template?.skipSchemaValidation ?? false);
  if (skips && !/(^|\s)--skip-schema-validation(=|\s|$)/.test(args)) words.push("--skip-schema-validation");
  return words.join(" ");
}

function patchFiles(
  state: HelmState,
  release: ReleaseSpec,
): Pick<ChartifyRequest, "jsonPatches" | "strategicMergePatches" | "transformers"> {
  let merged: ValueMap | undefined;
  const values = (): ValueMap => (merged ??= mergeMaps(state.renderedValues, releaseValues(state, release)));
  const texts = (entries: readonly GoValue[] | undefined): string[] =>
    (entries ?? []).flatMap((entry) => patchText(state, release, { entry, values }));
  return {
    jsonPatches: texts(release.jsonPatches),
    strategicMergePatches: texts(release.strategicMergePatches),
    transformers: texts(release.transformers),
  };
}

function patchText(
  state: HelmState,
  release: ReleaseSpec,
  { entry, values }: { readonly entry: GoValue; readonly values: () => ValueMap },
): string[] {
  if (typeof entry !== "string") return [state.session.yaml.marshal(entry)];
  const paths = resolveFile(state, handlerOf(state, release), "values", entry);
  if (paths === undefined) return [];
  if (paths.length > 1)
    throw new HelmfileError(
      "glob patterns in release values and secrets is not supported yet. please submit a feature request if necessary",
      { code: "values-glob" },
    );
  try {
    return [renderValuesFile(state, release, paths[0]!, values())];
  } catch (error) {
    if (!isUserFault(error)) throw error;
    throw new HelmfileError(
      `failed to render values files "${entry}": ${error.message}`,
      error instanceof HelmfileError ? error : {},
    );
  }
}

function handlerOf(state: HelmState, release: ReleaseSpec): string {
  return release.missingFileHandler?.value ?? state.spec.missingFileHandler?.value ?? "Error";
}

/** The release's own values, as patch templates see them under the state's. */
function releaseValues(state: HelmState, release: ReleaseSpec): ValueMap {
  let merged: ValueMap = new Map();
  for (const entry of preparedEntries(state, release)) {
    if (isMap(entry)) {
      merged = mergeMaps(merged, entry);
    } else if (typeof entry === "string") {
      const [path] = resolveFile(state, handlerOf(state, release), "values", entry) ?? [];
      if (path !== undefined)
        merged = mergeMaps(merged, state.session.yaml.unmarshalMap(renderValuesFile(state, release, path)));
    }
  }
  return merged;
}
