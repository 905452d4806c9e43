import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ObjectDifference } from "@tiphys/estate";
import { CauseFinder, compareObjects, readObjects } from "@tiphys/estate";
import type { SetValue } from "@tiphys/estate";
import { toByteString } from "@tiphys/gotemplate";
import type { Chart, RenderRequest, SetFlag, ValuesLayer } from "@tiphys/helm";
import { HelmEngine, HelmError, loadChart } from "@tiphys/helm";
import type { Plain } from "@tiphys/source";
import { DiskFolder } from "../parity/disk-folder.ts";
import type { CorpusRender } from "../parity/corpus.ts";
import { readCorpus } from "../parity/corpus.ts";
import { EditedTree, KeptTree } from "./edited-tree.ts";
import type { Random } from "./random.ts";
import type { OriginTally } from "./value-origins.ts";
import { applyEdit, otherValue, sample, WrittenFile } from "./written-values.ts";
import type { WrittenValue } from "./written-values.ts";

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));

/**
 * The renders of the corpus beside the repository whose chart is a folder, without errors and without random data, which may be RSA keys; none where
 * there is no corpus.
 */
export function corpusRenders(): CorpusRender[] {
  if (!existsSync(corpus)) return [];
  return readCorpus(corpus.replace(/\/$/, "")).filter(
    ({ expect, chart, randomLines }) => expect === "ok" && randomLines === undefined && !chart.endsWith(".tgz"),
  );
}

type Objects = ReturnType<typeof readObjects>["objects"];

interface Rendered {
  readonly request: RenderRequest;
  readonly objects: Objects;
}

/**
 * Changes values of a chart and its values files one at a time and renders it again. Each field that changes must have named the value that was
 * changed, and a field that shows one value must follow it.
 */
export class FieldOrigins {
  readonly #entry: CorpusRender;
  readonly #random: Random;
  readonly #tally: OriginTally;
  readonly #engine = new HelmEngine();
  readonly #tree = new KeptTree(new DiskFolder(corpus));
  readonly #files = new Map<string, WrittenFile>();
  readonly #base: Rendered | undefined;

  constructor(entry: CorpusRender, random: Random, tally: OriginTally) {
    this.#entry = entry;
    this.#random = random;
    this.#tally = tally;
    this.#base = this.#render(new Map());
  }

