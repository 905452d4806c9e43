import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { compareBytewise, FileTreeError, type FileTree, type TreeEntry } from "@tiphys/source";

/** A symbolic link that was followed; Helm tells of each on stderr. */
export interface FollowedLink {
  readonly path: string;
  readonly resolved: string;
}

/**
 * A chart's folder on disk, for `template`. Helm follows links wherever they lead; here they may lead anywhere inside the
 * chart, the working directory or the chart's Git work tree, and nowhere else.
 */
export class ChartFolder implements FileTree {
  readonly label: string;
  readonly links: FollowedLink[] = [];
  readonly #workingDirectory: string;
  #roots: readonly string[] | undefined;
  /** What lists showed that is no link: nothing needs to be asked about it again. */
  readonly #plain = new Map<string, "file" | "directory">();

  constructor(folder: string, workingDirectory: string) {
    this.label = realpathSync(folder);
    this.#workingDirectory = workingDirectory;
  }

  read(path: string): Uint8Array | undefined {
    const absolute = join(this.label, path);
    if (this.#plain.get(path) !== "file") {
      if (!existsSync(absolute) || !statSync(absolute).isFile()) return undefined;
      this.#checkLink(path);
    }
    return readFileSync(absolute);
  }

  kind(path: string): "file" | "directory" | undefined {
    const known = this.#plain.get(path);
    if (known !== undefined) return known;
    const stats = statSync(join(this.label, path), { throwIfNoEntry: false });
    return stats === undefined ? undefined : stats.isDirectory() ? "directory" : "file";
  }

  list(path: string): readonly TreeEntry[] | undefined {
    if (this.kind(path) !== "directory") return undefined;
    const entries = readdirSync(join(this.label, path), { withFileTypes: true }).map((entry): TreeEntry => {
      const relative = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isSymbolicLink()) {
        this.#follow(relative);
        return { name: entry.name, kind: this.kind(relative)! };
      }
      const kind = entry.isDirectory() ? "directory" : "file";
      if (entry.isFile() || entry.isDirectory()) this.#plain.set(relative, kind);
      return { name: entry.name, kind };
    });
    return entries.sort((a, b) => compareBytewise(a.name, b.name));
  }

  /** Throws `FileTreeError` when the link leads nowhere, in a circle, or outside. */
  #follow(relative: string): void {
    const path = join(this.label, relative);
    this.links.push({ path, resolved: this.#checkLink(relative) });
    const real = realpathSync(path);
    if (`${dirname(path)}${sep}`.startsWith(real + sep))
      throw new FileTreeError(relative, `link leads in a circle: ${relative}`);
  }

  #checkLink(relative: string): string {
    const path = join(this.label, relative);
    let real: string;
    try {
      real = realpathSync(path);
    } catch {
      const target = resolve(dirname(path), readlinkSync(path));
      throw new FileTreeError(relative, `error evaluating symlink ${path}: lstat ${target}: no such file or directory`);
    }
    if (lstatSync(path).isSymbolicLink() && !this.#isInside(real)) {
      throw new FileTreeError(relative, `link leads out of the chart and the working directory: ${path}`);
    }
    return real;
  }

  #isInside(real: string): boolean {
    this.#roots ??= [this.label, realpathSync(this.#workingDirectory), gitWorkTree(this.label)].filter(
      (root) => root !== undefined,
    );
    return this.#roots.some((root) => real === root || real.startsWith(root + sep));
  }
}

function gitWorkTree(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}
