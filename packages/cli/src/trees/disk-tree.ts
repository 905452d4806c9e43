import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { compareBytewise, type FileTree, FileTreeError, normalizePath, type TreeEntry } from "@tiphys/source";

type Kind = "file" | "directory";

/**
 * A folder on disk. Links are followed as long as they stay inside the root; one that points outside is an error when it is
 * read, and left out of lists. What was looked at once is remembered: a tree is one moment, `forget` begins the next.
 */
export class DiskTree implements FileTree {
  readonly label: string;
  private readonly root: string;
  private readonly kinds = new Map<string, Kind | undefined>();
  private readonly lists = new Map<string, readonly TreeEntry[] | undefined>();
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
    let content: Uint8Array;
    try {
      content = readFileSync(this.resolve(normal)!);
    } catch (error) {
      throw new FileTreeError(path, `cannot read ${path}: ${systemText(error)}`);
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
    const kind = real === undefined ? undefined : kindOf(real);
    this.kinds.set(normal, kind);
    return kind;
  }

  list(path: string): readonly TreeEntry[] | undefined {
    const normal = normalizePath(path);
    if (this.lists.has(normal)) return this.lists.get(normal);
    const entries = this.kind(normal) === "directory" ? this.readFolder(normal) : undefined;
    this.lists.set(normal, entries);
    return entries;
  }

  /** Drops everything that is remembered. */
  forget(): void {
    this.kinds.clear();
    this.lists.clear();
    this.contents.clear();
    this.cachedBytes = 0;
  }

  private readFolder(normal: string): TreeEntry[] {
    const entries: TreeEntry[] = [];
    const real = this.resolve(normal)!;
    for (const entry of readdirSync(real, { withFileTypes: true })) {
      if (entry.isDirectory()) entries.push({ name: entry.name, kind: "directory" });
      else if (entry.isFile()) entries.push({ name: entry.name, kind: "file" });
      else if (entry.isSymbolicLink()) {
        const kind = this.kindOfLink(normal === "" ? entry.name : `${normal}/${entry.name}`);
        if (kind !== undefined) entries.push({ name: entry.name, kind });
      }
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

  /** The real path; undefined when nothing is there. Throws `FileTreeError` when a link leaves the root. */
  private resolve(normal: string): string | undefined {
    let real: string;
    try {
      real = realpathSync(join(this.root, normal));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw new FileTreeError(normal, `cannot read ${normal}: ${systemText(error)}`);
    }
    if (real !== this.root && !real.startsWith(this.root === sep ? sep : this.root + sep)) {
      throw new FileTreeError(normal, `link leaves the tree: ${normal}`);
    }
    return real;
  }
}

const maxCachedFile = 1 << 20;
const maxCachedBytes = 256 << 20;

function kindOf(real: string): Kind | undefined {
  const stats = statSync(real, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return stats.isFile() ? "file" : stats.isDirectory() ? "directory" : undefined;
}

function systemText(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ELOOP" ? "too many links" : code === "EACCES" ? "permission denied" : (code ?? String(error));
}
