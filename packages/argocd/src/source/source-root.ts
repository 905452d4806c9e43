import type { FileTree } from "@tiphys/source";

/** A checkout or an extracted chart, with the names that it has in texts. */
export interface SourceRoot {
  readonly tree: FileTree;
  /** Folder of the tree that is the root; "" for the tree's own. */
  readonly folder: string;
  /** The root in Argo CD's messages: a random path upstream. */
  readonly shown: string;
  /** The root in commands that Argo CD reports: `.` for Git repositories. */
  readonly inCommands: string;
}

export const cachedSource = "<path to cached source>";
export const temporaryFolder = "<temporary folder>";

export function gitRoot(tree: FileTree): SourceRoot {
  return { tree, folder: "", shown: cachedSource, inCommands: "." };
}

/** Root of a chart that was pulled; `chart` may have folders in its name. */
export function chartRoot(tree: FileTree, folder: string, chart: string): SourceRoot {
  const shown = `${temporaryFolder}/${chart.slice(chart.lastIndexOf("/") + 1)}`;
  return { tree, folder, shown, inCommands: shown };
}

/** The tree's path of a path below the root. */
export function treePath(root: SourceRoot, path: string): string {
  if (root.folder === "") return path;
  return path === "" ? root.folder : `${root.folder}/${path}`;
}

/** A cleaned path relative to the root; undefined when it leaves it. "" is the root itself. */
export function cleanInside(...parts: readonly string[]): string | undefined {
  const out: string[] = [];
  for (const part of parts.flatMap((text) => text.split("/"))) {
    if (part === "" || part === ".") continue;
    if (part !== "..") out.push(part);
    else if (out.pop() === undefined) return undefined;
  }
  return out.join("/");
}

export function joinShown(root: string, path: string): string {
  return path === "" ? root : `${root}/${path}`;
}
