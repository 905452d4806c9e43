import { YamlError, type FileTree } from "@tiphys/source";
import { fromByteString, toByteString } from "@tiphys/gotemplate";
import { HelmError } from "../error.ts";
import { defaultProfile, type Profile } from "../profile.ts";
import { DecodeError } from "../values/decode.ts";
import { checkValuesSize, loadValues } from "../values/load-values.ts";
import type { Table } from "../values/values.ts";
import { maxChartSize, readArchive, withoutBom, type GunzipFunction } from "./archive.ts";
import { ChartFile, type Chart, type ChartWarning } from "./chart.ts";
import { hashFiles } from "./content-hash.ts";
import { parseIgnoreRules, type IgnoreRules } from "./ignore.ts";
import { checkLock, readApiVersion, readMetadata, type RawMetadata } from "./read-metadata.ts";
import { validateMetadata } from "./validate-metadata.ts";

/* pkg/chart/loader/load.go and pkg/chart/v2/loader/{directory,load}.go (Helm 4.2.4 and 4.3.1). */

export interface LoadChartOptions {
  /** Helm's version; default 4.3.1. */
  readonly profile?: Profile;
  /** A faster gunzip than the built-in one. */
  readonly gunzip?: GunzipFunction;
  /** The folder as messages show it; default the path in the tree. */
  readonly displayPath?: string;
  /** Takes Helm's loader of v1 and v2 charts without asking Chart.yaml for its apiVersion first, as `helm dependency` does. */
  readonly isDependencyCommand?: boolean;
}

/** Deeper nests of charts in charts are refused: no real chart has them, an archive of archives might. */
const maxChartDepth = 32;

/** The chart in folder `path` of `tree`. Throws `HelmError` with Helm's text; `FileTreeError` when a link leaves the tree. */
export function loadChart(tree: FileTree, path: string, options: LoadChartOptions = {}): Chart {
  const profile = options.profile ?? defaultProfile;
  const prefix = path === "" || path === "." ? "" : `${path}/`;
  if (options.isDependencyCommand !== true) {
    const chartFile = tree.read(`${prefix}Chart.yaml`);
    if (chartFile === undefined) {
      const name = `${options.displayPath ?? path}/Chart.yaml`;
      const message = `unable to detect chart at ${name}: open ${name}: no such file or directory`;
      throw new HelmError("chart-missing", message);
    }
    if (isVersion3(new ChartFile("Chart.yaml", chartFile).text, profile))
      return loadFiles(readFolder(tree, prefix, profile), {
        profile,
        gunzip: options.gunzip,
        depth: 0,
        isVersion3: true,
      });
  }
  return loadFiles(readFolder(tree, prefix, profile), { profile, gunzip: options.gunzip, depth: 0 });
}

/** The chart in a `.tgz`. Throws `HelmError` with Helm's text. */
export function loadChartArchive(bytes: Uint8Array, options: LoadChartOptions = {}): Chart {
  const profile = options.profile ?? defaultProfile;
  if (options.isDependencyCommand === true)
    return loadFiles(readArchive(bytes, profile, options.gunzip), { profile, gunzip: options.gunzip, depth: 0 });
  const files = readWholeArchive(bytes, profile, options);
  const chartFile = files.find((file) => file.name === "Chart.yaml");
  if (!chartFile) throw new HelmError("chart-missing", "unable to detect chart version, no Chart.yaml found");
  const isV3 = isVersion3(chartFile.text, profile);
  return loadFiles(files, { profile, gunzip: options.gunzip, depth: 0, isVersion3: isV3 });
}

/** Helm does not say what is wrong with an archive; we do. */
function readWholeArchive(bytes: Uint8Array, profile: Profile, options: LoadChartOptions): ChartFile[] {
  try {
    return readArchive(bytes, profile, options.gunzip);
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    const helmText = "unable to load chart archive";
    const place = options.displayPath === undefined ? undefined : { file: options.displayPath };
    throw new HelmError(error.code, `${helmText}: ${error.message}`, { helmText, cause: error, place });
  }
}

interface LoadContext {
  readonly profile: Profile;
  readonly gunzip: GunzipFunction | undefined;
  readonly depth: number;
  /** Helm's loader of v3 charts: every chart in it is one. */
  readonly isVersion3?: boolean;
}

/** The chart's apiVersion decides which loader Helm takes: that of v3 (internal/chart/v3), or that of v1 and v2. Throws `HelmError` for others. */
function isVersion3(text: string, profile: Profile): boolean {
  const apiVersion = inFile("Chart.yaml", () => readApiVersion(text, profile));
  if (apiVersion === "v3") {
    if (!profile.loadsVersion3) throw new HelmError("chart-invalid", "invalid chart apiVersion");
    return true;
  }
  if (!["", "v1", "v2"].includes(apiVersion)) throw new HelmError("chart-invalid", "unsupported chart version");
  return false;
}

