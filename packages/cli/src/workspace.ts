import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { ChartFinder, ChartFinderOptions, ChartPlace, EstateFile } from "@tiphys/estate";
import { createChartFinder, readEstateFile } from "@tiphys/estate";
import { FileTreeError } from "@tiphys/source";
import type { Diagnostic, FileTree } from "@tiphys/source";
import type { Io } from "./command.ts";
import { UserError } from "./command.ts";
import { DiskTree } from "./trees/disk-tree.ts";
import { GitTree } from "./trees/git-tree.ts";
import { TextLinkTree } from "./trees/text-link-tree.ts";

/** An opened workspace: its files, its settings, and what finds its charts. */
export interface Workspace {
  /** Absolute folder on disk. */
  readonly root: string;
  readonly tree: FileTree;
  readonly estateFile: EstateFile;
  /** Faults of tiphys.yaml. */
  readonly diagnostics: readonly Diagnostic[];
  readonly charts: ChartFinder;
}

export interface WorkspaceOptions {
  /** `--path`; default: the working directory, or the nearest folder above it with a tiphys.yaml. */
  readonly path?: string;
  /** `--ref`: a Git revision instead of the work tree. */
  readonly ref?: string;
}

/** Opens a workspace. Throws `UserError` when there is no such folder or revision. */
export function openWorkspace(io: Io, options: WorkspaceOptions): Workspace {
  const root = workspaceRoot(io, options.path);
  const tree = options.ref === undefined ? new TextLinkTree(new DiskTree(root)) : openRevision(root, options.ref);
  const { estateFile, diagnostics } = readEstateFile(tree);
  const charts = createChartFinder(chartFinderOptions(root, tree, estateFile));
  return { root, tree, estateFile, diagnostics, charts };
}

function openRevision(root: string, revision: string): FileTree {
  try {
    return GitTree.open(root, revision);
  } catch (error) {
    if (!(error instanceof FileTreeError)) throw error;
    throw new UserError(`error: revision ${revision}: ${error.message.replace(/^git [a-z-]+: /, "")}`);
  }
}

/** What a chart finder of this workspace needs; nothing is fetched yet. */
export function chartFinderOptions(root: string, tree: FileTree, estateFile: EstateFile): ChartFinderOptions {
  return {
    tree,
    overrides: estateFile.chartOverrides,
    resolveOverride: (target) => resolveOverride(root, tree, target),
    fetched: new Map(),
  };
}

function workspaceRoot(io: Io, path: string | undefined): string {
  if (path !== undefined) {
    const root = resolve(io.cwd, path);
    if (!existsSync(root)) throw new UserError(`error: there is no folder ${path}`);
    if (!statSync(root).isDirectory())
      throw new UserError(`error: ${path} is not a folder: --path takes the workspace's root`);
    return root;
  }
  for (let folder = io.cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "tiphys.yaml"))) return folder;
    if (dirname(folder) === folder) return io.cwd;
  }
}

/** Targets inside the workspace come from its tree (so that `--ref` holds for them), others from the disk. */
function resolveOverride(root: string, tree: FileTree, target: string): ChartPlace | undefined {
  const absolute = isAbsolute(target) ? target : resolve(root, target);
  const inside = relative(root, absolute);
  if (inside !== "" && !inside.startsWith("..") && !isAbsolute(inside)) {
    const path = inside.split(sep).join("/");
    const kind = tree.kind(path);
    return kind === undefined ? undefined : { tree, path, isArchive: kind === "file" };
  }
  if (!existsSync(absolute)) return undefined;
  const isArchive = statSync(absolute).isFile();
  return { tree: new DiskTree(dirname(absolute)), path: basename(absolute), isArchive };
}

/** A file that the command line names, relative to the working directory. Throws `UserError`. */
export function readUserFile(io: Io, path: string): Uint8Array {
  try {
    return readFileSync(resolve(io.cwd, path));
  } catch (error) {
    throw new UserError(
      `error: ${path}: ${(error as NodeJS.ErrnoException).code === "ENOENT" ? "no such file" : (error as Error).message}`,
    );
  }
}
