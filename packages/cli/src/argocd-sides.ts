import type { Command } from "commander";
import { ArgoError, readClusterSecrets, readFixtures, SettingsError } from "@tiphys/argocd";
import type { ClusterSecret, Fixture } from "@tiphys/argocd";
import type {
  ArgocdSideOptions,
  ChartFinder,
  EnvironmentSettings,
  ExpandedApplication,
  RenderEngine,
} from "@tiphys/estate";
import { ArgocdSide, createChartFinder, findHelmfile } from "@tiphys/estate";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import { HelmEngine } from "@tiphys/helm";
import type { RenderRequest } from "@tiphys/helm";
import type { HelmfileRepository } from "@tiphys/helmfile";
import { matchesLabels } from "@tiphys/helmfile";
import { proofContext } from "@tiphys/pivot";
import type { Diagnostic } from "@tiphys/source";
import { readYaml, readYamlDocuments, YamlError } from "@tiphys/source";
import { repositoryNames } from "./charts/wanted-charts.ts";
import { seededRandomWithKeys } from "./charts/seeded-keys.ts";
import type { CommandRun } from "./command.ts";
import { UserError } from "./command.ts";
import { renderEngine } from "./engine-choice.ts";
import type { ArgocdCm } from "./health/argocd-cm.ts";
import { readArgocdCm } from "./health/argocd-cm.ts";
import { knownEnvironments, readInEnvironment } from "./helmfile-reading.ts";
import { kustomizeOnPath } from "./kustomize.ts";
import type { WorkspaceCommandOptions } from "./options.ts";
import { addWorkspaceOptions, selectEnvironments } from "./options.ts";
import type { Workspace } from "./workspace.ts";
import { parseUserSelector } from "./select-releases.ts";
import { chartFinderOptions, openWorkspace, readUserFile } from "./workspace.ts";

/** One environment as Argo CD has it. */
export interface EnvironmentSide {
  readonly environment: EnvironmentSettings;
  readonly side: ArgocdSide;
  /** The side's Applications whose labels (`name`, `namespace` and `project` among them) match `-l`. */
  readonly applications: readonly ExpandedApplication[];
}

