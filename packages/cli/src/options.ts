import type { Command } from "commander";
import type { EnvironmentSettings, EstateFile } from "@tiphys/estate";
import { closest, environmentSettings, gitopsFolder } from "@tiphys/estate";
import type { FileTree } from "@tiphys/source";
import type { CommandRun } from "./command.ts";
import { UserError } from "./command.ts";

/** The options that every command about a workspace has. */
export interface WorkspaceCommandOptions {
  readonly path?: string;
  readonly ref?: string;
  /** Names as given, commas taken apart; empty: all. */
  readonly environments: readonly string[];
  /** Helmfile selectors, each `-l` one. */
  readonly selectors: readonly string[];
  readonly output: unknown;
  readonly offline: boolean;
}

/** A commander option that may be repeated: all that was given, in order. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** Adds `--path`, `--ref`, `-e`, `-l`, `-o` and `--offline`; `formats` are what `-o` takes, the default first. */
export function addWorkspaceOptions(command: Command, formats: readonly string[]): Command {
  return command
    .option(
      "--path <folder>",
      "root of the workspace (default: the nearest folder with a tiphys.yaml, else the working directory)",
    )
    .option("--ref <revision>", "read a Git revision instead of the work tree")
    .option("-e, --environment <name>", "environment; may be repeated or comma-separated (default: all)", collect)
    .option("-l, --selector <selector>", "releases by label, k=v,k!=v; repeated means or", collect)
    .option("-o, --output <format>", `output format: ${formats.join(", ")} (default: ${formats[0] ?? ""})`)
    .option("--offline", "fetch nothing; what is not here is named as wanted");
}

export function workspaceOptions(run: CommandRun): WorkspaceCommandOptions {
  const { options } = run;
  const list = (value: unknown): string[] => (value as string[] | undefined) ?? [];
  return {
    ...(options["path"] === undefined ? {} : { path: String(options["path"]) }),
    ...(options["ref"] === undefined ? {} : { ref: String(options["ref"]) }),
    environments: list(options["environment"])
      .flatMap((names) => names.split(","))
      .filter((name) => name !== ""),
    selectors: list(options["selector"]),
    output: options["output"],
    offline: options["offline"] === true,
  };
}

/** What says which environments there are. */
export interface KnownEnvironments {
  readonly estateFile: EstateFile;
  readonly tree: FileTree;
  /** Those that the root helmfile declares; undefined when the command reads none. */
  readonly helmfileEnvironments?: readonly string[];
  /** Whether that helmfile names an environment after the one that it is read in. */
  readonly definesEnvironment?: (name: string) => boolean;
  /** Some of them, found with less work; when all that are asked for are among them, the others are not looked for. */
  readonly writtenEnvironments?: ReadonlySet<string>;
}

/**
 * The environments that a command is about: those asked for among those of tiphys.yaml, of the helmfile, or of the GitOps tree, in this
 * order of preference. Every helmfile has an environment `default`, also one that declares only others. Throws `UserError` for a name
 * that nobody knows.
 */
export function selectEnvironments(asked: readonly string[], known: KnownEnvironments): EnvironmentSettings[] {
  const { estateFile, writtenEnvironments } = known;
  if (asked.length > 0 && estateFile.environments.length === 0 && writtenEnvironments !== undefined) {
    if (asked.every((name) => writtenEnvironments.has(name))) return asked.map((name) => environmentSettings(name));
  }
  const all = allEnvironments(known);
  const isOfHelmfile = estateFile.environments.length === 0 && known.helmfileEnvironments !== undefined;
  if (asked.length === 0) return all.length > 0 ? all : [environmentSettings("default")];
  return asked.map((name) => {
    const found = all.find((environment) => environment.name === name);
    if (found !== undefined) return found;
    if (all.length === 0 || (isOfHelmfile && (name === "default" || known.definesEnvironment?.(name) === true)))
      return environmentSettings(name);
    const names = all.map((environment) => environment.name);
    const nearest = closest(name, names);
    throw new UserError(
      `error: unknown environment "${name}"; known are ${names.join(", ")}${nearest === undefined ? "" : `\n  fix: did you mean "${nearest}"?`}`,
    );
  });
}

function allEnvironments(known: KnownEnvironments): EnvironmentSettings[] {
  const { estateFile, tree } = known;
  if (estateFile.environments.length > 0) return [...estateFile.environments];
  const { helmfileEnvironments } = known;
  if (helmfileEnvironments !== undefined) return helmfileEnvironments.map((name) => environmentSettings(name));
  const folder = gitopsFolder(estateFile);
  const entries = tree.list(folder === "" ? "environments" : `${folder}/environments`) ?? [];
  return entries.filter((entry) => entry.kind === "directory").map((entry) => environmentSettings(entry.name));
}
