import type { Trace, TraceOrigin } from "@tiphys/gotemplate";
import { bytesToByteString, fromByteString, toByteString } from "@tiphys/gotemplate";
import type { RenderRequest, TracedFiles } from "@tiphys/helm";
import type { FileTree, Origin, Plain, YamlDocument } from "@tiphys/source";
import { readYamlDocuments, toPlain, YamlError } from "@tiphys/source";
import type { FieldChange } from "../compare/compare-values.ts";
import type { ObjectDifference } from "../compare/compare-objects.ts";
import { describeObject } from "../objects.ts";
import { resolvePath } from "./resolve-path.ts";
import type { SetValue } from "./value-setters.ts";
import { ValueSetters } from "./value-setters.ts";

/** A chart as it was rendered, with what is needed to render it once more with a trace. */
export interface RenderedChart {
  readonly request: RenderRequest;
  /** Folder or archive of the chart, as people find it. */
  readonly chartFolder: string;
  /** Goes before the file names of value layers to make them paths in the workspace. */
  readonly layerPrefix: string;
}

/** One side of a comparison, for who asks where its fields come from. */
export interface TracedSide {
  readonly charts: readonly RenderedChart[];
  /** Committed manifests in the workspace. */
  readonly files: readonly string[];
  readonly tree: FileTree;
  /** Namespace of objects that name none. */
  readonly namespace: string;
}

/** Where a field of one side comes from. */
export interface SideCause {
  /** The template's or the manifest's line; undefined when the side has no such field. */
  readonly place: Origin | undefined;
  /** The values that were read for it, each with who set it. */
  readonly values: readonly SetValue[];
}

export interface FieldCause {
  readonly left: SideCause;
  readonly right: SideCause;
}

/** A difference with the cause of each change, in the order of the changes; of a missing or extra object one cause. */
export interface ExplainedDifference {
  readonly difference: ObjectDifference;
  readonly causes: readonly FieldCause[];
}

/** Renders charts with a trace; undefined where the chart does not render. */
export type Tracer = (request: RenderRequest) => TracedFiles | undefined;

/** Finds causes of differences between two sides. Traces each side at most once, and only when it is asked. */
export class CauseFinder {
  readonly #left: SideTracer;
  readonly #right: SideTracer;

  constructor(left: TracedSide, right: TracedSide, trace: Tracer) {
    this.#left = new SideTracer(left, trace);
    this.#right = new SideTracer(right, trace);
  }

