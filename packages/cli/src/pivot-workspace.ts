import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Command } from "commander";
import type { EnvironmentSettings, RenderEngine } from "@tiphys/estate";
import type { HelmfileOptions } from "@tiphys/helmfile";
import { HelmEngine } from "@tiphys/helm";
import type { Inventory, PivotInput } from "@tiphys/pivot";
import { helmfileEnvironments, takeInventory } from "@tiphys/pivot";
import type { Diagnostic } from "@tiphys/source";
import { seededRandomWithKeys } from "./charts/seeded-keys.ts";
import { wantedCharts } from "./charts/wanted-charts.ts";
import type { CommandRun } from "./command.ts";
import { UserError } from "./command.ts";
import { renderEngine } from "./engine-choice.ts";
import { commandRunner } from "./exec.ts";
import { rootHelmfile } from "./root-helmfile.ts";
import { kustomizePermission } from "./helmfile-kustomize.ts";
import { kustomizeOnPath } from "./kustomize.ts";
import type { WorkspaceCommandOptions } from "./options.ts";
import { selectEnvironments } from "./options.ts";
import { secretsPermission } from "./secrets.ts";
import { OutsideTree } from "./trees/outside-tree.ts";
import type { Workspace } from "./workspace.ts";
import { openWorkspace } from "./workspace.ts";
import { finishInterrupted } from "./write/journal.ts";

/** A workspace with its root helmfile read in all environments, ready for the pivot. */
export interface PivotWorkspace extends PivotInput {
  readonly workspace: Workspace;
  readonly helmfile: string;
  /** The environments that the command is about. */
  readonly selected: readonly EnvironmentSettings[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Opens the workspace that a command line names, reads its helmfile in every environment, and fetches what charts are wanted unless
 * `--offline`. `random` is what renderings are made with; who only asks what a release is takes `seededRandomForSigns`. Throws `UserError`
 * when there is no helmfile or an environment is unknown.
 */
export async function openPivot(
  run: CommandRun,
  options: WorkspaceCommandOptions,
  { random = seededRandomWithKeys }: { readonly random?: NonNullable<PivotInput["seededRandom"]> } = {},
): Promise<PivotWorkspace> {
  const { io } = run;
  const workspace = openWorkspace(io, options);
  const { tree, estateFile } = workspace;
  if (options.ref === undefined && finishInterrupted(workspace.root))
    io.stderr.write("finished a run that was interrupted while it replaced files\n");
  const helmfile = rootHelmfile(workspace);
  const names = helmfileEnvironments(tree, helmfile);
  const known = { estateFile, tree, helmfileEnvironments: names };
  const environments = selectEnvironments([], known);
  const selected = selectEnvironments(options.environments, known);
  const inventory = readInventory(run, {
    workspace,
    helmfile,
    environments: mergeEnvironments(environments, selected),
  });
  const helmEngine = new HelmEngine();
  const engine: RenderEngine = renderEngine(run, helmEngine);
  const kustomize = kustomizeOnPath();
  const { charts, diagnostics } = await wantedCharts({ io, workspace, inventory, offline: options.offline });
  return {
    workspace,
    helmfile,
    tree,
    estateFile,
    environments: mergeEnvironments(environments, selected),
    selected,
    inventory,
    charts,
    engine,
    helmEngine,
    seededRandom: random,
    ...(kustomize === undefined ? {} : { kustomize }),
    diagnostics: [...workspace.diagnostics, ...diagnostics],
  };
}

function mergeEnvironments(
  all: readonly EnvironmentSettings[],
  selected: readonly EnvironmentSettings[],
): EnvironmentSettings[] {
  const names = new Set(all.map(({ name }) => name));
  return [...all, ...selected.filter(({ name }) => !names.has(name))];
}

interface InventoryRequest {
  readonly workspace: Workspace;
  readonly helmfile: string;
  readonly environments: readonly EnvironmentSettings[];
}

function readInventory(run: CommandRun, request: InventoryRequest): Inventory {
  return takeInventory({
    tree: request.workspace.tree,
    helmfile: request.helmfile,
    environments: request.environments,
    environmentVariables: helmfileVariables(run),
    permissions: helmfilePermissions(run, request.workspace),
    root: request.workspace.root,
    ...outsideTree(run),
  });
}

/** The folders that `--env NAME=/folder` names may be read, and nothing else outside of the workspace. */
export function outsideTree(run: CommandRun): { outside?: OutsideTree } {
  const folders = [...helmfileVariables(run).values()].filter((value) => isAbsolute(value) && existsSync(value));
  return folders.length === 0 ? {} : { outside: new OutsideTree(folders) };
}

/** The variables that templates may read: `--env NAME=VALUE`, and HELMFILE_… of the caller. */
export function helmfileVariables({ io, options }: CommandRun): Map<string, string> {
  const variables = new Map<string, string>();
  for (const [name, value] of Object.entries(io.environment)) {
    if (name.startsWith("HELMFILE_") && value !== undefined) variables.set(name, value);
  }
  for (const assignment of (options["env"] as string[] | undefined) ?? []) {
    const equals = assignment.indexOf("=");
    if (equals < 1) throw new UserError(`error: --env takes NAME=VALUE, not "${assignment}"`);
    variables.set(assignment.slice(0, equals), assignment.slice(equals + 1));
  }
  return variables;
}

/** What the command line allows: nothing, unless `--allow-exec` and `--secrets`. */
export function helmfilePermissions(
  run: CommandRun,
  workspace: Workspace,
): NonNullable<HelmfileOptions["permissions"]> {
  return {
    ...(run.options["allowExec"] === true ? { exec: commandRunner(workspace.root) } : {}),
    ...secretsPermission(run),
    ...kustomizePermission(run, workspace),
  };
}

/** Adds the options of commands that read helmfiles. */
export function addHelmfileOptions(command: Command): Command {
  const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];
  return command
    .option("--env <name=value>", "environment variable that helmfile templates may read; may be repeated", collect)
    .option("--allow-exec", "run the commands that helmfile templates call (exec, envExec)")
    .option("--engine <name>", "tiphys (built in) or helm (the binary on PATH)");
}
