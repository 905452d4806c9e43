import { isRemote } from "../files/remote.ts";
import type { Helm } from "../helm/helm.ts";
import { wantedChart } from "../helm/helm.ts";
import { downloadedChartPath, ociChartOf, pullOciChart } from "./remote-charts.ts";
import type { TemplateOptions } from "../release/flags.ts";
import { keepResolvedReferences } from "../release/values-files.ts";
import { isOciChart } from "../release/upgrade-flags.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { normalizeChart } from "../files/chart-path.ts";
import { chartifyRelease, chartifyTarget, needsChartify } from "./chartify-release.ts";
import type { Run } from "./options.ts";
import type { ChartPreparation, PreparedChart } from "./prepare-charts.ts";
import { skipsRepositories, syncRepositories } from "./sync-repositories.ts";

/* pkg/state/state.go `prepareChartForRelease` of helmfile 1.8.0. */

export interface ChartRequest {
  readonly command: string;
  readonly includeNeeds: boolean;
  readonly includeCrds: boolean;
  readonly template?: TemplateOptions;
  /** To stdout. */
  readonly print: (text: string) => void;
}

/** How `template` and `sync` make charts ready. */
export function chartPreparation(run: Run, state: HelmState, helm: Helm, request: ChartRequest): ChartPreparation {
  return {
    preparesCharts: true,
    allowsFailed: run.allowFailedReleases,
    includeNeeds: request.includeNeeds,
    skipsPatched: false,
    syncRepositories: () =>
      syncRepositories(run, state, { ociOnly: skipsRepositories(run, state) }, (args) => void helm.call(args, [])),
    prepareChart: (release) =>
      prepareChart(run, state, release, (skipsDependencies) => {
        const path = chartifyRelease(state, helm, release, { ...request, skipsDependencies });
        keepResolvedReferences(state, release);
        return path;
      }),
    buildDependencies: (release, chart) =>
      helm.buildDependencies(release.name, chart.path, chart.skipsRefresh ? ["--skip-refresh"] : []),
  };
}

/** What `build` and `show-dag` need to make charts; without it, charts that helmfile would make stay unmade. */
export interface OfflineCharts {
  readonly skipsPatched: boolean;
  readonly helm?: Helm | undefined;
  /** To stdout. */
  readonly print: (text: string) => void;
}

/** How `build` and `show-dag` look at charts: only for the path. A chart that lies elsewhere stays as it is. */
export function offlinePreparation(run: Run, state: HelmState, offline: OfflineCharts): ChartPreparation {
  return {
    preparesCharts: true,
    allowsFailed: false,
    includeNeeds: false,
    skipsPatched: offline.skipsPatched,
    syncRepositories: () => syncRepositories(run, state, { ociOnly: true }, () => undefined),
    prepareChart: (release) => {
      if (isRemote(release.chart))
        state.session.assertRemoteAllowed(`release "${release.name}": fetching "${release.chart}": `);
      const downloaded = downloadedChartPath(state.session, release.chart);
      if (downloaded !== undefined) return { path: downloaded, buildsDependencies: false, skipsRefresh: true };
      const oci = ociChartOf(state, release);
      if (oci !== undefined) pullOciChart(state, release, oci);
      if (oci !== undefined || isRemote(release.chart)) return undefined;
      return {
        ...prepareChart(run, state, release, () => makeOffline(state, release, offline)),
        buildsDependencies: false,
      };
    },
  };
}

/** Helmfile makes the chart here too, with the dependencies that lie in its folder; what is not at hand is no fault of the state. */
function makeOffline(state: HelmState, release: ReleaseSpec, { helm, skipsPatched, print }: OfflineCharts): string {
  if (helm === undefined) return chartifyTarget(state, release);
  try {
    chartifyRelease(state, helm, release, {
      command: skipsPatched ? "build" : "show-dag",
      includeCrds: true,
      skipsDependencies: true,
      print,
    });
  } catch (error) {
    if (!(error instanceof HelmfileError && (error.code === "chart-wanted" || error.code === "kustomize-withheld")))
      throw error;
  }
  keepResolvedReferences(state, release);
  return chartifyTarget(state, release);
}

function prepareChart(
  run: Run,
  state: HelmState,
  release: ReleaseSpec,
  makeChart: (skipsDependencies: boolean) => string,
): PreparedChart {
  const { workspace } = state.session;
  const { chart } = release;
  ociChartOf(state, release);
  if (isRemote(chart)) state.session.assertRemoteAllowed(`release "${release.name}": fetching "${chart}": `);
  if (isRemote(chart) || isOciChart(state, chart))
    throw new HelmfileError(`release "${release.name}": ${wantedChart(chart, release.version).message}`, {
      code: "chart-wanted",
    });
  const { helmDefaults } = state.spec;
  const path = normalizeChart(state.basePath, chart);
  const isLocal = workspace.isDirectory(path);
  const skipsDeps = !isLocal || run.skipDeps || (release.skipDeps?.value ?? helmDefaults.skipDeps);
  const skipsRefresh = !isLocal || run.skipRefresh || (release.skipRefresh?.value ?? helmDefaults.skipRefresh);
  if (needsChartify(state, release))
    return { path: makeChart(skipsDeps), buildsDependencies: !skipsDeps, skipsRefresh };
  return isLocal
    ? { path, buildsDependencies: !skipsDeps, skipsRefresh }
    : { path: chart, buildsDependencies: false, skipsRefresh };
}
