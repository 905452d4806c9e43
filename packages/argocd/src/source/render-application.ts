import {
  findProfile,
  type Chart,
  type Installation,
  type Profile,
  type RenderRequest,
  type RenderResult,
} from "@tiphys/helm";
import { FileTreeError, type Diagnostic, type FileTree, type Origin } from "@tiphys/source";
import { ArgoError, NotKnownOffline, wrapError } from "../fault.ts";
import { DecodeError } from "../api/decode.ts";
import { defaultArgocdProfile, type ArgocdProfile } from "../profile.ts";
import { nestedString, type Unstructured } from "../unstructured.ts";
import {
  isHelmRepository,
  isOci,
  readApplication,
  type ApplicationSource,
  type ApplicationToRender,
  type SourceType,
} from "./application.ts";
import { directoryFiles, directoryObjects } from "./directory-source.ts";
import { buildEnvironment, type BuildEnvironment } from "./environment.ts";
import { helmCall } from "./helm-source.ts";
import { parseKubeVersion } from "./kube-version.ts";
import { buildKustomization } from "./kustomize.ts";
import { openSource, type OpenSource } from "./open-source.ts";
import { openRefs, refTargets, type RefRoots, type RefTargets } from "./references.ts";
import type { SourceResolvers } from "./resolvers.ts";
import { runHelm } from "./run-helm.ts";
import { treePath } from "./source-root.ts";
import { discoverType, explicitType, mergeSourceParameters } from "./source-type.ts";
import { openLists, splitManifests } from "./split-manifests.ts";
import { remoteText } from "./status.ts";
import { defaultInstanceLabel, track, type Tracking, type TrackingMethod } from "./tracking.ts";

export interface RenderApplicationOptions {
  readonly resolvers: SourceResolvers;
  readonly profile?: ArgocdProfile;
  /** Helm's profile where it is not the one that ships with Argo CD. */
  readonly helmProfile?: Profile;
  /** Version of the destination cluster, as `kubectl version` says it. */
  readonly kubeVersion?: string;
  /** `group/version` and `group/version/Kind` of the destination cluster. */
  readonly apiVersions?: readonly string[];
  readonly trackingMethod?: TrackingMethod;
  readonly instanceLabel?: string;
  readonly installationID?: string;
  readonly kustomizeBuildOptions?: string;
  /** Names of the kustomize versions that argocd-cm registers (`kustomize.path.…`). */
  readonly kustomizeVersions?: readonly string[];
  /** `helm.valuesFileSchemes` of argocd-cm. */
  readonly valuesFileSchemes?: readonly string[];
  /** Namespace of Argo CD itself. */
  readonly controlPlane?: string;
  /** Where the Application is declared. */
  readonly origin?: Origin;
  readonly environment?: string;
  /** What renders charts; default: Helm's mirror without a memory. An estate gives one that remembers, or the helm binary. */
  readonly render?: (request: RenderRequest) => RenderResult;
  /** Loads the chart in a folder; default: reads it anew. */
  readonly loadChart?: (tree: FileTree, folder: string, profile: Profile) => Chart;
}

/** What one source came to. */
export interface RenderedSource {
  /** undefined for a source that generates nothing. */
  readonly type?: SourceType;
  /** The commands that Argo CD would run, as it reports them. */
  readonly commands: readonly string[];
  readonly manifests: readonly Unstructured[];
  /** What is installed; undefined for a source that generates nothing. */
  readonly installation?: Installation;
  readonly warnings: readonly Diagnostic[];
}

export interface RenderedApplication {
  /** Sources in order, up to the first that failed. */
  readonly sources: readonly RenderedSource[];
  /** All manifests in order, with tracking; empty after an error. */
  readonly manifests: readonly Unstructured[];
  /** Argo CD's own text. */
  readonly error?: string;
  /** The source that failed, from 0; -1 when it was the Application itself. */
  readonly failedSource?: number;
  /** Why it cannot be known here: `unsupported: …` or `wanted: …`. */
  readonly notKnown?: string;
  /** The Application's field at fault, as far as it is known. */
  readonly failedField?: readonly (string | number)[];
  /** The file of the repository at fault, where it is not the Application's own. */
  readonly failedOrigin?: Origin;
}

/** What all sources of an Application share. */
interface Rendering {
  readonly application: ApplicationToRender;
  readonly options: RenderApplicationOptions;
  readonly targets: RefTargets;
  readonly helmProfile: Profile;
}

/**
 * The manifests that Argo CD's repo-server makes of an Application, source by source. Users' faults come back as `error`.
 * Mirrors Argo CD v3.6.1 reposerver/repository and what the application controller asks of it.
 */
