import type { Stats } from "node:fs";
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { sep } from "node:path";
import {
  checkFileSize,
  compareBytewise,
  type FileTree,
  FileTreeError,
  normalizePath,
  type TreeEntry,
} from "@tiphys/source";

type Kind = "file" | "directory";

/**
 * A folder on disk. Links are followed as long as they stay inside the root; one that points outside is an error when it is
 * read, and left out of lists but for `brokenLinks`. What was looked at once is remembered: a tree is one moment, `forget` begins the next.
 */
export class DiskTree implements FileTree {
  readonly label: string;
  private readonly root: string;
  private readonly reals = new Map<string, string>();
  private readonly kinds = new Map<string, Kind | undefined>();
  private readonly lists = new Map<string, readonly TreeEntry[] | undefined>();
  private readonly broken = new Map<string, string[]>();
  private readonly contents = new Map<string, Uint8Array | undefined>();
  private cachedBytes = 0;

  /** Throws `FileTreeError` when `folder` is no folder. */
  constructor(folder: string, label = folder) {
    this.label = label;
    if (!existsSync(folder) || !statSync(folder).isDirectory())
      throw new FileTreeError(folder, `no such folder: ${folder}`);
    this.root = realpathSync(folder);
  }

  read(path: string): Uint8Array | undefined {
    const normal = normalizePath(path);
    const cached = this.contents.get(normal);
    if (cached !== undefined) return cached;
    if (this.kind(normal) !== "file") return undefined;
    const real = this.resolve(normal)!;
    let content: Uint8Array;
    try {
      checkFileSize(path, statSync(real).size);
      content = readFileSync(real);
    } catch (error) {
      if (error instanceof FileTreeError) throw error;
      throw new FileTreeError(path, `cannot read ${path}: ${systemText(error)}`, systemText(error));
    }
    // Only small files are kept, and not without end: a big estate must not fill the memory.
    if (content.length <= maxCachedFile && this.cachedBytes + content.length <= maxCachedBytes) {
      this.cachedBytes += content.length;
      this.contents.set(normal, content);
    }
    return content;
  }

  kind(path: string): Kind | undefined {
    const normal = normalizePath(path);
    if (this.kinds.has(normal)) return this.kinds.get(normal);
    const real = this.resolve(normal);
    if (!this.kinds.has(normal)) this.kinds.set(normal, real === undefined ? undefined : kindOf(statSync(real, quiet)));
    return this.kinds.get(normal);
  }

  list(path: string): readonly TreeEntry[] | undefined {
    const normal = normalizePath(path);
    if (this.lists.has(normal)) return this.lists.get(normal);
    const entries = this.kind(normal) === "directory" ? this.readFolder(normal) : undefined;
    this.lists.set(normal, entries);
    return entries;
  }

  brokenLinks(path: string): readonly string[] {
    this.list(path);
    return this.broken.get(normalizePath(path)) ?? [];
  }

  /** Drops everything that is remembered. */
  forget(): void {
    this.reals.clear();
    this.kinds.clear();
    this.lists.clear();
    this.broken.clear();
    this.contents.clear();
    this.cachedBytes = 0;
  }

  private readFolder(normal: string): TreeEntry[] {
    const entries: TreeEntry[] = [];
    const real = this.resolve(normal)!;
    for (const entry of readdirSync(real, { withFileTypes: true })) {
      const { name } = entry;
      const path = normal === "" ? name : `${normal}/${name}`;
      const isLink = entry.isSymbolicLink();
      const kind = isLink ? this.kindOfLink(path) : kindOf(entry);
      if (isLink && kind === undefined) this.broken.set(normal, [...(this.broken.get(normal) ?? []), name]);
      if (kind === undefined) continue;
      entries.push(isLink ? { name, kind, isLink } : { name, kind });
      if (isLink) continue;
      // What the folder says of its files need not be asked for each of them.
      this.kinds.set(path, kind);
      this.reals.set(path, inFolder(real, name));
    }
    return entries.sort((a, b) => compareBytewise(a.name, b.name));
  }

  /** A link that dangles or leaves the root is not there as far as lists go. */
  private kindOfLink(path: string): Kind | undefined {
    try {
      return this.kind(path);
    } catch (error) {
      if (error instanceof FileTreeError) return undefined;
      throw error;
    }
  }

  /**
   * The real path; undefined when nothing is there. Throws `FileTreeError` when a link leaves the root. Only the last name is looked at:
   * its folder was resolved before, as a rule.
   */
  private resolve(normal: string): string | undefined {
    if (normal === "") return this.root;
    const known = this.reals.get(normal);
    if (known !== undefined) return known;
    const slash = normal.lastIndexOf("/");
    const folder = this.resolve(slash < 0 ? "" : normal.slice(0, slash));
    if (folder === undefined) return undefined;
    const path = inFolder(folder, normal.slice(slash + 1));
    const stats = lookAt(path, normal);
    if (stats === undefined) return undefined;
    const isLink = stats.isSymbolicLink();
    if (!isLink) this.kinds.set(normal, kindOf(stats));
    const real = isLink ? targetOf(path, normal) : path;
    if (real === undefined) return undefined;
    if (real !== path && real !== this.root && !real.startsWith(this.root === sep ? sep : this.root + sep)) {
      throw new FileTreeError(normal, `link leaves the tree: ${normal}`, "link leaves the workspace");
    }
    this.reals.set(normal, real);
    return real;
  }
}

const quiet = { throwIfNoEntry: false } as const;

function inFolder(folder: string, name: string): string {
  return folder.endsWith(sep) ? folder + name : folder + sep + name;
}

/** What stands at a path, a link not followed; undefined when nothing does. */
function lookAt(path: string, normal: string): Stats | undefined {
  return orNothing(normal, () => lstatSync(path, quiet));
}

/** The real path behind a link; undefined when it dangles. */
function targetOf(path: string, normal: string): string | undefined {
  return orNothing(normal, () => realpathSync(path));
}

function orNothing<T>(normal: string, ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new FileTreeError(normal, `cannot read ${normal}: ${systemText(error)}`, systemText(error));
  }
}

const maxCachedFile = 1 << 20;
const maxCachedBytes = 256 << 20;

function kindOf(stats: Pick<Stats, "isFile" | "isDirectory"> | undefined): Kind | undefined {
  return stats?.isFile() === true ? "file" : stats?.isDirectory() === true ? "directory" : undefined;
}

function systemText(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ELOOP"
    ? "too many levels of symbolic links"
    : code === "EACCES"
      ? "permission denied"
      : (code ?? String(error));
}
