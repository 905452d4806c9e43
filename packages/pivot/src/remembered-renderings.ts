import type { Chart, RenderedDocument, RenderedHook, RenderResult } from "@tiphys/helm";

/**
 * What renderings said in earlier runs of the same program; a face may keep it. Nothing depends on it: what it does not know is rendered,
 * and so is what somebody wants to see of a rendering that it knows.
 */
export interface RenderingMemory {
  /** A name that only equal parts have, and that does not say what they are. */
  nameOf(parts: readonly (string | Uint8Array)[]): string;
  /** What `set` was given, or whatever else came to lie there. */
  get(name: string): unknown;
  set(name: string, summary: RenderingSummary): void;
}

/** What a rendering says of its release, without the text of any object. */
export interface RenderingSummary {
  /** Kinds of the documents that are no hooks, in their order. */
  readonly documents: readonly string[];
  /** How many of them, from the first on, are files under `crds/`. */
  readonly crdFiles: number;
  /** Kind and events of each hook. */
  readonly hooks: readonly (readonly [kind: string, ...events: string[]])[];
  readonly drewRandomness: boolean;
  readonly askedForTheTime: boolean;
}

/** A rendering, and what it drew on besides its request. */
export interface WatchedResult {
  readonly result: RenderResult;
  readonly drawn: { readonly randomness: boolean; readonly clock: boolean };
}

/** What a kind looks like; other words of a template are kept nowhere. */
const kindPattern = /^(?:[A-Z][A-Za-z0-9]{0,62})?$/;
const eventPattern = /^[a-z-]{1,32}$/;
/** More objects than this are rendered again. */
const mostObjects = 2000;

/** Renderings by all that goes into them, over the runs of a program. */
export class RememberedRenderings {
  readonly #memory: RenderingMemory;
  readonly #chartNames = new WeakMap<Chart, string>();

  constructor(memory: RenderingMemory) {
    this.#memory = memory;
  }

  /** What is known of the rendering of `chart` with `options`, which say all else of the request; else what `make` gives. */
  get(chart: Chart, options: string, make: () => WatchedResult): WatchedResult {
    const name = this.#memory.nameOf([this.#nameOfChart(chart), options]);
    const known = readSummary(this.#memory.get(name));
    if (known !== undefined) {
      const drawn = { randomness: known.drewRandomness, clock: known.askedForTheTime };
      return { drawn, result: new LateResult(known, () => make().result) };
    }
    const made = make();
    const summary = summaryOf(made);
    if (summary !== undefined) this.#memory.set(name, summary);
    return made;
  }

  #nameOfChart(chart: Chart): string {
    let name = this.#chartNames.get(chart);
    if (name === undefined) {
      const files = chart.raw.flatMap((file) => [file.name, file.bytes]);
      this.#chartNames.set(chart, (name = this.#memory.nameOf(files)));
    }
    return name;
  }
}

/** Undefined for a failure, whose message may hold a value, and for kinds that are none. */
function summaryOf({ result, drawn }: WatchedResult): RenderingSummary | undefined {
  if (result.error !== undefined) return undefined;
  const crdFiles = result.documents.filter(({ isCrdFile }) => isCrdFile).length;
  if (!result.documents.slice(0, crdFiles).every(({ isCrdFile }) => isCrdFile)) return undefined;
  return readSummary({
    documents: result.documents.map(({ kind }) => kind),
    crdFiles,
    hooks: result.hooks.map(({ kind, events }) => [kind, ...events]),
    drewRandomness: drawn.randomness,
    askedForTheTime: drawn.clock,
  });
}

/** The summary, when it is one. */
function readSummary(found: unknown): RenderingSummary | undefined {
  if (typeof found !== "object" || found === null) return undefined;
  const { documents, crdFiles, hooks, drewRandomness, askedForTheTime } = found as Partial<
    Record<keyof RenderingSummary, unknown>
  >;
  if (!isList(documents, isKind) || !isList(hooks, isHook)) return undefined;
  if (typeof crdFiles !== "number" || !(crdFiles >= 0 && crdFiles <= documents.length)) return undefined;
  if (typeof drewRandomness !== "boolean" || typeof askedForTheTime !== "boolean") return undefined;
  return { documents, crdFiles, hooks, drewRandomness, askedForTheTime };
}

function isList<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.length <= mostObjects && value.every(isItem);
}

function isKind(value: unknown): value is string {
  return typeof value === "string" && kindPattern.test(value);
}

function isHook(value: unknown): value is [kind: string, ...events: string[]] {
  if (!Array.isArray(value) || !isKind(value[0]) || value.length > 32) return false;
  return value.slice(1).every((event) => typeof event === "string" && eventPattern.test(event));
}

/** A result of which only the kinds are known until somebody asks for more: then it is rendered. */
class LateResult implements RenderResult {
  readonly documents: readonly RenderedDocument[];
  readonly hooks: readonly RenderedHook[];
  readonly #render: () => RenderResult;
  #rendered: RenderResult | undefined;

  constructor({ documents, crdFiles, hooks }: RenderingSummary, render: () => RenderResult) {
    this.#render = render;
    this.documents = documents.map(
      (kind, index) => new LateDocument(kind, index < crdFiles, () => this.#whole.documents[index]!),
    );
    this.hooks = hooks.map(([kind, ...events], index) => new LateHook(kind, events, () => this.#whole.hooks[index]!));
  }

  get #whole(): RenderResult {
    return (this.#rendered ??= this.#render());
  }

  get manifests(): string {
    return this.#whole.manifests;
  }

  get notes(): string {
    return this.#whole.notes;
  }

  get warnings(): RenderResult["warnings"] {
    return this.#whole.warnings;
  }

  get stderr(): string {
    return this.#whole.stderr;
  }
}

class LateDocument<Whole extends RenderedDocument = RenderedDocument> implements RenderedDocument {
  readonly kind: string;
  readonly isCrdFile: boolean;
  protected readonly whole: () => Whole;

  constructor(kind: string, isCrdFile: boolean, whole: () => Whole) {
    this.kind = kind;
    this.isCrdFile = isCrdFile;
    this.whole = whole;
  }

  get path(): string {
    return this.whole().path;
  }

  get content(): string {
    return this.whole().content;
  }

  get apiVersion(): string {
    return this.whole().apiVersion;
  }

  get name(): string {
    return this.whole().name;
  }
}

class LateHook extends LateDocument<RenderedHook> implements RenderedHook {
  readonly events: readonly string[];

  constructor(kind: string, events: readonly string[], whole: () => RenderedHook) {
    super(kind, false, whole);
    this.events = events;
  }

  get weight(): number {
    return this.whole().weight;
  }

  get deletePolicies(): readonly string[] {
    return this.whole().deletePolicies;
  }
}
