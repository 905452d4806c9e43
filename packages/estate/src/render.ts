import type {
  Chart,
  HelmSource,
  Installation,
  ManifestsSource,
  Profile,
  RenderRequest,
  RenderResult,
  TracedFiles,
} from "@tiphys/helm";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic, FileTree } from "@tiphys/source";
import type { ChartFinder } from "./chart-answer.ts";
import { referenceText } from "./charts.ts";
import type { RenderedChart } from "./explain/field-cause.ts";
import type { RenderedDocument, RenderedObject } from "./objects.ts";
import { readObjects } from "./objects.ts";

/** What renders one chart: Helm's own code mirrored here, or the `helm` binary. */
export interface RenderEngine {
  /** `tiphys` or `helm v4.3.1`; stands in reports. */
  readonly label: string;
  /** Whether equal contexts give equal random data. */
  readonly isSeeded: boolean;
  render(request: RenderRequest): RenderResult;
  /** Renders once more with a trace of where the output comes from; absent: this engine cannot tell. */
  trace?(request: RenderRequest): TracedFiles | undefined;
}

export interface RenderContext {
  readonly tree: FileTree;
  readonly engine: RenderEngine;
  readonly charts: ChartFinder;
  /** `--kube-version` and `--api-versions` where the installation gives none. */
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly profile?: Profile;
  /** Clock, zone and randomness; made anew for each render, so that equal charts see equal random data. */
  readonly context?: () => NonNullable<RenderRequest["context"]>;
}

/** What became of one installation. */
export interface Rendering {
  readonly installation: Installation;
  readonly status: "rendered" | "wanted" | "unsupported" | "failed";
  /** Kind and hook events of every document, known without reading it whole. */
  readonly heads: readonly { readonly kind: string; readonly helmHooks: readonly string[] }[];
  /** Read when they are first asked for. */
  readonly objects: readonly RenderedObject[];
  readonly chart: Chart | undefined;
  /** Exactly what `helm template` prints, or the committed manifests, as a byte string. May be made when it is first asked for. */
  readonly manifests: string;
  /** The chart that is not here, when the status is `wanted`. */
  readonly wanted?: string;
  /** The chart as it was rendered, for who wants to know where a field comes from; undefined for manifests. */
  readonly renderedChart?: RenderedChart;
  readonly diagnostics: readonly Diagnostic[];
}

/** Renders one installation. Faults are in the result; nothing is thrown for a broken chart or values file. */
export function renderInstallation(installation: Installation, context: RenderContext): Rendering {
  const { source } = installation;
  switch (source.kind) {
    case "helm":
      return renderHelm(installation, source, context);
    case "manifests":
      return readManifests(installation, source, context.tree);
    case "unsupported":
      return failure(installation, "unsupported", {
        code: source.code,
        severity: "error",
        message: source.reason,
        origin: installation.origin,
      });
  }
}

