import type { Diagnostic, FileTree } from "@tiphys/source";
import type { EstateFile } from "./estate-file.ts";

/** Names by which helmfile finds its state in a folder (helmfile 1.8.0, pkg/app/app.go findDesiredStateFiles). */
const helmfileNames = ["helmfile.yaml", "helmfile.yaml.gotmpl", "helmfile.d"] as const;

/** Folders that hold no root helmfile. */
const skippedFolders = new Set([".git", "node_modules", "charts", "vendor", "examples", "testdata", "test", "tests"]);

const searchDepth = 4;

/**
 * The workspace's root helmfile: what tiphys.yaml names, else the shallowest `helmfile.yaml`, `helmfile.yaml.gotmpl` or `helmfile.d`.
 * Undefined with a diagnostic when there is none, or when two folders of one depth have one.
 */
export function findHelmfile(
  tree: FileTree,
  estateFile: EstateFile,
): { path: string | undefined; diagnostics: Diagnostic[] } {
  if (estateFile.helmfile !== undefined) {
    const path = estateFile.helmfile.replace(/^\.\//, "").replace(/\/+$/, "");
    if (tree.kind(path) !== undefined) return { path, diagnostics: [] };
    return {
      path: undefined,
      diagnostics: [
        {
          code: "helmfile-missing",
          severity: "error",
          message: `there is no helmfile at ${estateFile.helmfile}`,
          origin: { file: "tiphys.yaml", path: "helmfile" },
          fix: "give the root helmfile's path from the workspace's root",
        },
      ],
    };
  }
  let level: string[] = [""];
  for (let depth = 0; depth <= searchDepth && level.length > 0; depth++) {
    const found = level.flatMap((folder) => helmfileIn(tree, folder));
    if (found.length === 1) return { path: found[0], diagnostics: [] };
    if (found.length > 1) return { path: undefined, diagnostics: [ambiguous(found)] };
    level = level.flatMap((folder) => subfolders(tree, folder));
  }
  return { path: undefined, diagnostics: [] };
}

function helmfileIn(tree: FileTree, folder: string): string[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const name = helmfileNames.find((candidate) => {
    const kind = tree.kind(prefix + candidate);
    return kind === (candidate === "helmfile.d" ? "directory" : "file");
  });
  return name === undefined ? [] : [prefix + name];
}

function subfolders(tree: FileTree, folder: string): string[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  return (tree.list(folder) ?? [])
    .filter((entry) => entry.kind === "directory" && !skippedFolders.has(entry.name))
    .map((entry) => prefix + entry.name);
}

function ambiguous(found: readonly string[]): Diagnostic {
  return {
    code: "helmfile-ambiguous",
    severity: "error",
    message: `more than one folder has a helmfile: ${found.join(", ")}`,
    fix: "name the root one in tiphys.yaml (helmfile: …) or point --path at its folder",
  };
}
