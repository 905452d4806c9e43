import type { Component, EnvironmentSettings, RenderedArgoApplication } from "@tiphys/estate";
import { gitopsFolder, isClusterScoped, readComponents } from "@tiphys/estate";
import { bytesToByteString, byteStringToBytes, fromByteString, toByteString } from "@tiphys/gotemplate";
import type { Diagnostic, FileTree } from "@tiphys/source";
import { readYamlDocuments, toPlain, YamlError } from "@tiphys/source";
import type { GeneratedFile, ProjectKinds } from "./application-sets.ts";
import { generateApplicationSets } from "./application-sets.ts";
import { releaseFaults } from "./faults.ts";
import { OverlayTree } from "./overlay-tree.ts";
import type { PivotInput, PivotView, ReleaseDecision } from "./pivot.ts";
import { argocdSideOf } from "./argocd-side.ts";
import type { PlannedFile, PlannedMove } from "./plan.ts";
import { planMove } from "./plan.ts";

/** What a run moves. Empty lists mean all. */
export interface MigrationSelection {
  readonly layers: readonly string[];
  /** Ids of releases. */
  readonly releases: ReadonlySet<string> | undefined;
  readonly environments: readonly string[];
}

export interface MigrationPlan {
  readonly moves: readonly PlannedMove[];
  /** All files that change, each once, sorted by path. */
  readonly files: readonly PlannedFile[];
  /** The workspace as it will be. */
  readonly after: FileTree;
  readonly diagnostics: readonly Diagnostic[];
}

