import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { collectArguments } from "./arguments.ts";
import {
  chartDownloadFlags,
  chartVersionFlags,
  flagOr,
  kubeContextOf,
  optional,
  postRendererArgsFlags,
  postRendererFlags,
  repositoryOf,
  skipsSchemaValidation,
  withValues,
} from "./flags.ts";
import type { ReleaseFlags } from "./flags.ts";

/* pkg/state/state.go `flagsForUpgrade` and pkg/state/helmx.go of helmfile 1.8.0, for Helm 4. */

/** Options of `helmfile sync` that reach `helm upgrade`. */
export interface SyncOptions {
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly args: string;
  readonly syncArgs: string;
  readonly skipCrds: boolean;
  readonly wait: boolean;
  readonly waitForJobs: boolean;
  readonly timeout: number;
  readonly reuseValues: boolean;
  readonly resetValues: boolean;
  readonly postRenderer: string;
  readonly postRendererArgs: readonly string[];
  readonly hideNotes: boolean;
  readonly takeOwnership: boolean;
  readonly serverSide: string;
  readonly skipSchemaValidation: boolean;
  readonly syncReleaseLabels: boolean;
  readonly description: string;
  readonly cascade: string;
  readonly trackMode: string;
}

/** `helm upgrade --install` flags of a release, with values and `--reset-values`. Throws `HelmfileError`. */
export function upgradeFlags(state: HelmState, release: ReleaseSpec, options: SyncOptions): ReleaseFlags {
  const { helmDefaults } = state.spec;
  const force = flagOr(release.force, helmDefaults.force);
  const forceConflicts = flagOr(release.forceConflicts, helmDefaults.forceConflicts);
  if (force && forceConflicts) throw exclusive("force", "forceConflicts", "force/forceConflicts");
  const atomic = flagOr(release.atomic, helmDefaults.atomic);
  const rollback = flagOr(release.rollbackOnFailure, helmDefaults.rollbackOnFailure);
  if (atomic && rollback) throw exclusive("atomic", "rollbackOnFailure", "atomic/rollbackOnFailure");
  const flags = [
    ...chartVersionFlags(state, release),
    ...when(flagOr(release.enableDNS, helmDefaults.enableDNS), "--enable-dns"),
    ...waitFlags(state, release, options),
    ...(isOciChart(state, release.chart) ? [] : [...verifyFlags(state, release), ...keyringFlags(state, release)]),
    ...timeoutFlags(state, release, options),
    ...when(force, "--force-replace"),
    ...when(forceConflicts, "--force-conflicts"),
    ...when(flagOr(release.recreatePods, helmDefaults.recreatePods), "--recreate-pods"),
    ...when(atomic || rollback, "--rollback-on-failure"),
    ...when(flagOr(release.cleanupOnFail, helmDefaults.cleanupOnFail), "--cleanup-on-fail"),
    ...when(flagOr(release.createNamespace, helmDefaults.createNamespace?.value ?? true), "--create-namespace"),
    ...when(
      flagOr(release.disableOpenAPIValidation, helmDefaults.disableOpenAPIValidation),
      "--disable-openapi-validation",
    ),
    ...optional("--kube-context", kubeContextOf(state, release)),
    ...chartDownloadFlags(state, release),
    ...(release.adopt ?? []).flatMap((each) => ["--adopt", each]),
    ...labelFlags(state, release, options),
    ...postRendererFlags(state, release, options.postRenderer),
    ...optional("--description", options.description !== "" ? options.description : release.description),
    ...postRendererArgsFlags(state, release, options.postRendererArgs),
    ...when(skipsSchemaValidation(state, release, options.skipSchemaValidation), "--skip-schema-validation"),
    ...when(options.hideNotes, "--hide-notes"),
    ...when(
      release.takeOwnership?.value === true || options.takeOwnership || helmDefaults.takeOwnership?.value === true,
      "--take-ownership",
    ),
    ...serverSideFlags(state, release, options),
    ...collectArguments(options.syncArgs !== "" ? options.syncArgs : (helmDefaults.syncArgs ?? []).join(" ")),
  ];
  const common = withValues(state, release, flags);
  return { ...common, flags: [...common.flags, ...commandLineFlags(state, release, options)] };
}