function readFolder(tree: FileTree, prefix: string, profile: Profile): ChartFile[] {
  const ignoreFile = tree.read(`${prefix}.helmignore`);
  const rules = parseIgnoreRules(ignoreFile ? new ChartFile(".helmignore", ignoreFile).text : "");
  const files: ChartFile[] = [];
  walk({ tree, prefix, profile, rules, files, remaining: maxChartSize, depth: 0 }, "");
  return files;
}

interface Walk {
  readonly tree: FileTree;
  readonly prefix: string;
  readonly profile: Profile;
  readonly rules: IgnoreRules;
  readonly files: ChartFile[];
  remaining: number;
  depth: number;
}

function walk(state: Walk, folder: string): void {
  if (state.depth > 256)
    throw new HelmError("chart-invalid", `folders of the chart are nested too deeply at ${folder}`);
  const path = folder === "" ? state.prefix.replace(/\/$/, "") : `${state.prefix}${folder}`;
  const entries = state.tree.list(path) ?? [];
  for (const name of state.tree.brokenLinks?.(path) ?? []) {
    const relative = folder === "" ? name : `${folder}/${name}`;
    if (state.rules.ignores(toByteString(relative), false)) continue;
    const message = `link of the chart leads nowhere or out of the workspace: ${relative}`;
    throw new HelmError("chart-invalid", message, { place: { file: toByteString(relative) } });
  }
  for (const entry of entries) {
    const relative = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const isDirectory = entry.kind === "directory";
    if (state.rules.ignores(toByteString(relative), isDirectory)) continue;
    if (isDirectory) {
      state.depth++;
      walk(state, relative);
      state.depth--;
    } else {
      readFile(state, relative, entry.size);
    }
  }
}

function readFile(state: Walk, relative: string, knownSize: number | undefined): void {
  const { profile } = state;
  const bytes = checkSize(state, relative, knownSize) ? state.tree.read(`${state.prefix}${relative}`) : undefined;
  if (bytes === undefined) {
    throw new HelmError("chart-invalid", `cannot load irregular file ${relative} as it has file mode type bits set`);
  }
  checkSize(state, relative, bytes.length);
  if (profile.limitsFolderSize) state.remaining -= bytes.length;
  state.files.push(new ChartFile(toByteString(relative), withoutBom(bytes)));
}

function checkSize(state: Walk, relative: string, size: number | undefined): true {
  const { profile } = state;
  if (size === undefined) return true;
  if (profile.maxFileSize !== undefined && size > profile.maxFileSize) {
    const base = relative.slice(relative.lastIndexOf("/") + 1);
    throw new HelmError(
      "chart-too-large",
      `chart file "${base}" is larger than the maximum file size ${profile.maxFileSize}`,
    );
  }
  if (profile.limitsFolderSize && size > state.remaining) {
    const reason = `chart exceeds maximum decompressed size of ${maxChartSize} bytes`;
    throw new HelmError("chart-too-large", `error reading ${relative}: ${reason}`);
  }
  return true;
}

