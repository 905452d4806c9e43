import type {
  ArgocdProfile,
  ArgoNode,
  ChartResolver,
  ClusterSecret,
  Fixture,
  KustomizeRunner,
  Project,
  RenderedApplication,
  ResolvedChart,
  RolloutStrategy,
} from "@tiphys/argocd";
import {
  defaultArgocdProfile,
  defaultProject,
  discoverArgo,
  expandApplicationSet,
  findArgocdProfile,
  normalizeGitUrl,
  readProject,
  readStrategy,
  renderApplication,
  Repositories,
} from "@tiphys/argocd";
import type { GoValue } from "@tiphys/gotemplate";
import { fromByteString } from "@tiphys/gotemplate";
import type { Chart, ChartReference, Installation, Profile, RenderRequest, RenderResult } from "@tiphys/helm";
import { defaultProfile, loadChart, readArchive } from "@tiphys/helm";
import type { Diagnostic, FileTree, Origin, Plain } from "@tiphys/source";
import { MemoryTree, toPlain } from "@tiphys/source";
import type { ChartFinder } from "./chart-answer.ts";
import type { EnvironmentSettings, EstateFile } from "./estate-file.ts";
import type { RenderedChart } from "./explain/field-cause.ts";
import type { RenderedObject } from "./objects.ts";
import { describeObject } from "./objects.ts";
import type { RenderEngine } from "./render.ts";
import { SubTree } from "./sub-tree.ts";

export interface ArgocdSideOptions {
  readonly tree: FileTree;
  readonly estateFile: EstateFile;
  readonly environment: EnvironmentSettings;
  readonly charts: ChartFinder;
  readonly engine: RenderEngine;
  /** Seed, clock and zone for templates, made anew for each render; the same on both sides of a proof. */
  readonly context?: () => NonNullable<RenderRequest["context"]>;
  readonly kustomize?: KustomizeRunner;
  /** Milliseconds since 1970, for `now` in ApplicationSets. */
  readonly now?: number;
  /** Cluster Secrets for cluster generators. */
  readonly clusters?: readonly ClusterSecret[];
  /** Recorded parameters of generators that need a network. */
  readonly fixtures?: readonly Fixture[];
}

/** One Application as Argo CD would have it. */
export interface ExpandedApplication {
  readonly environment: string;
  readonly name: string;
  readonly project: string;
  /** Destination namespace. */
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  /** The Application's manifest. */
  readonly application: Map<string, GoValue>;
  /** Where its parameters come from, else where it is written. */
  readonly origin: Origin;
  /** `ApplicationSet argocd/platform`, for what an ApplicationSet made. */
  readonly parents: readonly string[];
  readonly params: Plain;
}

/** One ApplicationSet and how it rolls out. */
export interface ExpandedApplicationSet {
  readonly name: string;
  readonly origin: Origin;
  readonly strategy: RolloutStrategy;
  /** Names of its Applications, in the order of generation. */
  readonly applications: readonly string[];
}

/** An Application with what it renders to. */
export interface RenderedArgoApplication {
  readonly application: ExpandedApplication;
  readonly status: "rendered" | "wanted" | "unsupported" | "failed";
  readonly objects: readonly RenderedObject[];
  readonly installations: readonly Installation[];
  readonly diagnostics: readonly Diagnostic[];
  /** Commands that Argo CD would run. */
  readonly commands: readonly string[];
  readonly charts: readonly Chart[];
  /** The same as they were rendered, for who wants to know where a field comes from. */
  readonly renderedCharts: readonly RenderedChart[];
  /** Committed manifests that were read, in the workspace. */
  readonly files: readonly string[];
}

/** Argo CD's side of one environment: expands at once, renders when asked. */
export class ArgocdSide {
  readonly applications: readonly ExpandedApplication[];
  /** ApplicationSets with their strategy and the names of what they make, sorted by name. */
  readonly applicationSets: readonly ExpandedApplicationSet[];
  /** AppProjects by name; `default` is there always. */
  readonly projects: ReadonlyMap<string, Project>;
  readonly diagnostics: readonly Diagnostic[];
  readonly #options: ArgocdSideOptions;
  readonly #profile: ArgocdProfile;
  readonly #gitopsTree: FileTree;
  readonly #prefix: string;
  readonly #charts = new WeakMap<FileTree, Map<string, Chart>>();
  readonly #chartFolders = new WeakMap<Chart, string>();

  constructor(options: ArgocdSideOptions) {
    this.#options = options;
    const folder = gitopsFolder(options.estateFile);
    this.#prefix = folder === "" ? "" : `${folder}/`;
    this.#gitopsTree = folder === "" ? options.tree : new SubTree(options.tree, folder);
    this.#profile = findArgocdProfile(options.estateFile.argocd.version) ?? defaultArgocdProfile;
    const discovery = this.#discover();
    this.applications = discovery.applications;
    this.applicationSets = discovery.applicationSets;
    this.projects = discovery.projects;
    this.diagnostics = discovery.diagnostics;
  }

