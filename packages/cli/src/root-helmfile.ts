import { findHelmfile } from "@tiphys/estate";
import type { CommandRun } from "./command.ts";
import { UserError } from "./command.ts";
import { namedHelmfile } from "./helmfile-flags.ts";
import type { Workspace } from "./workspace.ts";

/** Path of the helmfile that `--file` names, or of the workspace's root helmfile. Throws `UserError` when there is none. */
export function rootHelmfile(run: CommandRun, workspace: Workspace): string {
  const named = namedHelmfile(run, workspace);
  if (named !== undefined) return named;
  const found = findHelmfile(workspace.tree, workspace.estateFile);
  if (found.path !== undefined) return found.path;
  const fault = found.diagnostics[0];
  const message =
    fault?.message ?? `no helmfile.yaml, helmfile.yaml.gotmpl or helmfile.d was found below ${workspace.root}`;
  throw new UserError(
    `error: ${message}\n  fix: ${fault?.fix ?? "name the workspace with --path, or the file with --file or `helmfile` in its tiphys.yaml"}`,
  );
}
