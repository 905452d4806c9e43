import { baseOf, dirOf, extensionOf, isAbsolute, joinPaths } from "../files/filepath.ts";
import { isRemote } from "../files/remote.ts";
import type { Session } from "../session/session.ts";
import { helmStateSchema } from "../spec/helm-state.ts";
import type { HelmStateSpec, SubHelmfileSpec } from "../spec/helm-state.ts";
import { mergeStructs } from "../spec/merge.ts";
import { originsOf } from "../spec/release-origins.ts";
import type { Locate } from "../spec/release-origins.ts";
import type { Struct } from "../spec/schema.ts";
import type { GoValue } from "@tiphys/gotemplate";
import { GlobError } from "@tiphys/source";
import type { ValueMap } from "../values/mergo.ts";
import { loadEnvironment, mergeBases, parseState } from "./create.ts";
import { commandLineSource } from "../provenance/environment-sources.ts";
import type { SeenEnvironment } from "../provenance/environment-sources.ts";
import { loadEnvironmentValues } from "./environment-values-loader.ts";
import {
  copyEnvironment,
  environmentTemplateData,
  mergedValues,
  mergeEnvironments,
  newEnvironment,
  sharedValues,
} from "./environment.ts";
import type { Environment } from "./environment.ts";
import { HelmfileError, UndefinedEnvironmentError } from "./error.ts";
import type { HelmState } from "./helm-state.ts";
import { mergeInherited, warnUninheritedRepositories } from "./inherited.ts";
import type { InheritedConfig } from "./inherited.ts";
import { checkPolicy } from "./policy.ts";
import { expandPaths } from "./storage.ts";

/** What the command line says about every state file. */
export interface LoaderSettings {
  readonly session: Session;
  readonly environment: string;
  readonly namespace: string;
  readonly kubeContext: string;
  readonly chart: string;
  readonly helmBinary: string;
  readonly kustomizeBinary: string;
  /** HELMFILE_RENDER_YAML: plain `.yaml` is a template too. */
  readonly rendersYaml: boolean;
  /** Hears the environments that a state file defines as far as it was read, part by part. */
  readonly onEnvironments?: (names: readonly string[]) => void;
}

/** What the file's parent, or the command line for the root, gives to one state file. */
export interface LoadOptions {
  readonly selectors: readonly string[];
  /** `values:` of the `helmfiles:` entry, or `--state-values-file`. */
  readonly overrideValues: readonly GoValue[];
  /** `--state-values-set`, root only. */
  readonly cliSetValues: ValueMap | undefined;
  /** The file that `overrideValues` are relative to. */
  readonly calleePath: string;
  readonly inherited: InheritedConfig | undefined;
  readonly parentRepositories: readonly string[];
}

/** pkg/app/desired_state_file_loader.go of helmfile 1.8.0. Throws `HelmfileError`, also for an unknown environment. */
export class StateLoader {
  readonly #settings: LoaderSettings;
  /** Absolute folder of the file when several are read; "" when helmfile has changed into it. */
  readonly #baseDir: string;

  constructor(settings: LoaderSettings, baseDir: string) {
    this.#settings = settings;
    this.#baseDir = baseDir;
  }