  #discover(): Pick<ArgocdSide, "applications" | "applicationSets" | "projects" | "diagnostics"> {
    const { estateFile, environment } = this.#options;
    const folder = `environments/${environment.name}/argocd`;
    const paths =
      this.#gitopsTree.kind(folder) === "directory"
        ? [folder]
        : this.#gitopsTree.kind("environments") === undefined
          ? [""]
          : [];
    if (paths.length === 0) return { applications: [], applicationSets: [], projects: new Map(), diagnostics: [] };
    const repositories = new Repositories((repoURL) => this.#repository(repoURL));
    const projects = discoverProjects(this.#gitopsTree, paths);
    const discovery = discoverArgo({
      tree: this.#gitopsTree,
      paths,
      controlPlane: estateFile.argocd.namespace,
      expand: (document) =>
        expandApplicationSet({
          document,
          repositories,
          projects,
          newGlobbing: estateFile.argocd.newGitFileGlobbing,
          now: this.#options.now ?? 0,
          clusters: this.#options.clusters ?? [],
          fixtures: this.#options.fixtures ?? [],
        }),
    });
    const applications = discovery.nodes
      .filter((node) => node.kind === "Application")
      .map((node) => this.#expanded(node));
    const applicationSets = discovery.nodes
      .filter((node) => node.kind === "ApplicationSet")
      .map((node) => ({
        name: fromByteString(node.name),
        origin: this.#place(node.origin),
        strategy: readStrategy(node.value),
        applications: (node.expansion?.applications ?? []).map(({ application }) => nameOf(application)),
      }));
    const readProjects = new Map<string, Project>([["default", defaultProject({ file: "default" })]]);
    for (const node of discovery.nodes) {
      if (node.kind === "AppProject") readProjects.set(node.name, readProject(node.value, this.#place(node.origin)));
    }
    return {
      applications,
      applicationSets,
      projects: readProjects,
      diagnostics: discovery.diagnostics.map((diagnostic) => this.#inWorkspace(diagnostic)),
    };
  }

  #expanded(node: ArgoNode): ExpandedApplication {
    const plain = toPlain(node.value) as PlainMap;
    const metadata = mapOf(plain["metadata"]);
    const spec = mapOf(plain["spec"]);
    return {
      environment: this.#options.environment.name,
      name: fromByteString(node.name),
      project: String(spec["project"] ?? "default"),
      namespace: String(mapOf(spec["destination"])["namespace"] ?? ""),
      labels: textMap(metadata["labels"]),
      annotations: textMap(metadata["annotations"]),
      application: node.value,
      origin: this.#place(node.generated?.origins.at(-1) ?? node.origin),
      parents: [...node.parents],
      params: toPlain(node.generated?.params ?? null),
    };
  }

  /** Renders one Application with the engine that both sides of a comparison share. */
  render(application: ExpandedApplication): RenderedArgoApplication {
    const { estateFile, engine, context, kustomize } = this.#options;
    const used: RenderRequest[] = [];
    const rendered = renderApplication(application.application, {
      resolvers: {
        repository: (repoURL) => this.#repository(repoURL),
        charts: this.#chartResolver(),
        ...(kustomize === undefined ? {} : { kustomize }),
      },
      profile: this.#profile,
      ...(estateFile.kubernetes.version === undefined ? {} : { kubeVersion: estateFile.kubernetes.version }),
      apiVersions: estateFile.kubernetes.apiVersions,
      controlPlane: estateFile.argocd.namespace,
      origin: application.origin,
      environment: application.environment,
      loadChart: (tree, folder, helm) => this.#loadChart(tree, folder, helm),
      render: (request: RenderRequest): RenderResult => {
        used.push(request);
        return engine.render({ ...request, ...(context === undefined ? {} : { context: context() }) });
      },
    });
    return this.#outcome(application, rendered, used);
  }

  /** Each chart once; a chart that many Applications share shares its compiled templates, too. */
  #loadChart(tree: FileTree, folder: string, profile: Profile): Chart {
    const known = this.#charts.get(tree) ?? new Map<string, Chart>();
    this.#charts.set(tree, known);
    const chart = known.get(folder) ?? loadChart(tree, folder, { profile, displayPath: "." });
    known.set(folder, chart);
    this.#chartFolders.set(
      chart,
      tree === this.#gitopsTree ? this.#prefix + folder : folder === "" ? tree.label : folder,
    );
    return chart;
  }

  #outcome(
    application: ExpandedApplication,
    rendered: RenderedApplication,
    requests: readonly RenderRequest[],
  ): RenderedArgoApplication {
    const installations = rendered.sources.flatMap(({ installation }) =>
      installation === undefined ? [] : [installation],
    );
    const common = {
      application,
      installations,
      commands: rendered.sources.flatMap((source) => source.commands.map(fromByteString)),
      charts: requests.map(({ chart }) => chart),
      renderedCharts: requests.map((request) => ({
        request,
        chartFolder: this.#chartFolders.get(request.chart) ?? request.chart.metadata.name,
        layerPrefix: this.#prefix,
      })),
      files: installations.flatMap(({ source }) =>
        source.kind === "manifests" ? source.files.map((file) => this.#prefix + file) : [],
      ),
    };
    const problem = rendered.notKnown ?? rendered.error;
    if (problem !== undefined) {
      const status = problem.startsWith("wanted")
        ? "wanted"
        : rendered.notKnown !== undefined
          ? "unsupported"
          : "failed";
      const message = fromByteString(problem);
      const problemCode =
        status === "wanted"
          ? "chart-wanted"
          : status === "unsupported"
            ? "application-unsupported"
            : "application-failed";
      return {
        ...common,
        status,
        objects: [],
        diagnostics: [{ code: problemCode, severity: "error", message, origin: application.origin }],
      };
    }
    const objects = rendered.sources.flatMap((source) =>
      source.manifests.map((manifest) =>
        describeObject(
          toPlain(manifest) as PlainMap,
          this.#manifestOrigin(source.installation, application),
          application.namespace,
        ),
      ),
    );
    return {
      ...common,
      status: "rendered",
      objects,
      diagnostics: rendered.sources.flatMap((source) => source.warnings),
    };
  }

  #manifestOrigin(installation: Installation | undefined, application: ExpandedApplication): Origin {
    const source = installation?.source;
    if (source?.kind === "manifests" && source.files.length > 0) return { file: this.#prefix + source.files[0]! };
    return application.origin;
  }

  /** The GitOps repository is the folder in the workspace, at whatever revision; nothing is known of others. */
  #repository(repoURL: string): { tree: FileTree } | undefined {
    const own = this.#options.estateFile.gitops.repoURL;
    return own === "" || normalizeGitUrl(repoURL) === normalizeGitUrl(own) ? { tree: this.#gitopsTree } : undefined;
  }

  #chartResolver(): ChartResolver {
    return {
      versions: (repoURL, chart) => {
        const answer = this.#options.charts.find(reference(repoURL, chart, ""));
        return answer.kind === "chart" ? [fromByteString(answer.chart.metadata.version)] : undefined;
      },
      chart: (repoURL, chart, version): ResolvedChart | undefined => {
        const answer = this.#options.charts.find(
          reference(fromByteString(repoURL), fromByteString(chart), fromByteString(version)),
        );
        if (answer.kind !== "chart") return undefined;
        const { place } = answer;
        if (!place.isArchive) return { tree: place.tree, folder: place.path };
        const files = readArchive(place.tree.read(place.path) ?? new Uint8Array(), defaultProfile);
        return {
          tree: new MemoryTree(
            files.map((file) => [fromByteString(file.name), file.bytes] as const),
            place.path,
          ),
          folder: "",
        };
      },
    };
  }

