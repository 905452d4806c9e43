import { byteStringToBytes, fromByteString } from "@tiphys/gotemplate";
import { HelmError, loadChart, mergeUserValues } from "@tiphys/helm";
import type {
  Chart,
  HelmEngine,
  Profile,
  RenderedDocument,
  RenderRequest,
  RenderResult,
  SetFlag,
  ValuesLayer,
} from "@tiphys/helm";
import type { CommandOutput } from "../app/result.ts";
import { exitMessage, indent } from "../session/command-runner.ts";
import type { Session } from "../session/session.ts";
import { ExitError, HelmfileError } from "../state/error.ts";
import type { ValueMap } from "../values/mergo.ts";
import {
  addDependencies,
  chartFolderOf,
  checkDependencies,
  declaredDependencies,
  isLocked,
  readChartFolder,
} from "./chart-files.ts";
import type { ChartFiles } from "./chart-files.ts";
import { ChartStore } from "./chart-store.ts";
import type { ChartFolder } from "./chart-store.ts";
import { parseTemplateArguments } from "./template-arguments.ts";
import type { TemplateArguments } from "./template-arguments.ts";

/** How a helm command ended. Byte strings. */
interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HelmOptions {
  readonly profile: Profile;
  readonly findChart?: (chart: string, version: string) => ChartFolder | undefined;
  /** Clock, zone and randomness of one rendering; default: those of the session. */
  readonly context?: () => NonNullable<RenderRequest["context"]>;
}

/** helm as helmfile sees it (pkg/helmexec/exec.go of 1.8.0): it notes every call and renders with the built-in engine. */
export class Helm {
  readonly session: Session;
  readonly charts: ChartStore;
  /** `SetExtraArgs`: put behind the arguments of every call. */
  extra: readonly string[] = [];
  /** Put before the verb of every call. */
  kubeContext = "";
  readonly #engine: Pick<HelmEngine, "render">;
  readonly profile: Profile;
  readonly #output: CommandOutput;
  readonly #context: HelmOptions["context"];
  /** Content of temporary files by path. */
  readonly #temporary = new Map<string, string>();

  constructor(session: Session, engine: Pick<HelmEngine, "render">, output: CommandOutput, options: HelmOptions) {
    this.session = session;
    this.#engine = engine;
    this.profile = options.profile;
    this.#output = output;
    this.#context = options.context;
    this.charts = new ChartStore(session.workspace, options);
  }

  addTemporaryFile(path: string, content: string): void {
    this.#temporary.set(path, content);
  }

  /** Notes a call and gives its full arguments. */
  call(args: readonly string[], extra: readonly string[] = this.extra): string[] {
    return this.#note([...(this.kubeContext === "" ? [] : ["--kube-context", this.kubeContext]), ...args, ...extra]);
  }

  /** chartify calls helm itself: without what helmfile puts before and behind. */
  #note(full: string[]): string[] {
    const values = full.flatMap((word, index) =>
      word === "--values" || word === "-f" ? [this.#read(full[index + 1] ?? "")] : [],
    );
    this.#output.helmCalls.push({ args: full, values });
    this.session.runningTime.spend("helm");
    return full;
  }

