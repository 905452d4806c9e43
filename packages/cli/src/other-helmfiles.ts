import { bytesToByteString } from "@tiphys/gotemplate";
import { readHelmfile } from "@tiphys/helmfile";
import type { HelmfileRelease } from "@tiphys/helmfile";
import type { FileTree } from "@tiphys/source";
import type { CommandRun } from "./command.ts";
import type { PivotWorkspace } from "./pivot-workspace.ts";
import { helmfilePermissions, helmfileVariables, outsideTree } from "./pivot-workspace.ts";

const skippedFolders = new Set([".git", "node_modules", "charts", "templates", ".tiphys"]);
const maximumFiles = 5000;

/**
 * Releases of helmfiles that the root one does not reach: files with a top-level `releases:`. A plain `.yaml` with template actions is read
 * as helmfile reads it under HELMFILE_RENDER_YAML, for which such files are kept.
 */
export function otherHelmfiles(run: CommandRun, pivot: PivotWorkspace): HelmfileRelease[] {
  const known = new Set(pivot.inventory.helmfiles);
  const environment = pivot.selected[0]!;
  const releases: HelmfileRelease[] = [];
  let budget = maximumFiles;
  const visit = (folder: string): void => {
    for (const entry of pivot.tree.list(folder) ?? []) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.kind === "directory") {
        if (!skippedFolders.has(entry.name)) visit(path);
        continue;
      }
      if (known.has(path) || !/\.ya?ml(\.gotmpl)?$/.test(entry.name) || budget-- <= 0) continue;
      const text = textOf(pivot.tree, path);
      if (!/^releases:/m.test(text)) continue;
      const variables = helmfileVariables(run);
      if (!path.endsWith(".gotmpl") && text.includes("{{")) variables.set("HELMFILE_RENDER_YAML", "true");
      const slash = path.lastIndexOf("/");
      const reading = readHelmfile({
        tree: pivot.tree,
        root: pivot.workspace.root,
        ...outsideTree(run),
        workingDirectory: slash < 0 ? "" : path.slice(0, slash),
        file: path.slice(slash + 1),
        environment: environment.helmfileEnvironment,
        environmentVariables: new Map([...variables, ...environment.env]),
        permissions: helmfilePermissions(run, pivot.workspace),
        allowNoMatchingRelease: true,
      });
      releases.push(...reading.releases);
    }
  };
  visit("");
  return releases;
}

function textOf(tree: FileTree, path: string): string {
  return bytesToByteString(tree.read(path) ?? new Uint8Array());
}
