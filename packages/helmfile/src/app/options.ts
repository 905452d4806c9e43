import { seededRandom, toByteString } from "@tiphys/gotemplate";
import type { RandomSource } from "@tiphys/gotemplate";
import type { FileTree } from "@tiphys/source";
import { joinPaths } from "../files/filepath.ts";
import { Workspace } from "../files/workspace.ts";
import { Session } from "../session/session.ts";
import type { LogLevel, Permissions } from "../session/session.ts";
import type { LoaderSettings } from "../state/loader.ts";
import { parseStateValuesSet } from "../values/state-values-set.ts";
import type { ValueMap } from "../values/mergo.ts";

/** helmfile's global flags and surroundings. All texts are UTF-16. */
export interface HelmfileOptions {
  readonly tree: FileTree;
  /** Absolute path at which helmfile would find the tree's root; shows in some outputs. Default `/`. */
  readonly root?: string;
  /** What may be read outside of the tree's root, by absolute path without the leading slash. Default: nothing. */
  readonly outside?: FileTree;
  /** Folder in the tree in which helmfile is called. Default: the root. */
  readonly workingDirectory?: string;
  /** `--file`: a state file or a folder of them. */
  readonly file?: string;
  /** `--environment`; else HELMFILE_ENVIRONMENT, else `default`. */
  readonly environment?: string;
  /** `--selector`, each. */
  readonly selectors?: readonly string[];
  readonly stateValuesFiles?: readonly string[];
  readonly stateValuesSet?: readonly string[];
  readonly stateValuesSetString?: readonly string[];
  readonly namespace?: string;
  readonly kubeContext?: string;
  readonly chart?: string;
  readonly helmBinary?: string;
  readonly kustomizeBinary?: string;
  readonly sequentialHelmfiles?: boolean;
  readonly allowNoMatchingRelease?: boolean;
  readonly allowFailedReleases?: boolean;
  readonly skipDeps?: boolean;
  readonly skipRefresh?: boolean;
  /** The environment variables that helmfile may see. Default: none. */
  readonly environmentVariables?: ReadonlyMap<string, string>;
  readonly permissions?: Permissions;
  readonly logLevel?: LogLevel;
  /** Where helmfile would put temporary files; only names are made of it. Default `/tmp`. */
  readonly temporaryFolder?: string;
  /** Where error texts say that helm is. Default `helm`. */
  readonly helmPath?: string;
  /** Milliseconds since 1970. Default 0. */
  readonly now?: number;
  readonly timeZone?: string;
  readonly random?: RandomSource;
  /** Told each time a template asks for the time. */
  readonly onClock?: () => void;
}

/** Options with their defaults, as byte strings, and the session they make. */
export interface Run {
  readonly session: Session;
  readonly settings: LoaderSettings;
  readonly file: string;
  readonly selectors: readonly string[];
  readonly stateValuesFiles: readonly string[];
  readonly stateValues: ValueMap | undefined;
  readonly sequential: boolean;
  readonly allowNoMatchingRelease: boolean;
  readonly allowFailedReleases: boolean;
  readonly skipDeps: boolean;
  readonly skipRefresh: boolean;
  /** HELMFILE_EXPERIMENTAL: selectors go to layers only by `selectorsInherited`. */
  readonly explicitSelectorInheritance: boolean;
}

/** HELMFILE_QUIET, which HELMFILE_DEBUG turns off, and HELMFILE_LOG_LEVEL. What helmfile says on the level of debugging is never said here. */
function logLevelOf(variable: (name: string) => string): LogLevel {
  if (variable("HELMFILE_DEBUG") === "true") return "info";
  if (variable("HELMFILE_QUIET") === "true") return "warn";
  const level = variable("HELMFILE_LOG_LEVEL").toLowerCase();
  return level === "warn" || level === "error" ? level : "info";
}

/** Throws `StateValuesSetError`. */
export function startRun(options: HelmfileOptions, { tracesStateFiles = false } = {}): Run {
  const variables = new Map(
    [...(options.environmentVariables ?? [])].map(([name, value]) => [toByteString(name), toByteString(value)]),
  );
  const variable = (name: string): string => variables.get(name) ?? "";
  const or = (given: string | undefined, fallback: string): string =>
    given === undefined || given === "" ? fallback : toByteString(given);
  const root = toByteString(options.root ?? "/");
  const session = new Session({
    workspace: new Workspace(
      options.tree,
      root,
      joinPaths(root, toByteString(options.workingDirectory ?? "")),
      options.outside,
    ),
    environment: variables,
    permissions: options.permissions ?? {},
    now: options.now ?? 0,
    timeZone: options.timeZone ?? "UTC",
    random: options.random ?? seededRandom("helmfile"),
    ...(options.onClock === undefined ? {} : { onClock: options.onClock }),
    logLevel: options.logLevel ?? logLevelOf(variable),
    tracesStateFiles,
    helmPath: toByteString(options.helmPath ?? "helm"),
    temporaryFolder: toByteString(options.temporaryFolder ?? "/tmp"),
  });
  const texts = (list: readonly string[] | undefined): string[] => (list ?? []).map(toByteString);
  const set = texts(options.stateValuesSet);
  const setString = texts(options.stateValuesSetString);
  const experimental = variable("HELMFILE_EXPERIMENTAL");
  return {
    session,
    settings: {
      session,
      environment: or(options.environment, variable("HELMFILE_ENVIRONMENT") || "default"),
      namespace: or(options.namespace, variable("HELMFILE_NAMESPACE")),
      kubeContext: or(options.kubeContext, variable("HELMFILE_KUBE_CONTEXT")),
      chart: or(options.chart, ""),
      helmBinary: or(options.helmBinary, variable("HELMFILE_HELM_BINARY")),
      kustomizeBinary: or(options.kustomizeBinary, variable("HELMFILE_KUSTOMIZE_BINARY")),
      rendersYaml: variable("HELMFILE_RENDER_YAML") === "true",
    },
    file: or(options.file, variable("HELMFILE_FILE_PATH")),
    selectors: texts(options.selectors),
    stateValuesFiles: texts(options.stateValuesFiles),
    stateValues: set.length + setString.length === 0 ? undefined : parseStateValuesSet(set, setString),
    sequential: options.sequentialHelmfiles ?? false,
    allowNoMatchingRelease: options.allowNoMatchingRelease ?? false,
    allowFailedReleases: options.allowFailedReleases ?? false,
    skipDeps: options.skipDeps ?? false,
    skipRefresh: options.skipRefresh ?? false,
    explicitSelectorInheritance: experimental === "true" || experimental.includes("explicit-selector-inheritance"),
  };
}