export function renderApplication(object: Unstructured, options: RenderApplicationOptions): RenderedApplication {
  const sources: RenderedSource[] = [];
  try {
    const rendering = prepare(object, options);
    const { application } = rendering;
    for (const [index, source] of application.sources.entries()) {
      try {
        sources.push(renderSource(source, index, rendering));
      } catch (error) {
        const fault = asArgoError(error);
        const place = placeOfFault(fault, application.hasMultipleSources ? ["sources", index] : ["source"]);
        const failed = { sources, manifests: [], failedSource: index, ...place };
        if (fault instanceof NotKnownOffline) return { ...failed, notKnown: fault.message };
        const prefix = `failed to generate manifest for source ${index + 1} of ${application.sources.length}`;
        return { ...failed, error: `${prefix}: ${remoteText(fault)}` };
      }
    }
    return { sources, manifests: sources.flatMap((source) => source.manifests) };
  } catch (error) {
    if (error instanceof NotKnownOffline) return { sources, manifests: [], notKnown: error.message, failedSource: -1 };
    const fault = asArgoError(error);
    const failed = { sources, manifests: [], error: fault.message, failedSource: -1 };
    if (!(fault instanceof DecodeError)) return failed;
    return { ...failed, failedField: fault.path.map((step) => (/^\d+$/.test(step) ? Number(step) : step)) };
  }
}

function placeOfFault(
  fault: Error,
  source: readonly (string | number)[],
): Pick<RenderedApplication, "failedField" | "failedOrigin"> {
  if (!(fault instanceof ArgoError)) return { failedField: ["spec", ...source] };
  return {
    failedField: ["spec", ...source, ...(fault.sourcePath ?? [])],
    ...(fault.origin === undefined ? {} : { failedOrigin: fault.origin }),
  };
}

/** Users' faults of the packages below; anything else is ours and goes on. */
function asArgoError(error: unknown): Error {
  if (error instanceof ArgoError || error instanceof DecodeError) return error;
  if (error instanceof FileTreeError)
    return new ArgoError(`repository contains out-of-bounds symlinks. file: ${error.path}`);
  throw error;
}

function prepare(object: Unstructured, options: RenderApplicationOptions): Rendering {
  const application = readApplication(object, options.controlPlane);
  if (application.isHydrated) throw new NotKnownOffline("unsupported: spec.sourceHydrator");
  const { helm } = options.profile ?? defaultArgocdProfile;
  const helmProfile = options.helmProfile ?? (findProfile(helm) as Profile);
  try {
    return { application, options, targets: refTargets(application.sources), helmProfile };
  } catch (error) {
    throw wrapError("failed to get ref sources", error);
  }
}

const nothing: RenderedSource = { commands: [], manifests: [], warnings: [] };

function renderSource(source: ApplicationSource, index: number, rendering: Rendering): RenderedSource {
  const { application, options, targets } = rendering;
  const hasPath = nestedString(source, "path") !== "";
  const isChart = isHelmRepository(source);
  const multiple = application.hasMultipleSources;
  if (multiple && !hasPath && !isChart && !isOci(source) && nestedString(source, "ref") !== "") return nothing;
  const repoURL = nestedString(source, "repoURL");
  let refRoots: RefRoots = new Map();
  const opened = openSource(source, options.resolvers, (commit) => {
    if (!multiple) return;
    const own = { repoURL, revision: nestedString(source, "targetRevision"), commit };
    refRoots = openRefs({ source, own }, targets, options.resolvers.repository);
  });
  if (multiple && !hasPath && !isChart) return nothing;
  const environment = buildEnvironment({
    applicationName: application.instanceName,
    namespace: application.destinationNamespace,
    project: application.project,
    revision: opened.revision,
    repoURL,
    path: nestedString(source, "path"),
    targetRevision: nestedString(source, "targetRevision"),
  });
  const { merged, type } = sourceType(source, opened, application);
  const context: SourceContext = { rendering, index, source: merged, opened, environment, refRoots };
  const raw = rawManifests(type, context);
  const tracking = trackingOf(application, options);
  const manifests = openLists(raw.objects).map((object) => track(object, tracking));
  return {
    type,
    commands: raw.commands,
    manifests,
    installation: installation(context, raw.source),
    warnings: raw.warnings,
  };
}

function sourceType(
  source: ApplicationSource,
  opened: OpenSource,
  application: ApplicationToRender,
): { merged: ApplicationSource; type: SourceType } {
  const prefix = "error getting app source type";
  try {
    let merged: ApplicationSource;
    try {
      merged = mergeSourceParameters(source, opened.root, opened.folder, application.instanceName);
    } catch (error) {
      throw wrapError("error while parsing source parameters", error);
    }
    return { merged, type: explicitType(merged) ?? discoverType(opened.root, opened.folder) };
  } catch (error) {
    throw wrapError(prefix, error);
  }
}

