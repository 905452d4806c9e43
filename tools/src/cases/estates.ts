import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findProfile, HelmEngine } from "@tiphys/helm";
import { buildState, listReleases, readHelmfile, releaseValues, showDag, templateReleases, writeValues } from "@tiphys/helmfile";
import type { CommandResult, HelmfileOptions, HelmfileRelease, RenderingOptions } from "@tiphys/helmfile";
import type { FileTree } from "@tiphys/source";
import type { CaseResult } from "./case.ts";
import { FolderTree } from "./folder-tree.ts";
import { report } from "./helmfile.ts";
import { MountTree } from "./helmfile/mount-tree.ts";
import { casePermissions } from "./helmfile/permissions.ts";
import { TextLinkTree } from "tiphys";

/** How a recorded estate is called. Estates that are not in the table are called in their root. */
interface EstateSettings {
  readonly workingDirectory: string;
  readonly file?: string;
  /** Folder of charts that lies beside the estate, by the name of their repository. */
  readonly charts?: { readonly repository: string; readonly folder: string };
  /** Folder beside the recordings that an environment variable points to. */
  readonly config?: { readonly variable: string; readonly folder: string };
}

const settingsOf: Readonly<Record<string, EstateSettings>> = {
  "wbaas-deploy": { workingDirectory: "k8s/helmfile", charts: { repository: "wbstack", folder: "wbstack-charts/charts" } },
  "welkin-apps": { workingDirectory: "", file: "helmfile.d/state.yaml.gotmpl", config: { variable: "CK8S_CONFIG_PATH", folder: "config" } },
};

const root = "/estates-of-tiphys";

export interface Environment {
  /** Folder of the recordings. */
  readonly folder: string;
  readonly estate: string;
  readonly name: string;
  readonly options: HelmfileOptions;
  readonly rendering: RenderingOptions;
}

interface Counted {
  readonly name: string;
  readonly result: CaseResult;
}

/**
 * `npm run cases -- estates FOLDER [--only REGEX] [--show CASE]`: compares every recorded output of the estates beside
 * FOLDER; each recorded file counts as one case. Ends with `N equal, N different, N unsupported, N crashed of N`.
 */
export function runEstateCases(args: string[]): number {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { only: { type: "string" }, show: { type: "string" } } });
  const folder = positionals[0];
  if (folder === undefined) {
    console.error("usage: npm run cases -- estates FOLDER [--only REGEX] [--show CASE]");
    return 2;
  }
  const only = values.only === undefined ? undefined : new RegExp(values.only);
  const wanted = (name: string): boolean => (only?.test(name) ?? true) && (values.show === undefined || name === values.show);
  const counted = findEnvironments(resolve(folder)).flatMap((environment) => runEnvironment(environment, wanted));
  return report(counted, values.show !== undefined);
}

function folders(path: string): string[] {
  return readdirSync(path).filter((name) => statSync(join(path, name)).isDirectory()).sort();
}

/** What is recorded in FOLDER: every environment of every estate beside it. */
export function findEnvironments(recordings: string): Environment[] {
  const engine = new HelmEngine();
  const estates = folders(recordings).filter((name) => existsSync(join(dirname(recordings), name)));
  return estates.flatMap((estate) => {
    const isEnvironment = (name: string): boolean => existsSync(join(recordings, estate, name, "list.json")) || existsSync(join(recordings, estate, name, "errors.json"));
    return folders(join(recordings, estate))
      .filter(isEnvironment)
      .map((name) => environmentOf({ recordings, estate, name, engine }));
  });
}

function environmentOf({ recordings, estate, name, engine }: { recordings: string; estate: string; name: string; engine: HelmEngine }): Environment {
  const beside = dirname(recordings);
  const settings = settingsOf[estate] ?? { workingDirectory: "" };
  const mounts = new Map<string, FileTree>([[estate, new TextLinkTree(new FolderTree(join(beside, estate)))]]);
  const variables = new Map([["PATH", process.env["PATH"] ?? ""], ["HELMFILE_UPGRADE_NOTICE_DISABLED", "true"], ["HELMFILE_CACHE_HOME", `${root}/helmfile`]]);
  if (settings.config !== undefined) {
    mounts.set(settings.config.folder, new FolderTree(join(recordings, estate, settings.config.folder)));
    variables.set(settings.config.variable, `${root}/${settings.config.folder}`);
  }
  const { charts } = settings;
  const rendering: RenderingOptions = {
    engine,
    profile: findProfile("4.2.4")!,
    ...(charts === undefined ? {} : { findChart: (chart) => remoteChart(join(beside, charts.folder), charts.repository, chart) }),
  };
  return {
    folder: join(recordings, estate, name),
    estate,
    name,
    rendering,
    options: {
      tree: new MountTree(estate, mounts),
      root,
      workingDirectory: join(estate, settings.workingDirectory),
      ...(settings.file === undefined ? {} : { file: settings.file }),
      environment: name,
      environmentVariables: variables,
      permissions: { ...casePermissions(variables, true), exec: () => ({ kind: "failed", message: "nothing is run here" }) },
      skipDeps: true,
      temporaryFolder: `${root}/tmp`,
    },
  };
}

