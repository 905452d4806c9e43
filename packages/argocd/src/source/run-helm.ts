import {
  HelmEngine,
  HelmError,
  loadChart,
  type Chart,
  type Profile,
  type RenderError,
  type RenderRequest,
  type RenderResult,
} from "@tiphys/helm";
import { toByteString } from "@tiphys/gotemplate";
import type { Diagnostic, FileTree, Origin } from "@tiphys/source";
import { ArgoError, lineIn } from "../fault.ts";
import { commandLine } from "./command-line.ts";
import { buildDependencies } from "./helm-dependencies.ts";
import type { HelmCall } from "./helm-source.ts";
import type { OpenSource } from "./open-source.ts";
import type { ChartResolver } from "./resolvers.ts";
import { cachedSource, temporaryFolder, treePath } from "./source-root.ts";

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
  { root, folder, chart: reference }: OpenSource,
  runner: HelmRunner,
): { manifests: string; warnings: readonly Diagnostic[] } {
  if (call.failure !== undefined) {
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

function orHelmFailure(call: HelmCall, read: () => Chart): Chart {
  try {
    return read();
  } catch (error) {
    if (error instanceof HelmError) throw helmFailure(call, `Error: ${error.message}`);
    throw error;
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
function valuesPlace({ source }: HelmCall, { helmText }: RenderError): Origin | undefined {
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
  // Placeholders hold spaces, the paths that they stand for do not.
  const marks: readonly (readonly [string, string])[] = [
    [cachedSource, "\x01"],
    [temporaryFolder, "\x02"],
  ];
  const marked = call.args.map((arg) => marks.reduce((text, [shown, mark]) => text.replaceAll(shown, mark), arg));
  const line = marks.reduce((text, [shown, mark]) => text.replaceAll(mark, shown), commandLine(marked));
  const short = line.replace(/(--api-versions [^ ]+ )+/g, "<api versions removed> ");
  return new ArgoError(
    `failed to execute helm template command: failed running helm: \`${short}\` failed exit status 1: ${stderr.trim()}`,
  );
}
