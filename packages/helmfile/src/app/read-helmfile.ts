import { byteStringToBytes, fromByteString } from "@tiphys/gotemplate";
import type { ChartReference, Installation, SetFlag, ValuesLayer } from "@tiphys/helm";
import type { Diagnostic, Origin } from "@tiphys/source";
import {
  apiVersionsOf,
  effectiveTemplateArgs,
  kubeContextOf,
  kubeVersionOf,
  repositoryOf,
  skipsSchemaValidation,
} from "../release/flags.ts";
import { resolveLockedVersions } from "../release/lock-file.ts";
import { releaseId } from "../release/overrides.ts";
import { conditionEnabled } from "../release/select.ts";
import { setArguments } from "../release/set-flags.ts";
import { secretPathsOf, valuesFilesOf } from "../release/values-files.ts";
import type { ValuesFile } from "../release/values-files.ts";
import { lateOrigin, originsOf } from "../spec/release-origins.ts";
import { isDesired } from "../spec/release-spec.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { isUserFault, NoMatchingHelmfileError } from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { isLocalChart, normalizeChart } from "../files/chart-path.ts";
import { isPlainFolder } from "./chartify-release.ts";
import { readHooks } from "./read-hooks.ts";
import type { HelmfileHook } from "./read-hooks.ts";
import { diagnosticOf } from "./diagnostic-of.ts";
import { lateValues } from "./late-values.ts";
import type { ReadValues } from "./late-values.ts";
import { readRepositories } from "./read-repositories.ts";
import type { HelmfileRepository } from "./read-repositories.ts";
import { startRun } from "./options.ts";
import type { HelmfileOptions } from "./options.ts";
import { isPatched } from "./prepare-charts.ts";
import { visitStates } from "./visit.ts";
import { mergeFiles } from "./write-values.ts";