  load(file: string, options: LoadOptions): HelmState {
    const overrides = this.#overrides(options);
    const path = this.#baseDir !== "" && !isAbsolute(file) ? joinPaths(this.#baseDir, file) : file;
    const state = this.#loadFile({
      inherited: options.inherited?.environment,
      overrides,
      baseDir: dirOf(path),
      file: baseOf(path),
      isBase: false,
    });
    if (options.inherited !== undefined) mergeInherited(state.spec, options.inherited);
    warnUninheritedRepositories(state, options.parentRepositories);
    this.#applyCommandLine(state.spec);
    return state;
  }

  #applyCommandLine(spec: HelmStateSpec): void {
    const { kubeContext, namespace, chart } = this.#settings;
    const both = (option: string, attribute: string): HelmfileError =>
      new HelmfileError(`err: Cannot use option --${option} and set attribute ${attribute}.`);
    if (kubeContext !== "") {
      if (spec.kubeContext !== "") throw both("kube-context", "kubeContext");
      spec.kubeContext = kubeContext;
      spec.helmDefaults.kubeContext = kubeContext;
    }
    if (namespace !== "") {
      if (spec.namespace !== "") throw both("namespace", "namespace");
      spec.namespace = namespace;
    }
    if (chart !== "") {
      if (spec.chart !== "") throw both("chart", "chart");
      spec.chart = chart;
    }
  }

  #overrides(options: LoadOptions): Environment | undefined {
    const { overrideValues, cliSetValues, calleePath } = options;
    if (overrideValues.length === 0 && cliSetValues === undefined) return undefined;
    const environment = newEnvironment(this.#settings.environment);
    this.#settings.session.takeRemotes();
    const load = (entries: readonly GoValue[], level: "values" | "cliOverrides"): ValueMap =>
      loadEnvironmentValues({
        storage: { session: this.#settings.session, filePath: calleePath, basePath: dirOf(calleePath) },
        handler: "Error",
        entries,
        context: newEnvironment(this.#settings.environment),
        environmentName: this.#settings.environment,
        mergeStrategy: "",
        onSources: (sources) => void (environment.sources = { ...environment.sources, [level]: sources }),
      });
    if (overrideValues.length > 0) environment.values = load(overrideValues, "values");
    if (cliSetValues !== undefined) {
      environment.cliOverrides = load([cliSetValues], "cliOverrides");
      environment.sources = { ...environment.sources, cliOverrides: commandLineSource(cliSetValues) };
    }
    environment.remotes = this.#settings.session.takeRemotes();
    return environment;
  }

  #loadFile(request: FileRequest): HelmState {
    if (request.isBase && isRemote(request.file)) throw this.#remoteBase(request);
    const path = isAbsolute(request.file) ? request.file : joinPaths(request.baseDir, request.file);
    const content = this.#settings.session.readFile(path);
    const state = this.#loadContent(request, path, content);
    (state.spec.helmfiles ?? []).forEach((helmfile, index) => {
      if (helmfile.path !== path && helmfile.path !== ".") return;
      const what = helmfile.path === "." ? "the the directory containing this helmfile" : "the same sub-helmfile";
      throw new HelmfileError(`${path} contains a recursion into ${what} at helmfiles[${index}]`, {
        code: "helmfile-recursion",
        origin: originsOf(helmfile)?.origin ?? { file: this.#settings.session.workspace.displayPath(path) },
      });
    });
    return state;
  }

  #remoteBase({ file, baseDir, from = "" }: FileRequest): HelmfileError {
    const { session } = this.#settings;
    const place = { file: session.workspace.displayPath(joinPaths(baseDir, from)), line: 1 };
    session.assertRemoteAllowed("locate: ");
    session.withholdRemote(file, { function: "bases", place });
    return new HelmfileError(`wanted: remote base ${file}`, {
      code: "remote-helmfile-wanted",
      origin: { file: place.file },
    });
  }

  #loadContent(request: FileRequest, path: string, content: string): HelmState {
    const { session } = this.#settings;
    const text = content.replaceAll("\r\n", "\n");
    const complaint = checkPolicy(path, text);
    if (complaint !== undefined) {
      const line = complaint.line === undefined ? {} : { line: complaint.line };
      throw new HelmfileError(complaint.message, {
        code: "helmfile-order",
        origin: { file: session.workspace.displayPath(path), ...line },
      });
    }
    let context = request.inherited;
    let final: HelmState | undefined;
    let line = 1;
    for (const [index, part] of text.split("\n---\n").entries()) {
      const current = this.#loadPart(request, { path, part, index, line, context });
      line += part.split("\n").length + 1;
      if (final === undefined) {
        final = current;
      } else {
        mergeStructs(helmStateSchema, final.spec as Struct, current.spec as Struct, {
          override: true,
          appendSlice: false,
        });
        // mergo merges the environments too; the later one has all of the earlier one already.
        final.env = current.env;
      }
      context = final.env;
      const environments = final.spec.environments;
      if (
        environments !== undefined &&
        environments.size > 0 &&
        !request.isBase &&
        context.name !== "default" &&
        !environments.has(context.name)
      ) {
        throw undefinedEnvironment(final.filePath, context.name);
      }
    }
    return this.#finish(final!, request);
  }

  #finish(state: HelmState, request: FileRequest): HelmState {
    const { spec } = state;
    if (!request.isBase) {
      // Release templates may write into it, and other files inherit the same.
      if (request.inherited !== undefined) state.env = copyEnvironment(state.env);
      state.renderedValues = mergedValues(state.env);
      spec.renderedvalues = state.renderedValues;
      const { helmBinary, kustomizeBinary } = this.#settings;
      if (helmBinary !== "" && helmBinary !== "helm") spec.helmBinary = helmBinary;
      else if (spec.helmBinary === "") spec.helmBinary = "helm";
      if (kustomizeBinary !== "" && kustomizeBinary !== "kustomize") spec.kustomizeBinary = kustomizeBinary;
      else if (spec.kustomizeBinary === "") spec.kustomizeBinary = "kustomize";
      const knowsNone = (spec.environments?.size ?? 0) === 0;
      const hasContext = request.inherited !== undefined || request.overrides !== undefined;
      if (knowsNone && !hasContext && state.env.name !== "default")
        throw undefinedEnvironment(state.filePath, state.env.name);
    }
    for (const release of spec.releases ?? []) {
      if (release.updateStrategy === "" || release.updateStrategy === "reinstallIfForbidden") continue;
      throw new HelmfileError(
        `failed to read ${state.filePath}: updateStrategy "${release.updateStrategy}" is invalid, valid values are: reinstallIfForbidden or not set`,
        { code: "helmfile-invalid", origin: { file: state.session.workspace.displayPath(state.filePath) } },
      );
    }
    state.originReleases = spec.releases ?? [];
    return state;
  }

  #loadPart(request: FileRequest, at: PartRequest): HelmState {
    const { session, environment: name } = this.#settings;
    const { path } = at;
    const shouldRender = extensionOf(path) === ".gotmpl" || this.#settings.rendersYaml;
    const content = shouldRender ? this.#render(request, at) : this.#plain(at);
    const context = request.overrides === undefined ? at.context : mergeEnvironments(at.context, request.overrides);
    let spec = parseState(session, content.text, path, content.locate);
    if (request.isBase) {
      if ((spec.bases ?? []).length > 0) {
        throw new HelmfileError(
          "nested `base` helmfile is unsupported. please submit a feature request if you need this!",
          { code: "helmfile-invalid", origin: { file: session.workspace.displayPath(path) } },
        );
      }
    } else {
      spec = mergeBases(spec, (base) =>
        this.#loadFile({
          inherited: context,
          overrides: undefined,
          baseDir: request.baseDir,
          file: base,
          isBase: true,
          from: request.file,
        }),
      );
    }
    if (!request.isBase) this.#settings.onEnvironments?.([...(spec.environments?.keys() ?? [])]);
    const storage = { session, filePath: path, basePath: request.baseDir };
    // A base that comes first gives its own path to messages about environment values.
    const env = loadEnvironment({ storage: { ...storage, filePath: spec.filepath }, spec, name, context });
    spec.filepath = path;
    const state: HelmState = { ...storage, spec, env, renderedValues: new Map(), originReleases: [], selectors: [] };
    spec.helmfiles = this.#expandHelmfiles(state);
    return state;
  }

  #plain(at: PartRequest): LocatedText {
    const file = this.#settings.session.workspace.displayPath(at.path);
    return { text: at.part, locate: (line, column) => ({ file, line: at.line + line - 1, column }) };
  }

  #render(request: FileRequest, at: PartRequest): LocatedText {
    const { session } = this.#settings;
    const id = `${at.path}.part.${at.index}`;
    const { data, seen } = this.#templateData(request, at);
    try {
      const renderer = session.renderer(request.baseDir);
      const place = { file: session.workspace.displayPath(at.path), line: at.line };
      // What a template runs must not be run twice.
      if (session.tracesStateFiles && session.permissions.exec !== undefined)
        return renderer.renderTraced(at.part, data, place, seen);
      const text = renderer.render(at.part, data, place);
      return { text, locate: this.#lateLocate({ request, at, text, place }) };
    } catch (error) {
      if (!(error instanceof HelmfileError)) throw error;
      throw new HelmfileError(`error during ${id} parsing: ${error.message}`, error);
    }
  }

  /** The dot of a part; a copy where the template may write into it, because what one sets does not reach the next. */
  #templateData(request: FileRequest, at: PartRequest): { data: GoValue; seen: SeenEnvironment } {
    const { session, environment: name, namespace } = this.#settings;
    const start = at.context ?? (request.overrides === undefined ? newEnvironment(name) : undefined);
    const mayChange = session.renderer(request.baseDir).mayChangeData(at.part);
    const isShared = !mayChange && start !== undefined && request.overrides === undefined;
    const environment = isShared ? start : mergeEnvironments(start, request.overrides)!;
    const values = isShared ? sharedValues(environment) : mergedValues(environment);
    const data = environmentTemplateData(environment, namespace, values);
    return { data, seen: { values, environment } };
  }

  /** The way back to the template, by rendering it once more, traced, when somebody first asks for a place. */
  #lateLocate({ request, at, text, place }: RenderedPart): Locate {
    const { session } = this.#settings;
    if (!session.tracesStateFiles) return () => ({ file: place.file });
    const directory = session.workspace.workingDirectory;
    let locate: Locate | undefined;
    const trace = (): Locate => {
      const { data, seen } = this.#templateData(request, at);
      const traced = session.workspace.within(directory, () =>
        session.renderer(request.baseDir).retrace(at.part, data, place, seen),
      );
      // Random texts differ, in what they say only.
      return traced?.text.length === text.length ? traced.locate : () => undefined;
    };
    return (line, column) => (locate ??= trace())(line, column);
  }

  #expandHelmfiles(state: HelmState): SubHelmfileSpec[] {
    const expanded: SubHelmfileSpec[] = [];
    for (const helmfile of state.spec.helmfiles ?? []) {
      if (isRemote(helmfile.path)) {
        expanded.push(helmfile);
        continue;
      }
      const matches = expandAt(state, helmfile);
      if (matches.length === 0) {
        const message = `no matches for path: ${helmfile.path}`;
        if ((state.spec.missingFileHandler?.value ?? "Error") === "Error") {
          throw new HelmfileError(message, {
            code: "sub-helmfile-missing",
            origin: originsOf(helmfile)?.origin ?? { file: state.session.workspace.displayPath(state.filePath) },
          });
        }
        state.session.say("warn", message);
        continue;
      }
      for (const path of matches) expanded.push({ ...helmfile, path });
    }
    return expanded;
  }
}

function expandAt(state: HelmState, helmfile: SubHelmfileSpec): string[] {
  try {
    return expandPaths(state, helmfile.path);
  } catch (error) {
    if (error instanceof GlobError)
      throw new HelmfileError(error.message, { code: "glob-invalid", origin: originsOf(helmfile)?.origin });
    throw error;
  }
}

interface FileRequest {
  readonly inherited: Environment | undefined;
  readonly overrides: Environment | undefined;
  readonly baseDir: string;
  readonly file: string;
  readonly isBase: boolean;
  /** The file that names a base. */
  readonly from?: string;
}

interface RenderedPart {
  readonly request: FileRequest;
  readonly at: PartRequest;
  readonly text: string;
  readonly place: { readonly file: string; readonly line: number };
}

/** The text of a part and the way back to the file. */
interface LocatedText {
  readonly text: string;
  readonly locate: Locate;
}

interface PartRequest {
  readonly path: string;
  readonly part: string;
  readonly index: number;
  readonly line: number;
  readonly context: Environment | undefined;
}

function undefinedEnvironment(file: string, name: string): UndefinedEnvironmentError {
  return new UndefinedEnvironmentError(`failed to read ${file}: environment "${name}" is not defined`, {
    code: "environment-undefined",
  });
}
