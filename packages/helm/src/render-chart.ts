import {
  fromByteString,
  quoteGo,
  TraceRecorder,
  type CallContext,
  type GoValue,
  type Trace,
  type ValuePath,
} from "@tiphys/gotemplate";
import type { Diagnostic, Origin } from "@tiphys/source";
import { Capabilities, defaultKubeVersion, parseKubeVersion } from "./capabilities.ts";
import { ChartNode, crdFiles } from "./chart/chart-node.ts";
import type { Chart, ChartWarning } from "./chart/chart.ts";
import { processDependencies, type DependencyContext } from "./chart/dependencies.ts";
import { isCompatibleRange } from "./chart/version.ts";
import { defaultContext } from "./default-context.ts";
import { HelmError } from "./error.ts";
import type { HelmEngine } from "./helm-engine.ts";
import type { SetFlag, ValuesLayer } from "./installation.ts";
import { formatLogLine } from "./log-line.ts";
import { printManifests } from "./manifests/output.ts";
import { trimSpace } from "./manifests/split.ts";
import { sortManifests, type SortedManifests } from "./manifests/sort.ts";
import { postRenderFiles, type PostRenderer } from "./post-render/post-render.ts";
import { defaultProfile, type Profile } from "./profile.ts";
import { renderTemplates } from "./render/engine.ts";
import { allTemplates, releaseTable, type Renderable } from "./render/render-values.ts";
import { validateAgainstSchema } from "./schema/validate-chart.ts";
import { CoalesceError, coalesceValues } from "./values/coalesce.ts";
import { mergeLayers } from "./values/merge-layers.ts";
import type { Table } from "./values/values.ts";

/** One `helm template` call. */
export interface RenderRequest {
  readonly chart: Chart;
  /** `-f`, lowest first. */
  readonly valuesLayers: readonly ValuesLayer[];
  readonly sets: readonly SetFlag[];
  /** Gives the file of `--set-file NAME=PATH`; without it a `set-file` flag holds the content in place of the path. */
  readonly readSetFile?: (path: string) => GoValue;
  readonly release: { readonly name: string; readonly namespace: string; readonly isUpgrade?: boolean };
  readonly capabilities?: {
    /** `--kube-version` as given; default the profile's. */
    readonly kubeVersion?: string;
    /** `--api-versions`, added to Helm's own. */
    readonly apiVersions?: readonly string[];
  };
  readonly includeCrds?: boolean;
  readonly skipTests?: boolean;
  readonly noHooks?: boolean;
  readonly skipSchemaValidation?: boolean;
  /** What gets the rendered files of a Helm 4 before they are sorted; `log` takes lines for stderr. */
  readonly postRenderer?: (manifests: string, log: (line: ChartWarning) => void) => ReturnType<PostRenderer>;
  /** `--debug`: what Helm 4 logs of its work on the chart stands among the lines of stderr. */
  readonly isDebug?: boolean;
  /** Helm's version; default 4.3.1. */
  readonly profile?: Profile;
  /** Clock, zone and randomness of the template functions; default: 1970, UTC, a fixed seed. */
  readonly context?: Partial<Pick<CallContext, "now" | "onClock" | "timeZone" | "random">>;
}

/** One document of the output. Texts are byte strings. */
export interface RenderedDocument {
  /** What `# Source:` shows: `chart/templates/x.yaml`. */
  readonly path: string;
  /** The document as printed, without `---` and `# Source:`. */
  readonly content: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** A file under `crds/`, printed raw; it may hold several documents. */
  readonly isCrdFile: boolean;
}

/** A hook as Helm reads its annotations. */
export interface RenderedHook extends RenderedDocument {
  /** `pre-install`, `test`, … */
  readonly events: readonly string[];
  readonly weight: number;
  readonly deletePolicies: readonly string[];
}