/** A workspace without its helmfiles: Argo CD's side of each environment that the command is about. */
export interface ArgocdSides {
  readonly workspace: Workspace;
  readonly sides: readonly EnvironmentSide[];
  /** The file of `--argocd-cm`; undefined when none is given. */
  readonly settings: ArgocdCm | undefined;
  /** Faults of tiphys.yaml and of every expansion. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Names of all Applications, also of those that `-l` leaves out. */
export function applicationNames(sides: readonly EnvironmentSide[]): string[] {
  return sides.flatMap(({ side }) => side.applications.map(({ name }) => name));
}

/** Adds the workspace's options, `--clusters`, `--fixtures` and `--argocd-cm`. */
export function addArgocdOptions(command: Command, formats: readonly string[]): Command {
  return addWorkspaceOptions(command, formats)
    .option("--clusters <file>", "cluster Secrets (YAML) for cluster generators")
    .option("--fixtures <file>", "recorded parameters of generators that need a network; format in docs/fixtures.md")
    .option(
      "--argocd-cm <file>",
      "ConfigMap argocd-cm: tracking, kustomize, global projects, excluded kinds, ignore rules, customizations",
    );
}

/** What a workspace with helmfiles knows already. */
export interface KnownWorkspace {
  readonly workspace: Workspace;
  /** The environments that the command is about. */
  readonly selected: readonly EnvironmentSettings[];
  /** With the charts that were fetched. */
  readonly charts: ChartFinder;
  readonly engine: RenderEngine;
  readonly diagnostics: readonly Diagnostic[];
}

interface OpenSidesOptions {
  readonly known?: KnownWorkspace;
  /** Clock and randomness of each rendering; default: the seed of proofs, so that two runs agree. */
  readonly context?: () => NonNullable<RenderRequest["context"]>;
}

/** Expands every selected environment; charts are rendered with one engine, when they are. Throws `UserError`. */
export function openArgocdSides(
  run: CommandRun,
  options: WorkspaceCommandOptions,
  {
    known = openKnown(run, options),
    context = proofContext({ seededRandom: seededRandomWithKeys }),
  }: OpenSidesOptions = {},
): ArgocdSides {
  const { workspace, charts, engine, selected } = known;
  const { tree, estateFile } = workspace;
  const clusters = readClusters(run);
  const fixtures = readFixtureFile(run);
  const kustomize = kustomizeOnPath();
  const filters = options.selectors.map(parseUserSelector);
  const settings = argocdCmOf(run);
  const sides = selected.map((environment) => {
    const side = openSide(settings, {
      tree,
      estateFile,
      environment,
      charts,
      engine,
      context,
      now: run.io.now(),
      clusters,
      fixtures,
      ...(kustomize === undefined ? {} : { kustomize }),
      ...(settings === undefined ? {} : { argocdCm: settings.value }),
    });
    const applications = side.applications.filter(
      (application) => filters.length === 0 || filters.some((filter) => matchesLabels(filter, labelsOf(application))),
    );
    return { environment, side, applications };
  });
  return {
    workspace,
    sides,
    settings,
    diagnostics: [...known.diagnostics, ...sides.flatMap(({ side }) => side.diagnostics)],
  };
}

function argocdCmOf({ io, options }: CommandRun): ArgocdCm | undefined {
  const file = options["argocdCm"];
  return file === undefined ? undefined : readArgocdCm(io, String(file));
}

function openSide(settings: ArgocdCm | undefined, options: ArgocdSideOptions): ArgocdSide {
  try {
    return new ArgocdSide(options);
  } catch (error) {
    if (error instanceof SettingsError)
      throw new UserError(`error: ${settings?.file ?? "argocd-cm"}: ${fromByteString(error.message)}`);
    throw error;
  }
}

function openKnown(run: CommandRun, options: WorkspaceCommandOptions): KnownWorkspace {
  const workspace = openWorkspace(run.io, options);
  const { tree, estateFile, diagnostics } = workspace;
  const charts = chartsByHelmfileNames(run, workspace);
  const selected = selectEnvironments(options.environments, { estateFile, tree });
  return { workspace, selected, charts, engine: renderEngine(run, new HelmEngine()), diagnostics };
}

/** The workspace's charts, where overrides may use the names that helmfiles give to repositories. The helmfiles are read when that matters. */
function chartsByHelmfileNames(run: CommandRun, workspace: Workspace): ChartFinder {
  const { root, tree, estateFile } = workspace;
  const hasNames = [...estateFile.chartOverrides.keys()].some((name) => !name.includes("://"));
  const { path: helmfile } = findHelmfile(tree, estateFile);
  if (!hasNames || helmfile === undefined) return workspace.charts;
  const environments = (): EnvironmentSettings[] => selectEnvironments([], knownEnvironments(run, workspace, helmfile));
  const declared = (): HelmfileRepository[] =>
    environments().flatMap((environment) => readInEnvironment(run, workspace, { helmfile, environment }).repositories);
  return createChartFinder({
    ...chartFinderOptions(root, tree, estateFile),
    repositoryNames: () => repositoryNames(declared()),
  });
}

function labelsOf({ labels, name, namespace, project }: ExpandedApplication): Map<string, string> {
  return new Map([["name", name], ["namespace", namespace], ["project", project], ...labels]);
}

function readClusters({ io, options }: CommandRun): ClusterSecret[] {
  if (options["clusters"] === undefined) return [];
  const file = String(options["clusters"]);
  const documents = readYamlDocuments(bytesToByteString(readUserFile(io, file)));
  return readClusterSecrets(documents.map((document) => ({ value: document.value, origin: { file } })));
}

function readFixtureFile({ io, options }: CommandRun): readonly Fixture[] {
  if (options["fixtures"] === undefined) return [];
  const file = String(options["fixtures"]);
  try {
    return readFixtures(readYaml(bytesToByteString(readUserFile(io, file))), file);
  } catch (error) {
    if (error instanceof ArgoError || error instanceof YamlError)
      throw new UserError(`error: ${file}: ${fromByteString(error.message)}`);
    throw error;
  }
}
