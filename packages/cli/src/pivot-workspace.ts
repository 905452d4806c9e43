import type { EnvironmentSettings, RenderEngine } from "@tiphys/estate";
import { HelmEngine } from "@tiphys/helm";
import type { Inventory, PivotInput } from "@tiphys/pivot";
import { takeInventory } from "@tiphys/pivot";
import type { Diagnostic } from "@tiphys/source";
import { liveContext } from "./charts/node-random.ts";
import { seededRandomWithKeys } from "./charts/seeded-keys.ts";
import { wantedCharts } from "./charts/wanted-charts.ts";
import type { CommandRun } from "./command.ts";
import { renderEngine } from "./engine-choice.ts";
import { helmfileFlags } from "./helmfile-flags.ts";
import { knownEnvironments } from "./helmfile-reading.ts";
import { rootHelmfile } from "./root-helmfile.ts";
import { kustomizeOnPath } from "./kustomize.ts";
import type { WorkspaceCommandOptions } from "./options.ts";
import { selectEnvironments } from "./options.ts";
import type { Workspace } from "./workspace.ts";
import { openWorkspace } from "./workspace.ts";
import { finishInterrupted } from "./write/journal.ts";
import { lockWorkspace } from "./write/lock.ts";

/** A workspace with its root helmfile read in all environments, ready for the pivot. */
export interface PivotWorkspace extends PivotInput {
  readonly workspace: Workspace;
  readonly helmfile: string;
  /** The environments that the command is about. */
  readonly selected: readonly EnvironmentSettings[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface OpenPivotOptions {
  /** What renderings are made with; who only asks what a release is takes `seededRandomForSigns`. */
  readonly random?: NonNullable<PivotInput["seededRandom"]>;
  /** What earlier runs found, for who only asks what a release is. */
  readonly memory?: PivotInput["memory"];
  /** Only the environments that the command line names are read: for who decides nothing. */
  readonly onlySelected?: boolean;
  /** The helmfile is read with the real clock and real randomness, as for somebody who applies what comes of it. */
  readonly isLive?: boolean;
}

/**
 * Opens the workspace that a command line names, reads its helmfile in every environment, and fetches what charts are wanted unless
 * `--offline`. Throws `UserError` when there is no helmfile or an environment is unknown.
 */
export async function openPivot(
  run: CommandRun,
  options: WorkspaceCommandOptions,
  { random = seededRandomWithKeys, memory, onlySelected = false, isLive = false }: OpenPivotOptions = {},
): Promise<PivotWorkspace> {
  const { io } = run;
  const workspace = openWorkspace(io, options);
  const { tree, estateFile } = workspace;
  // What is planned must still hold when it is written.
  if (options.ref === undefined && run.options["write"] === true) lockWorkspace(workspace.root);
  if (options.ref === undefined && finishInterrupted(workspace.root))
    io.stderr.write("finished a run that was interrupted while it replaced files\n");
  const helmfile = rootHelmfile(run, workspace);
  const known = knownEnvironments(run, workspace, helmfile);
  const selected = selectEnvironments(options.environments, known);
  const environments = onlySelected ? selected : mergeEnvironments(selectEnvironments([], known), selected);
  const inventory = readInventory(run, {
    workspace,
    helmfile,
    environments,
    ...(isLive ? liveContext(io) : {}),
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
    environments,
    selected,
    inventory,
    charts,
    engine,
    helmEngine,
    seededRandom: random,
    ...(memory === undefined ? {} : { memory }),
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

interface InventoryRequest extends Partial<ReturnType<typeof liveContext>> {
  readonly workspace: Workspace;
  readonly helmfile: string;
  readonly environments: readonly EnvironmentSettings[];
}

function readInventory(run: CommandRun, { workspace, ...request }: InventoryRequest): Inventory {
  return takeInventory({
    ...request,
    tree: workspace.tree,
    root: workspace.root,
    ...helmfileFlags(run, workspace),
  });
}
