import type { Trace, TraceOrigin, ValuePath } from "@tiphys/gotemplate";
import { bytesToByteString, fromByteString, toByteString } from "@tiphys/gotemplate";
import type { RenderRequest, TracedFiles } from "@tiphys/helm";
import type { FileTree, Origin, Plain, YamlDocument, YamlPlace } from "@tiphys/source";
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
  /** The values that decided that it is there: those read by the `if`, `with` and `range` around it. */
  readonly conditions: readonly SetValue[];
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

const nothing: FoundCause = { place: undefined, values: [], conditions: [], read: [] };

/** A cause with the paths that were read, to look them up on the other side. */
interface FoundCause extends SideCause {
  readonly read: readonly { readonly path: Steps; readonly below: Steps }[];
}

type Steps = readonly (string | number)[];

interface FoundObject {
  readonly document: YamlDocument;
  /** The whole text of the file, and where in it the text begins that the document's lines count in. */
  readonly text: string;
  readonly start: number;
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
        place: { file: object.file, ...placeAt(object.text, offsetOf(object, place.key ?? place)) },
        values: [],
        conditions: [],
        read: [],
      };
    return tracedCause(object, steps, place);
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
    for (const { document, start } of documentsOf(text)) {
      const value = toPlain(document.value);
      if (value === null || typeof value !== "object" || Array.isArray(value)) continue;
      const map = value as Readonly<Record<string, Plain>>;
      if (typeof map["kind"] !== "string" || typeof map["apiVersion"] !== "string") continue;
      const { key } = describeObject(map, { file: source.file }, this.#side.namespace);
      if (!objects.has(key)) objects.set(key, { document, text, start, value, ...source });
    }
  }
}

/** The documents of a text, which Helm splits before it reads them: a broken one hides no other. */
function documentsOf(text: string): { readonly document: YamlDocument; readonly start: number }[] {
  const starts = [0, ...[...text.matchAll(/^---[ \t]*/gm)].map(({ 0: { length }, index }) => index + length)];
  return starts.flatMap((start, at) => {
    const next = starts[at + 1];
    const end = next === undefined ? text.length : text.lastIndexOf("---", next - 1);
    try {
      return readYamlDocuments(text.slice(start, end)).map((document) => ({ document, start }));
    } catch (error) {
      if (error instanceof YamlError) return [];
      throw error;
    }
  });
}

function tracedCause(object: FoundObject, steps: Steps, place: YamlPlace): FoundCause {
  const trace = object.trace!;
  const chart = object.chart!;
  const first = originsOnLine(object, trace, place);
  const ownKey = place.key === undefined ? [] : originsOnLine(object, trace, place.key);
  // A quote or a prefix of the value is literal text: what was put in behind it says more.
  const origin = [...first, ...ownKey].find(({ paths }) => paths.length > 0) ?? first[0] ?? ownKey[0];
  if (origin === undefined) return { ...nothing, place: { file: templatePath(chart.rendered, object.file) } };
  const origins = [...first, ...ownKey, ...originsInside(object, steps)];
  const readAt = (below: Steps, all: readonly ValuePath[]): FoundCause["read"] =>
    [...new Set(all)].flatMap((path) => {
      const values = chart.files.valuesPathOf(path);
      return values === undefined
        ? []
        : [{ path: values.map((step) => (typeof step === "string" ? fromByteString(step) : step)), below }];
    });
  const paths = origins.flatMap((each) => each.paths);
  const read = readAt(steps, paths);
  const conditions = origins.flatMap((each) => each.conditions).filter((path) => !paths.includes(path));
  return {
    place: {
      file: templatePath(chart.rendered, fromByteString(origin.file)),
      line: origin.line,
      column: origin.column,
    },
    values: settersOf(chart.setters, read),
    conditions: settersOf(chart.setters, readAt([], conditions)),
    read,
  };
}

/** Of a map or list that is explained as a whole no more than so many values are looked at. */
const mostLeaves = 200;

/** The origins of all that is in a field with more than one line. An object as a whole is explained by its first. */
function originsInside(object: FoundObject, steps: Steps): TraceOrigin[] {
  const { document, value, trace, text } = object;
  if (steps.length === 0) return [];
  const field = steps.reduce<Plain>((at, step) => (at as Record<string | number, Plain>)[step]!, value);
  return leavesIn(field, steps, mostLeaves).flatMap((leaf) => {
    const place = document.originOf(leaf.map((step) => (typeof step === "string" ? toByteString(step) : step)));
    if (place === undefined) return [];
    const own = [place, ...(place.key === undefined ? [] : [place.key])];
    return own.flatMap((at) => trace!.originsBetween(offsetOf(object, at), blockEnd(text, offsetOf(object, at))));
  });
}

function leavesIn(value: Plain, steps: Steps, most: number): Steps[] {
  if (value === null || typeof value !== "object") return [steps];
  const leaves: Steps[] = [];
  const entries: [string | number, Plain][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [step, inside] of entries) {
    if (leaves.length >= most) break;
    leaves.push(...leavesIn(inside, [...steps, step], most - leaves.length));
  }
  return leaves;
}

interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The origins of the text from a place to the end of its line, each once. */
function originsOnLine(object: FoundObject, trace: Trace, place: TextPlace): TraceOrigin[] {
  const start = offsetOf(object, place);
  return trace.originsBetween(start, lineEnd(trace.text, start));
}

/** Behind the line of an offset and the deeper lines below it, which a block of text has. */
function blockEnd(text: string, start: number): number {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const depth = /^ */.exec(text.slice(lineStart, start))![0].length;
  let end = lineEnd(text, start);
  while (end < text.length) {
    const next = lineEnd(text, end + 1);
    const line = text.slice(end + 1, next);
    if (line.trim() !== "" && line.search(/[^ ]/) <= depth) break;
    end = next;
  }
  return end;
}

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  return newline < 0 ? text.length : newline;
}

function settersOf(setters: ValueSetters, read: FoundCause["read"]): SetValue[] {
  const found = new Map<string, SetValue>();
  for (const { path, below } of read) {
    const set = setters.find(path, below);
    if (set !== undefined) found.set(set.path, set);
  }
  return [...found.values()];
}

function offsetOf({ text, start: from }: Pick<FoundObject, "text" | "start">, { line, column }: TextPlace): number {
  let start = from;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    start = end + 1;
  }
  return start + column - 1;
}

function placeAt(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** `chart/templates/x.yaml` below the chart's folder. */
function templatePath(rendered: RenderedChart, file: string): string {
  const slash = file.indexOf("/");
  return slash < 0 ? `${rendered.chartFolder}/${file}` : `${rendered.chartFolder}${file.slice(slash)}`;
}
