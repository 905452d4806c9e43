import { GoMap, type GoValue } from "@tiphys/gotemplate";
import type { Capabilities } from "../capabilities.ts";
import type { ChartNode } from "../chart/chart-node.ts";
import type { ChartFile } from "../chart/chart.ts";
import type { Dependency, Metadata } from "../chart/metadata.ts";
import type { Profile } from "../profile.ts";
import { findTable, Values, type Table } from "../values/values.ts";
import { ChartObject } from "./chart-object.ts";
import { Files } from "./files.ts";

/** A template with the dot that it is executed with (`renderable`, pkg/engine/engine.go). */
export interface Renderable {
  /** Path from the root chart: `chart/charts/sub/templates/x.yaml`. */
  readonly path: string;
  readonly file: ChartFile;
  readonly dot: Table;
  /** `.Template.BasePath`. */
  readonly basePath: string;
  /** Where the chart's values lie in the root chart's: the names of the subcharts on the way. */
  readonly valuesPath: readonly string[];
}

export interface RenderValuesOptions {
  readonly profile: Profile;
  /** Coalesced values of the root chart. */
  readonly values: Table;
  readonly release: Table;
  readonly capabilities: Capabilities;
}

/** `.Release`. */
export function releaseTable(release: { name: string; namespace: string; isUpgrade?: boolean }): Table {
  return new Map<string, GoValue>([
    ["Name", release.name],
    ["Namespace", release.namespace],
    ["IsUpgrade", release.isUpgrade === true],
    ["IsInstall", release.isUpgrade !== true],
    ["Revision", 1n],
    ["Service", "Helm"],
  ]);
}

/** `allTemplates`: every template of the chart and its subcharts by path, each with its chart's dot. */
export function allTemplates(chart: ChartNode, options: RenderValuesOptions): Map<string, Renderable> {
  const templates = new Map<string, Renderable>();
  collect({ chart, options, templates, valuesPath: [] }, options.values, true);
  return templates;
}

interface Collect {
  readonly chart: ChartNode;
  readonly options: RenderValuesOptions;
  readonly templates: Map<string, Renderable>;
  readonly valuesPath: readonly string[];
}

/** `recAllTpls`: the chart's dot; the templates are put into `templates` on the way, subcharts first. */
function collect(state: Collect, values: Table, isRoot: boolean): Table {
  const { chart, options, templates, valuesPath } = state;
  const subcharts: Table = new Map();
  const dot: Table = new Map<string, GoValue>([
    [
      "Chart",
      options.profile.chartIsMap ? chartMap(chart.metadata, isRoot) : new ChartObject(chartMap(chart.metadata, isRoot)),
    ],
    ["Files", Files.of(chart.files, options.profile)],
    ["Release", options.release],
    ["Capabilities", options.capabilities],
    ["Values", new Values(values)],
    ["Subcharts", subcharts],
  ]);
  for (const child of chart.dependencies) {
    // A name with a dot is a path to Helm, which then finds no table.
    const childValues = findTable(values, child.name) ?? new Map<string, GoValue>();
    subcharts.set(
      child.name,
      collect({ ...state, chart: child, valuesPath: [...valuesPath, child.name] }, childValues, false),
    );
  }
  const fullPath = chart.fullPath;
  for (const file of chart.templates) {
    if (chart.isLibrary && !file.name.slice(file.name.lastIndexOf("/") + 1).startsWith("_")) continue;
    const path = `${fullPath}/${file.name}`;
    templates.set(path, { path, file, dot, basePath: `${fullPath}/templates`, valuesPath });
  }
  return dot;
}

/** `MetadataAsMap`: Chart.yaml by the names of Go's fields (pkg/chart/common.go). */
function chartMap(metadata: Metadata, isRoot: boolean): Table {
  return new Map<string, GoValue>([
    ["Name", metadata.name],
    ["Home", metadata.home],
    ["Sources", [...metadata.sources]],
    ["Version", metadata.version],
    ["Description", metadata.description],
    ["Keywords", [...metadata.keywords]],
    [
      "Maintainers",
      metadata.maintainers.map((maintainer) =>
        table([
          ["Name", maintainer.name],
          ["Email", maintainer.email],
          ["URL", maintainer.url],
        ]),
      ),
    ],
    ["Icon", metadata.icon],
    ["APIVersion", metadata.apiVersion],
    ["Condition", metadata.condition],
    ["Tags", metadata.tags],
    ["AppVersion", metadata.appVersion],
    ["Deprecated", metadata.deprecated],
    ["Annotations", new GoMap("map[string]string", metadata.annotations ?? null, metadata.annotations === undefined)],
    ["KubeVersion", metadata.kubeVersion],
    ["Dependencies", (metadata.dependencies ?? []).map(dependencyMap)],
    ["Type", metadata.type],
    ["IsRoot", isRoot],
  ]);
}

function dependencyMap(dependency: Dependency): Table {
  return table([
    ["Name", dependency.name],
    ["Version", dependency.version],
    ["Repository", dependency.repository],
    ["Condition", dependency.condition],
    ["Tags", [...dependency.tags]],
    ["Enabled", dependency.enabled],
    ["ImportValues", [...dependency.importValues]],
    ["Alias", dependency.alias],
  ]);
}

function table(entries: readonly (readonly [string, GoValue])[]): Table {
  return new Map(entries);
}
