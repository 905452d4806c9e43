import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { parseEnv } from "node:util";
import type { Command } from "commander";
import type { HelmfileOptions } from "@tiphys/helmfile";
import { checkStateValuesSet } from "@tiphys/helmfile";
import { systemReason } from "./charts/system-reason.ts";
import type { CommandRun } from "./command.ts";
import { UserError } from "./command.ts";
import { commandRunner } from "./exec.ts";
import { kustomizePermission } from "./helmfile-kustomize.ts";
import { collect } from "./options.ts";
import { secretsPermission } from "./secrets.ts";
import { OutsideTree } from "./trees/outside-tree.ts";
import type { Workspace } from "./workspace.ts";

/** What the command line says to every helmfile that is read. */
export type HelmfileFlags = Pick<
  HelmfileOptions,
  "environmentVariables" | "permissions" | "outside" | "stateValuesFiles" | "stateValuesSet" | "stateValuesSetString"
>;

/** Adds the options of commands that read helmfiles. */
export function addHelmfileOptions(command: Command): Command {
  return command
    .option(
      "-f, --file <path>",
      "helmfile or helmfile.d to begin with, from the working directory or --path (default: that of tiphys.yaml, or the workspace's only one)",
    )
    .option("--env <name=value>", "environment variable that helmfile templates may read; may be repeated", collect)
    .option("--env-file <file>", "file of such variables, as NAME=VALUE lines; may be repeated", collect)
    .option("--state-values-set <path=value,…>", "state values, as helmfile's flag; may be repeated", collect)
    .option("--state-values-set-string <path=value,…>", "the same, all values text; may be repeated", collect)
    .option("--state-values-file <file>", "state values in a YAML file; may be repeated", collect)
    .option("--allow-exec", "run the commands that helmfile templates call (exec, envExec)")
    .option("--engine <name>", "tiphys (built in) or helm (the binary on PATH)");
}

const known = new WeakMap<Workspace, HelmfileFlags>();

/** What these options say, read once for all helmfiles of a workspace. Throws `UserError` when one of them cannot be read. */
export function helmfileFlags(run: CommandRun, workspace: Workspace): HelmfileFlags {
  let flags = known.get(workspace);
  if (flags === undefined) known.set(workspace, (flags = readFlags(run, workspace)));
  return flags;
}

function readFlags(run: CommandRun, workspace: Workspace): HelmfileFlags {
  const environmentVariables = variables(run);
  const stateValuesFiles = words(run, "stateValuesFile").map((file) => namedFile(run, "--state-values-file", file));
  const stateValuesSet = words(run, "stateValuesSet");
  const stateValuesSetString = words(run, "stateValuesSetString");
  const fault = checkStateValuesSet(stateValuesSet, stateValuesSetString);
  if (fault !== undefined) throw new UserError(`error: ${fault}`);
  // Nothing else outside of the workspace may be read.
  const folders = [...environmentVariables.values()].filter((value) => isAbsolute(value) && existsSync(value));
  const outside = [...folders, ...stateValuesFiles];
  return {
    environmentVariables,
    permissions: {
      ...(run.options["allowExec"] === true ? { exec: commandRunner(workspace.root) } : {}),
      ...secretsPermission(run),
      ...kustomizePermission(run, workspace),
    },
    ...(outside.length === 0 ? {} : { outside: new OutsideTree(outside) }),
    ...(stateValuesFiles.length === 0 ? {} : { stateValuesFiles }),
    ...(stateValuesSet.length === 0 ? {} : { stateValuesSet }),
    ...(stateValuesSetString.length === 0 ? {} : { stateValuesSetString }),
  };
}

/** The helmfile that `--file` names, as a path in the workspace; undefined without the flag. Throws `UserError`. */
export function namedHelmfile({ io, options }: CommandRun, workspace: Workspace): string | undefined {
  const file = options["file"] as string | undefined;
  if (file === undefined) return undefined;
  const absolute = resolve(options["path"] === undefined ? io.cwd : workspace.root, file);
  const path = relative(workspace.root, absolute).split(sep).join("/");
  if (path === ".." || path.startsWith("../") || isAbsolute(path)) {
    throw new UserError(
      `error: --file ${file} is outside of the workspace ${workspace.root}\n  fix: name its root with --path`,
    );
  }
  if (workspace.tree.kind(path) === undefined) throw new UserError(`error: --file ${file}: there is no ${absolute}`);
  return path;
}

/** Variables that templates may read: HELMFILE_… of the caller, those of `--env-file`, and `--env NAME=VALUE`; the later wins. */
function variables(run: CommandRun): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(run.io.environment)) {
    if (name.startsWith("HELMFILE_") && value !== undefined) found.set(name, value);
  }
  for (const file of words(run, "envFile")) {
    for (const [name, value] of readEnvironmentFile(run, file)) found.set(name, value);
  }
  for (const assignment of words(run, "env")) {
    const equals = assignment.indexOf("=");
    if (equals < 1) throw new UserError(`error: --env takes NAME=VALUE, not "${assignment}"`);
    found.set(assignment.slice(0, equals), assignment.slice(equals + 1));
  }
  return found;
}

/** An assignment (a quoted value may go over lines), a comment or an empty line. */
const environmentLine =
  /[ \t]*(?:(?:export[ \t]+)?[\w.-]+[ \t]*=[ \t]*(?:'[^']*'|"(?:\\.|[^"\\])*"|`[^`]*`|[^'"`\r\n][^\r\n]*|)[ \t]*(?:#[^\r\n]*)?|#[^\r\n]*|)(?:\r?\n|$)/y;

/** As Node reads it for `--env-file`; what Node would pass over is an error. */
function readEnvironmentFile(run: CommandRun, file: string): [string, string][] {
  const text = environmentText(run, file);
  for (environmentLine.lastIndex = 0; environmentLine.lastIndex < text.length;) {
    const at = environmentLine.lastIndex;
    if (environmentLine.test(text)) continue;
    const line = text.slice(0, at).split("\n").length;
    throw new UserError(
      `error: --env-file ${file}: this line is no NAME=VALUE\n --> ${file}:${line}\n  fix: write NAME=VALUE, or # in front of a comment; quotes must be closed`,
    );
  }
  return Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? ""]);
}

const largestEnvironmentFile = 1 << 20;

function environmentText(run: CommandRun, file: string): string {
  const path = namedFile(run, "--env-file", file);
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw new UserError(`error: --env-file ${file}: is a directory`);
    // What is no file, as <(…) of a shell, tells no size.
    if (stats.size > largestEnvironmentFile)
      throw new UserError(`error: --env-file ${file}: it has ${stats.size} bytes, more than ${largestEnvironmentFile}`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`error: --env-file ${file}: ${systemReason(error)}`);
  }
}

/** The absolute path of a file that is named on the command line. Throws `UserError` when it is not there. */
function namedFile({ io }: CommandRun, flag: string, file: string): string {
  const path = resolve(io.cwd, file);
  if (!existsSync(path)) throw new UserError(`error: ${flag} ${file}: there is no ${path}`);
  return path;
}

function words({ options }: CommandRun, name: string): readonly string[] {
  return (options[name] as readonly string[] | undefined) ?? [];
}