export interface RenderResult {
  /** Exactly what `helm template` prints on stdout, as a byte string; "" after an error. */
  readonly manifests: string;
  /** CRD files (if asked for) and manifests in the order of printing, without hooks. */
  readonly documents: readonly RenderedDocument[];
  /** Hooks in the order of printing; those that `skipTests` and `noHooks` leave out are not here. */
  readonly hooks: readonly RenderedHook[];
  /** NOTES.txt of the chart, rendered. */
  readonly notes: string;
  readonly warnings: readonly Diagnostic[];
  /** Lines of stderr before a possible `Error: `, in Helm's form, each with its line break. */
  readonly stderr: string;
  /** What `--debug` shows after an error: when the templates ran, their output by file name; an empty line when they failed. */
  readonly invalidManifests?: string;
  /** The hooks that Helm had read by then, which `--debug` prints behind them or `--output-dir` writes. */
  readonly invalidHooks?: readonly RenderedHook[];
  readonly error?: RenderError;
}

/** Why nothing was rendered. */
export interface RenderError extends Diagnostic {
  /** Helm's whole text after `Error: `, with the hint at `--debug` where Helm adds it; a byte string. */
  readonly helmText: string;
}

/** What one render carries from stage to stage. */
interface Render {
  readonly request: RenderRequest;
  readonly engine: HelmEngine;
  readonly profile: Profile;
  readonly lines: ChartWarning[];
}

/** Every rendered file by path, as the templates gave it: before NOTES.txt goes, documents are split and heads read. */
export interface RenderedFiles {
  readonly files: ReadonlyMap<string, string>;
  readonly stderr: string;
  readonly error?: RenderError;
}

/** Renders a chart: pkg/cmd/install.go and pkg/action/install.go (Helm 4.2.4) in their order. */
export function renderChart(request: RenderRequest, engine: HelmEngine): RenderResult {
  const render = startRender(request, engine);
  let files: Map<string, string> | undefined;
  const hooks: RenderedHook[] = [];
  try {
    const chart = ChartNode.of(request.chart);
    const rendered = executeTemplates(render, chart);
    const notes = takeNotes(rendered, chart);
    files = postRender(render, rendered);
    const sorted = sortManifests(files, render.profile, (line) => render.lines.push(line), {
      hooks,
      readHead: (document) => engine.readHead(document, render.profile),
    });
    return finish(render, { ...sorted, crds: request.includeCrds === true ? crdDocuments(chart) : [] }, notes);
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    const failure = failed(render, error);
    if (files === undefined) return error.hasRelease ? { ...failure, invalidManifests: "\n" } : failure;
    return { ...failure, invalidManifests: printInvalid(files), invalidHooks: wantedHooks(request, hooks) };
  }
}

/** As `renderChart`, but stops at the files. */
export function renderChartFiles(request: RenderRequest, engine: HelmEngine): RenderedFiles {
  const render = startRender(request, engine);
  try {
    const files = executeTemplates(render, ChartNode.of(request.chart));
    return { files, stderr: said(render).stderr };
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    const { stderr, error: renderError } = failed(render, error);
    return { files: new Map(), stderr, ...(renderError ? { error: renderError } : {}) };
  }
}

/** Every rendered file with its trace, and what the paths in the traces mean. */
export interface TracedFiles {
  readonly traces: ReadonlyMap<string, Trace>;
  /** A path that was read, as keys in the root chart's values; undefined for what is no value (`.Release`, `.Chart`). */
  valuesPathOf(path: ValuePath): (string | number)[] | undefined;
}

/** Renders a second time to learn where the output comes from; undefined where the chart does not render. */
export function traceChartFiles(request: RenderRequest, engine: HelmEngine): TracedFiles | undefined {
  const render = startRender(request, engine);
  try {
    const chart = ChartNode.of(request.chart);
    const values = mergeRequestValues(render);
    checkChart(render);
    return traceFiles(render, prepareTemplates(render, chart, values));
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    return undefined;
  }
}

function traceFiles({ request, engine, profile }: Render, templates: ReadonlyMap<string, Renderable>): TracedFiles {
  const recorder = new TraceRecorder();
  const roots = new Map<string, readonly string[]>();
  for (const { dot, valuesPath } of templates.values()) {
    const name = [".Values", ...valuesPath].join(".");
    roots.set(name, valuesPath);
    recorder.root(dot.get("Values") as object, name);
  }
  const traces = new Map<string, Trace>();
  const context = { ...defaultContext(), ...request.context, trace: recorder };
  renderTemplates(templates, { profile, parse: engine.parse, context, traces });
  return {
    traces,
    valuesPathOf: (path) => {
      const [root, ...steps] = path.segments();
      const above = roots.get(String(root));
      return above === undefined ? undefined : [...above, ...steps];
    },
  };
}