function remoteChart(folder: string, repository: string, chart: string): { tree: FileTree; path: string } | undefined {
  const name = chart.startsWith(`${repository}/`) ? chart.slice(repository.length + 1) : undefined;
  return name !== undefined && existsSync(join(folder, name, "Chart.yaml")) ? { tree: new FolderTree(join(folder, name)), path: "" } : undefined;
}

function mask(bytes: string): string {
  return Buffer.from(bytes, "latin1")
    .toString("utf8")
    .replaceAll(root, "<ROOT>")
    .replaceAll(/<ROOT>\/tmp\/helmfile\d+/g, "<TMP>")
    .replaceAll(/((?:-values)[A-Za-z0-9-]*?-)[0-9a-f]{7,12}\b/g, "$1<HASH>");
}

function recorded(environment: Environment, path: string): string {
  return readFileSync(join(environment.folder, path), "utf8");
}

function runEnvironment(environment: Environment, wanted: (name: string) => boolean): Counted[] {
  const files = recordedFiles(environment.folder);
  const reading = memo(() => readHelmfile(environment.options));
  const counted: Counted[] = [];
  const errors = files.includes("errors.json") ? (JSON.parse(recorded(environment, "errors.json")) as Record<string, RecordedError>) : {};
  const check = (path: string, run: () => CaseResult): void => {
    const name = `${environment.estate}/${environment.name}/${path}`;
    if (wanted(name)) counted.push({ name, result: guarded(run) });
  };
  for (const path of files) {
    if (path === "notes.json" || path === "errors.json" || path.startsWith("stderr/") || path.startsWith("only-for-argo/plain")) continue;
    check(path, () => compareFile(environment, path, reading));
  }
  for (const [what, error] of Object.entries(errors)) check(`errors.json ${what}`, () => compareError(environment, what, error));
  return counted;
}

interface RecordedError {
  readonly exit: number;
  readonly stderr: string;
}

function recordedFiles(folder: string): string[] {
  const files: string[] = [];
  const visit = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const child = join(path, name);
      if (statSync(child).isDirectory()) visit(child);
      else files.push(relative(folder, child));
    }
  };
  visit(folder);
  return files;
}

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function guarded(run: () => CaseResult): CaseResult {
  try {
    return run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.startsWith("unsupported: ")) return { verdict: "unsupported", detail: message };
    return { verdict: "crashed", detail: error instanceof Error ? (error.stack ?? message) : message };
  }
}

const selectors: Readonly<Record<string, readonly string[]>> = {
  "ns-monitoring": ["namespace=monitoring"],
  "chart-redis-or-ui": ["name=redis", "chart=queryservice-ui"],
  "default-not-tools": ["namespace=default,name!=tool-widar,name!=tool-cradle"],
  none: ["name=nothing"],
  "app-harbor": ["app=harbor"],
  "netpol-or-psp": ["policy=netpol", "policy=psp"],
  "monitoring-not-upstream": ["app=monitoring,upstream!=prometheus-community"],
  "chart-generator": ["chart=generator"],
};

function compareFile(environment: Environment, path: string, reading: () => { readonly releases: readonly HelmfileRelease[] }): CaseResult {
  const [kind, ...rest] = path.split("/");
  switch (kind) {
    case "list.json":
      return compareText(listReleases(environment.options, { output: "json" }), recorded(environment, path));
    case "list.txt":
      return compareText(listReleases(environment.options, { skipCharts: true }), recorded(environment, path));
    case "build.yaml":
      return compareText(buildState(environment.options), recorded(environment, path));
    case "build-embedded.yaml":
      return compareText(buildState(environment.options, { embedValues: true }), recorded(environment, path));
    case "dag.txt":
      return compareText(showDag(environment.options), recorded(environment, path));
    case "selectors":
      return compareText(listReleases({ ...environment.options, selectors: selectorsOf(rest[0]!.replace(/\.json$/, "")) }, { output: "json" }), recorded(environment, path));
    case "values":
      return compareValues(reading(), rest, recorded(environment, path));
    case "template":
      return compareText(templateReleases({ ...environment.options, selectors: [releaseSelector(rest)] }, environment.rendering, { skipNeeds: true }), recorded(environment, path));
    case "only-for-argo":
      return compareForArgo(environment, rest[0]!, recorded(environment, path));
    default:
      throw new Error(`unsupported: recording ${path}`);
  }
}

