import type {
  ArgocdProfile,
  ArgoNode,
  ClusterSecret,
  Fixture,
  KustomizeRunner,
  Project,
  RenderedApplication,
  RenderedManifests,
  RenderingSettings,
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
  renderingSettings,
  Repositories,
  withGlobalProjects,
} from "@tiphys/argocd";
import type { GoValue } from "@tiphys/gotemplate";
import { fromByteString } from "@tiphys/gotemplate";
import type { Chart, Installation, Profile, RenderRequest, RenderResult } from "@tiphys/helm";
import { loadChart } from "@tiphys/helm";
import type { Diagnostic, FileTree, Origin, Plain } from "@tiphys/source";
import { fromPlain, toPlain } from "@tiphys/source";
import { applicationFault, fieldPlace } from "./application-fault.ts";
import { argocdChartReference, argocdCharts } from "./argocd-charts.ts";
import type { ChartFinder } from "./chart-answer.ts";
import type { EnvironmentSettings, EstateFile } from "./estate-file.ts";
import type { RenderedChart } from "./explain/field-cause.ts";
import type { RenderedObject } from "./objects.ts";
import { Producers } from "./may-produce.ts";
import { describeObject } from "./objects.ts";
import type { RenderEngine } from "./render.ts";
import { SubTree } from "./sub-tree.ts";
import { wantedClusters } from "./wanted-clusters.ts";

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
  /** The ConfigMap argocd-cm: global projects, tracking, kustomize, schemes of value files. */
  readonly argocdCm?: Map<string, GoValue>;
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
  /** AppProjects by name, with what they take over from global ones; `default` is there always. */
  readonly projects: ReadonlyMap<string, Project>;
  readonly diagnostics: readonly Diagnostic[];
  readonly #options: ArgocdSideOptions;
  readonly #profile: ArgocdProfile;
  readonly #settings: RenderingSettings;
  readonly #gitopsTree: FileTree;
  readonly #prefix: string;
  readonly #charts = new WeakMap<FileTree, Map<string, Chart>>();
  readonly #chartFolders = new WeakMap<Chart, string>();
  /** What was found, by the Application's manifest. */
  readonly #nodes = new WeakMap<Map<string, GoValue>, ArgoNode>();
  /** What had to be rendered to find what it produces. */
  readonly #rendered = new WeakMap<Map<string, GoValue>, RenderedArgoApplication>();

  /** Throws `SettingsError` where argocd-cm cannot be read. */
  constructor(options: ArgocdSideOptions) {
    this.#options = options;
    const folder = gitopsFolder(options.estateFile);
    this.#prefix = folder === "" ? "" : `${folder}/`;
    this.#gitopsTree = folder === "" ? options.tree : new SubTree(options.tree, folder);
    this.#profile = findArgocdProfile(options.estateFile.argocd.version) ?? defaultArgocdProfile;
    this.#settings = renderingSettings(options.argocdCm);
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
    const producers = new Producers({
      tree: this.#gitopsTree,
      repoURL: estateFile.gitops.repoURL,
      chart: (...names) => {
        const answer = this.#options.charts.find(argocdChartReference(...names));
        return answer.kind === "chart" ? answer.chart : undefined;
      },
    });
    const discovery = discoverArgo({
      tree: this.#gitopsTree,
      paths,
      controlPlane: estateFile.argocd.namespace,
      render: (node) => this.#produced(node, producers),
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
      projects: withGlobalProjects(readProjects, this.#options.argocdCm),
      diagnostics: [...discovery.diagnostics, ...wantedClusters(discovery.nodes, this.#options.clusters)].map(
        (diagnostic) => this.#inWorkspace(diagnostic),
      ),
    };
  }

  /** Applications, sets and projects that an Application's sources render to. */
  #produced(node: ArgoNode, producers: Producers): RenderedManifests {
    if (!producers.mayProduce(toPlain(node.value.get("spec") ?? null))) return { documents: [] };
    const rendered = this.render(this.#expanded(node));
    this.#rendered.set(node.value, rendered);
    const [fault] = rendered.diagnostics;
    if (rendered.status !== "rendered") return { reason: fault?.message ?? rendered.status };
    const documents = rendered.objects.map(({ value, origin }) => ({
      value: fromPlain(value) as Map<string, GoValue>,
      origin: { ...origin, file: origin.file.slice(this.#prefix.length) },
    }));
    return { documents };
  }

  #expanded(node: ArgoNode): ExpandedApplication {
    this.#nodes.set(node.value, node);
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
    const known = this.#rendered.get(application.application);
    if (known !== undefined) return { ...known, application };
    const { estateFile, engine, context, kustomize } = this.#options;
    const used: RenderRequest[] = [];
    const rendered = renderApplication(application.application, {
      resolvers: {
        repository: (repoURL) => this.#repository(repoURL),
        charts: argocdCharts(this.#options.charts),
        ...(kustomize === undefined ? {} : { kustomize }),
      },
      ...this.#settings,
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
    const fault = applicationFault(rendered, application, {
      inWorkspace: (origin) => this.#place(origin),
      node: this.#nodes.get(application.application),
    });
    if (fault !== undefined) return { ...common, status: fault.status, objects: [], diagnostics: [fault.diagnostic] };
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

  /** The place of a field of an Application, else of what is nearest above it, else what the Application is made from. */
  placeOf(application: ExpandedApplication, field: readonly (string | number)[]): Origin {
    const place = fieldPlace(this.#nodes.get(application.application), field);
    return place === undefined ? application.origin : this.#place(place);
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
