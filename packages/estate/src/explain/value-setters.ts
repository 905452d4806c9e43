import { bytesToByteString, fromByteString, toByteString } from "@tiphys/gotemplate";
import type { ChartFile, RenderRequest, ValuesLayer } from "@tiphys/helm";
import type { Origin, YamlDocument } from "@tiphys/source";
import { readYaml, YamlError } from "@tiphys/source";

type Path = readonly (string | number)[];

/** A value with the place that sets it. */
export interface SetValue {
  /** `image.tag`, in the values of the root chart. */
  readonly path: string;
  readonly origin: Origin;
}

/** Finds who sets a value of one rendering: the last `--set`, else the highest layer, else a values.yaml of the chart. */
export class ValueSetters {
  readonly #request: RenderRequest;
  readonly #chartFolder: string;
  readonly #layerPrefix: string;
  readonly #documents = new Map<ValuesLayer | ChartFile, YamlDocument | undefined>();

  /** `layerPrefix` goes before the file names of value layers, `chartFolder` before those of the chart. */
  constructor(request: RenderRequest, places: { readonly chartFolder: string; readonly layerPrefix: string }) {
    this.#request = request;
    this.#chartFolder = places.chartFolder;
    this.#layerPrefix = places.layerPrefix;
  }

  /**
   * Who sets what was read at `path`. Where a template wrote a whole map or list, `below` says which part of it is meant: the longest end
   * of it that somebody sets. Undefined when nobody does.
   */
  find(path: Path, below: Path = []): SetValue | undefined {
    for (let from = 0; from <= below.length; from++) {
      const full = [...path, ...below.slice(from)];
      const origin = this.#origin(full);
      if (origin !== undefined) return { path: pathText(full), origin };
    }
    return undefined;
  }

  #origin(path: Path): Origin | undefined {
    const text = pathText(path);
    for (const set of this.#request.sets.toReversed()) {
      const name = fromByteString(set.expression.slice(0, set.expression.indexOf("=")));
      if (name === text || text.startsWith(`${name}.`) || text.startsWith(`${name}[`)) return set.origin;
    }
    for (const layer of this.#request.valuesLayers.toReversed()) {
      const found = this.#inLayer(layer, path);
      if (found !== undefined) return found;
    }
    return this.#inChart(path) ?? (path.length > 2 && path.includes("global") ? this.#global(path) : undefined);
  }

  /** `sub.global.x` is the root's `global.x`. */
  #global(path: Path): Origin | undefined {
    const at = path.lastIndexOf("global");
    return at > 0 ? this.#origin(path.slice(at)) : undefined;
  }

  #inLayer(layer: ValuesLayer, path: Path): Origin | undefined {
    if (layer.kind === "inline") return hasPath(layer.values, path) ? layer.origin : undefined;
    const place = placeIn(
      this.#document(layer, () => layer.content),
      path,
    );
    if (place === undefined) return undefined;
    const file = this.#layerPrefix + layer.origin.file;
    // Lines of a template's result are not those of the template.
    if (layer.origin.path !== undefined || file.endsWith(".gotmpl"))
      return { ...layer.origin, file, path: pathText(path) };
    return { file, ...place, path: pathText(path) };
  }

  /** The chart's own values.yaml before those of its subcharts. */
  #inChart(path: Path): Origin | undefined {
    for (let depth = 0; depth < path.length; depth++) {
      const name = `${path
        .slice(0, depth)
        .map((step) => `charts/${step}/`)
        .join("")}values.yaml`;
      const file = this.#request.chart.raw.find((candidate) => candidate.name === toByteString(name));
      if (file === undefined) continue;
      const place = placeIn(
        this.#document(file, () => file.bytes),
        path.slice(depth),
      );
      if (place !== undefined)
        return { file: `${this.#chartFolder}/${name}`, ...place, path: pathText(path.slice(depth)) };
    }
    return undefined;
  }

  #document(key: ValuesLayer | ChartFile, bytes: () => Uint8Array): YamlDocument | undefined {
    if (!this.#documents.has(key)) this.#documents.set(key, readOrNothing(bytes()));
    return this.#documents.get(key);
  }
}

function readOrNothing(bytes: Uint8Array): YamlDocument | undefined {
  try {
    return readYaml(bytesToByteString(bytes));
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

function placeIn(document: YamlDocument | undefined, path: Path): { line: number; column: number } | undefined {
  const place = document?.originOf(path.map((step) => (typeof step === "string" ? toByteString(step) : step)));
  return place === undefined
    ? undefined
    : { line: place.key?.line ?? place.line, column: place.key?.column ?? place.column };
}

function hasPath(values: unknown, path: Path): boolean {
  let at = values;
  for (const step of path) {
    if (at instanceof Map) at = at.get(typeof step === "string" ? toByteString(step) : step);
    else if (Array.isArray(at)) at = at[Number(step)];
    else return false;
    if (at === undefined) return false;
  }
  return true;
}

/** `a.b[0]`. */
export function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : (index > 0 ? "." : "") + step)).join("");
}