/** One release as helmfile would hand it to Helm, in UTF-16 text. Its values are read when something that depends on them is first asked for. */
export interface HelmfileRelease {
  readonly name: string;
  readonly namespace: string;
  readonly kubeContext: string;
  /** `[context/]namespace/name`, as `needs` names it. */
  readonly id: string;
  /** The state file that declares it, in the tree. */
  readonly file: string;
  readonly origin: Origin;
  /** As written, after release templates. */
  readonly chart: string;
  readonly version: string;
  readonly chartReference: ChartReference;
  /** The chart's repository where the state file names it. */
  readonly repository: { readonly url: string; readonly oci: boolean } | undefined;
  /** The release's condition. */
  readonly enabled: boolean;
  readonly installed: boolean;
  readonly labels: ReadonlyMap<string, string>;
  /** Ids of releases of the same file. */
  readonly needs: readonly string[];
  readonly hooks: readonly HelmfileHook[];
  /** Events of the hooks of the whole file, which belong to no release. */
  readonly fileHooks: readonly string[];
  readonly createNamespace: boolean;
  /** `--skip-crds` of sync. */
  readonly skipCrds: boolean;
  readonly postRenderer: string;
  /** Why helmfile makes a chart of its own for the release (`makeChart` does it here); empty when Helm gets the chart as it is. */
  readonly chartEdits: readonly ChartEdit[];
  /** Charts that helmfile adds to the release's, as written and where they lie. */
  readonly adhocDependencies: readonly { readonly chart: string; readonly reference: ChartReference }[];
  /** Encrypted files that are there, in the tree; "(inline)" for what stands in the state file. */
  readonly secrets: readonly string[];
  /** What Helm gets; without values when they could not be read: see `diagnostics`. */
  readonly installation: Installation;
  /** Value layers that `.gotmpl` made, or that stand in the state file. */
  readonly templatedValues: boolean;
  /** What in the values was neither run nor read. */
  readonly withheld: readonly WithheldValue[];
  /**
   * Environment variables that the release may depend on: what templates of its own values ask for, and what templates of the state ask for
   * where that is not set or its value is found in what Helm gets.
   */
  readonly environmentVariables: readonly string[];
  /** What is wrong with the condition; `enabled` is false then. */
  readonly conditionFaults: readonly Diagnostic[];
  /** Also what is wrong with the values. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What helmfile does to a release's chart before Helm gets it. */
export type ChartEdit = "patches" | "adhoc-dependencies" | "not-a-chart" | "force-namespace";

/** Something that was neither run nor read, with its place. */
export interface WithheldValue {
  readonly code: string;
  /** The command, reference or file. */
  readonly what: string;
  /** The text that stands in its place in the values. */
  readonly marker: string;
  /** The beginning of the template that asks for it; `withheldPlaces` knows more. */
  readonly origin: Origin | undefined;
}

export interface HelmfileReading {
  /** Every state file in the order of visit, layers before the file that names them. */
  readonly files: readonly string[];
  /** Files that do not know the environment. */
  readonly skippedFiles: readonly string[];
  /** In the order of visit and definition. */
  readonly releases: readonly HelmfileRelease[];
  /** Chart repositories that the files declare; Helm knows them by name in every file once one has added them. */
  readonly repositories: readonly HelmfileRepository[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Everything that a helmfile and its layers say of one environment. Nothing is run; a fault of one file or release comes back as a
 * diagnostic and hides no other.
 */
export function readHelmfile(options: HelmfileOptions): HelmfileReading {
  const run = startRun(options, { tracesStateFiles: true });
  const files: string[] = [];
  const skippedFiles: string[] = [];
  const releases: HelmfileRelease[] = [];
  const repositories = new Map<string, HelmfileRepository>();
  const diagnostics: Diagnostic[] = [];
  const { variables } = run.session;
  const askedByStates = new Set<string>();
  const fault = (error: Error, file: string): void => void diagnostics.push(diagnosticOf(error, { file }));
  try {
    visitStates(
      run,
      { filter: true, includeNeeds: false, onFault: fault, onSkipped: (file) => skippedFiles.push(file) },
      (state) => {
        files.push(state.session.workspace.displayPath(state.filePath));
        try {
          resolveLockedVersions(state);
        } catch (error) {
          if (!isUserFault(error)) throw error;
          fault(error, state.session.workspace.displayPath(state.filePath));
        }
        for (const repository of readRepositories(state))
          repositories.set(`${repository.name}\0${repository.url}`, repository);
        variables.takeAsked().forEach((name) => askedByStates.add(name));
        const reading = { environment: run.settings.environment, askedByStates: new Set(askedByStates) };
        for (const spec of releasesOf(state)) {
          releases.push(readRelease(state, spec, reading));
        }
        return releasesOf(state).length > 0;
      },
    );
  } catch (error) {
    if (error instanceof NoMatchingHelmfileError) {
      if (releases.length === 0 && diagnostics.length === 0) diagnostics.push(diagnosticOf(error, undefined));
    } else if (isUserFault(error)) fault(error, options.file ?? "");
    else throw error;
  }
  return { files, skippedFiles, releases, repositories: [...repositories.values()], diagnostics };
}

/** What a release came from; for the functions that ask more of it. */
const sources = new WeakMap<HelmfileRelease, ReleaseSource>();

export interface ReleaseSource {
  readonly state: HelmState;
  readonly spec: ReleaseSpec;
  /** Where helmfile was when it read the file. */
  readonly directory: string;
  readonly values: () => ReadValues;
}

/** What was asked for, or why there is none. */
export type ReleaseAnswer<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "failed"; readonly diagnostic: Diagnostic };

/** What `helmfile write-values` writes for a release of `readHelmfile`, as a byte string: helmfile's own merge, which Helm's may differ from. */
export function releaseValues(release: HelmfileRelease): ReleaseAnswer<string> {
  return askRelease(release, (source) => source.state.session.yaml.marshal(mergeFiles(source.state, filesOf(source))));
}

/** The values files of a release. Throws `HelmfileError` where they cannot be read. */
export function filesOf({ state, spec, values }: ReleaseSource): readonly ValuesFile[] {
  const read = values();
  return read.diagnostics.length === 0 ? read.files : valuesFilesOf(state, spec);
}

/** Puts a question to a release of `readHelmfile`, where helmfile was when it read it. */
export function askRelease<T>(release: HelmfileRelease, ask: (source: ReleaseSource) => T): ReleaseAnswer<T> {
  const source = sources.get(release);
  if (source === undefined) throw new Error("the release does not come from readHelmfile");
  try {
    return { kind: "value", value: source.state.session.workspace.within(source.directory, () => ask(source)) };
  } catch (error) {
    if (!isUserFault(error)) throw error;
    return { kind: "failed", diagnostic: diagnosticOf(error, release.origin) };
  }
}

interface ReleaseReading {
  readonly environment: string;
  /** Variables that templates of state files have asked for. */
  readonly askedByStates: ReadonlySet<string>;
}

function readRelease(
  state: HelmState,
  release: ReleaseSpec,
  { environment, askedByStates }: ReleaseReading,
): HelmfileRelease {
  const { workspace } = state.session;
  const file = workspace.displayPath(state.filePath);
  const places = originsOf(release);
  const path = `releases[name=${fromByteString(release.name)}]`;
  const origin: Origin =
    places === undefined ? { file, path } : lateOrigin({ file: places.file, path }, () => places.origin);
  const values = lateValues(state, release, { origin, askedByStates });
  const condition = readCondition(state, release, origin);
  const text = fromByteString;
  const repository = repositoryOf(state, release.chart);
  const shared = {
    name: text(release.name),
    namespace: text(release.namespace),
    kubeContext: text(kubeContextOf(state, release)),
    origin,
  };
  let installed: Installation | undefined;
  const directory = workspace.workingDirectory;
  const installation = (): Installation =>
    (installed ??= workspace.within(directory, () =>
      installationOf(state, release, { environment, values: values(), shared }),
    ));
  const read: HelmfileRelease = {
    ...shared,
    id: text(releaseId(release)),
    file,
    chart: text(release.chart),
    version: text(release.version),
    chartReference: chartReference(state, release),
    repository: repository === undefined ? undefined : { url: text(repository.url), oci: repository.oci },
    enabled: condition.enabled,
    installed: isDesired(release),
    labels: new Map([...(release.labels ?? [])].map(([key, value]) => [text(key), text(value)])),
    needs: (release.needs ?? []).map(text),
    hooks: readHooks(state, release, origin),
    fileHooks: (state.spec.hooks ?? []).flatMap((hook) => (hook.events ?? []).map(text)),
    createNamespace: release.createNamespace?.value ?? state.spec.helmDefaults.createNamespace?.value ?? true,
    skipCrds: state.spec.helmDefaults.skipCRDs,
    postRenderer: text(release.postRenderer?.value ?? state.spec.helmDefaults.postRenderer?.value ?? ""),
    chartEdits: chartEdits(state, release),
    adhocDependencies: (release.dependencies ?? []).map(({ chart, version }) => ({
      chart: text(chart),
      reference: chartReference(state, { chart, version }),
    })),
    secrets: secretsOf(state, release),
    get installation() {
      return installation();
    },
    get templatedValues() {
      return values().files.some((each) => each.kind === "inline" || each.source.endsWith(".gotmpl"));
    },
    get withheld() {
      return values().withheld.map(({ code, what, marker, asker }) => ({
        code,
        what: text(what),
        marker,
        origin: asker.place,
      }));
    },
    get environmentVariables() {
      return values().environmentVariables.map(text);
    },
    conditionFaults: condition.diagnostics,
    get diagnostics() {
      return [...values().diagnostics, ...condition.diagnostics];
    },
  };
  sources.set(read, { state, spec: release, directory, values });
  return read;
}

function readCondition(
  state: HelmState,
  release: ReleaseSpec,
  origin: Origin,
): { readonly enabled: boolean; readonly diagnostics: readonly Diagnostic[] } {
  try {
    return { enabled: conditionEnabled(release, state.renderedValues), diagnostics: [] };
  } catch (error) {
    if (!isUserFault(error)) throw error;
    return { enabled: false, diagnostics: [diagnosticOf(error, origin)] };
  }
}

interface ReleaseInput {
  readonly environment: string;
  readonly values: ReadValues;
  readonly shared: {
    readonly name: string;
    readonly namespace: string;
    readonly kubeContext: string;
    readonly origin: Origin;
  };
}

/** The release as one `helm template` call with its CRDs, which is what `helm install` applies. */
function installationOf(
  state: HelmState,
  release: ReleaseSpec,
  { environment, values, shared }: ReleaseInput,
): Installation {
  // Markers are no values: Argo CD gets those from elsewhere, and what accepts to go without them must not write them down.
  const files = values.files.filter(
    (each) => each.kind !== "secret" || state.session.permissions.decrypt !== undefined,
  );
  const kubeVersion = fromByteString(kubeVersionOf(state, release, ""));
  const templateArguments = effectiveTemplateArgs(state, "").split(" ");
  const alias = isLocalChart(release.chart) ? undefined : fromByteString(release.chart);
  return {
    id: `helmfile/${environment}/${state.session.workspace.displayPath(state.filePath)}/${fromByteString(releaseId(release))}`,
    environment,
    name: shared.name,
    origin: shared.origin,
    namespace: shared.namespace,
    cluster: shared.kubeContext,
    source: {
      kind: "helm",
      chart: chartReference(state, release),
      ...(alias === undefined ? {} : { chartAlias: alias }),
      releaseName: shared.name,
      valuesLayers: files.map((file) => valuesLayer(state, file, shared.origin)),
      sets: values.sets.map((set) => setFlag(state, set, shared.origin)),
      includeCrds: !state.spec.helmDefaults.skipCRDs,
      skipTests: templateArguments.includes("--skip-tests"),
      noHooks: templateArguments.includes("--no-hooks"),
      skipSchemaValidation: skipsSchemaValidation(state, release, false),
      ...(kubeVersion === "" ? {} : { kubeVersion }),
      apiVersions: apiVersionsOf(state, release).map(fromByteString),
    },
  };
}

function valuesLayer(state: HelmState, file: ValuesFile, release: Origin): ValuesLayer {
  const path = `${release.path ?? ""}.values[${file.index}]`;
  const isInline = file.source === "";
  let content: Uint8Array | undefined;
  return {
    kind: "file",
    name: isInline ? path : fromByteString(file.source),
    origin: isInline
      ? lateOrigin({ file: release.file, path }, () => release)
      : { file: state.session.workspace.displayPath(file.source) },
    get content() {
      return (content ??= byteStringToBytes(file.content));
    },
  };
}

/** `--set-file` gets the content in place of the path. */
function setFlag(state: HelmState, set: ReturnType<typeof setArguments>[number], origin: Origin): SetFlag {
  const kind = set.flag === "--set" ? "set" : set.flag === "--set-string" ? "set-string" : "set-file";
  const path = `${origin.path ?? ""}.${kind === "set-string" ? "setString" : "set"}`;
  const place = lateOrigin({ file: origin.file, path }, () => origin);
  if (kind !== "set-file") return { kind, expression: set.expression, origin: place };
  const equals = set.expression.indexOf("=");
  const content = state.session.workspace.read(set.expression.slice(equals + 1)) ?? "";
  return { kind, expression: `${set.expression.slice(0, equals)}=${content}`, origin: place };
}

/** What is missing although it must be there is told by the values already. */
function secretsOf(state: HelmState, release: ReleaseSpec): string[] {
  try {
    return secretPathsOf(state, release).map((path) =>
      path === undefined ? "(inline)" : state.session.workspace.displayPath(path),
    );
  } catch (error) {
    if (!isUserFault(error)) throw error;
    return [];
  }
}

function chartEdits(state: HelmState, release: ReleaseSpec): ChartEdit[] {
  return [
    ...(isPlainFolder(state, release) ? (["not-a-chart"] as const) : []),
    ...((release.dependencies ?? []).length > 0 ? (["adhoc-dependencies"] as const) : []),
    ...(release.forceNamespace === "" ? [] : (["force-namespace"] as const)),
    ...(isPatched(release) ? (["patches"] as const) : []),
  ];
}

function chartReference(state: HelmState, release: Pick<ReleaseSpec, "chart" | "version">): ChartReference {
  const { workspace } = state.session;
  const chart = release.chart;
  const version = fromByteString(release.version);
  if (chart.startsWith("oci://")) return { kind: "oci", reference: fromByteString(chart), version };
  if (chart.includes("://")) return { kind: "url", url: fromByteString(chart) };
  const local = normalizeChart(state.basePath, chart);
  if (isLocalChart(chart)) return { kind: "path", path: workspace.displayPath(local) };
  const repository = repositoryOf(state, chart);
  const beside = state.basePath === "" || state.basePath === "." ? chart : `${state.basePath}/${chart}`;
  if (repository === undefined && workspace.kind(beside) !== undefined)
    return { kind: "path", path: workspace.displayPath(beside) };
  const name = fromByteString(chart.slice(chart.indexOf("/") + 1));
  if (repository === undefined) return { kind: "repository", repoURL: "", chart: name, version };
  const url = fromByteString(repository.url);
  if (repository.oci)
    return { kind: "oci", reference: `oci://${url.replace(/^oci:\/\//, "").replace(/\/+$/, "")}/${name}`, version };
  return { kind: "repository", repoURL: url, chart: name, version };
}
