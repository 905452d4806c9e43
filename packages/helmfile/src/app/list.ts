import { sortSlice } from "@tiphys/gotemplate";
import { encodeJson } from "@tiphys/gotemplate/sprig";
import { isDesired } from "../spec/release-spec.ts";
import { conditionEnabled } from "../release/select.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { resolveLockedVersions } from "../release/lock-file.ts";
import { startRun } from "./options.ts";
import type { HelmfileOptions } from "./options.ts";
import { withPreparedCharts } from "./prepare-charts.ts";
import { runCommand } from "./result.ts";
import type { CommandResult } from "./result.ts";
import { formatTable } from "./table.ts";
import { visitStates } from "./visit.ts";

export interface ListOptions {
  readonly output?: "json" | "table";
  /** `--skip-charts`: no hooks are run either. */
  readonly skipCharts?: boolean;
}

/** One line of `helmfile list`; texts are byte strings. */
export interface ListedRelease {
  readonly name: string;
  readonly namespace: string;
  readonly enabled: boolean;
  readonly installed: boolean;
  /** `k:v,…`, sorted. */
  readonly labels: string;
  readonly chart: string;
  readonly version: string;
}

/** `helmfile list`. */
export function listReleases(
  options: HelmfileOptions,
  { output = "table", skipCharts = false }: ListOptions = {},
): CommandResult {
  const run = startRun(options);
  return runCommand(run, (result) => {
    const releases: ListedRelease[] = [];
    visitStates(run, { filter: true, includeNeeds: false }, (state) => {
      const collect = (): void => {
        releases.push(...listState(state));
      };
      if (skipCharts) collect();
      else
        withPreparedCharts(
          state,
          "list",
          { preparesCharts: false, allowsFailed: false, includeNeeds: false, skipsPatched: false },
          collect,
        );
      return false;
    });
    result.stdout = output === "json" ? listAsJson(sortListed(releases)) : listAsTable(sortListed(releases));
  });
}

/** The releases of one state file as `list` shows them. Throws `HelmfileError` for a condition that is none. */
export function listState(state: HelmState): ListedRelease[] {
  try {
    resolveLockedVersions(state);
  } catch (error) {
    if (!isUserFault(error)) throw error;
    throw new HelmfileError(
      `unable to resolve dependencies for ${state.filePath}: ${error.message}`,
      error instanceof HelmfileError ? error : {},
    );
  }
  return releasesOf(state).map((release) => ({
    name: release.name,
    namespace: release.namespace,
    enabled: conditionEnabled(release, state.renderedValues),
    installed: isDesired(release),
    labels: listLabels(release.labels),
    chart: release.chart,
    version: release.version,
  }));
}

function listLabels(labels: ReadonlyMap<string, string> | undefined): string {
  const sorted = [...(labels ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted
    .map(([key, value]) => `${key}:${value}`)
    .join(",")
    .replace(/^,+|,+$/g, "");
}

/** In the order of `helmfile list`; releases of one name in one namespace as Go's sort leaves them. */
export function sortListed(releases: readonly ListedRelease[]): ListedRelease[] {
  const sorted = [...releases];
  sortSlice(sorted, (a, b) => (a.namespace === b.namespace ? a.name < b.name : a.namespace < b.namespace));
  return sorted;
}

function listAsJson(releases: readonly ListedRelease[]): string {
  if (releases.length === 0) return "null\n";
  const items = releases.map((release) => {
    const fields = Object.entries(release).map(([key, value]) => `"${key}":${encodeJson(value)}`);
    return `{${fields.join(",")}}`;
  });
  return `[${items.join(",")}]\n`;
}

function listAsTable(releases: readonly ListedRelease[]): string {
  const header = ["NAME", "NAMESPACE", "ENABLED", "INSTALLED", "LABELS", "CHART", "VERSION"];
  const rows = releases.map((each) => [
    each.name,
    each.namespace,
    String(each.enabled),
    String(each.installed),
    each.labels,
    each.chart,
    each.version,
  ]);
  return `${formatTable([header, ...rows])}\n`;
}
