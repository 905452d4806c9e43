import type { FileTree } from "@tiphys/source";
import { gitopsFolder } from "../argocd-side.ts";
import type { EstateRule } from "./rule.ts";

export const chartArchiveInGitops: EstateRule = {
  code: "chart-archive-in-gitops",
  summary: "The repo server does not unpack a chart archive that lies in Git.",
  check: ({ tree, estateFile }) => {
    const folder = gitopsFolder(estateFile);
    return archives(tree, folder === "" ? "sources/charts" : `${folder}/sources/charts`).map((file) => ({
      severity: "error" as const,
      message: `${file} is an archive`,
      origin: { file },
      fix: "unpack it into a folder of its own",
    }));
  },
};

function archives(tree: FileTree, folder: string): string[] {
  return (tree.list(folder) ?? []).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.kind === "directory") return archives(tree, path);
    return entry.name.endsWith(".tgz") && !/\/charts\/[^/]+$/.test(path.slice(folder.length)) ? [path] : [];
  });
}