  explain(difference: ObjectDifference): ExplainedDifference {
    if (difference.kind === "missing")
      return { difference, causes: [{ left: this.#left.find(difference.key, ""), right: nothing }] };
    if (difference.kind === "extra")
      return { difference, causes: [{ left: nothing, right: this.#right.find(difference.key, "") }] };
    return { difference, causes: difference.changes.map((change) => this.#field(difference.key, change)) };
  }

  #field(key: string, change: FieldChange): FieldCause {
    const left = change.kind === "added" ? nothing : this.#left.find(key, change.path);
    const right = change.kind === "removed" ? nothing : this.#right.find(key, change.path);
    return {
      left: left.values.length > 0 ? left : { ...left, values: this.#left.setters(right) },
      right: right.values.length > 0 ? right : { ...right, values: this.#right.setters(left) },
    };
  }
}

const nothing: FoundCause = { place: undefined, values: [], read: [] };

/** A cause with the paths that were read, to look them up on the other side. */
interface FoundCause extends SideCause {
  readonly read: readonly {
    readonly path: readonly (string | number)[];
    readonly below: readonly (string | number)[];
  }[];
}

interface FoundObject {
  readonly document: YamlDocument;
  readonly value: Plain;
  /** Undefined: a committed manifest. */
  readonly trace: Trace | undefined;
  readonly file: string;
  readonly chart: TracedChart | undefined;
}

interface TracedChart {
  readonly rendered: RenderedChart;
  readonly files: TracedFiles;
  readonly setters: ValueSetters;
}

class SideTracer {
  readonly #side: TracedSide;
  readonly #trace: Tracer;
  #charts: readonly TracedChart[] | undefined;
  #objects: Map<string, FoundObject> | undefined;

  constructor(side: TracedSide, trace: Tracer) {
    this.#side = side;
    this.#trace = trace;
  }

  find(key: string, path: string): FoundCause {
    const object = this.#allObjects().get(key);
    if (object === undefined) return nothing;
    const { steps } = resolvePath(path, object.value);
    const place = object.document.originOf(steps.map((step) => (typeof step === "string" ? toByteString(step) : step)));
    if (place === undefined) return nothing;
    if (object.trace === undefined)
      return {
        place: { file: object.file, line: place.key?.line ?? place.line, column: place.key?.column ?? place.column },
        values: [],
        read: [],
      };
    return tracedCause(object, steps, [place, ...(place.key === undefined ? [] : [place.key])]);
  }

  /** Who sets on this side what the other side read. */
  setters(other: FoundCause): SetValue[] {
    return this.#allCharts().flatMap(({ setters }) => settersOf(setters, other.read));
  }

  #allCharts(): readonly TracedChart[] {
    return (this.#charts ??= this.#side.charts.flatMap((rendered) => {
      const files = this.#trace(rendered.request);
      return files === undefined ? [] : [{ rendered, files, setters: new ValueSetters(rendered.request, rendered) }];
    }));
  }

  #allObjects(): Map<string, FoundObject> {
    if (this.#objects !== undefined) return this.#objects;
    const objects = new Map<string, FoundObject>();
    for (const chart of this.#allCharts()) {
      for (const [file, trace] of chart.files.traces) this.#collect(objects, trace.text, { trace, file, chart });
    }
    for (const file of this.#side.files)
      this.#collect(objects, bytesToByteString(this.#side.tree.read(file) ?? new Uint8Array()), {
        trace: undefined,
        file,
        chart: undefined,
      });
    return (this.#objects = objects);
  }

  #collect(
    objects: Map<string, FoundObject>,
    text: string,
    source: Pick<FoundObject, "trace" | "file" | "chart">,
  ): void {
    for (const document of documentsOf(text)) {
      const value = toPlain(document.value);
      if (value === null || typeof value !== "object" || Array.isArray(value)) continue;
      const map = value as Readonly<Record<string, Plain>>;
      if (typeof map["kind"] !== "string" || typeof map["apiVersion"] !== "string") continue;
      const { key } = describeObject(map, { file: source.file }, this.#side.namespace);
      if (!objects.has(key)) objects.set(key, { document, value, ...source });
    }
  }
}

function documentsOf(text: string): readonly YamlDocument[] {
  try {
    return readYamlDocuments(text);
  } catch (error) {
    if (error instanceof YamlError) return [];
    throw error;
  }
}

function tracedCause(
  object: FoundObject,
  steps: readonly (string | number)[],
  places: readonly { readonly line: number; readonly column: number }[],
): FoundCause {
  const trace = object.trace!;
  const chart = object.chart!;
  const origins = places.flatMap(({ line, column }) => originsOnLine(trace, offsetOf(trace.text, line, column)));
  // A quote or a prefix of the value is literal text: what was put in behind it says more.
  const origin = origins.find(({ paths }) => paths.length > 0) ?? origins[0];
  if (origin === undefined) return { place: { file: templatePath(chart.rendered, object.file) }, values: [], read: [] };
  const paths = new Set(origins.flatMap((each) => each.paths));
  const read = [...paths].flatMap((path) => {
    const values = chart.files.valuesPathOf(path);
    return values === undefined
      ? []
      : [{ path: values.map((step) => (typeof step === "string" ? fromByteString(step) : step)), below: steps }];
  });
  return {
    place: {
      file: templatePath(chart.rendered, fromByteString(origin.file)),
      line: origin.line,
      column: origin.column,
    },
    values: settersOf(chart.setters, read),
    read,
  };
}

/** The origins of the text from `offset` to the end of its line, each once. */
function originsOnLine(trace: Trace, offset: number): TraceOrigin[] {
  const newline = trace.text.indexOf("\n", offset);
  const end = newline < 0 ? trace.text.length : newline;
  const origins: TraceOrigin[] = [];
  for (let span = 0; span < trace.spanCount; span++) {
    const range = trace.spanAt(span);
    if (range.end <= offset) continue;
    if (range.start >= end) break;
    const origin = trace.originAt(Math.max(range.start, offset));
    if (origin !== undefined) origins.push(origin);
  }
  return origins;
}

function settersOf(setters: ValueSetters, read: FoundCause["read"]): SetValue[] {
  const found = new Map<string, SetValue>();
  for (const { path, below } of read) {
    const set = setters.find(path, below);
    if (set !== undefined) found.set(set.path, set);
  }
  // `image`, read on the way to `image.tag`, says nothing more.
  return [...found.values()].filter(
    ({ path }) => ![...found.keys()].some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[`)),
  );
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    start = end + 1;
  }
  return start + column - 1;
}

/** `chart/templates/x.yaml` below the chart's folder. */
function templatePath(rendered: RenderedChart, file: string): string {
  const slash = file.indexOf("/");
  return slash < 0 ? `${rendered.chartFolder}/${file}` : `${rendered.chartFolder}${file.slice(slash)}`;
}
