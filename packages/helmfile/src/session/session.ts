import { noWork } from "@tiphys/gotemplate";
import type { CallContext, RandomSource, Work } from "@tiphys/gotemplate";
import type { KustomizeRunner } from "../helm/kustomize.ts";
import { HelmfileError, ExitError } from "../state/error.ts";
import { findHelperTemplates, Renderer } from "../template/renderer.ts";
import type { HelperTemplate, Place } from "../template/renderer.ts";
import { Workspace } from "../files/workspace.ts";
import { exitMessage } from "./command-runner.ts";
import type { CommandRequest, CommandRunner } from "./command-runner.ts";
import { RecordedVariables } from "./recorded-variables.ts";
import { RunningTime } from "./running-time.ts";
import { RefExpander } from "./refs.ts";
import type { RefReader } from "./refs.ts";
import { type Withheld, WithheldRegistry } from "./withheld.ts";
import { YamlCodec } from "./yaml-codec.ts";

/** What may be done besides reading files of the tree. Nothing is allowed unless it is given. */
export interface Permissions {
  /** Runs commands of `exec`, `envExec` and hooks. */
  readonly exec?: CommandRunner;
  /** Reads `ref+…` values; `file`, `echo` and `envsubst` are known without it once `refs` is given. */
  readonly refs?: RefReader;
  /** Pulls OCI charts for `build`, `show-dag` and `template`; without it they are wanted. */
  readonly pull?: ChartPuller;
  /** Runs kustomize for releases with patches or a kustomization as chart; without it such charts cannot be made. */
  readonly kustomize?: KustomizeRunner;
  /** Decrypts a secrets file, as `helm secrets decrypt` does. `path` is "" for a secret that stands in the state file itself. */
  readonly decrypt?: (request: { readonly path: string; readonly content: string }) => Answer<string>;
}

/** Runs `helm pull …` for an OCI chart; a failure's message is Helm's own after `Error: `. */
export type ChartPuller = (args: readonly string[]) => Answer<undefined>;

/** What a permitted reader found, or why it could not; texts are byte strings. */
export type Answer<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "failed"; readonly message: string };

export type LogLevel = "info" | "warn" | "error";

export interface SessionOptions {
  readonly workspace: Workspace;
  readonly environment: ReadonlyMap<string, string>;
  readonly permissions: Permissions;
  readonly now: number;
  readonly timeZone: string;
  readonly random: RandomSource;
  readonly onClock?: () => void;
  readonly logLevel: LogLevel;
  readonly temporaryFolder: string;
  /** Renders state files traced, so that releases have places also in `.gotmpl` files. */
  readonly tracesStateFiles: boolean;
  /** Where error texts say that helm is. */
  readonly helmPath: string;
}

/** Who asked for something that may be withheld. */
export interface Asker {
  readonly function: string;
  readonly place: Place | undefined;
}

const levels: readonly LogLevel[] = ["info", "warn", "error"];

/** One run over an estate: the files, what is allowed, and what was said. Holds no module state. */
export class Session {
  readonly workspace: Workspace;
  readonly environment: ReadonlyMap<string, string>;
  /** The same for templates. */
  readonly variables: RecordedVariables;
  readonly permissions: Permissions;
  readonly withheld = new WithheldRegistry();
  readonly runningTime = new RunningTime();
  /** What the templates did together. */
  readonly work: Work = noWork();
  readonly refs: RefExpander;
  readonly yaml: YamlCodec;
  readonly temporaryFolder: string;
  readonly tracesStateFiles: boolean;
  readonly helmPath: string;
  readonly callContext: Omit<CallContext, "engine">;
  /** Lines of stderr, each ended. */
  readonly log: string[] = [];
  readonly #logLevel: LogLevel;
  readonly #renderers = new Map<string, Renderer>();
  readonly #askedRemotes = new Set<Withheld>();
  readonly #helperTemplates = new Map<string, readonly HelperTemplate[]>();

