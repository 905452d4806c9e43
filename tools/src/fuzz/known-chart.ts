import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { toByteString, type GoValue } from "@tiphys/gotemplate";
import type { TemplateWords } from "./line-edits.ts";
import { readOrNothing } from "./values-pool.ts";

/** A real chart on disk as mutations see it. */
export interface KnownChart {
  readonly folder: string;
  readonly name: string;
  /** Its values with those of its unpacked subcharts under their names. */
  readonly values: ReadonlyMap<string, GoValue>;
  /** Paths that its templates read. */
  readonly readPaths: readonly (readonly string[])[];
  /** Its templates, as `--show-only` names them. */
  readonly templates: readonly string[];
  /** Its files that Helm reads: templates, values, Chart.yaml, CRDs, schemas. */
  readonly files: readonly string[];
  /** Value files that were written for it. */
  readonly valueFiles: readonly string[];
  readonly words: TemplateWords;
}

/** Folders with a Chart.yaml, those inside other charts left out. */
export function chartFolders(folder: string): string[] {
  if (existsSync(join(folder, "Chart.yaml"))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== ".git")
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => chartFolders(join(folder, name)));
}

/** Paths of the files below a folder that match. */
export function filesOf(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => pattern.test(path) && statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true)
    .sort();
}

/** The chart in a folder; `beside` has value files in a folder of the chart's name. */
export function readKnownChart(folder: string, beside: string): KnownChart {
  const own = join(beside, basename(folder));
  const templates = filesOf(folder, /^(?:charts\/[^/]+\/)*templates\/.*\.(?:ya?ml|tpl|txt)$/);
  const readPaths = new Set<string>();
  const functions = new Set<string>();
  const operands = new Set<string>();
  for (const file of templates) {
    const subcharts = [...file.matchAll(/charts\/([^/]+)\//g)].map((match) => match[1]!);
    const text = readFileSync(join(folder, file), "latin1");
    for (const [, path] of text.matchAll(/\.Values\.([\w.]*\w)/g)) {
      readPaths.add([...subcharts, ...path!.split(".")].join("\n"));
    }
    for (const [, action] of text.matchAll(/\{\{-?\s*(?!\/\*)(.*?)\s*-?\}\}/g)) {
      for (const [word] of action!.matchAll(/(?<=[( |]|^)[a-z]\w+(?=[ )]|$)/g)) functions.add(word);
      for (const [word] of action!.matchAll(/\$?(?:\.\w+)+|\$\w*|\([^()]*\)/g)) operands.add(word);
    }
  }
  return {
    folder,
    name: chartName(folder),
    values: effectiveValues(folder),
    readPaths: [...readPaths].map((path) => path.split("\n")),
    templates: templates.filter((file) => /\.ya?ml$/.test(file)),
    files: [
      ...templates,
      ...filesOf(folder, /^(?:charts\/[^/]+\/)*(?:(?:Chart|values|requirements)\.yaml|values\.schema\.json|crds\/.*)$/),
    ],
    valueFiles: existsSync(own) ? filesOf(own, /\.ya?ml$/).map((file) => join(own, file)) : [],
    words: { functions: orOne(functions, "quote"), operands: orOne(operands, ".") },
  };
}

function orOne(words: ReadonlySet<string>, one: string): readonly string[] {
  return words.size === 0 ? [one] : [...words];
}

function chartName(folder: string): string {
  const metadata = readOrNothing(readFileSync(join(folder, "Chart.yaml"), "latin1"));
  const name = metadata instanceof Map ? metadata.get("name") : undefined;
  return typeof name === "string" ? name : "chart";
}

function effectiveValues(folder: string): Map<string, GoValue> {
  const file = join(folder, "values.yaml");
  const own = existsSync(file) ? readOrNothing(readFileSync(file, "latin1")) : undefined;
  const values = new Map<string, GoValue>(own instanceof Map ? (own as Map<string, GoValue>) : []);
  const charts = join(folder, "charts");
  for (const entry of existsSync(charts) ? readdirSync(charts, { withFileTypes: true }) : []) {
    if (!entry.isDirectory()) continue;
    const name = toByteString(entry.name);
    const above = values.get(name);
    values.set(name, merged(effectiveValues(join(charts, entry.name)), above instanceof Map ? above : new Map()));
  }
  return values;
}

function merged(lower: Map<string, GoValue>, higher: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const result = new Map(lower);
  for (const [key, value] of higher) {
    const below = result.get(key);
    result.set(
      key,
      value instanceof Map && below instanceof Map ? merged(below as Map<string, GoValue>, value) : value,
    );
  }
  return result;
}
