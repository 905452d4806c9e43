import { isDesired } from "../spec/release-spec.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { resolveLockedVersions } from "../release/lock-file.ts";
import { selectedReleases } from "../release/select.ts";
import { triggerGlobalHooks, triggerReleaseHooks } from "./hooks.ts";

/* pkg/app/run.go `WithPreparedCharts` and pkg/state/state.go `PrepareCharts` of helmfile 1.8.0. */

export interface PreparedChart {
  /** Where helm finds the chart, as helmfile passes it. */
  readonly path: string;
  /** `helm dependency build` runs for it. */
  readonly buildsDependencies: boolean;
  readonly skipsRefresh: boolean;
}

/** The steps of chart preparation that a command does itself. */
export interface ChartPreparation {
  /** `list` and `write-values` prepare nothing. */
  readonly preparesCharts: boolean;
  /** `--allow-failed-releases`, which only some commands heed. */
  readonly allowsFailed: boolean;
  readonly includeNeeds: boolean;
  /** `build` leaves releases with patches alone. */
  readonly skipsPatched: boolean;
  /** Adds repositories before anything else. */
  readonly syncRepositories?: () => void;
  /** Makes a release's chart ready; undefined when nothing is to be done. Throws `HelmfileError`. */
  readonly prepareChart?: (release: ReleaseSpec) => PreparedChart | undefined;
  /** Runs `helm dependency build` for a chart. Throws `HelmfileError`. */
  readonly buildDependencies?: (release: ReleaseSpec, chart: PreparedChart) => void;
}

/** Several faults in one message. */
export function multiErrorText(errors: readonly string[]): string {
  const lines = [`Failed with ${errors.length} errors:`];
  errors.forEach((error, index) => {
    const indented = error
      .split("\n")
      .map((line) => `  ${line}\n`)
      .join("");
    lines.push(`Error ${index + 1}:\n\n${indented}`);
  });
  return lines.join("\n\n");
}

/**
 * Runs global prepare hooks, prepares charts, runs `body` and the global cleanup hooks. `body` throws its own faults,
 * which come first; else faults of the preparation are thrown.
 */
export function withPreparedCharts(
  state: HelmState,
  command: string,
  preparation: ChartPreparation,
  body: () => void,
): void {
  preparation.syncRepositories?.();
  triggerGlobalHooks(state, { name: "prepare", command });
  const failures = preparation.preparesCharts
    ? prepareCharts(state, command, preparation)
    : new Map<ReleaseSpec, Error | undefined>();
  if (failures.size > 0) {
    const failed = new Set([...failures.keys()].map(keyOf));
    state.spec.releases = releasesOf(state).filter((release) => !failed.has(keyOf(release)));
  }
  let fault: Error | undefined;
  try {
    body();
  } catch (error) {
    if (!isUserFault(error)) throw error;
    fault = error;
  }
  let cleanupFault: Error | undefined;
  try {
    triggerGlobalHooks(state, { name: "cleanup", command, ...(fault === undefined ? {} : { error: fault.message }) });
  } catch (error) {
    if (!isUserFault(error)) throw error;
    cleanupFault = error;
  }
  if (fault !== undefined) throw fault;
  const texts = [...failures.values()].flatMap((error) => (error === undefined ? [] : [error.message]));
  if (texts.length > 0) {
    if (cleanupFault !== undefined) texts.push(`error during global cleanup event: ${cleanupFault.message}`);
    throw new HelmfileError(multiErrorText(texts), {
      code: "chart-preparation-failed",
      origin: { file: state.session.workspace.displayPath(state.filePath) },
    });
  }
  if (cleanupFault !== undefined) throw cleanupFault;
}

function keyOf(release: ReleaseSpec): string {
  return `${release.namespace}\0${release.name}\0${release.kubeContext}`;
}

/**
 * Faults by release, undefined where helmfile leaves a release out without a word; thrown at once, in brackets, unless failed releases are
 * allowed.
 */
function prepareCharts(
  state: HelmState,
  command: string,
  preparation: ChartPreparation,
): Map<ReleaseSpec, Error | undefined> {
  const failures = new Map<ReleaseSpec, Error | undefined>();
  const inBrackets = (error: Error): HelmfileError =>
    new HelmfileError(`[${error.message}]`, error instanceof HelmfileError ? error : {});
  const attempt = (release: ReleaseSpec, action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!isUserFault(error)) throw error;
      if (!preparation.allowsFailed) throw inBrackets(error);
      failures.set(release, error);
    }
  };
  let chosen: ReleaseSpec[];
  try {
    resolveLockedVersions(state);
    chosen = selectedReleases(state, preparation.includeNeeds);
  } catch (error) {
    if (!isUserFault(error)) throw error;
    throw inBrackets(error);
  }
  const releases = chosen.filter(isDesired).filter((release) => !(preparation.skipsPatched && isPatched(release)));
  const charts = new Map<ReleaseSpec, PreparedChart>();
  let firstFault: Error | undefined;
  for (const release of releases) {
    const prepare = (): void => {
      // `--chart` changes what is prepared; the release keeps its chart, and gets the path of the other.
      const prepared = state.spec.chart === "" ? release : { ...release, chart: state.spec.chart };
      triggerReleaseHooks(state, prepared, { name: "prepare", command });
      const chart = preparation.prepareChart?.(prepared);
      if (chart !== undefined) charts.set(release, chart);
    };
    // Helmfile's workers go on with the other releases, but only the first fault is told.
    try {
      attempt(release, prepare);
    } catch (error) {
      if (!isUserFault(error)) throw error;
      firstFault ??= error;
    }
  }
  if (firstFault !== undefined) throw firstFault;
  for (const [release, chart] of charts) {
    if (chart.buildsDependencies && !buildDependencies(release, chart, preparation)) {
      failures.set(release, undefined);
      continue;
    }
    if (chart.path !== release.chart) setChartPath(state, release, chart.path);
  }
  return failures;
}

/** Whether the chart is complete. Throws `HelmfileError` where failed releases are not allowed. */
function buildDependencies(release: ReleaseSpec, chart: PreparedChart, preparation: ChartPreparation): boolean {
  try {
    preparation.buildDependencies?.(release, chart);
    return true;
  } catch (error) {
    if (!isUserFault(error)) throw error;
    if (preparation.allowsFailed) return false;
    throw new HelmfileError(
      `[building dependencies of local chart "${release.chart}" for release "${release.name}": ${error.message}]`,
      error instanceof HelmfileError ? error : { code: "chart-preparation-failed" },
    );
  }
}

function setChartPath(state: HelmState, prepared: ReleaseSpec, path: string): void {
  for (const release of releasesOf(state)) if (keyOf(release) === keyOf(prepared)) release.chartPath = path;
}

/** Whether the release's manifests are patched after rendering. */
export function isPatched(release: ReleaseSpec): boolean {
  return [release.jsonPatches, release.strategicMergePatches, release.transformers].some(
    (patches) => (patches ?? []).length > 0,
  );
}