  constructor(options: SessionOptions) {
    this.workspace = options.workspace;
    this.environment = options.environment;
    this.variables = new RecordedVariables(options.environment);
    this.permissions = options.permissions;
    this.refs = new RefExpander(this);
    this.yaml = new YamlCodec(options.environment.get("HELMFILE_GO_YAML_V3") !== "false");
    this.#logLevel = options.logLevel;
    this.temporaryFolder = options.temporaryFolder;
    this.tracesStateFiles = options.tracesStateFiles;
    this.helmPath = options.helmPath;
    this.callContext = {
      now: options.now,
      timeZone: options.timeZone,
      environment: this.variables,
      random: options.random,
      ...(options.onClock === undefined ? {} : { onClock: options.onClock }),
    };
  }

  /** HELMFILE_DISABLE_INSECURE_FEATURES or …_TEMPLATE_FUNCTIONS. */
  get insecureFeaturesDisabled(): boolean {
    const isOn = (name: string): boolean => parseBool(this.environment.get(name)) ?? false;
    return isOn("HELMFILE_DISABLE_INSECURE_FEATURES") || isOn("HELMFILE_DISABLE_INSECURE_TEMPLATE_FUNCTIONS");
  }

  /** Takes note of a remote file or chart that would be fetched. Throws `HelmfileError` where HELMFILE_DISABLE_INSECURE_FEATURES forbids that. */
  withholdRemote(what: string, asker: Asker): void {
    this.assertRemoteAllowed();
    this.#askedRemotes.add(this.withheld.entryOf({ code: "remote-file", what, asker }));
  }

  /** The remote files that were asked for since the last call: no marker tells what is made without them. */
  takeRemotes(): readonly Withheld[] {
    const asked = [...this.#askedRemotes];
    this.#askedRemotes.clear();
    return asked;
  }

  /** Throws `HelmfileError` where HELMFILE_DISABLE_INSECURE_FEATURES forbids to fetch; `prefix` says what for. */
  assertRemoteAllowed(prefix = ""): void {
    if (parseBool(this.environment.get("HELMFILE_DISABLE_INSECURE_FEATURES")) !== true) return;
    throw new HelmfileError(`${prefix}remote sources are disabled due to 'HELMFILE_DISABLE_INSECURE_FEATURES'`, {
      code: "remote-disabled",
    });
  }

  say(level: LogLevel, message: string): void {
    if (levels.indexOf(level) >= levels.indexOf(this.#logLevel))
      this.log.push(message.endsWith("\n") ? message : `${message}\n`);
  }

  renderer(basePath: string): Renderer {
    const key = this.workspace.absolute(basePath) + "\0" + basePath;
    let renderer = this.#renderers.get(key);
    if (renderer === undefined) this.#renderers.set(key, (renderer = new Renderer(this, basePath)));
    return renderer;
  }

  /** The folder's `_*.tpl` files; read anew each time where a command may have written one. */
  helperTemplates(basePath: string): readonly HelperTemplate[] {
    if (this.permissions.exec !== undefined) return findHelperTemplates(this, basePath);
    const key = this.workspace.absolute(basePath) + "\0" + basePath;
    let found = this.#helperTemplates.get(key);
    if (found === undefined) this.#helperTemplates.set(key, (found = findHelperTemplates(this, basePath)));
    return found;
  }

  /** A file's content; `failure` makes the message out of Go's. Throws `HelmfileError`. */
  readFile(path: string, failure: (message: string) => string = (message) => message): string {
    const content = this.workspace.read(path);
    if (content !== undefined) return content;
    const reason = this.workspace.isDirectory(path)
      ? `read ${path}: is a directory`
      : `open ${path}: ${this.workspace.reasonOf(path)}`;
    throw new HelmfileError(failure(reason), {
      code: "file-missing",
      origin: { file: this.workspace.displayPath(path) },
    });
  }

  /** The output of a command, or a withheld marker when commands are not allowed. Throws `ExitError`. */
  execute(request: CommandRequest, asker: Asker): string {
    const run = this.permissions.exec;
    if (run === undefined) {
      return this.withheld.add({ code: "exec-in-values", what: [request.command, ...request.args].join(" "), asker });
    }
    this.runningTime.spend("command");
    const result = run(request);
    if (result.kind === "failed") throw new HelmfileError(result.message, { code: "command-failed" });
    if (result.status !== 0) throw new ExitError(exitMessage(request, result, request.args), result.status);
    return result.stdout;
  }
}

/** strconv.ParseBool; undefined when it is none. */
export function parseBool(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  return undefined;
}