  #read(path: string): string | undefined {
    return this.#temporary.get(path) ?? this.session.workspace.read(path);
  }

  /** `helm dependency build`. Throws `ExitError`. */
  buildDependencies(releaseName: string, chart: string, flags: readonly string[]): void {
    this.session.say("info", `Building dependency release=${releaseName}, chart=${chart}`);
    const called = this.call(["dependency", "build", chart, ...flags], dependencyArguments(this.extra));
    const folder = this.charts.folder(chart);
    if (folder === undefined) return;
    let files: ChartFiles;
    let dependencies: ValueMap[];
    try {
      this.charts.load(chart);
      files = readChartFolder(folder);
      dependencies = declaredDependencies(files, this.session.yaml);
      if (dependencies.length === 0) return;
      const context = { yaml: this.session.yaml, chartPath: chart, folder: this.#chartFolder };
      if (!isLocked(files)) checkDependencies(files, context);
      addDependencies(files, context);
    } catch (error) {
      if (!(error instanceof HelmError)) throw error;
      throw this.failure(called, { status: 1, stdout: "", stderr: `Error: ${error.message}\n` });
    }
    this.charts.add(chart, chartFolderOf(files));
    this.info(`Saving ${dependencies.length} charts\nDeleting outdated charts`);
  }

  readonly #chartFolder = (path: string): ChartFolder | undefined => this.charts.folder(path);

  /** `helm dependency build` or `up` as chartify calls it, which puts the subcharts into `files`. Throws `HelmfileError`. */
  dependenciesForChartify(
    target: string,
    files: ChartFiles,
    { builds, chart }: { readonly builds: boolean; readonly chart: string },
  ): void {
    const args = this.#note(["dependency", builds ? "build" : "up", target]);
    const context = { yaml: this.session.yaml, chartPath: chart, folder: this.#chartFolder };
    try {
      loadChart(chartFolderOf(files).tree, "", { profile: this.profile, displayPath: fromByteString(target) });
      if (!builds) checkDependencies(files, context);
      addDependencies(files, context);
    } catch (error) {
      if (!(error instanceof HelmError)) throw error;
      throw chartifyFailure(args, error);
    }
  }

  /** `helm pull` as chartify calls it, of a path where nothing is. Throws `HelmfileError`. */
  failToPull(chart: string, version: string, target: string): never {
    const args = ["pull", chart, "--untar", "-d", target, ...(version === "" ? [] : ["--version", version])];
    this.#note(args);
    throw chartifyFailure(args, new HelmError("chart-missing", `repo ${chart.slice(0, chart.indexOf("/"))} not found`));
  }

  /** `helm template --output-dir …` as chartify calls it: the files by path below the output folder. Throws `HelmfileError`. */
  renderForChartify(args: readonly string[]): ReadonlyMap<string, string> {
    this.#note([...args]);
    try {
      const parsed = parseTemplateArguments(args);
      const missing = this.charts.locate(parsed.chart, parsed.version);
      if (missing !== undefined) throw new HelmError("chart-missing", missing);
      const result = this.#render(parsed);
      if (result.error !== undefined) throw new HelmError("render-failed", result.error.helmText);
      return outputFiles(result);
    } catch (error) {
      if (!(error instanceof HelmError)) throw error;
      throw chartifyFailure(args, error);
    }
  }

  /** `helm template`: the manifests go to stdout, or into files with `--output-dir`. Throws `ExitError`. */
  template(releaseName: string, chart: string, flags: readonly string[]): void {
    this.session.say("info", `Templating release=${releaseName}, chart=${redactUrl(chart)}`);
    const full = this.call(["template", releaseName, chart, ...flags]);
    const ended = this.runTemplate(full.slice(full.indexOf("template")));
    if (flags.some((flag) => flag === "--output-dir" || flag.startsWith("--output-dir="))) this.info(ended.stdout);
    else if (ended.stdout !== "") this.#output.stdout += `${ended.stdout}\n`;
    if (ended.status !== 0) throw this.failure(full, ended);
  }

  info(text: string): void {
    const trimmed = text.replace(/\n+$/, "");
    if (trimmed !== "") this.session.say("info", trimmed);
  }

  /** The error of a helm call that ended badly, with what `--set` says taken out. */
  failure(args: readonly string[], ended: Ended): ExitError {
    const shown = args.map((arg, index) => (index > 0 && args[index - 1]!.startsWith("--set") ? "*** STRIP ***" : arg));
    const request = { command: "helm", args, environment: new Map<string, string>(), input: "", directory: "" };
    const result = {
      kind: "exited",
      path: this.session.helmPath,
      status: ended.status,
      stdout: ended.stdout,
      stderr: ended.stderr,
      combined: ended.stdout + ended.stderr,
    } as const;
    return new ExitError(exitMessage(request, result, shown), ended.status);
  }

  /** Renders what `helm template` with these arguments prints. */
  runTemplate(args: readonly string[]): Ended {
    const failed = (text: string, said = ""): Ended => ({ status: 1, stdout: "", stderr: `${said}Error: ${text}\n` });
    let parsed: TemplateArguments;
    try {
      parsed = parseTemplateArguments(args);
    } catch (error) {
      if (error instanceof HelmError) return failed(error.message);
      throw error;
    }
    if (parsed.postRenderer !== "") {
      return failed(
        `invalid argument "${parsed.postRenderer}" for "--post-renderer" flag: plugin: {Name:${parsed.postRenderer} Type:postrenderer/v1} not found`,
      );
    }
    const missing = this.charts.locate(parsed.chart, parsed.version);
    if (missing !== undefined) return failed(missing);
    try {
      const result = this.#render(parsed);
      if (result.error !== undefined) return failed(result.error.helmText, result.stderr);
      return {
        status: 0,
        stdout: parsed.outputDir === "" ? onlyShown(result, parsed) : this.#writeFiles(result, parsed),
        stderr: result.stderr,
      };
    } catch (error) {
      if (error instanceof HelmError) return failed(error.message);
      throw error;
    }
  }

  /** The chart. Helm reads values first, so their faults come before those of a chart that cannot be loaded. Throws `HelmError`. */
  #load(chart: string, layers: readonly ValuesLayer[], sets: readonly SetFlag[]): Chart {
    try {
      return this.charts.load(chart);
    } catch (error) {
      mergeUserValues(layers, sets, { profile: this.profile });
      throw error;
    }
  }

  #render(parsed: TemplateArguments): RenderResult {
    const valuesLayers = parsed.valuesFiles.map((path) => this.#valuesLayer(path));
    const sets = parsed.sets.map((set) => this.#setFlag(set));
    return this.#engine.render({
      chart: this.#load(parsed.chart, valuesLayers, sets),
      valuesLayers,
      sets,
      release: {
        name: parsed.releaseName,
        namespace: parsed.namespace === "" ? "default" : parsed.namespace,
        isUpgrade: parsed.isUpgrade,
      },
      capabilities: {
        ...(parsed.kubeVersion === "" ? {} : { kubeVersion: fromByteString(parsed.kubeVersion) }),
        apiVersions: parsed.apiVersions.map(fromByteString),
      },
      includeCrds: parsed.includeCrds,
      skipTests: parsed.skipTests,
      noHooks: parsed.noHooks,
      skipSchemaValidation: parsed.skipSchemaValidation,
      profile: this.profile,
      context: this.#context?.() ?? {
        now: this.session.callContext.now,
        timeZone: this.session.callContext.timeZone,
        random: this.session.callContext.random,
      },
    });
  }

  #valuesLayer(path: string): ValuesLayer {
    const content = this.#read(path);
    if (content === undefined) throw new HelmError("values-file-missing", `open ${path}: no such file or directory`);
    return {
      kind: "file",
      name: fromByteString(path),
      origin: { file: this.session.workspace.displayPath(path) },
      content: byteStringToBytes(content),
    };
  }

  #setFlag(set: TemplateArguments["sets"][number]): SetFlag {
    const origin = { file: `--${set.kind}` };
    if (set.kind !== "set-file") return { kind: set.kind, expression: set.expression, origin };
    const equals = set.expression.indexOf("=");
    const path = set.expression.slice(equals + 1);
    const content = this.session.workspace.read(path);
    if (content === undefined)
      throw new HelmError(
        "set-file-missing",
        `failed parsing --set-file data: open ${path}: no such file or directory`,
      );
    return { kind: "set-file", expression: `${set.expression.slice(0, equals)}=${content}`, origin };
  }

  /** `--output-dir`: each document goes to its template's file. */
  #writeFiles(result: RenderResult, parsed: TemplateArguments): string {
    const files = [...outputFiles(result)].map(([path, content]) => [`${parsed.outputDir}/${path}`, content] as const);
    for (const [path, content] of files) this.#output.files.set(path, content);
    return files.map(([path]) => `wrote ${path}\n`).join("");
  }
}

