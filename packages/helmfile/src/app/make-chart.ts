import { fromByteString, toByteString } from "@tiphys/gotemplate";
import { defaultProfile, HelmError } from "@tiphys/helm";
import type { HelmEngine, Profile, RenderRequest } from "@tiphys/helm";
import { chartFolderOf, readChartArchive } from "../helm/chart-files.ts";
import type { ChartFolder } from "../helm/chart-store.ts";
import { isLocalChart, normalizeChart } from "../files/chart-path.ts";
import { HelmfileError } from "../state/error.ts";
import { chartifyRelease } from "./chartify-release.ts";
import { askRelease } from "./read-helmfile.ts";
import type { HelmfileRelease, ReleaseAnswer } from "./read-helmfile.ts";
import { scratchHelm } from "./template.ts";

/** Where a chart lies. */
export interface GivenChart extends ChartFolder {
  readonly isArchive: boolean;
}

/** What a chart that helmfile makes itself is made with. Texts are UTF-16. */
export interface MakeChartOptions {
  readonly engine: Pick<HelmEngine, "render">;
  /** The chart that the release names, as a folder or archive; undefined where that is a folder of manifests or a kustomization. */
  readonly chart: GivenChart | undefined;
  /** Charts of `dependencies` that lie elsewhere and are at hand, by how the release names them. */
  readonly dependencies: ReadonlyMap<string, GivenChart>;
  /** The Helm that the chart is rendered as before it is patched; the newest when none is given. */
  readonly profile?: Profile;
  /** What templates see where the release does not say. */
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  /** Clock, zone and randomness of the rendering that is patched. */
  readonly context?: () => NonNullable<RenderRequest["context"]>;
}

/**
 * The chart that helmfile 1.8.0 makes of a release's own (chartify 0.28.2): with dependencies added, or rendered, patched by kustomize and
 * its namespaces forced, so that its templates are literal text. Fails by name where kustomize is needed and not permitted
 * (`kustomize-withheld`), where kustomize refuses a patch (`kustomize-failed`) or a dependency is not at hand (`chart-wanted`).
 */
export function makeChart(release: HelmfileRelease, options: MakeChartOptions): ReleaseAnswer<ChartFolder> {
  return askRelease(release, ({ state, spec }) => {
    const { helmDefaults } = state.spec;
    const given = folderOf(options.chart);
    const helm = scratchHelm(state.session, {
      engine: options.engine,
      profile: options.profile ?? defaultProfile,
      ...(options.context === undefined ? {} : { context: options.context }),
      findChart: (chart) => (chart === spec.chart ? given : folderOf(options.dependencies.get(fromByteString(chart)))),
    });
    const isLocal =
      isLocalChart(spec.chart) ||
      state.session.workspace.kind(normalizeChart(state.basePath, spec.chart)) !== undefined;
    if (given !== undefined && isLocal) helm.charts.add(normalizeChart(state.basePath, spec.chart), given);
    const made = chartifyRelease(state, helm, spec, {
      command: "template",
      includeCrds: !helmDefaults.skipCRDs,
      skipsDependencies: !isLocal || (spec.skipDeps?.value ?? helmDefaults.skipDeps),
      defaults: {
        kubeVersion: toByteString(options.kubeVersion ?? ""),
        apiVersions: (options.apiVersions ?? []).map(toByteString),
      },
      print: () => undefined,
    });
    return helm.charts.folder(made)!;
  });
}

function folderOf(given: GivenChart | undefined): ChartFolder | undefined {
  if (given === undefined || !given.isArchive) return given;
  const { tree, path } = given;
  try {
    return chartFolderOf(readChartArchive(tree.read(path) ?? new Uint8Array(), defaultProfile));
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    throw new HelmfileError(error.message, { code: error.code });
  }
}
