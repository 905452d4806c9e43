import type { EnvironmentSettings } from "@tiphys/estate";
import { readHelmfile } from "@tiphys/helmfile";
import type { HelmfileReading } from "@tiphys/helmfile";
import { definesEnvironment, helmfileEnvironments, writtenEnvironments } from "@tiphys/pivot";
import { liveContext } from "./charts/node-random.ts";
import type { CommandRun } from "./command.ts";
import { UserError } from "./command.ts";
import type { KnownEnvironments, WorkspaceCommandOptions } from "./options.ts";
import { selectEnvironments } from "./options.ts";
import { helmfileFlags } from "./helmfile-flags.ts";
import { rootHelmfile } from "./root-helmfile.ts";
import type { Workspace } from "./workspace.ts";
import { openWorkspace } from "./workspace.ts";

/** A workspace with its root helmfile read in one environment. */
export interface OneEnvironment {
  readonly workspace: Workspace;
  readonly environment: EnvironmentSettings;
  readonly reading: HelmfileReading;
}

/** Reads the root helmfile in the one environment that the command line names. Throws `UserError` when there is no helmfile or it is not one. */
export function openEnvironment(run: CommandRun, options: WorkspaceCommandOptions): OneEnvironment {
  const { workspace, helmfile, known, environments } = openHelmfile(run, options);
  const [environment, ...others] = environments;
  if (environment === undefined || others.length > 0) {
    const names = selectEnvironments([], known).map(({ name }) => name);
    throw new UserError(`error: name one environment with -e; known are ${names.join(", ")}`);
  }
  return { workspace, environment, reading: readInEnvironment(run, workspace, { helmfile, environment }) };
}

/** Reads the root helmfile in the environments that the command line names, and in no other. Throws `UserError` when there is no helmfile. */
export function openEnvironments(run: CommandRun, options: WorkspaceCommandOptions): OneEnvironment[] {
  const { workspace, helmfile, environments } = openHelmfile(run, options);
  return environments.map((environment) => ({
    workspace,
    environment,
    reading: readInEnvironment(run, workspace, { helmfile, environment }),
  }));
}

/** A workspace with its root helmfile found, and the environments that the command line names. */
interface FoundHelmfile {
  readonly workspace: Workspace;
  readonly helmfile: string;
  readonly known: KnownEnvironments;
  readonly environments: readonly EnvironmentSettings[];
}

function openHelmfile(run: CommandRun, options: WorkspaceCommandOptions): FoundHelmfile {
  const workspace = openWorkspace(run.io, options);
  const helmfile = rootHelmfile(run, workspace);
  const known = knownEnvironments(run, workspace, helmfile);
  return { workspace, helmfile, known, environments: selectEnvironments(options.environments, known) };
}

/** The environments of a helmfile, looked for when they are asked for. */
export function knownEnvironments(run: CommandRun, workspace: Workspace, helmfile: string): KnownEnvironments {
  const { root, tree, estateFile } = workspace;
  const { permissions: _, ...flags } = helmfileFlags(run, workspace);
  let names: readonly string[] | undefined;
  return {
    estateFile,
    tree,
    get helmfileEnvironments() {
      return (names ??= helmfileEnvironments(tree, helmfile, { ...flags, root }));
    },
    definesEnvironment: (environment) => definesEnvironment(tree, helmfile, { ...flags, root, environment }),
    writtenEnvironments: writtenEnvironments(tree, helmfile),
  };
}

/** What a helmfile of the workspace says of an environment, as the command line allows it; `variables` are seen beside the allowed ones. */
export function readInEnvironment(
  run: CommandRun,
  workspace: Workspace,
  {
    helmfile,
    environment,
    variables = [],
  }: {
    readonly helmfile: string;
    readonly environment: EnvironmentSettings;
    readonly variables?: readonly (readonly [string, string])[];
  },
): HelmfileReading {
  const slash = helmfile.lastIndexOf("/");
  const flags = helmfileFlags(run, workspace);
  return readHelmfile({
    tree: workspace.tree,
    root: workspace.root,
    ...liveContext(run.io),
    ...flags,
    workingDirectory: slash < 0 ? "" : helmfile.slice(0, slash),
    file: helmfile.slice(slash + 1),
    environment: environment.helmfileEnvironment,
    environmentVariables: new Map([...(flags.environmentVariables ?? []), ...variables, ...environment.env]),
    allowNoMatchingRelease: true,
  });
}