function outputFiles(result: RenderResult): Map<string, string> {
  const files = new Map<string, string>();
  for (const document of [...result.documents, ...result.hooks]) {
    files.set(document.path, `${files.get(document.path) ?? ""}---\n# Source: ${document.path}\n${document.content}\n`);
  }
  return files;
}

function onlyShown(result: RenderResult, parsed: TemplateArguments): string {
  if (parsed.showOnly.length === 0) return result.manifests;
  const matches = (document: RenderedDocument): boolean =>
    parsed.showOnly.some((path) => document.path.slice(document.path.indexOf("/") + 1) === path);
  const shown = [...result.documents, ...result.hooks].filter(matches);
  if (shown.length === 0)
    throw new HelmError("show-only-missing", `could not find template ${parsed.showOnly[0]} in chart`);
  return shown.map((document) => `---\n# Source: ${document.path}\n${document.content}\n`).join("");
}

/** The flags that `helm dependency` knows, by prefix as helmfile checks them. */
const dependencyFlags = [
  "--kube",
  "--debug",
  "--namespace",
  "-n",
  "--registry-config",
  "--repository-config",
  "--repository-cache",
  "--plugins-directory",
  "--max-history",
  "--burst-limit",
  "--qps",
  "--color-mode",
  "--verify",
  "--keyring",
  "--skip-refresh",
  "--column-width",
  "--username",
  "--password",
  "--cert-file",
  "--key-file",
  "--ca-file",
  "--insecure-skip-tls-verify",
  "--plain-http",
];

function dependencyArguments(extra: readonly string[]): string[] {
  return extra.filter((word) => dependencyFlags.some((flag) => word.split("=")[0]!.startsWith(flag)));
}

/** Hides a password in a chart's URL. */
function redactUrl(chart: string): string {
  return chart.replace(/^([a-z+]+:\/\/[^/:@]+:)[^/@]*@/, "$1xxxxx@");
}

/** A chart that lies elsewhere and is not here. */
export function wantedChart(chart: string, version: string): HelmfileError {
  return new HelmfileError(`wanted: chart ${chart}${version === "" ? "" : ` ${version}`}`, { code: "chart-wanted" });
}

/** How chartify tells that helm failed. */
function chartifyFailure(args: readonly string[], { message }: HelmError): HelmfileError {
  const command = ["helm", ...args].join(" ");
  return new HelmfileError(
    `exit status 1\n\nCOMMAND:\n${indent(command)}\n\nOUTPUT:\n${indent(`Error: ${message}\n`)}`,
    { code: "helm-failed" },
  );
}