function commandLineFlags(state: HelmState, release: ReleaseSpec, options: SyncOptions): string[] {
  const { helmDefaults } = state.spec;
  const { workspace } = state.session;
  const values = options.values.flatMap((path) => {
    if (workspace.kind(path) === undefined)
      throw new HelmfileError(`file does not exist: ${workspace.absolute(path)}`, { code: "values-file-missing" });
    return ["--values", workspace.absolute(path)];
  });
  const reuse = !options.resetValues && (flagOr(release.reuseValues, helmDefaults.reuseValues) || options.reuseValues);
  return [
    ...values,
    ...options.set.flatMap((each) => ["--set", each]),
    ...when(helmDefaults.skipCRDs || options.skipCrds, "--skip-crds"),
    reuse ? "--reuse-values" : "--reset-values",
  ];
}

function when(isOn: boolean, flag: string): string[] {
  return isOn ? [flag] : [];
}

function exclusive(a: string, b: string, fields: string): HelmfileError {
  return new HelmfileError(
    `${a} and ${b} are mutually exclusive (check both releases[].${fields} and helmDefaults.${fields})`,
    { code: "release-invalid" },
  );
}

export function isOciChart(state: HelmState, chart: string): boolean {
  return chart.startsWith("oci://") || repositoryOf(state, chart)?.oci === true;
}

function trackModeOf(state: HelmState, release: ReleaseSpec, options: SyncOptions): string {
  return (
    [release.trackMode, options.trackMode, state.spec.helmDefaults.trackMode].find((mode) => mode !== "") ?? "helm"
  );
}

function waitFlags(state: HelmState, release: ReleaseSpec, options: SyncOptions): string[] {
  const { helmDefaults } = state.spec;
  const mode = trackModeOf(state, release, options);
  const decides = (own: { value: boolean } | undefined, commandLine: boolean, fallback: boolean): boolean =>
    own?.value === true || commandLine || (own === undefined && fallback);
  const wait = decides(release.wait, options.wait, helmDefaults.wait);
  const forJobs = mode !== "kubedog" && decides(release.waitForJobs, options.waitForJobs, helmDefaults.waitForJobs);
  return [...when(wait, mode === "helm-legacy" ? "--wait=legacy" : "--wait"), ...when(forJobs, "--wait-for-jobs")];
}

function verifyFlags(state: HelmState, release: ReleaseSpec): string[] {
  if (release.verify !== undefined) return when(release.verify.value, "--verify");
  return when(repositoryOf(state, release.chart)?.verify === true || state.spec.helmDefaults.verify, "--verify");
}

function keyringFlags(state: HelmState, release: ReleaseSpec): string[] {
  const keyring = [
    release.keyring,
    repositoryOf(state, release.chart)?.keyring ?? "",
    state.spec.helmDefaults.keyring,
  ].find((each) => each !== "");
  return optional("--keyring", keyring ?? "");
}

function timeoutFlags(state: HelmState, release: ReleaseSpec, options: SyncOptions): string[] {
  const timeout = options.timeout > 0 ? options.timeout : (release.timeout?.value ?? state.spec.helmDefaults.timeout);
  return timeout === 0 ? [] : ["--timeout", `${timeout}s`];
}

const systemLabels = new Set(["name", "owner", "status", "version", "createdAt", "modifiedAt"]);

function labelFlags(state: HelmState, release: ReleaseSpec, options: SyncOptions): string[] {
  const isOn =
    release.syncReleaseLabels?.value === true ||
    options.syncReleaseLabels ||
    state.spec.helmDefaults.syncReleaseLabels?.value === true;
  if (!isOn) return [];
  const labels = [...(release.labels ?? [])]
    .filter(([key]) => key !== "" && !systemLabels.has(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return optional("--labels", labels.map(([key, value]) => `${key}=${value}`).join(","));
}

function serverSideFlags(state: HelmState, release: ReleaseSpec, options: SyncOptions): string[] {
  const own = release.serverSide?.value ?? "";
  const value =
    own !== ""
      ? own
      : options.serverSide !== ""
        ? options.serverSide
        : (state.spec.helmDefaults.serverSide?.value ?? "");
  if (value !== "" && !["true", "false", "auto"].includes(value)) {
    throw new HelmfileError(`invalid serverSide value "${value}": must be "true", "false", or "auto"`, {
      code: "release-invalid",
    });
  }
  return optional("--server-side", value);
}
