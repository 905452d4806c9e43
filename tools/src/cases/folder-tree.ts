import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { FileTreeError, type FileTree, type TreeEntry } from "@tiphys/source";

/** A folder on disk as a tree, for cases and suites. */
export class FolderTree implements FileTree {
  readonly label: string;
  private readonly root: string;

  constructor(root: string) {
    this.root = realpathSync(root);
    this.label = root;
  }

  /** The real place of `path`; undefined when nothing is there. Throws when it lies outside of the tree. */
  private locate(path: string): string | undefined {
    const place = join(this.root, path);
    this.assertInside(path, place);
    let real: string;
    try {
      real = realpathSync(place);
    } catch {
      return undefined;
    }
    this.assertInside(path, real);
    return real;
  }

  private assertInside(path: string, place: string): void {
    const inside = relative(this.root, place);
    if (inside === ".." || inside.startsWith(`..${sep}`))
      throw new FileTreeError(path, `${path} is outside of ${this.label}`);
  }

  read(path: string): Uint8Array | undefined {
    const place = this.locate(path);
    return place !== undefined && statSync(place).isFile() ? readFileSync(place) : undefined;
  }

  kind(path: string): "file" | "directory" | undefined {
    const place = this.locate(path);
    if (place === undefined) return undefined;
    const stats = statSync(place);
    return stats.isDirectory() ? "directory" : stats.isFile() ? "file" : undefined;
  }

  list(path: string): readonly TreeEntry[] | undefined {
    const place = this.locate(path);
    if (place === undefined || !statSync(place).isDirectory()) return undefined;
    const entries: TreeEntry[] = [];
    for (const name of readdirSync(place).sort((a, b) => (a < b ? -1 : 1))) {
      const kind = this.kind(join(path, name));
      if (kind === undefined) continue;
      entries.push(lstatSync(join(place, name)).isSymbolicLink() ? { name, kind, isLink: true } : { name, kind });
    }
    return entries;
  }
}
