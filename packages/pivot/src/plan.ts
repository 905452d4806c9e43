import type { Component, EnvironmentSettings, EstateFile, TierSettings } from "@tiphys/estate";
import { componentFileName, parkedComponentFileName, readObjects } from "@tiphys/estate";
import { bytesToByteString, fromByteString, toByteString, byteStringToBytes } from "@tiphys/gotemplate";
import type { HelmEngine } from "@tiphys/helm";
import type { Diagnostic, FileTree } from "@tiphys/source";
import { gitopsPrefix } from "./application-sets.ts";
import type { Classification } from "./classify.ts";
import type { InventoryRelease, ReleaseOccurrence } from "./inventory-model.ts";
import type { PlacedChart } from "./translate/place-chart.ts";
import { adoptComponentText, componentText, releaseAnnotation } from "./translate/component-text.ts";
import type { ComponentChartContent } from "./translate/component-text.ts";
import type { Companion } from "./translate/companion.ts";
import { companionAnnotation, isHookCompanion, manifestsOfCompanion, manifestsOfHook } from "./translate/companion.ts";
import type { SmokePlan } from "./translate/smoke.ts";
import { convertTestsInText } from "./translate/smoke.ts";
import { translateValues } from "./translate/translate-values.ts";

/** One file of a plan. */
export interface PlannedFile {
  /** In the workspace. */
  readonly path: string;
  /** Undefined: the file goes. */
  readonly content: Uint8Array | undefined;
  readonly purpose: "component" | "values" | "chart" | "manifests" | "application-set" | "project";
  /** Id of the release that it is for; undefined for ApplicationSets and AppProjects. */
  readonly release: string | undefined;
}

