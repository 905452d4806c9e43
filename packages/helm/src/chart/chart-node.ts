import type { Table } from "../values/values.ts";
import type { Chart, ChartFile } from "./chart.ts";
import { copyMetadata, type Metadata } from "./metadata.ts";

/**
 * A chart during one render: ProcessDependencies renames, copies, drops and re-links these; the loaded `Chart` stays as it
 * is. Mirrors the part of Go's `chart.Chart` that is changed (pkg/chart/v2/chart.go), including what copies share.
 */
export class ChartNode {
  metadata: Metadata;
  readonly source: Chart;
  values: Table | undefined;
  parent: ChartNode | undefined;
  dependencies: ChartNode[] = [];

  constructor(source: Chart, metadata: Metadata) {
    this.source = source;
    this.metadata = metadata;
    this.values = source.values;
  }

  /** The nodes of `chart` and all its subcharts, fresh for one render. */
  static of(chart: Chart): ChartNode {
    const node = new ChartNode(chart, copyMetadata(chart.metadata));
    node.addDependencies(chart.dependencies.map((subchart) => ChartNode.of(subchart)));
    return node;
  }

  /** Go's `copy := *chart`: shares metadata and the list of dependencies, whose parents stay as they were. */
  shallowCopy(): ChartNode {
    const copy = new ChartNode(this.source, this.metadata);
    copy.values = this.values;
    copy.parent = this.parent;
    copy.dependencies = this.dependencies;
    return copy;
  }

  get name(): string {
    return this.metadata.name;
  }

  get isRoot(): boolean {
    return this.parent === undefined;
  }

  get isLibrary(): boolean {
    return this.metadata.type.toLowerCase() === "library";
  }

  get templates(): readonly ChartFile[] {
    return this.source.templates;
  }

  get files(): readonly ChartFile[] {
    return this.source.files;
  }

  /** `parent/charts/name`, by alias where there is one. */
  get fullPath(): string {
    return this.parent ? `${this.parent.fullPath}/charts/${this.name}` : this.name;
  }

  setDependencies(nodes: readonly ChartNode[]): void {
    this.dependencies = [];
    this.addDependencies(nodes);
  }

  addDependencies(nodes: readonly ChartNode[]): void {
    for (const node of nodes) {
      node.parent = this;
      this.dependencies.push(node);
    }
  }
}

/** The files under `crds/` of the chart and then of its subcharts, each with the path that `# Source:` shows. */
export function crdFiles(node: ChartNode): { path: string; file: ChartFile }[] {
  const found = node.files
    .filter((file) => file.name.startsWith("crds/") && /\.(?:yaml|yml|json)$/i.test(file.name))
    .map((file) => ({ path: `${node.fullPath}/${file.name}`, file }));
  for (const subchart of node.dependencies) found.push(...crdFiles(subchart));
  return found;
}
