import {
  HelmEngine,
  HelmError,
  loadChart,
  mergeUserValues,
  type Chart,
  type Profile,
  type RenderError,
  type RenderRequest,
  type RenderResult,
} from "@tiphys/helm";
import { bytesToByteString, toByteString } from "@tiphys/gotemplate";
import type { Diagnostic, FileTree, Origin } from "@tiphys/source";
import { readYaml, YamlError } from "@tiphys/source";
import { ArgoError, lineIn } from "../fault.ts";
import { commandFailure } from "./command-line.ts";
import { buildDependencies } from "./helm-dependencies.ts";
import type { HelmCall } from "./helm-source.ts";
import type { OpenSource } from "./open-source.ts";
import type { ChartResolver } from "./resolvers.ts";
import { joinShown, treePath } from "./source-root.ts";

/** What renders charts; what is undefined is Helm's mirror without a memory. */
export interface HelmRunner {
  readonly profile: Profile;
  readonly render: ((request: RenderRequest) => RenderResult) | undefined;
  readonly loadChart: ((tree: FileTree, folder: string, profile: Profile) => Chart) | undefined;
  readonly charts: ChartResolver | undefined;
}

/**
 * What one `helm template` call prints; dependencies that the chart lacks are built first. Throws `ArgoError` with Argo CD's text.
 * Mirrors Argo CD v3.6.1 reposerver/repository/repository.go helmTemplate.
 */
export function runHelm(
  call: HelmCall,
  opened: OpenSource,
  runner: HelmRunner,
): { manifests: string; warnings: readonly Diagnostic[] } {
  const { root, folder, chart: reference } = opened;
  assertReadable(call, opened);
  if (call.failure !== undefined) {
    orHelmFailure(call, () => mergeUserValues(call.source.valuesLayers, call.source.sets, { profile: runner.profile }));
    const missing = helmFailure(call, `Error: ${call.failure.text}`);
    missing.sourcePath = call.failure.field;
    throw missing;
  }
  const { profile, charts } = runner;
  const load = runner.loadChart ?? loadFolder;
  const render = runner.render ?? ((request: RenderRequest) => new HelmEngine().render(request));
  const inRepository = reference.kind === "path" ? treePath(root, folder) : undefined;
  let chart = orHelmFailure(call, () => load(root.tree, treePath(root, folder), profile));
  let result = render(renderRequest(call, chart, profile));
  if (result.error?.code === "chart-dependency-missing") {
    chart = orHelmFailure(call, () => buildDependencies(chart, { root, folder, profile, charts }));
    result = render(renderRequest(call, chart, profile));
  }
  if (result.error !== undefined) {
    const failure = helmFailure(call, `${result.stderr}Error: ${result.error.helmText}`);
    failure.origin = placeInRepository(result.error, chart, inRepository) ?? valuesPlace(call, result.error);
    throw failure;
  }
  return { manifests: result.manifests, warnings: result.warnings };
}

function loadFolder(tree: FileTree, folder: string, profile: Profile): Chart {
  return loadChart(tree, folder, { profile, displayPath: "." });
}

function orHelmFailure<Result>(call: HelmCall, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    const failure = helmFailure(call, `Error: ${error.message}`);
    failure.origin = valuesPlace(call, error);
    throw failure;
  }
}

/** The place of a fault in a chart (`web/templates/x.yaml`), where the chart lies in the repository. */
function placeInRepository({ origin }: RenderError, chart: Chart, folder: string | undefined): Origin | undefined {
  const prefix = `${chart.metadata.name}/`;
  if (folder === undefined || origin === undefined || !toByteString(origin.file).startsWith(prefix)) return undefined;
  const file = origin.file.slice(origin.file.indexOf("/") + 1);
  return { ...origin, file: folder === "" ? file : `${folder}/${file}` };
}

/** The value file that Helm could not read. */
function valuesPlace({ source }: HelmCall, { helmText }: Pick<RenderError, "helmText">): Origin | undefined {
  const layer = source.valuesLayers.find(({ name }) => helmText.startsWith(`failed to parse ${name}: `));
  return layer?.kind === "file" && layer.origin.path === undefined
    ? { ...layer.origin, ...lineIn(helmText) }
    : undefined;
}

function renderRequest({ source, namespace }: HelmCall, chart: Chart, profile: Profile): RenderRequest {
  return {
    chart,
    valuesLayers: source.valuesLayers,
    sets: source.sets,
    release: { name: source.releaseName, namespace: namespace === "" ? "default" : namespace },
    capabilities: {
      apiVersions: source.apiVersions,
      ...(source.kubeVersion !== undefined && { kubeVersion: source.kubeVersion }),
    },
    includeCrds: source.includeCrds,
    skipTests: source.skipTests,
    skipSchemaValidation: source.skipSchemaValidation,
    profile,
  };
}

/** Upstream takes the API versions out of the message: there are hundreds on a real cluster. */
function helmFailure(call: HelmCall, stderr: string): ArgoError {
  const message = `failed running helm: ${commandFailure(call.args, stderr)}`;
  return new ArgoError(
    `failed to execute helm template command: ${message.replace(/(--api-versions [^ ]+ )+/g, "<api versions removed> ")}`,
  );
}

/** Argo CD looks for the repositories of dependencies before it runs Helm. Upstream: getHelmDependencyRepos and NewHelmApp. */
function assertReadable(call: HelmCall, { root, folder }: OpenSource): void {
  const prefix = "error getting helm repos: error retrieving helm dependency repos: ";
  const file = folder === "" ? "Chart.yaml" : `${folder}/Chart.yaml`;
  const bytes = root.tree.read(treePath(root, file));
  if (bytes === undefined) {
    const shown = joinShown(root.shown, file);
    const missing = new ArgoError(
      `${prefix}error reading helm chart from ${shown}: open ${shown}: no such file or directory`,
    );
    missing.sourcePath = ["path"];
    throw missing;
  }
  try {
    readYaml(bytesToByteString(bytes), { into: { kind: "map", goType: "repository.dependencies" } });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const invalid = new ArgoError(
      `${prefix}error unmarshalling the helm chart while getting helm dependency repos: ${error.message}`,
    );
    invalid.origin = { file: treePath(root, file), ...lineIn(error.message) };
    throw invalid;
  }
  if (["", "v3", "v4"].includes(call.version)) return;
  const unknown = new ArgoError(
    `error initializing helm app object: failed to create new helm command: helm version '${call.version}' is not supported`,
  );
  unknown.sourcePath = ["helm", "version"];
  throw unknown;
}
