import type {
  ArgocdSideOptions,
  ChartFinder,
  Component,
  EnvironmentSettings,
  EstateFile,
  RenderContext,
  RenderEngine,
  RenderedObject,
  Rendering,
  TierSettings,
} from "@tiphys/estate";
import { gitopsFolder, isHelmTest, readComponents } from "@tiphys/estate";
import type { RandomSource } from "@tiphys/gotemplate";
import { fromByteString, seededRandom } from "@tiphys/gotemplate";
import type { HelmEngine, RenderRequest } from "@tiphys/helm";
import { defaultProfile, HelmError, readArchive } from "@tiphys/helm";
import type { HelmfileRepository } from "@tiphys/helmfile";
import type { Diagnostic, FileTree } from "@tiphys/source";
import { gitopsPrefix } from "./application-sets.ts";
import type { Classification, RenderedOccurrence } from "./classify.ts";
import { classify } from "./classify.ts";
import { releaseSettings } from "./release-settings.ts";
import type { InventoryRelease, ReleaseOccurrence } from "./inventory-model.ts";
import { findComponent } from "./plan.ts";
import type { RenderingMemory } from "./remembered-renderings.ts";
import type { PlacedChart } from "./translate/place-chart.ts";
import type { Companion } from "./translate/companion.ts";
import { filesBelow, placeChart } from "./translate/place-chart.ts";
import type { SmokePlan } from "./translate/smoke.ts";
import { annotateChart, canAnnotate, isThirdPartyChart, planSmoke } from "./translate/smoke.ts";
import { renderOccurrence } from "./render-occurrence.ts";
import { componentNames, tierOf } from "./tiers.ts";
import { companionsOf } from "./translate/plan-companions.ts";
import { waveItems } from "./wave-items.ts";
import { watchRenderings } from "./watched-renderings.ts";
import type { WatchedRenderings } from "./watched-renderings.ts";
import { planWaves } from "./waves.ts";