/** One release of a plan: where it goes, or why it stays. */
export interface PlannedMove {
  readonly classification: Classification;
  readonly component: string;
  readonly tier: TierSettings;
  readonly wave: string;
  /** Environments in which the component is written, and whether it is parked there. */
  readonly environments: readonly { readonly environment: string; readonly parked: boolean }[];
  /** Components beside it. */
  readonly companions: readonly Companion[];
  readonly files: readonly PlannedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What the planner knows about one release. */
export interface MoveInput {
  readonly tree: FileTree;
  readonly engine: HelmEngine;
  readonly estateFile: EstateFile;
  readonly classification: Classification;
  readonly component: string;
  readonly tier: TierSettings;
  readonly wave: string;
  /** Chart of each environment, where it goes; undefined for a rendered component. */
  readonly charts: ReadonlyMap<string, PlacedChart>;
  /** What Helmfile would apply, for rendered components, by environment. */
  readonly manifests: ReadonlyMap<string, string>;
  /** The workspace's environments, all of them, whatever is selected. */
  readonly environments: readonly EnvironmentSettings[];
  /** The environments to write. */
  readonly selected: ReadonlySet<string>;
  /** Components that exist, by environment. */
  readonly existing: ReadonlyMap<string, readonly Component[]>;
  readonly smoke?: SmokePlan | undefined;
  readonly companions?: readonly Companion[];
}

/** Plans the files of one release. The result depends only on the whole estate, not on what else moves in this run. */
export function planMove(input: MoveInput): PlannedMove {
  const { classification } = input;
  const files: PlannedFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const environments: { environment: string; parked: boolean }[] = [];
  if (classification.class !== "stays") {
    for (const settings of input.environments) {
      const occurrence = classification.release.occurrences.find(
        (candidate) => candidate.environment === settings.name,
      );
      if (occurrence === undefined || !input.selected.has(settings.name)) continue;
      const parked = !(occurrence.enabled && occurrence.installed);
      environments.push({ environment: settings.name, parked });
      files.push(...componentFiles(input, { occurrence, parked }));
      for (const companion of input.companions ?? [])
        files.push(...companionFiles(input, companion, { occurrence, parked }));
    }
    if (classification.class === "helm") {
      const translated = planValues(input);
      files.push(...translated.files);
      diagnostics.push(...translated.diagnostics);
      files.push(...chartFiles(input));
    }
  }
  return {
    classification,
    component: input.component,
    tier: input.tier,
    wave: input.wave,
    environments,
    companions: input.companions ?? [],
    files: files.filter((file) => !isUnchanged(input.tree, file)),
    diagnostics,
  };
}

/** A file that already says exactly this needs no writing. */
function isUnchanged(tree: FileTree, file: PlannedFile): boolean {
  const current = tree.read(file.path);
  if (file.content === undefined || current === undefined) return file.content === undefined && current === undefined;
  return current.length === file.content.length && current.every((byte, index) => byte === file.content![index]);
}

/**
 * The component that stands for the release in an environment: by annotation, by name, or by release name and namespace; never one that says
 * that it stands for another release.
 */
export function findComponent(
  components: readonly Component[],
  release: { readonly id: string; readonly name: string; readonly namespace: string },
  name: string,
): Component | undefined {
  const free = components.filter(({ annotations }) => !annotations.has(releaseAnnotation));
  return (
    components.find((component) => component.annotations.get(releaseAnnotation) === release.id) ??
    free.find((component) => component.name === name) ??
    free.find((component) => component.chart?.releaseName === release.name && component.namespace === release.namespace)
  );
}

interface PlannedOccurrence {
  readonly occurrence: ReleaseOccurrence;
  readonly parked: boolean;
}

function componentFiles(input: MoveInput, { occurrence, parked }: PlannedOccurrence): PlannedFile[] {
  const { classification, tier } = input;
  const { release } = classification;
  const existing = findComponent(input.existing.get(occurrence.environment) ?? [], release, input.component);
  const chart = input.charts.get(occurrence.environment);
  const content = {
    name: existing?.name ?? input.component,
    tier: tier.name,
    project: tier.project,
    namespace: release.namespace === "" ? "default" : release.namespace,
    wave: input.wave,
    chart:
      classification.class === "rendered" || chart === undefined ? undefined : chartContent(chart, occurrence, input),
    syncOptions: occurrence.createNamespace ? ["CreateNamespace=true"] : [],
    release: release.id,
  };
  const folder = existing?.file.replace(/\/[^/]+$/, "") ?? componentFolder(input, occurrence.environment);
  const path = `${folder}/${parked ? parkedComponentFileName : componentFileName}`;
  const file = (target: string, text: string | undefined, purpose: PlannedFile["purpose"]): PlannedFile => ({
    path: target,
    content: text === undefined ? undefined : encode(text),
    purpose,
    release: release.id,
  });
  const text =
    existing === undefined
      ? componentText(content)
      : adoptComponentText(existing, readText(input.tree, existing.file), content);
  const files = [file(path, text, "component")];
  if (existing !== undefined && existing.file !== path) files.push(file(existing.file, undefined, "component"));
  const rendered = input.manifests.get(occurrence.environment);
  const manifests =
    rendered === undefined || input.smoke === undefined ? rendered : convertTestsInText(rendered, input.smoke.mode);
  if (classification.class === "rendered" && manifests !== undefined && !parked) {
    const target = `${folder}/manifests.yaml`;
    files.push({
      path: target,
      content: manifestsContent(input.tree.read(target), manifests),
      purpose: "manifests",
      release: release.id,
    });
  }
  return files;
}

/** Committed manifests that hold the same objects stay as they are; new ones keep the comment lines at the top of the old. */
function manifestsContent(current: Uint8Array | undefined, manifests: string): Uint8Array {
  if (current === undefined) return byteStringToBytes(manifests);
  const text = bytesToByteString(current);
  if (isDeepStrictlyEqual(objectsOf(text), objectsOf(manifests))) return current;
  const header = /^(?:#[^\n]*\n)*/.exec(text)?.[0] ?? "";
  return byteStringToBytes(manifests.startsWith("---\n# Source") ? header + manifests : manifests);
}

function objectsOf(manifests: string): unknown {
  return manifests
    .split(/^---[ \t]*(?:#.*)?$/m)
    .flatMap((text) => readObjects([{ source: "", text }], "").objects.map(({ key, value }) => [key, value]));
}

function isDeepStrictlyEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The companion's component and manifests, beside the release's own folder. */
function companionFiles(
  input: MoveInput,
  companion: Companion,
  { occurrence, parked }: PlannedOccurrence,
): PlannedFile[] {
  const { release } = input.classification;
  const { environment } = occurrence;
  const rendered = input.manifests.get(environment);
  const manifests = isHookCompanion(companion)
    ? manifestsOfHook(companion, input.tree, environment)
    : rendered && manifestsOfCompanion(companion, rendered);
  if (parked || manifests === undefined) return [];
  const hook = isHookCompanion(companion) ? companion.byEnvironment.get(environment) : undefined;
  const components = input.existing.get(occurrence.environment) ?? [];
  const own =
    findComponent(components, release, input.component)?.file.replace(/\/[^/]+$/, "") ??
    componentFolder(input, occurrence.environment);
  const there = components.find(({ name }) => name === companion.name);
  const folder = there?.file.replace(/\/[^/]+$/, "") ?? `${own}-${companion.kind}`;
  const target = `${folder}/manifests.yaml`;
  const text = componentText({
    name: companion.name,
    tier: input.tier.name,
    project: input.tier.project,
    namespace: isHookCompanion(companion) ? (hook?.namespace ?? "default") : companion.namespace,
    wave: companion.wave,
    chart: undefined,
    syncOptions: hook?.isServerSide === true ? ["ServerSideApply=true"] : [],
    release: companion.release,
    annotation: companionAnnotation,
  });
  const component: PlannedFile[] =
    there === undefined
      ? [{ path: `${folder}/${componentFileName}`, content: encode(text), purpose: "component", release: release.id }]
      : [];
  return [
    ...component,
    {
      path: target,
      content: manifestsContent(input.tree.read(target), manifests),
      purpose: "manifests",
      release: release.id,
    },
  ];
}

function chartContent(
  chart: PlacedChart,
  occurrence: ReleaseOccurrence,
  { component, companions }: MoveInput,
): ComponentChartContent {
  const { source, name } = occurrence.installation;
  const helm = source.kind === "helm" ? source : undefined;
  return {
    ...chart.content,
    ...(name === component ? {} : { releaseName: helm?.releaseName ?? name }),
    ...((helm !== undefined && !helm.includeCrds) || companions?.some(({ kind }) => kind === "crds")
      ? { skipCrds: true }
      : {}),
    ...(helm?.skipTests ? { skipTests: true } : {}),
    ...(helm?.skipSchemaValidation ? { skipSchemaValidation: true } : {}),
  };
}

function componentFolder(input: MoveInput, environment: string): string {
  const { release } = input.classification;
  const group = input.tier.group ?? release.layer.replace(/^\d+[-_]/, "");
  const folder = `${gitopsPrefix(input.estateFile)}environments/${environment}/components/${input.tier.name}/${group}`;
  // The tier is above already; a release that is called so by itself keeps its name.
  const name =
    input.component === release.name
      ? input.component
      : input.component.replace(new RegExp(`^${escapeRegExp(input.tier.name)}-`), "");
  return `${folder}/${name}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function planValues(input: MoveInput): { files: PlannedFile[]; diagnostics: readonly Diagnostic[] } {
  const { release } = input.classification;
  const occurrences = valuesOccurrences(release);
  const { shared, perEnvironment, diagnostics } = translateValues(occurrences, input.engine);
  const folder = `${gitopsPrefix(input.estateFile)}sources/values`;
  const files: PlannedFile[] = [];
  const name = componentNameOf(input);
  const add = (layer: string, text: string): void => {
    const path = `${folder}/${layer}/${input.tier.name}/${name}.yaml`;
    if (text === "" && input.tree.kind(path) === undefined) return;
    files.push({ path, content: text === "" ? undefined : encode(text), purpose: "values", release: release.id });
  };
  const first = input.environments[0];
  if (first !== undefined && occurrences.some((occurrence) => input.selected.has(occurrence.environment))) {
    add(first.valuesLayers[0] ?? "_shared", shared);
  }
  for (const settings of input.environments) {
    const text = perEnvironment.get(settings.name);
    if (text !== undefined && input.selected.has(settings.name))
      add(settings.valuesLayers.at(-1) ?? settings.name, text);
  }
  return { files, diagnostics };
}

/** A component that exists keeps its name, and its value files are named after it. */
function componentNameOf(input: MoveInput): string {
  for (const components of input.existing.values()) {
    const existing = findComponent(components, input.classification.release, input.component);
    if (existing !== undefined) return existing.name;
  }
  return input.component;
}

/** Values count where the release is installed; of a release that is installed nowhere, everywhere. */
function valuesOccurrences(release: InventoryRelease): readonly ReleaseOccurrence[] {
  const installed = release.occurrences.filter((occurrence) => occurrence.enabled && occurrence.installed);
  return installed.length > 0 ? installed : release.occurrences;
}

function chartFiles(input: MoveInput): PlannedFile[] {
  const files = new Map<string, PlannedFile>();
  for (const [environment, chart] of input.charts) {
    if (!input.selected.has(environment)) continue;
    for (const [path, content] of chart.files) {
      files.set(path, { path, content, purpose: "chart", release: input.classification.release.id });
    }
  }
  return [...files.values()];
}

function readText(tree: FileTree, path: string): string {
  return fromByteString(bytesToByteString(tree.read(path) ?? new Uint8Array()));
}

function encode(text: string): Uint8Array {
  return byteStringToBytes(toByteString(text));
}
