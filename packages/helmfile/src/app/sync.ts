import { toByteString } from "@tiphys/gotemplate";
import { HelmError } from "@tiphys/helm";
import type { Helm } from "../helm/helm.ts";
import { kubeContextOf, optional } from "../release/flags.ts";
import { applyOverrides } from "../release/overrides.ts";
import { planReleases } from "../release/plan.ts";
import { upgradeFlags } from "../release/upgrade-flags.ts";
import type { SyncOptions } from "../release/upgrade-flags.ts";
import { isDesired } from "../spec/release-spec.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError, isUserFault } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { chartPreparation } from "./charts.ts";
import { triggerReleaseHooks } from "./hooks.ts";
import { startRun } from "./options.ts";
import type { HelmfileOptions } from "./options.ts";
import { withPreparedCharts } from "./prepare-charts.ts";
import { runCommand } from "./result.ts";
import type { CommandResult } from "./result.ts";
import { selectAndDeduplicate } from "./selected-releases.ts";
import { extraArguments, newHelm, readNeeds } from "./template.ts";
import type { Needs, NeedsOptions, RenderingOptions } from "./template.ts";
import { visitStates } from "./visit.ts";

/** Flags of `helmfile sync`; texts are UTF-16. */
export type SyncCommandOptions = Partial<SyncOptions> & NeedsOptions;

/** The calls that `helmfile sync` would make against a cluster in which nothing is installed yet. Nothing is run. */
export function planSync(
  options: HelmfileOptions,
  rendering: RenderingOptions,
  given: SyncCommandOptions = {},
): CommandResult {
  const run = startRun(options);
  return runCommand(run, (output) => {
    const helm = newHelm(run.session, rendering, output);
    const command: SyncCommand = { sync: withDefaults(given), needs: readNeeds(given) };
    visitStates(run, { filter: false, includeNeeds: false }, (state) => {
      helm.extra = [];
      helm.kubeContext = state.spec.helmDefaults.kubeContext;
      let matched = false;
      withPreparedCharts(
        state,
        "sync",
        chartPreparation(run, state, helm, {
          command: "sync",
          includeNeeds: command.needs.include,
          includeCrds: !command.sync.skipCrds,
          print: (text) => (output.stdout += text),
        }),
        () => {
          matched = syncState(state, helm, command);
        },
      );
      return matched;
    });
  });
}

interface SyncCommand {
  readonly sync: SyncOptions;
  readonly needs: Needs;
}

function withDefaults(given: SyncCommandOptions): SyncOptions {
  const text = (value: string | undefined): string => toByteString(value ?? "");
  const texts = (list: readonly string[] | undefined): string[] => (list ?? []).map(toByteString);
  return {
    values: texts(given.values),
    set: texts(given.set),
    args: text(given.args),
    syncArgs: text(given.syncArgs),
    skipCrds: given.skipCrds ?? false,
    wait: given.wait ?? false,
    waitForJobs: given.waitForJobs ?? false,
    timeout: given.timeout ?? 0,
    reuseValues: given.reuseValues ?? false,
    resetValues: given.resetValues ?? false,
    postRenderer: text(given.postRenderer),
    postRendererArgs: texts(given.postRendererArgs),
    hideNotes: given.hideNotes ?? false,
    takeOwnership: given.takeOwnership ?? false,
    serverSide: text(given.serverSide),
    skipSchemaValidation: given.skipSchemaValidation ?? false,
    syncReleaseLabels: given.syncReleaseLabels ?? false,
    description: text(given.description),
    cascade: text(given.cascade),
    trackMode: text(given.trackMode),
  };
}

/** pkg/app/app.go `SyncState` and pkg/state/state.go `SyncReleases` of helmfile 1.8.0. */
function syncState(state: HelmState, helm: Helm, { sync, needs }: SyncCommand): boolean {
  const { selected, deduplicated } = selectAndDeduplicate(state, needs.transitive);
  if (selected.length === 0) return false;
  state.spec.releases = deduplicated;
  const planned = planReleases(state, {
    selected,
    includeNeeds: needs.include,
    skipNeeds: needs.skip,
    includeTransitiveNeeds: needs.transitive,
  }).flat();
  for (const release of planned) if (!isDesired(release)) listRelease(state, helm, release);
  helm.extra = extraArguments(state, sync.args);
  const toUpdate = planned.filter(isDesired);
  const upgraded: Upgraded[] = [];
  let fault: Error | undefined;
  if (toUpdate.length > 0) {
    state.spec.releases = deduplicated;
    for (const group of planReleases(state, {
      selected: toUpdate,
      includeNeeds: false,
      skipNeeds: true,
      includeTransitiveNeeds: needs.transitive,
    })) {
      fault = syncGroup(state, helm, group, { sync, upgraded });
      if (fault !== undefined) break;
    }
  }
  sayUpgraded(state, upgraded);
  for (const release of planned) {
    if (isDesired(release)) continue;
    quietly(state, () => triggerReleaseHooks(state, release, { name: "cleanup", command: "sync" }));
  }
  if (fault !== undefined) throw fault;
  return true;
}

