import { findHelmfile } from "@tiphys/estate";
import { UserError } from "./command.ts";
import type { Workspace } from "./workspace.ts";

/** Path of the workspace's root helmfile. Throws `UserError` when there is none. */
export function rootHelmfile(workspace: Workspace): string {
  const found = findHelmfile(workspace.tree, workspace.estateFile);
  if (found.path !== undefined) return found.path;
  const fault = found.diagnostics[0];
  const message =
    fault?.message ?? `no helmfile.yaml, helmfile.yaml.gotmpl or helmfile.d was found below ${workspace.root}`;
  throw new UserError(
    `error: ${message}\n  fix: ${fault?.fix ?? "name the workspace with --path, or the file with `helmfile` in its tiphys.yaml"}`,
  );
}