  check(count: number, until: number): void {
    const base = this.#base;
    if (base === undefined) return this.#count("field: not rendered");
    const names = base.request.chart.raw
      .map(({ name }) => name)
      .filter((name) => /^(?:charts\/[^/]+\/)*values\.yaml$/.test(name))
      .map((name) => `${this.#entry.chart}/${name}`);
    // Three of four in the chart's own values, which are read most.
    const paths = [
      ...names.filter((name) => !name.includes("/charts/", this.#entry.chart.length)),
      ...this.#entry.values,
    ];
    for (let left = count; left > 0 && Date.now() < until; left--) {
      const from = this.#random.chance(0.25) ? names : paths;
      if (from.length > 0) this.#change(base, this.#random.pick(from));
    }
    for (const object of sample(this.#random, base.objects, count)) if (Date.now() < until) this.#follow(base, object);
  }

  #count(name: string): void {
    this.#tally.counts.set(name, (this.#tally.counts.get(name) ?? 0) + 1);
  }

  #wrong(check: string, where: string, text: string): void {
    this.#count(`${check}: WRONG`);
    this.#tally.wrong.push(`${check} [${this.#entry.id}] ${where}: ${text}`);
  }

  #change(base: Rendered, path: string): void {
    const file = this.#file(path);
    if (file === undefined || file.values.length === 0) return;
    const value = this.#random.pick(file.values);
    const edit = otherValue(file, value);
    if (edit === undefined) return this.#count("field change: nothing to change");
    const now = this.#render(new Map([[path, applyEdit(file.text, edit)]]));
    if (now === undefined) return this.#count("field change: refused");
    this.#count("field change");
    const { differences } = compareObjects(base.objects, now.objects, []);
    if (differences.length === 0) return;
    const finder = new CauseFinder(this.#side(base), this.#side(now), (request) => this.#engine.trace(request));
    for (const difference of differences) {
      if (difference.kind !== "changed") {
        this.#count("field change: object comes or goes");
        continue;
      }
      const { causes } = finder.explain(difference);
      const namedBy = causes.map((cause) =>
        [cause.left, cause.right].flatMap(({ values, conditions }) => [...values, ...conditions]),
      );
      const isNamed = namedBy.map((named) => named.some((each) => isAt(value, path, each)));
      difference.changes.forEach((change, index) => {
        if (isNamed[index]) return this.#count("field change: named");
        // An item that comes or goes moves all behind it.
        const list = listOf(change.path);
        const isMoved = difference.changes.some(
          (other, at) => isNamed[at] && list !== undefined && listOf(other.path) === list,
        );
        if (isMoved) return this.#count("field change: moved in its list");
        const names = namedBy[index]!.map(({ path: name, origin }) => `${name} ${origin.file}:${origin.line}`);
        const { file = "", line } = causes[index]!.left.place ?? {};
        this.#wrong(
          "field change",
          `${difference.key} ${change.path}`,
          `${path}:${value.line}:${value.column} ← ${edit.text} changes it at ${file}:${line}, it names ${names.join(", ")}`,
        );
      });
    }
  }

  /** A field that is one written value follows it. */
  #follow(base: Rendered, object: Objects[number]): void {
    const fields = scalarsIn(object.value, "");
    if (fields.length === 0) return;
    const field = this.#random.pick(fields);
    const finder = new CauseFinder(this.#side(base), this.#side(base), (request) => this.#engine.trace(request));
    const difference: ObjectDifference = {
      kind: "changed",
      key: object.key,
      left: object.origin,
      right: object.origin,
      changes: [{ kind: "changed", path: field.path, left: field.value, right: field.value }],
    };
    const [cause] = finder.explain(difference).causes;
    const [only, ...others] = cause!.left.values;
    if (only === undefined || others.length > 0) return this.#count("field follow: not of one value");
    const file = this.#file(only.origin.file);
    const value = file?.values.find((each) => isAt(each, only.origin.file, only));
    if (file === undefined || value === undefined) return this.#count("field follow: not in a file");
    const text = file.text.slice(value.start, value.end).replaceAll(/^["']|["']$/g, "");
    // A short text may be the same by chance.
    if (text !== field.value || text.length < 4) return this.#count("field follow: made of a value");
    const edit = otherValue(file, value);
    if (edit === undefined) return this.#count("field follow: nothing to change");
    const now = this.#render(new Map([[only.origin.file, applyEdit(file.text, edit)]]));
    const then = now?.objects.find(({ key }) => key === object.key);
    if (then === undefined) return this.#count("field follow: refused");
    this.#count("field follow");
    const changed = scalarsIn(then.value, "").find(({ path }) => path === field.path);
    if (changed === undefined || changed.value === field.value)
      this.#wrong(
        "field follow",
        `${object.key} ${field.path}`,
        `${only.origin.file}:${only.origin.line} ← ${edit.text} leaves ${JSON.stringify(field.value)}`,
      );
  }

  #side({ request }: Rendered): ConstructorParameters<typeof CauseFinder>[0] {
    return {
      charts: [{ request, chartFolder: this.#entry.chart, layerPrefix: "" }],
      files: [],
      tree: this.#tree,
      namespace: this.#entry.namespace,
    };
  }

  #file(path: string): WrittenFile | undefined {
    let file = this.#files.get(path);
    const bytes = file === undefined ? this.#tree.read(path) : undefined;
    if (bytes !== undefined)
      this.#files.set(path, (file = new WrittenFile(path, Buffer.from(bytes).toString("latin1"))));
    return file;
  }

  #render(edits: ReadonlyMap<string, string>): Rendered | undefined {
    const request = this.#request(edits);
    if (request === undefined) return undefined;
    const { documents, hooks, error } = this.#engine.render(request);
    if (error !== undefined) return undefined;
    const texts = [...documents, ...hooks].map(({ path, content }) => ({ source: path, text: content }));
    return { request, objects: readObjects(texts, this.#entry.namespace).objects };
  }

  #request(edits: ReadonlyMap<string, string>): RenderRequest | undefined {
    const { chart: folder, values, set, release, namespace, kubeVersion, apiVersions, flags } = this.#entry;
    const tree = new EditedTree(this.#tree, edits);
    let chart: Chart;
    try {
      chart = loadChart(tree, folder, {});
    } catch (error) {
      if (error instanceof HelmError) return undefined;
      throw error;
    }
    return {
      chart,
      valuesLayers: values.map((path): ValuesLayer => ({
        kind: "file",
        name: path,
        origin: { file: path },
        content: tree.read(path)!,
      })),
      sets: set.map((expression): SetFlag => ({
        kind: "set",
        expression: toByteString(expression),
        origin: { file: "--set" },
      })),
      release: {
        name: toByteString(release),
        namespace: toByteString(namespace),
        isUpgrade: flags.includes("--is-upgrade"),
      },
      capabilities: { kubeVersion, apiVersions },
      skipSchemaValidation: flags.includes("--skip-schema-validation"),
    };
  }
}

/** Whether a named value is the written one, or a map or list around it that was read as a whole. */
function isAt({ line, column, parents }: WrittenValue, path: string, { origin }: SetValue): boolean {
  if (origin.file !== path) return false;
  const isHere = (at: { readonly line: number; readonly column: number }): boolean =>
    at.line === origin.line && at.column === origin.column;
  if (isHere({ line, column })) return true;
  return parents.some((parent, depth) => {
    const { kind, children } = parent;
    if (isHere(parent)) return true;
    if (kind !== "mapping") return false;
    const inside = parents[depth + 1];
    return children.some((key, index) => {
      if (index % 2 > 0 || !isHere(key)) return false;
      const value = children[index + 1]!;
      return value === inside || (value.line === line && value.column === column);
    });
  });
}

/** The outermost list of which a path names an item by its position. */
function listOf(path: string): string | undefined {
  return /^(.*?)\[\d+\]/.exec(path)?.[1];
}

interface Field {
  readonly path: string;
  readonly value: Plain;
}

/** Every scalar of an object, by the paths of `compareValues` that need no key of a list. */
function scalarsIn(value: Plain, path: string): Field[] {
  if (value === null || typeof value !== "object") return [{ path, value }];
  if (Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return scalarsIn(inside as Plain, `${path}[${JSON.stringify(key)}]`);
    return scalarsIn(inside as Plain, path === "" ? key : `${path}.${key}`);
  });
}
