import { Document as YamlDocument, isMap, parseDocument } from "yaml";
import type { Component } from "@tiphys/estate";
import { yamlString } from "../application-sets.ts";

/** What a migrated component says; `undefined` fields are not written. */
export interface ComponentContent {
  readonly name: string;
  readonly tier: string;
  readonly project: string;
  readonly namespace: string;
  readonly wave: string;
  /** Undefined: rendered. */
  readonly chart: ComponentChartContent | undefined;
  readonly syncOptions: readonly string[];
  /** Id of the Helmfile release, written as annotation `tiphys.dev/release`. */
  readonly release: string;
  /** Another annotation to hold it; for components that are not the release's own. */
  readonly annotation?: string;
}

export interface ComponentChartContent {
  readonly path?: string;
  readonly repoURL?: string;
  readonly chart?: string;
  readonly version?: string;
  readonly releaseName?: string;
  readonly skipCrds?: boolean;
  readonly skipTests?: boolean;
  readonly skipSchemaValidation?: boolean;
}

/** The annotation that ties a component to the Helmfile release that it came from. */
export const releaseAnnotation = "tiphys.dev/release";

const modeline = "# yaml-language-server: $schema=https://tiphys.dev/schemas/v1alpha1/component.schema.json\n";

/** A fresh `component.yaml`, formatted as a person would. */
export function componentText(content: ComponentContent): string {
  const lines = [
    `name: ${yamlString(content.name)}`,
    `tier: ${yamlString(content.tier)}`,
    `project: ${yamlString(content.project)}`,
    `namespace: ${yamlString(content.namespace)}`,
    `wave: "${content.wave}"`,
  ];
  if (content.chart !== undefined) {
    lines.push("chart:");
    for (const [key, value] of chartEntries(content.chart))
      lines.push(`  ${key}: ${typeof value === "string" ? yamlString(value) : value}`);
  }
  if (content.syncOptions.length > 0) {
    lines.push("syncOptions:", ...content.syncOptions.map((option) => `  - ${yamlString(option)}`));
  }
  lines.push("annotations:", `  ${content.annotation ?? releaseAnnotation}: ${yamlString(content.release)}`);
  return `${modeline}${lines.join("\n")}\n`;
}

/**
 * An existing `component.yaml` brought up to date: chart, namespace and release annotation are set, all that somebody wrote
 * beside them (comments, waves, labels, order) stays.
 */
export function adoptComponentText(existing: Component, text: string, content: ComponentContent): string {
  const document = parseDocument(text);
  if (!isMap(document.contents)) return componentText(content);
  const before = document.toString({ lineWidth: 0 });
  if (existing.namespace !== content.namespace) document.set("namespace", content.namespace);
  if (existing.wave === "") document.set("wave", quoted(document, content.wave));
  if (content.chart === undefined) document.delete("chart");
  else adoptChart(document, existing, content.chart);
  for (const option of content.syncOptions) {
    if (!existing.syncOptions.includes(option)) document.addIn(["syncOptions"], option);
  }
  if (existing.annotations.get(releaseAnnotation) !== content.release) {
    document.setIn(["annotations", releaseAnnotation], content.release);
  }
  const after = document.toString({ lineWidth: 0 });
  return after === before ? text : after;
}

function adoptChart(document: YamlDocument, existing: Component, chart: ComponentChartContent): void {
  if (existing.chart === undefined) {
    document.set("chart", document.createNode(Object.fromEntries(chartEntries(chart))));
    return;
  }
  for (const [key, value] of chartEntries(chart)) {
    if (document.getIn(["chart", key]) !== value) document.setIn(["chart", key], value);
  }
  for (const key of ["path", "repoURL", "chart", "version"] as const) {
    if (chart[key] === undefined && document.hasIn(["chart", key])) document.deleteIn(["chart", key]);
  }
}

function quoted(document: YamlDocument, text: string): unknown {
  const node = document.createNode(text);
  (node as { type?: string }).type = "QUOTE_DOUBLE";
  return node;
}

function chartEntries(chart: ComponentChartContent): [string, string | boolean][] {
  const order = [
    "repoURL",
    "chart",
    "version",
    "path",
    "releaseName",
    "skipCrds",
    "skipTests",
    "skipSchemaValidation",
  ] as const;
  return order.flatMap((key): [string, string | boolean][] => {
    const value = chart[key];
    return value === undefined || value === false ? [] : [[key, value]];
  });
}
