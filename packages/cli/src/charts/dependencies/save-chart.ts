import { FunctionError, toByteString, type GoValue } from "@tiphys/gotemplate";
import { decodeJson } from "@tiphys/gotemplate/sprig";
import type { Chart, Metadata } from "@tiphys/helm";
import { writeYamlV2 } from "@tiphys/source";
import { writeChartArchive, type ArchiveFile } from "../chart-archive.ts";
import { ChartFetchError } from "../fetch-error.ts";
import { lockText, readLock, wantedDependency } from "./lock-file.ts";

/** Milliseconds since 1970 of a file of the chart, by its path in it; for what is unknown, now. */
export type ModifiedAt = (path: string) => number;

/** `chartutil.Save` (pkg/chart/v2/util/save.go): the chart packed, Chart.yaml and Chart.lock written anew, subcharts unpacked in it. Throws `ChartFetchError` for a schema that is no JSON. */
export function packChart(chart: Chart, modifiedAt: ModifiedAt): Buffer {
  const files: ArchiveFile[] = [];
  addChart(files, chart, { base: "", path: "", modifiedAt });
  return writeChartArchive(files);
}

interface Place {
  /** Folder in the archive, with `/` at its end or empty. */
  readonly base: string;
  /** Folder on disk, below the chart. */
  readonly path: string;
  readonly modifiedAt: ModifiedAt;
}

function addChart(files: ArchiveFile[], chart: Chart, place: Place): void {
  const folder = `${place.base}${chart.metadata.name}/`;
  const add = (name: string, bytes: Uint8Array): void =>
    void files.push({ name: `${folder}${name}`, bytes, modified: place.modifiedAt(`${place.path}${name}`) });
  add("Chart.yaml", Buffer.from(metadataText(chart.metadata), "latin1"));
  const lock = chart.metadata.apiVersion === "v2" ? readLock(chart) : undefined;
  if (lock !== undefined) add("Chart.lock", Buffer.from(lockText(lock), "latin1"));
  for (const { name, bytes } of chart.raw) if (name === "values.yaml") add(name, bytes);
  if (chart.schema !== undefined) {
    assertJson(chart.schema.text);
    add("values.schema.json", chart.schema.bytes);
  }
  for (const { name, bytes } of [...chart.templates, ...chart.files]) add(name, bytes);
  for (const dependency of chart.dependencies) {
    const path = `${place.path}charts/${dependency.metadata.name}/`;
    addChart(files, dependency, { ...place, base: `${folder}charts/`, path });
  }
}

function assertJson(text: string): void {
  try {
    decodeJson(text);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    throw new ChartFetchError("chart-archive", "invalid JSON in values.schema.json");
  }
}

/** Chart.yaml as sigs.k8s.io/yaml marshals `Metadata`: sorted, without what is empty. */
function metadataText(metadata: Readonly<Metadata>): string {
  const fields = new Map<string, GoValue>();
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value === "string" && value !== "") fields.set(name, value);
    else if (value === true) fields.set(name, true);
  }
  if (metadata.sources.length > 0) fields.set("sources", [...metadata.sources]);
  if (metadata.keywords.length > 0) fields.set("keywords", [...metadata.keywords]);
  if (metadata.annotations !== undefined && metadata.annotations.size > 0)
    fields.set("annotations", new Map(metadata.annotations));
  if (metadata.maintainers.length > 0) {
    fields.set(
      "maintainers",
      metadata.maintainers.map(({ name, email, url }) => nonEmpty({ name, email, url })),
    );
  }
  const dependencies = metadata.apiVersion === "v1" ? [] : (metadata.dependencies ?? []);
  if (dependencies.length > 0) fields.set("dependencies", dependencies.map(dependencyFields));
  return writeYamlV2(fields);
}

function dependencyFields(dependency: NonNullable<Metadata["dependencies"]>[number]): GoValue {
  const wanted = wantedDependency(dependency);
  const fields = nonEmpty({ version: dependency.version, condition: dependency.condition, alias: dependency.alias });
  fields.set("name", toByteString(wanted.name));
  fields.set("repository", toByteString(wanted.repository));
  if (wanted.tags.length > 0) fields.set("tags", wanted.tags.map(toByteString));
  if (wanted.enabled) fields.set("enabled", true);
  if (wanted.importValues.length > 0) fields.set("import-values", [...wanted.importValues]);
  return fields;
}

function nonEmpty(fields: Readonly<Record<string, string>>): Map<string, GoValue> {
  return new Map(Object.entries(fields).filter(([, value]) => value !== ""));
}