function postRender({ request, profile, lines }: Render, files: Map<string, string>): Map<string, string> {
  const { postRenderer } = request;
  if (postRenderer === undefined) return files;
  return postRenderFiles(files, (manifests) => postRenderer(manifests, (line) => lines.push(line)), profile);
}

function startRender(request: RenderRequest, engine: HelmEngine): Render {
  return { request, engine, profile: request.profile ?? defaultProfile, lines: [...request.chart.warnings] };
}

function executeTemplates(render: Render, chart: ChartNode): Map<string, string> {
  const values = mergeRequestValues(render);
  checkChart(render);
  const templates = prepareTemplates(render, chart, values);
  return renderFiles(render, templates);
}

function mergeRequestValues({ request, engine, profile }: Render): Table {
  return mergeLayers(
    request.valuesLayers,
    request.sets,
    (text) => engine.readValues(text, profile),
    request.readSetFile,
  );
}

/** What Helm refuses or says about the chart and the release before it looks at values. */
function checkChart(render: Render): void {
  const { chart, release } = render.request;
  const { type, deprecated, dependencies } = chart.metadata;
  if (type !== "" && type !== "application")
    throw new HelmError("chart-not-installable", `${type} charts are not installable`);
  if (deprecated) render.lines.push({ level: "WARN", message: "this chart is deprecated" });
  if (chart.metadata.apiVersion === "v3") {
    checkVersion3Dependencies(chart);
    throw new HelmError("chart-invalid", "invalid chart apiVersion");
  }
  const present = new Set(chart.dependencies.map((subchart) => subchart.metadata.name));
  const missing = (dependencies ?? []).map(({ name }) => name).filter((name) => !present.has(name));
  if (missing.length > 0) {
    throw dependencyError(`found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}`);
  }
  checkReleaseName(render, release.name);
}

function dependencyError(reason: string): HelmError {
  return new HelmError(
    "chart-dependency-missing",
    `an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: ${reason}`,
    { place: { file: "Chart.yaml" } },
  );
}

/** The list of dependencies that Helm makes of a v3 chart has as many places as the chart has subcharts (pkg/chart/common.go). */
function checkVersion3Dependencies({ metadata, dependencies }: Chart): void {
  const wanted = metadata.dependencies ?? [];
  if (wanted.length > dependencies.length) {
    const message =
      "unsupported: a chart of apiVersion v3 with fewer subcharts than dependencies, over which Helm panics";
    throw new HelmError("chart-dependency-missing", message, { place: { file: "Chart.yaml" } });
  }
  if (wanted.length < dependencies.length) throw dependencyError("unsupported chart dependency type");
  const present = new Set(dependencies.map((subchart) => subchart.metadata.name));
  const missing = wanted.map(({ name }) => name).filter((name) => !present.has(name));
  if (missing.length > 0)
    throw dependencyError(`found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}`);
}

const validReleaseName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

function checkReleaseName(render: Render, name: string): void {
  let reason: string;
  if (name === "") reason = "no name provided";
  else if (name.length <= 53 && new RegExp(validReleaseName).test(name)) return;
  else reason = `invalid release name, must match regex ${validReleaseName} and the length must not be longer than 53`;
  const message = `release name ${quoteGo(name)}: ${reason}`;
  render.lines.push({ level: "ERROR", message: "release name check failed", attributes: [["error", message]] });
  throw new HelmError("release-name-invalid", `release name check failed: ${message}`);
}