/** Plans the move of the selected releases and the ApplicationSets and AppProjects that follow from it. Writes nothing. */
export function planMigration(input: PivotInput, view: PivotView, selection: MigrationSelection): MigrationPlan {
  const selected = new Set(
    selection.environments.length > 0 ? selection.environments : input.environments.map(({ name }) => name),
  );
  const decisions = view.decisions.filter((decision) => isSelected(decision, selection));
  const moves = decisions.map((decision) => move(input, view, { decision, selected }));
  const changes = new Map<string, PlannedFile>();
  for (const file of moves.flatMap((planned) => planned.files)) changes.set(file.path, file);
  const overlay = new OverlayTree(input.tree, contentsOf(changes.values()));
  const generated = input.environments
    .filter(({ name }) => selected.has(name))
    .flatMap((environment) => planApplicationSets(input, overlay, environment));
  for (const file of generated) changes.set(file.path, file);
  const files = [...changes.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return {
    moves,
    files,
    after: new OverlayTree(input.tree, contentsOf(files)),
    diagnostics: [
      ...view.diagnostics,
      ...releaseFaults(input, decisions),
      ...moves.flatMap((planned) => planned.diagnostics),
    ],
  };
}

function isSelected({ classification }: ReleaseDecision, selection: MigrationSelection): boolean {
  const { release } = classification;
  if (selection.layers.length > 0 && !selection.layers.includes(release.layer)) return false;
  return selection.releases === undefined || selection.releases.has(release.id);
}

function move(
  input: PivotInput,
  view: PivotView,
  { decision, selected }: { decision: ReleaseDecision; selected: ReadonlySet<string> },
): PlannedMove {
  return planMove({
    tree: input.tree,
    engine: input.helmEngine,
    estateFile: input.estateFile,
    classification: decision.classification,
    component: decision.component,
    tier: decision.tier,
    wave: decision.wave,
    charts: decision.charts,
    manifests: new Map([...decision.renderings].map(([environment, rendering]) => [environment, rendering.manifests])),
    environments: input.environments,
    selected,
    existing: view.components,
    smoke: decision.smoke,
    companions: decision.companions,
  });
}

function contentsOf(files: Iterable<PlannedFile>): Map<string, Uint8Array | undefined> {
  return new Map([...files].map((file) => [file.path, file.content]));
}

/** The ApplicationSets, AppProjects and parent of one environment as they must be over `tree`, as changes against it. */
export function planApplicationSets(
  input: PivotInput,
  tree: FileTree,
  environment: EnvironmentSettings,
): PlannedFile[] {
  const folder = gitopsFolder(input.estateFile);
  const prefix = folder === "" ? "" : `${folder}/`;
  const { components } = readComponents({
    tree,
    environment: environment.name,
    folder: `${prefix}environments/${environment.name}/components`,
  });
  const generate = (kinds: ProjectKinds): GeneratedFile[] =>
    generateApplicationSets({
      estateFile: input.estateFile,
      environment,
      components,
      kinds,
      hasParent: hasOtherParent(tree, prefix, environment),
    });
  const first = generate(openKinds(components));
  const existing = supersededSets(
    tree,
    `${prefix}environments/${environment.name}/argocd`,
    new Set(first.map((file) => file.path)),
  );
  const changes = new Map<string, Uint8Array | undefined>(first.map((file) => [file.path, encode(file.content)]));
  for (const path of existing) changes.set(path, undefined);
  const kinds = renderedKinds(input, new OverlayTree(tree, changes), environment);
  for (const file of generate(kinds)) changes.set(file.path, encode(file.content));
  return [...changes].flatMap(([path, content]): PlannedFile[] => {
    const purpose = path.includes("/argocd/projects/") ? "project" : "application-set";
    return isSame(tree.read(path), content) ? [] : [{ path, content, purpose, release: undefined }];
  });
}

/** Before anything is rendered every kind is allowed. */
function openKinds(components: readonly Component[]): ProjectKinds {
  return {
    cluster: new Map(),
    namespaced: new Map(),
    namespaces: new Map(),
    open: new Set(components.map((component) => component.project)),
  };
}

/** The kinds and namespaces that the Applications of each project really apply. */
function renderedKinds(input: PivotInput, tree: FileTree, environment: EnvironmentSettings): ProjectKinds {
  const side = argocdSideOf(input, environment, tree);
  const kinds = {
    cluster: new Map<string, Set<string>>(),
    namespaced: new Map<string, Set<string>>(),
    namespaces: new Map<string, Set<string>>(),
    open: new Set<string>(),
  };
  for (const application of side.applications) collectKinds(kinds, side.render(application));
  return kinds;
}

interface CollectedKinds {
  readonly cluster: Map<string, Set<string>>;
  readonly namespaced: Map<string, Set<string>>;
  readonly namespaces: Map<string, Set<string>>;
  readonly open: Set<string>;
}

function collectKinds(kinds: CollectedKinds, { application, status, objects }: RenderedArgoApplication): void {
  const { project } = application;
  if (status !== "rendered") kinds.open.add(project);
  const add = (into: Map<string, Set<string>>, item: string): void =>
    void into.set(project, (into.get(project) ?? new Set()).add(item));
  for (const object of objects) {
    const group = object.key.slice(0, object.key.indexOf("/"));
    const clusterScoped = isClusterScoped(group, object.kind);
    add(clusterScoped ? kinds.cluster : kinds.namespaced, `${group}/${object.kind}`);
    if (!clusterScoped) add(kinds.namespaces, object.namespace);
  }
}

type PlainMap = Readonly<Record<string, unknown>>;

/** Files that hold nothing but ApplicationSets over this environment's components, written before and elsewhere. */
function supersededSets(tree: FileTree, folder: string, generated: ReadonlySet<string>): string[] {
  return documentsBelow(tree, folder).flatMap(({ path, documents }) => {
    if (generated.has(path) || documents.length === 0) return [];
    return documents.every((document) => document["kind"] === "ApplicationSet" && readsComponents(document))
      ? [path]
      : [];
  });
}

function readsComponents(set: PlainMap): boolean {
  return JSON.stringify((set["spec"] as PlainMap | undefined)?.["generators"] ?? []).includes("/component.yaml");
}

/** Whether an Application that we did not write already applies the environment's ApplicationSets. */
function hasOtherParent(tree: FileTree, prefix: string, environment: EnvironmentSettings): boolean {
  const folder = `environments/${environment.name}/argocd`;
  return documentsBelow(tree, `${prefix}${folder}`).some(
    ({ path, documents }) =>
      !path.endsWith("/ops/estate.yaml") &&
      documents.some(
        (document) =>
          document["kind"] === "Application" && JSON.stringify(document["spec"] ?? {}).includes(`"${folder}`),
      ),
  );
}

function documentsBelow(tree: FileTree, folder: string): { path: string; documents: PlainMap[] }[] {
  return (tree.list(folder) ?? []).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.kind === "directory") return documentsBelow(tree, path);
    if (!/\.ya?ml$/.test(entry.name)) return [];
    try {
      const documents = readYamlDocuments(bytesToByteString(tree.read(path) ?? new Uint8Array())).map((document) =>
        toPlain(document.value),
      );
      return [
        {
          path,
          documents: documents.filter((document) => document !== null && typeof document === "object") as PlainMap[],
        },
      ];
    } catch (error) {
      if (error instanceof YamlError) return [];
      throw error;
    }
  });
}

function isSame(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return fromByteString(bytesToByteString(left)) === fromByteString(bytesToByteString(right));
}

function encode(text: string): Uint8Array {
  return byteStringToBytes(toByteString(text));
}