/** Everything that helmfile says about the workspace, over all environments. */
export interface Inventory {
  readonly releases: readonly InventoryRelease[];
  /** Names of the layers in the order in which helmfile visits them. */
  readonly layerOrder: readonly string[];
  /** Chart repositories that the helmfiles declare, in any environment. */
  readonly repositories: readonly HelmfileRepository[];
  /** Every helmfile that was read, in the workspace. */
  readonly helmfiles: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What every step of the pivot works on. */
export interface PivotInput {
  readonly tree: FileTree;
  readonly estateFile: EstateFile;
  /** All environments of the workspace, whatever a command selects. */
  readonly environments: readonly EnvironmentSettings[];
  readonly inventory: Inventory;
  readonly charts: ChartFinder;
  readonly engine: RenderEngine;
  /** Reads value files; remembers them. */
  readonly helmEngine: HelmEngine;
  readonly kustomize?: ArgocdSideOptions["kustomize"];
  /** Seeded randomness; the face may give one whose keys the platform makes. Default: `seededRandom`. */
  readonly seededRandom?: (seed: string) => RandomSource;
  /** What renderings said in earlier runs. */
  readonly memory?: RenderingMemory;
}

/** One release with all that the pivot decides about it. */
export interface ReleaseDecision {
  readonly classification: Classification;
  readonly tier: TierSettings;
  readonly component: string;
  readonly wave: string;
  /** Renderings on Helmfile's side, by environment; only of installed occurrences. */
  readonly renderings: ReadonlyMap<string, Rendering>;
  /** Renders again, where random data cannot be seeded; empty with a seeded engine. */
  readonly renderAgain: ReadonlyMap<string, () => Rendering>;
  /** Where the chart goes, by environment; empty for what stays or is rendered. */
  readonly charts: ReadonlyMap<string, PlacedChart>;
  /** What becomes of its Helm tests; undefined when it has none. */
  readonly smoke: SmokePlan | undefined;
  /** Components beside its own. */
  readonly companions: readonly Companion[];
}

/** The estate seen through the pivot's eyes. */
export interface PivotView {
  readonly decisions: readonly ReleaseDecision[];
  /** By environment, parked ones too. */
  readonly components: ReadonlyMap<string, readonly Component[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Both sides of a comparison and every classification are rendered with this seed and clock. */
export const proofSeed = "tiphys";

/** 2024-01-01T00:00:00Z: certificates made at it are valid, and it never changes. */
export const proofTime = 1704067200000;

/** Makes the clock, zone and randomness of one render. */
export function proofContext(
  input: Pick<PivotInput, "seededRandom">,
  seed = proofSeed,
): () => NonNullable<RenderRequest["context"]> {
  const random = input.seededRandom ?? seededRandom;
  return () => ({ now: proofTime, timeZone: "UTC", random: random(seed) });
}

/** Decides class, tier, component name and wave of every release. Depends on the whole estate and never on what is selected. */
export function decide(input: PivotInput): PivotView {
  const diagnostics: Diagnostic[] = [...input.inventory.diagnostics];
  const components = readAllComponents(input, diagnostics);
  const tiers = new Map(
    input.inventory.releases.map((release) => [release.id, tierSettings(input.estateFile, release)] as const),
  );
  const names = componentNames(
    input.inventory.releases.map((release) => ({ ...release, tier: tiers.get(release.id)!.name })),
    input.estateFile,
  );
  const existing = (release: InventoryRelease): Component | undefined =>
    [...components.values()]
      .map((list) => findComponent(list, release, names.get(release.id)!))
      .find((found) => found !== undefined);
  const { waves, diagnostics: waveFaults } = planWaves(
    waveItems(
      input.inventory.releases.filter((release) => releaseSettings(input.estateFile, release)?.source !== "stay"),
      {
        tier: (release) => tiers.get(release.id)!.name,
        component: (release) => existing(release)?.name ?? names.get(release.id)!,
        waveOf: (name) => [...components.values()].flat().find((component) => component.name === name)?.wave,
        asked: (release) => releaseSettings(input.estateFile, release)?.wave,
      },
    ),
    {
      tiers: new Map([...input.estateFile.tiers].map(([name, tier]) => [name, tier.waves])),
      layers: new Map(
        [...input.estateFile.layers].flatMap(([name, layer]) =>
          layer.waves === undefined ? [] : [[name, layer.waves] as const],
        ),
      ),
      layerOrder: input.inventory.layerOrder,
    },
  );
  diagnostics.push(...waveFaults);
  const renderings = watchRenderings(renderContext(input), input.memory);
  const decisions = input.inventory.releases.map((release) => {
    const tier = tiers.get(release.id)!;
    const rendered = renderOccurrences(renderings, release);
    const placed = placeCharts(input, rendered, tier);
    const smoke = smokeOf(input, { release, rendered, tier });
    const classification = classify(withReasons(release, placed), rendered, {
      estateFile: input.estateFile,
      tier,
      migrated: existing(release) !== undefined,
      smoke,
    });
    const component = existing(release)?.name ?? names.get(release.id)!;
    const wave = waves.get(release.id) ?? tier.waves[0];
    return {
      classification,
      tier,
      component: names.get(release.id)!,
      wave: String(wave),
      smoke,
      companions:
        classification.class === "stays" ? [] : companionsOf({ classification, component, wave, tier, smoke, waves }),
      renderings: new Map(rendered.map(({ occurrence, rendering }) => [occurrence.environment, rendering])),
      renderAgain: rendersAgain(input, rendered),
      charts: classification.class === "helm" ? placed : new Map<string, PlacedChart>(),
    };
  });
  return { decisions: withAnnotatedCharts(decisions, input), components, diagnostics };
}

interface SmokeQuestion {
  readonly release: InventoryRelease;
  readonly rendered: readonly RenderedOccurrence[];
  readonly tier: TierSettings;
}

function smokeOf(input: PivotInput, { release, rendered, tier }: SmokeQuestion): SmokePlan | undefined {
  if (!rendered.some(({ rendering }) => rendering.heads.some(isHelmTest))) return undefined;
  const settings = releaseSettings(input.estateFile, release);
  const source = rendered[0]?.occurrence.installation.source;
  const answer = source?.kind === "helm" ? input.charts.find(source.chart, source.chartAlias) : undefined;
  const place = answer?.kind === "chart" ? answer.place : undefined;
  const isRemote = source?.kind === "helm" && source.chart.kind !== "path";
  const objects = (): RenderedObject[] => rendered.flatMap(({ rendering }) => rendering.objects);
  const isThirdParty = (): boolean =>
    isThirdPartyChart(place, isRemote) || (answer?.kind === "chart" && !canAnnotate(answer.chart, objects()));
  const heads = rendered.flatMap(({ rendering }) => rendering.heads);
  // What is in a list is known only to who reads it.
  const areObjects = heads.every(({ kind }) => kind !== "" && !kind.endsWith("List"));
  return planSmoke(areObjects ? heads : objects(), {
    asked: settings?.smoke,
    isRendered:
      (settings?.source ?? tier.source) === "rendered" ||
      release.occurrences.some(({ madeBy }) => madeBy !== undefined),
    isThirdParty,
  });
}

/** Charts of our own whose tests run as PostSync hooks, with the annotation; whoever else uses such a chart gets the same files. */
function withAnnotatedCharts(decisions: readonly ReleaseDecision[], input: PivotInput): ReleaseDecision[] {
  const annotated = new Set(
    decisions
      .filter(({ smoke }) => smoke?.mode === "postsync" && smoke.place === "own")
      .flatMap(({ charts }) => [...charts.values()].flatMap(({ content }) => content.path ?? [])),
  );
  return decisions.map((decision) => ({
    ...decision,
    charts: new Map(
      [...decision.charts].map(([environment, chart]) => {
        const { path } = chart.content;
        if (path === undefined || !annotated.has(path)) return [environment, chart];
        return [
          environment,
          { ...chart, files: annotateChart(chart.files.size > 0 ? chart.files : chartInPlace(input, path)) },
        ];
      }),
    ),
  }));
}

/** A chart that lies in the GitOps tree already. */
function chartInPlace(input: PivotInput, path: string): Map<string, Uint8Array> {
  const folder = `${gitopsPrefix(input.estateFile)}${path}`;
  return new Map([...filesBelow(input.tree, folder)].map(([name, bytes]) => [`${folder}/${name}`, bytes]));
}

function readAllComponents(input: PivotInput, diagnostics: Diagnostic[]): Map<string, readonly Component[]> {
  const folder = gitopsFolder(input.estateFile);
  const prefix = folder === "" ? "" : `${folder}/`;
  return new Map(
    input.environments.map((environment) => {
      const read = readComponents({
        tree: input.tree,
        environment: environment.name,
        folder: `${prefix}environments/${environment.name}/components`,
      });
      // How a component could be written better is for `check` to say.
      diagnostics.push(...read.diagnostics.filter(({ severity }) => severity === "error"));
      return [environment.name, read.components];
    }),
  );
}

function tierSettings(estateFile: EstateFile, release: InventoryRelease): TierSettings {
  const labels = release.occurrences[0]?.labels ?? new Map<string, string>();
  const name = tierOf({ layer: release.layer, namespace: release.namespace, name: release.name, labels }, estateFile);
  return estateFile.tiers.get(name) ?? { name, project: name, source: "helm", waves: [0, 99], group: undefined };
}

function renderOccurrences(renderings: WatchedRenderings, release: InventoryRelease): RenderedOccurrence[] {
  const installed = release.occurrences.filter((occurrence) => occurrence.enabled && occurrence.installed);
  const looked = installed.length > 0 ? installed : release.occurrences;
  return looked.map((occurrence) => renderings.render(occurrence));
}

function rendersAgain(input: PivotInput, rendered: readonly RenderedOccurrence[]): Map<string, () => Rendering> {
  const random = input.engine.isSeeded ? [] : rendered.filter((each) => each.isRandom);
  return new Map(
    random.map(({ occurrence }) => [occurrence.environment, () => renderOccurrence(occurrence, renderContext(input))]),
  );
}

/** What both sides of a proof are rendered with. */
export function renderContext(input: PivotInput, seed = proofSeed): RenderContext {
  const { kubernetes } = input.estateFile;
  return {
    tree: input.tree,
    engine: input.engine,
    charts: input.charts,
    ...(kubernetes.version === undefined ? {} : { kubeVersion: kubernetes.version }),
    apiVersions: kubernetes.apiVersions,
    context: proofContext(input, seed),
  };
}

function placeCharts(
  input: PivotInput,
  rendered: readonly RenderedOccurrence[],
  tier: TierSettings,
): Map<string, PlacedChart> {
  const placed = new Map<string, PlacedChart>();
  for (const { occurrence } of rendered) {
    const { source } = occurrence.installation;
    if (source.kind !== "helm") continue;
    const answer = input.charts.find(source.chart, source.chartAlias);
    if (answer.kind !== "chart") continue;
    placed.set(
      occurrence.environment,
      placeChart({ occurrence, answer, estateFile: input.estateFile, tree: input.tree, tier: tier.name, unpack }),
    );
  }
  return placed;
}

function unpack(archive: Uint8Array): Map<string, Uint8Array> {
  try {
    return new Map(readArchive(archive, defaultProfile).map((file) => [fromByteString(file.name), file.bytes]));
  } catch (error) {
    if (error instanceof HelmError) return new Map();
    throw error;
  }
}

/** The release with what placing its chart found out. */
function withReasons(release: InventoryRelease, placed: ReadonlyMap<string, PlacedChart>): InventoryRelease {
  const occurrences = release.occurrences.map((occurrence): ReleaseOccurrence => {
    const found = placed.get(occurrence.environment)?.reasons ?? [];
    return found.length === 0 ? occurrence : { ...occurrence, reasons: [...occurrence.reasons, ...found] };
  });
  return { ...release, occurrences };
}