/** Dependencies, capabilities, values and schema; gives the templates with their dots. */
function prepareTemplates(render: Render, chart: ChartNode, values: Table): Map<string, Renderable> {
  const { request, profile, engine } = render;
  const context: DependencyContext = {
    profile,
    warn: (message) => render.lines.push({ level: "INFO", message }),
    log: (line) => render.lines.push(line),
  };
  // Only a face can get the version wrong; Helm refuses it before anything else.
  const { kubeVersion, apiVersions = [] } = request.capabilities ?? {};
  const version =
    kubeVersion === undefined || kubeVersion === ""
      ? defaultKubeVersion(profile)
      : parseKubeVersion(kubeVersion, profile);
  const capabilities = new Capabilities(profile, version, apiVersions);
  let coalesced: Table;
  try {
    processDependencies(context, chart, values);
  } catch (error) {
    if (!(error instanceof CoalesceError)) throw error;
    render.lines.push({
      level: "ERROR",
      message: "chart dependencies processing failed",
      attributes: [["error", error.message]],
    });
    throw new HelmError("values-type-mismatch", `chart dependencies processing failed: ${error.message}`, {
      cause: error,
    });
  }
  try {
    coalesced = coalesceValues(context, chart, values);
  } catch (error) {
    if (error instanceof CoalesceError) throw new HelmError("values-type-mismatch", error.message, { cause: error });
    throw error;
  }
  if (request.skipSchemaValidation !== true) {
    validateAgainstSchema(chart, coalesced, {
      engine,
      profile,
      log: context.log,
      isDebug: request.isDebug === true,
    });
  }
  const required = chart.metadata.kubeVersion;
  if (required !== "" && !isCompatibleRange(required, version.normalized)) {
    throw new HelmError(
      "kube-version-incompatible",
      `chart requires kubeVersion: ${required} which is incompatible with Kubernetes ${version.version}`,
      { hasRelease: true, place: { file: "Chart.yaml" } },
    );
  }
  return allTemplates(chart, { profile, values: coalesced, release: releaseTable(request.release), capabilities });
}

function renderFiles(
  { request, engine, profile }: Render,
  templates: ReadonlyMap<string, Renderable>,
): Map<string, string> {
  return renderTemplates(templates, {
    profile,
    parse: engine.parse,
    sets: engine.templateSets(request.chart, profile),
    context: { ...defaultContext(), ...request.context },
  });
}

function printInvalid(files: ReadonlyMap<string, string>): string {
  const paths = [...files.keys()]
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .filter((path) => trimSpace(files.get(path)!) !== "");
  return `${trimSpace(paths.map((path) => `---\n# Source: ${path}\n${files.get(path)!}\n`).join(""))}\n`;
}

/** Takes every NOTES.txt out of the files; the chart's own is returned. */
function takeNotes(files: Map<string, string>, chart: ChartNode): string {
  const own = `${chart.name}/templates/NOTES.txt`;
  const notes = files.get(own) ?? "";
  for (const path of [...files.keys()]) if (path.endsWith("NOTES.txt")) files.delete(path);
  return notes;
}

function crdDocuments(chart: ChartNode): RenderedDocument[] {
  return crdFiles(chart).map(({ path, file }) => ({
    path,
    content: file.text,
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    name: "",
    isCrdFile: true,
  }));
}

function wantedHooks(request: RenderRequest, hooks: readonly RenderedHook[]): readonly RenderedHook[] {
  if (request.noHooks === true) return [];
  return hooks.filter((hook) => request.skipTests !== true || !hook.events.includes("test"));
}

function finish(render: Render, sorted: SortedManifests & { crds: RenderedDocument[] }, notes: string): RenderResult {
  const { request } = render;
  const documents = [...sorted.crds, ...sorted.manifests];
  const hooks = wantedHooks(request, sorted.hooks);
  return { ...said(render), manifests: printManifests(documents, hooks), documents, hooks, notes };
}

function failed(render: Render, error: HelmError): RenderResult {
  const hint = error.hasRelease ? "\n\nUse --debug flag to render out invalid YAML" : "";
  const origin = errorOrigin(error);
  const renderError: RenderError = {
    code: error.code,
    severity: "error",
    message: fromByteString(error.message),
    ...(origin ? { origin } : {}),
    helmText: error.helmText + hint,
  };
  return { ...said(render), manifests: "", documents: [], hooks: [], notes: "", error: renderError };
}

function errorOrigin(error: HelmError): Origin | undefined {
  if (!error.place) return undefined;
  const { file, line, column } = error.place;
  return {
    file: fromByteString(file),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

function said({ lines, profile }: Render): Pick<RenderResult, "warnings" | "stderr"> {
  return {
    warnings: lines.map(({ level, message }) => {
      const isNotice = level === "INFO" || level === "DEBUG";
      return {
        code: isNotice ? "helm-notice" : "helm-warning",
        severity: isNotice ? "info" : "warning",
        message: fromByteString(message),
      };
    }),
    stderr: lines.map((line) => formatLogLine(line, profile)).join(""),
  };
}