interface Upgraded {
  readonly release: ReleaseSpec;
  readonly version: string;
}

/** Releases of one group: all are prepared, then each is upgraded. Gives the first fault. */
function syncGroup(
  state: HelmState,
  helm: Helm,
  group: readonly ReleaseSpec[],
  { sync, upgraded }: { readonly sync: SyncOptions; readonly upgraded: Upgraded[] },
): Error | undefined {
  let fault: Error | undefined;
  const failed = (release: ReleaseSpec, error: Error): void => {
    fault ??= new HelmfileError(
      `failed processing release ${release.name}: ${error.message}`,
      error instanceof HelmfileError ? error : {},
    );
  };
  const attempt = (release: ReleaseSpec, action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!isUserFault(error)) throw error;
      failed(release, error);
    }
  };
  const prepared = new Map<ReleaseSpec, readonly string[]>();
  for (const release of group) {
    attempt(release, () => {
      applyOverrides(state, release);
      if (!isDesired(release)) return void prepared.set(release, []);
      const flags = upgradeFlags(state, release, sync);
      for (const file of flags.valuesFiles) helm.addTemporaryFile(file.path, file.content);
      prepared.set(release, flags.flags);
    });
  }
  if (fault !== undefined) return fault;
  for (const [release, flags] of prepared)
    attempt(release, () => syncRelease(state, helm, { release, flags, upgraded }));
  return fault;
}

function syncRelease(
  state: HelmState,
  helm: Helm,
  {
    release,
    flags,
    upgraded,
  }: { readonly release: ReleaseSpec; readonly flags: readonly string[]; readonly upgraded: Upgraded[] },
): void {
  triggerReleaseHooks(state, release, { name: "presync", command: "sync" });
  const chart = release.chartPath !== "" ? release.chartPath : release.chart;
  state.session.say("info", `Upgrading release=${release.name}, chart=${chart}, namespace=${release.namespace}`);
  const historyMax = release.historyMax?.value ?? state.spec.helmDefaults.historyMax?.value ?? 10;
  helm.call(["upgrade", "--install", release.name, chart, ...flags, "--history-max", String(historyMax)]);
  upgraded.push({ release, version: deployedVersion(state, helm, release) });
  triggerReleaseHooks(state, release, { name: "postsync", command: "sync" });
  triggerReleaseHooks(state, release, { name: "cleanup", command: "sync" });
}

function listRelease(state: HelmState, helm: Helm, release: ReleaseSpec): void {
  state.session.say("info", `Listing releases matching ^${release.name}$`);
  const connection = optional("--kube-context", kubeContextOf(state, release));
  helm.call([
    "list",
    "--filter",
    `^${release.name}$`,
    ...connection,
    ...optional("--namespace", release.namespace),
    "--uninstalling",
    "--deployed",
    "--failed",
    "--pending",
  ]);
}

/** helmfile asks the cluster, then the chart. */
function deployedVersion(state: HelmState, helm: Helm, release: ReleaseSpec): string {
  listRelease(state, helm, release);
  try {
    return helm.charts.locate(release.chart, release.version) === undefined
      ? helm.charts.load(release.chart).metadata.version
      : "";
  } catch (error) {
    if (error instanceof HelmError) return "";
    throw error;
  }
}

function quietly(state: HelmState, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isUserFault(error)) throw error;
    state.session.say("warn", `warn: ${error.message}\n`);
  }
}

/** The table of upgraded releases on stderr; every duration is 0. */
function sayUpgraded(state: HelmState, upgraded: readonly Upgraded[]): void {
  if (upgraded.length === 0) return;
  const columns = ["NAME", "NAMESPACE", "CHART", "VERSION", "DURATION"];
  const rows = upgraded.map(({ release, version }) => [release.name, release.namespace, release.chart, version, "0s"]);
  const widths = columns.map((header, column) => Math.max(header.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 4 ? cell.padStart(widths[4]!) : cell.padEnd(widths[column]!))).join("   ");
  const lines = [columns, ...rows].map(line);
  const width = Math.max(...lines.map((each) => each.trimEnd().length));
  const title = " Updated Releases ";
  const left = Math.floor((width - title.length) / 2);
  state.session.say("info", `\n${"=".repeat(left)}${title}${"=".repeat(width - title.length - left)}`);
  state.session.say("info", lines.map((each) => `${each}\n`).join("") + "\n");
}