/** `LoadFiles`: the chart of these files. */
function loadFiles(files: readonly ChartFile[], context: LoadContext): Chart {
  if (context.depth > maxChartDepth) throw new HelmError("chart-invalid", "charts are nested too deeply");
  const { isVersion3 = false } = context;
  const sorted = new FileSorter(context);
  const chartFile = files.findLast((file) => file.name === "Chart.yaml");
  if (chartFile) {
    sorted.metadata = inFile("Chart.yaml", () => readMetadata(chartFile.text, context.profile, { isVersion3 }));
    if (sorted.metadata.apiVersion === "") sorted.metadata.apiVersion = isVersion3 ? "v3" : "v1";
  }
  for (const file of files) sorted.add(file);
  if (!sorted.metadata) throw new HelmError("chart-missing", "Chart.yaml file is missing");
  const metadata = validateMetadata(sorted.metadata);
  // Helm ranges a map here, so its order is random; ours is the order of names.
  const subcharts = [...sorted.subcharts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const dependencies: Chart[] = [];
  for (const [name, subchartFiles] of subcharts) {
    if (name.startsWith("_") || name.startsWith(".")) continue;
    const subchart = loadSubchart(name, subchartFiles, { context, parent: metadata.name });
    dependencies.push(subchart);
    sorted.warnings.push(...subchart.warnings);
  }
  let hash: string | undefined;
  return {
    metadata,
    templates: sorted.templates,
    files: sorted.files,
    values: sorted.values,
    schema: sorted.schema,
    dependencies,
    raw: files,
    warnings: sorted.warnings,
    contentHash: () => (hash ??= hashFiles(files)),
  };
}

class FileSorter {
  metadata: RawMetadata | undefined;
  values: Table | undefined;
  schema: ChartFile | undefined;
  readonly templates: ChartFile[] = [];
  readonly files: ChartFile[] = [];
  readonly subcharts = new Map<string, ChartFile[]>();
  readonly warnings: ChartWarning[] = [];
  readonly #profile: Profile;
  readonly #isVersion3: boolean;

  constructor({ profile, isVersion3 = false }: LoadContext) {
    this.#profile = profile;
    this.#isVersion3 = isVersion3;
  }

  add(file: ChartFile): void {
    const { name } = file;
    if (name === "Chart.yaml") return;
    if (name === "Chart.lock") inFile(name, () => checkLock(file.text, this.#profile, this.#isVersion3));
    else if (name === "values.yaml") {
      checkValuesSize(name, file.text.length, name);
      this.values = inFile(name, () => loadValues(file.text, this.#profile));
    } else if (name === "values.schema.json") this.schema = file;
    else if (name === "requirements.yaml" && !this.#isVersion3) this.#addRequirements(file);
    else if (name === "requirements.lock" && !this.#isVersion3) this.#addRequirementsLock(file);
    else if (name.startsWith("templates/")) this.templates.push(file);
    else if (name.startsWith("charts/")) this.#addSubchartFile(file);
    else this.files.push(file);
  }

  #addRequirements(file: ChartFile): void {
    if (this.metadata?.apiVersion !== "v1") {
      this.warnings.push({
        level: "INFO",
        message:
          'Warning: Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to Chart.yaml.',
      });
    }
    this.metadata = inFile(file.name, () => readMetadata(file.text, this.#profile, { onto: this.metadata }));
    if (this.metadata.apiVersion === "v1") this.files.push(file);
  }

  #addRequirementsLock(file: ChartFile): void {
    inFile(file.name, () => checkLock(file.text, this.#profile));
    if (this.metadata?.apiVersion === "v1") {
      this.files.push(file);
      return;
    }
    this.warnings.push({
      level: "INFO",
      message:
        'Warning: Dependency locking is handled in Chart.lock since apiVersion "v2". We recommend migrating to Chart.lock.',
    });
  }

  #addSubchartFile(file: ChartFile): void {
    if (file.name.endsWith(".prov")) {
      this.files.push(file);
      return;
    }
    const name = file.name.slice("charts/".length);
    const slash = name.indexOf("/");
    const chartName = slash < 0 ? name : name.slice(0, slash);
    const list = this.subcharts.get(chartName);
    const renamed = new ChartFile(name, file.bytes);
    if (list) list.push(renamed);
    else this.subcharts.set(chartName, [renamed]);
  }
}

function loadSubchart(
  name: string,
  files: readonly ChartFile[],
  place: { context: LoadContext; parent: string },
): Chart {
  const context = { ...place.context, depth: place.context.depth + 1 };
  const isArchive = name.endsWith(".tgz");
  if (isArchive && files[0]!.name !== name) {
    throw new HelmError(
      "chart-invalid",
      `error unpacking subchart tar in ${place.parent}: expected ${name}, got ${files[0]!.name}`,
    );
  }
  try {
    if (isArchive) return loadFiles(readArchive(files[0]!.bytes, context.profile, context.gunzip), context);
    const inside = files.filter((file) => file.name.includes("/"));
    return loadFiles(
      inside.map((file) => new ChartFile(file.name.slice(file.name.indexOf("/") + 1), file.bytes)),
      context,
    );
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    const message = `error unpacking subchart ${name} in ${place.parent}: ${error.message}`;
    throw new HelmError(error.code, message, { cause: error, place: error.place && subchartPlace(name, error.place) });
  }
}

function subchartPlace(name: string, place: NonNullable<HelmError["place"]>): NonNullable<HelmError["place"]> {
  return { ...place, file: `charts/${fromByteString(name)}/${place.file}` };
}

/** Adds "cannot load FILE: " to what reading throws. */
function inFile<Result>(name: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof YamlError || error instanceof DecodeError || error instanceof HelmError)) throw error;
    const line = error instanceof YamlError ? error.line : error instanceof HelmError ? error.place?.line : undefined;
    const place = line === undefined ? { file: name } : { file: name, line };
    throw new HelmError("chart-invalid", `cannot load ${name}: ${error.message}`, { cause: error, place });
  }
}
