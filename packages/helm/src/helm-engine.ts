import {
  parseTemplate,
  renameTemplate,
  type FunctionTable,
  type ParsedTemplate,
  type TemplateSet,
} from "@tiphys/gotemplate";
import type { Chart } from "./chart/chart.ts";
import { readHead, type SimpleHead } from "./manifests/head.ts";
import type { Profile } from "./profile.ts";
import {
  renderChart,
  renderChartFiles,
  traceChartFiles,
  type RenderedFiles,
  type RenderRequest,
  type RenderResult,
  type TracedFiles,
} from "./render-chart.ts";
import { compileSchema, type CompiledSchema } from "./schema/compile.ts";
import { loadValues } from "./values/load-values.ts";
import type { Table } from "./values/values.ts";

/** Characters of text that each cache may hold before it starts anew. */
const cacheLimit = 128 * 1024 * 1024;

/** The same for documents, which come once in most renderings of many. */
const documentLimit = 16 * 1024 * 1024;

/** What an entry takes beside its text, in characters: templates of a few letters are many objects. */
const entrySize = 4096;

/** Remembers by text. Never needed for correctness: a full cache is simply emptied. */
class TextCache<Value> {
  readonly #limit: number;
  readonly #values = new Map<string, Value>();
  #size = 0;

  constructor(limit = cacheLimit) {
    this.#limit = limit;
  }

  get(text: string, make: () => Value): Value {
    let value = this.#values.get(text);
    if (value === undefined) {
      value = make();
      if (this.#size > this.#limit) {
        this.#values.clear();
        this.#size = 0;
      }
      this.#values.set(text, value);
      this.#size += text.length + entrySize;
    }
    return value;
  }
}

/**
 * Renders charts and remembers what renders have in common: parsed templates and value files by content, linked template sets
 * by chart, compiled schemas. One for a process is best; every render is independent of the others.
 */
export class HelmEngine {
  /** Names the engine in reports. */
  readonly label = "tiphys";
  readonly #templates = new Map<FunctionTable, TextCache<Map<string, ParsedTemplate>>>();
  readonly #values = new Map<boolean, TextCache<Table>>();
  readonly #schemas = new TextCache<CompiledSchema>();
  readonly #heads = new Map<Profile, TextCache<SimpleHead>>();
  readonly #sets = new WeakMap<Chart, Map<Profile, Map<string, TemplateSet>>>();

  /** What `helm template` gives. Never throws for what a user can get wrong: see `error` of the result. */
  render(request: RenderRequest): RenderResult {
    return renderChart(request, this);
  }

  /** The files that the templates give, before documents are split and sorted. */
  renderFiles(request: RenderRequest): RenderedFiles {
    return renderChartFiles(request, this);
  }

  /** Where the output of each template comes from: a second, slower rendering. Undefined where the chart does not render. */
  trace(request: RenderRequest): TracedFiles | undefined {
    return traceChartFiles(request, this);
  }

  /** The parse tree of `text`, read once: other names, as library charts have, share it. Throws `TemplateError`. */
  readonly parse = (name: string, text: string, functions: FunctionTable): ParsedTemplate => {
    let cache = this.#templates.get(functions);
    if (!cache) this.#templates.set(functions, (cache = new TextCache()));
    const byName = cache.get(text, () => new Map());
    let parsed = byName.get(name);
    if (parsed) return parsed;
    for (const other of byName.values()) parsed ??= renameTemplate(other, name);
    parsed ??= parseTemplate(name, text, { functions });
    byName.set(name, parsed);
    return parsed;
  };

  /** The values of a file's text. Shared: nobody changes them. Throws `HelmError`. */
  readValues(text: string, profile: Profile): Table {
    let cache = this.#values.get(profile.dropsLineAt4096);
    if (!cache) this.#values.set(profile.dropsLineAt4096, (cache = new TextCache()));
    return cache.get(text, () => loadValues(text, profile));
  }

  /** The compiled schema of a text (a byte string). Throws `SchemaError`. */
  schema(text: string, profile: Profile): CompiledSchema {
    return this.#schemas.get(text, () => compileSchema(text, profile.encodingJson));
  }

  /** The head of a document: what a chart renders to in several environments differs in few of them. Throws `YamlError` and `DecodeError`. */
  readHead(document: string, profile: Profile): SimpleHead {
    let cache = this.#heads.get(profile);
    if (!cache) this.#heads.set(profile, (cache = new TextCache(documentLimit)));
    return cache.get(document, () => readHead(document, profile));
  }

  /** Linked sets of a chart, by the paths of its templates. */
  templateSets(chart: Chart, profile: Profile): Map<string, TemplateSet> {
    let byProfile = this.#sets.get(chart);
    if (!byProfile) this.#sets.set(chart, (byProfile = new Map()));
    let sets = byProfile.get(profile);
    if (!sets) byProfile.set(profile, (sets = new Map()));
    return sets;
  }
}
