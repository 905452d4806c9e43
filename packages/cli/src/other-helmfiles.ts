import { bytesToByteString } from "@tiphys/gotemplate";
import type { HelmfileRelease } from "@tiphys/helmfile";
import type { CommandRun } from "./command.ts";
import type { OneEnvironment } from "./helmfile-reading.ts";
import { readInEnvironment } from "./helmfile-reading.ts";

const skippedFolders = new Set([".git", "node_modules", "charts", "templates", ".tiphys"]);
const maximumFiles = 5000;

/**
 * Releases of helmfiles that the root one does not reach: files with a top-level `releases:`. A plain `.yaml` with template actions is read
 * as helmfile reads it under HELMFILE_RENDER_YAML, for which such files are kept.
 */
export function otherHelmfiles(
  run: CommandRun,
  { workspace, environment, reading }: OneEnvironment,
): HelmfileRelease[] {
  const { tree } = workspace;
  const known = new Set([...reading.files, ...reading.skippedFiles]);
  const releases: HelmfileRelease[] = [];
  let budget = maximumFiles;
  const visit = (folder: string): void => {
    for (const entry of tree.list(folder) ?? []) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.kind === "directory") {
        if (!skippedFolders.has(entry.name)) visit(path);
        continue;
      }
      if (known.has(path) || !/\.ya?ml(\.gotmpl)?$/.test(entry.name) || budget-- <= 0) continue;
      const text = bytesToByteString(tree.read(path) ?? new Uint8Array());
      if (!/^releases:/m.test(text)) continue;
      const rendersYaml = !path.endsWith(".gotmpl") && text.includes("{{");
      const variables = rendersYaml ? [["HELMFILE_RENDER_YAML", "true"] as const] : [];
      releases.push(...readInEnvironment(run, workspace, { helmfile: path, environment, variables }).releases);
    }
  };
  visit("");
  return releases;
}