function renderHelm(installation: Installation, source: HelmSource, context: RenderContext): Rendering {
  const answer = context.charts.find(source.chart, source.chartAlias);
  if (answer.kind === "wanted") {
    const wanted = failure(installation, "wanted", {
      code: "chart-wanted",
      severity: "error",
      message: `chart wanted: ${answer.text}`,
      origin: installation.origin,
      fix: "map it to a folder or archive under charts.overrides in tiphys.yaml, or let it be fetched",
    });
    return { ...wanted, wanted: answer.text };
  }
  if (answer.kind === "failed") return failure(installation, "failed", withWho(answer.diagnostic, installation));
  const kubeVersion = source.kubeVersion ?? context.kubeVersion;
  const request: RenderRequest = {
    chart: answer.chart,
    valuesLayers: source.valuesLayers,
    sets: source.sets,
    release: {
      name: source.releaseName,
      namespace: installation.namespace === "" ? "default" : installation.namespace,
    },
    capabilities: {
      ...(kubeVersion === undefined ? {} : { kubeVersion }),
      apiVersions: source.apiVersions.length > 0 ? source.apiVersions : (context.apiVersions ?? []),
    },
    includeCrds: source.includeCrds,
    skipTests: source.skipTests,
    noHooks: source.noHooks,
    skipSchemaValidation: source.skipSchemaValidation,
    ...(context.profile === undefined ? {} : { profile: context.profile }),
    ...(context.context === undefined ? {} : { context: context.context() }),
  };
  const result = context.engine.render(request);
  if (result.error !== undefined) {
    const error = inChart(
      result.error,
      answer.chart.metadata.name,
      answer.place.tree === context.tree ? answer.place.path : undefined,
    );
    return { ...failure(installation, "failed", withWho(error, installation)), chart: answer.chart };
  }
  let read: ReturnType<typeof readObjects> | undefined;
  const objects = (): ReturnType<typeof readObjects> =>
    (read ??= readObjects(renderedDocuments(result), installation.namespace));
  return {
    installation,
    status: "rendered",
    heads: [
      ...result.documents.map(({ kind, isCrdFile }) => ({
        kind: isCrdFile ? "CustomResourceDefinition" : kind,
        helmHooks: [],
      })),
      ...result.hooks.map(({ kind, events }) => ({ kind, helmHooks: events })),
    ],
    get objects() {
      return objects().objects;
    },
    chart: answer.chart,
    get manifests() {
      return result.manifests;
    },
    renderedChart: {
      request,
      chartFolder:
        answer.place.tree === context.tree || source.chart.kind === "path"
          ? answer.place.path
          : referenceText(source.chart),
      layerPrefix: "",
    },
    get diagnostics() {
      return [...result.warnings, ...objects().diagnostics];
    },
  };
}

/** The documents and hooks of a rendering, each a text of its own. */
function renderedDocuments({ documents, hooks }: RenderResult): RenderedDocument[] {
  return [...documents, ...hooks].flatMap(({ path, content, isCrdFile }) =>
    splitCrdFile(content, isCrdFile).map((text): RenderedDocument => ({ source: path, text: `${text}\n` })),
  );
}

/** The place of a fault in a chart (`web/templates/x.yaml`) as a place in the workspace, where the chart lies there. */
function inChart(error: Diagnostic, name: string, folder: string | undefined): Diagnostic {
  const { origin } = error;
  if (folder === undefined || origin === undefined || !origin.file.startsWith(`${name}/`)) return error;
  return { ...error, origin: { ...origin, file: folder + origin.file.slice(name.length) } };
}

/** A file under `crds/` is printed as it is and may hold several documents. */
function splitCrdFile(text: string, isCrdFile: boolean): string[] {
  return isCrdFile ? text.split(/^---[ \t]*(?:#.*)?$/m).filter((part) => part.trim() !== "") : [text];
}

function readManifests(installation: Installation, source: ManifestsSource, tree: FileTree): Rendering {
  const documents: RenderedDocument[] = [];
  let manifests = "";
  for (const file of source.files) {
    const bytes = tree.read(file);
    if (bytes === undefined) continue;
    const text = bytesToByteString(bytes);
    manifests += text;
    let line = 1;
    for (const part of text.split(/^(?=---[ \t]*(?:#.*)?$)/m)) {
      documents.push({ source: file, text: part, line: line + (part.startsWith("---") ? 1 : 0) });
      line += part.split("\n").length - 1;
    }
  }
  const { objects, diagnostics } = readObjects(documents, installation.namespace);
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  return {
    installation,
    status: failed ? "failed" : "rendered",
    heads: objects,
    objects,
    chart: undefined,
    manifests,
    diagnostics,
  };
}

function failure(
  installation: Installation,
  status: "wanted" | "unsupported" | "failed",
  diagnostic: Diagnostic,
): Rendering {
  return { installation, status, heads: [], objects: [], chart: undefined, manifests: "", diagnostics: [diagnostic] };
}

/** The fault with the release or Application that meets it, where its place is not that one already. */
function withWho(fault: Diagnostic, { origin, name, environment }: Installation): Diagnostic {
  if (fault.origin?.file === origin.file && fault.origin.path === origin.path) return fault;
  return { ...fault, related: [{ origin, message: `needed by ${fromByteString(name)} in ${environment}` }] };
}