  #inWorkspace(diagnostic: Diagnostic): Diagnostic {
    return diagnostic.origin === undefined ? diagnostic : { ...diagnostic, origin: this.#place(diagnostic.origin) };
  }

  /** A place in the GitOps tree as a place in the workspace. */
  #place(origin: Origin): Origin {
    return { ...origin, file: this.#prefix + origin.file };
  }
}

type PlainMap = Readonly<Record<string, Plain>>;

/** The GitOps repository's folder in the workspace, without slashes at its ends; "" for the workspace itself. */
export function gitopsFolder(estateFile: EstateFile): string {
  return estateFile.gitops.root.replace(/^\.\/?/, "").replace(/\/+$/, "");
}

function nameOf(application: Map<string, GoValue>): string {
  const metadata = application.get("metadata");
  const name = metadata instanceof Map ? metadata.get("name") : undefined;
  return typeof name === "string" ? fromByteString(name) : "";
}

function reference(repoURL: string, chart: string, version: string): ChartReference {
  if (!repoURL.includes("://")) return { kind: "oci", reference: `oci://${repoURL}/${chart}`, version };
  if (repoURL.startsWith("oci://"))
    return { kind: "oci", reference: `${repoURL.replace(/\/+$/, "")}/${chart}`, version };
  return { kind: "repository", repoURL, chart, version };
}

function discoverProjects(tree: FileTree, paths: readonly string[]): string[] {
  const discovery = discoverArgo({
    tree,
    paths,
    expand: () => ({ name: "", namespace: "", applications: [], params: [], warnings: [] }),
  });
  return discovery.nodes.filter((node) => node.kind === "AppProject").map((node) => node.name);
}

function mapOf(value: Plain | undefined): PlainMap {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as PlainMap) : {};
}

function textMap(value: Plain | undefined): Map<string, string> {
  return new Map(Object.entries(mapOf(value)).map(([key, text]) => [key, String(text)]));
}