function trackingOf(application: ApplicationToRender, options: RenderApplicationOptions): Tracking {
  return {
    method: options.trackingMethod ?? "annotation",
    instanceLabel: options.instanceLabel ?? defaultInstanceLabel,
    installationID: options.installationID ?? "",
    application: application.instanceName,
    namespace: application.destinationNamespace,
  };
}

interface SourceContext {
  readonly rendering: Rendering;
  readonly index: number;
  /** After `.argocd-source.yaml`. */
  readonly source: ApplicationSource;
  readonly opened: OpenSource;
  readonly environment: BuildEnvironment;
  readonly refRoots: RefRoots;
}

interface RawManifests {
  readonly objects: readonly Unstructured[];
  readonly commands: readonly string[];
  readonly source: Installation["source"];
  readonly warnings: readonly Diagnostic[];
}

function rawManifests(type: SourceType, context: SourceContext): RawManifests {
  switch (type) {
    case "Helm":
      return helmManifests(context);
    case "Kustomize":
      return kustomizeManifests(context);
    case "Directory": {
      const { root, folder } = context.opened;
      const files = directoryFiles(context.source, root, folder);
      const paths = files.map((file) => treePath(root, folder === "" ? file.path : `${folder}/${file.path}`));
      const source = { kind: "manifests", path: treePath(root, folder), files: paths } as const;
      const objects = directoryObjects(files, (file) => paths[files.indexOf(file)]!);
      return { objects, commands: [], source, warnings: [] };
    }
    case "Plugin":
      throw new NotKnownOffline(
        `unsupported: config management plugin ${nestedString(context.source, "plugin", "name")}`.trim(),
      );
  }
}

function helmManifests(context: SourceContext): RawManifests {
  const { application, options, targets, helmProfile } = context.rendering;
  const { opened, source } = context;
  const call = helmCall(source, {
    root: opened.root,
    chartFolder: opened.folder,
    environment: context.environment,
    schemes: options.valuesFileSchemes ?? ["https", "http"],
    // Without `sources` no ref is known, so `$name` is a variable like any other.
    refs: application.hasMultipleSources ? targets : new Map(),
    refRoots: context.refRoots,
    ignoreMissing:
      source.get("helm") instanceof Map &&
      (source.get("helm") as ApplicationSource).get("ignoreMissingValueFiles") === true,
    applicationName: application.name,
    destinationNamespace: application.destinationNamespace,
    clusterVersion: options.kubeVersion ?? "",
    clusterApiVersions: options.apiVersions ?? [],
    chart: opened.chart,
    origin: sourceOrigin(context),
  });
  const { render, loadChart, resolvers } = options;
  const { manifests, warnings } = runHelm(call, opened, {
    profile: helmProfile,
    render,
    loadChart,
    charts: resolvers.charts,
  });
  return { objects: splitManifests(manifests), commands: [call.command], source: call.source, warnings };
}

function kustomizeManifests(context: SourceContext): RawManifests {
  const { options } = context.rendering;
  const { opened, source } = context;
  const runner = options.resolvers.kustomize;
  if (runner === undefined) throw new NotKnownOffline("unsupported: kustomize is not at hand");
  const own = source.get("kustomize") ?? null;
  const version = nestedString(own, "version");
  if (version !== "") {
    if (!(options.kustomizeVersions ?? []).includes(version))
      throw new ArgoError(`error getting kustomize binary path: kustomize version ${version} is not registered`);
    throw new NotKnownOffline(`unsupported: kustomize version ${version} of argocd-cm`);
  }
  const result = buildKustomization(
    {
      source,
      root: opened.root,
      folder: opened.folder,
      environment: context.environment,
      buildOptions: options.kustomizeBuildOptions ?? "",
      kubeVersion: parseKubeVersion(nestedString(own, "kubeVersion") || (options.kubeVersion ?? "")),
      apiVersions: [...(options.apiVersions ?? [])].sort(),
    },
    runner,
  );
  const path = treePath(opened.root, opened.folder);
  return {
    objects: splitManifests(result.manifests),
    commands: result.commands,
    source: { kind: "manifests", path, files: [] },
    warnings: [],
  };
}

function sourceOrigin({ rendering, index }: SourceContext): Origin {
  const { application, options } = rendering;
  const path = application.hasMultipleSources ? `spec.sources[${index}]` : "spec.source";
  return { ...(options.origin ?? { file: application.name }), path };
}

function installation(context: SourceContext, source: Installation["source"]): Installation {
  const { application, options } = context.rendering;
  const environment = options.environment ?? "";
  const suffix = application.sources.length > 1 ? `/${context.index}` : "";
  return {
    id: `argocd/${environment}/${application.instanceName}${suffix}`,
    environment,
    name: application.name,
    origin: sourceOrigin(context),
    namespace: application.destinationNamespace,
    cluster: application.destinationCluster,
    source,
  };
}