function selectorsOf(name: string): readonly string[] {
  const known = selectors[name];
  if (known === undefined) throw new Error(`unsupported: selectors of recording ${name}`);
  return known;
}

function releaseSelector([folder, file]: readonly string[]): string {
  return `name=${file!.replace(/\.yaml$/, "")},namespace=${folder === "_" ? "" : folder}`;
}

function compareText(result: CommandResult, expected: string): CaseResult {
  return verdict(mask(result.stdout), expected, mask(result.stderr));
}

function verdict(actual: string, expected: string, said = ""): CaseResult {
  if (actual === expected) return { verdict: "equal" };
  const detail = actual === "" && said !== "" ? said.trim().split("\n").at(-1)! : "the text differs";
  return { verdict: "different", detail, actual: { text: actual }, expected: { text: expected } };
}

function compareValues({ releases }: { readonly releases: readonly HelmfileRelease[] }, [folder, file]: readonly string[], expected: string): CaseResult {
  const namespace = folder === "_" ? "" : folder;
  const release = releases.find((each) => each.namespace === namespace && `${each.name}.yaml` === file);
  if (release === undefined) return { verdict: "different", detail: "the release is not listed" };
  const values = releaseValues(release);
  return values.kind === "failed" ? { verdict: "different", detail: values.diagnostic.message } : verdict(mask(values.value), expected);
}

/** The values that the owners of wbaas-deploy write for Argo CD with the pre-1.0 behaviour. */
function compareForArgo(environment: Environment, file: string, expected: string): CaseResult {
  const name = /^rendered-(.*)\.yaml$/.exec(file)?.[1];
  if (name === undefined) throw new Error(`unsupported: recording only-for-argo/${file}`);
  const variables = new Map([...environment.options.environmentVariables!, ["HELMFILE_RENDER_YAML", "true"]]);
  const options = { ...environment.options, file: "only-for-argo-value-generation.yaml", selectors: [`name=${name}`], environmentVariables: variables };
  const result = writeValues(options, { outputFileTemplate: "{{ .Release.Name }}" });
  return verdict(mask(result.files.get(name) ?? ""), expected, mask(result.stderr));
}

/** The last line of what was said, and the exit code, of a command that failed. */
function compareError(environment: Environment, what: string, expected: RecordedError): CaseResult {
  const result = runRecorded(environment, what);
  const stderr = mask(result.stderr);
  const wanted = expected.stderr.replaceAll(/((?:-values)[A-Za-z0-9-]*?-)[0-9a-f]{7,12}\b/g, "$1<HASH>").replaceAll(/<ROOT>\/values\/\S+\/(\S+\/\S+\.yaml)/g, "<VALUES>/$1");
  if (result.exitCode === expected.exit && stderr === wanted) return { verdict: "equal" };
  return { verdict: "different", detail: `exit ${result.exitCode}, wanted ${expected.exit}`, actual: { stderr }, expected: { stderr: wanted } };
}

function runRecorded(environment: Environment, what: string): CommandResult {
  const { options, rendering } = environment;
  const [command, ...rest] = what.split(" ");
  const release = rest.join(" ").split("/");
  switch (command) {
    case "list":
      return listReleases(rest.length === 0 ? options : { ...options, selectors: selectorsOf(rest[0]!) }, { output: "json" });
    case "list-skip-charts":
      return listReleases(options, { skipCharts: true });
    case "build":
      return buildState(options);
    case "build-embed-values":
      return buildState(options, { embedValues: true });
    case "show-dag":
      return showDag(options);
    case "values":
      return writeValues({ ...options, selectors: [releaseSelector(release)] }, { outputFileTemplate: `<VALUES>/${release.join("/")}.yaml` });
    case "template":
      return templateReleases({ ...options, selectors: [releaseSelector(release)] }, rendering, { skipNeeds: true });
    default:
      throw new Error(`unsupported: recording of ${what}`);
  }
}
