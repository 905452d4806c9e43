import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { FileTree, TreeEntry } from "@tiphys/source";
import { DiskTree } from "./disk-tree.ts";

/** Some files and folders of the disk, by their absolute paths without the leading slash; all else is not there. */
export class OutsideTree implements FileTree {
  readonly label = "outside the workspace";
  readonly #trees: readonly { readonly prefix: string; readonly tree: DiskTree }[];

  /** `paths`: absolute; of a file, its folder counts. */
  constructor(paths: readonly string[]) {
    this.#trees = paths
      .filter((path) => existsSync(path))
      .map((path) => {
        const folder = resolve(statSync(path).isDirectory() ? path : dirname(path));
        return { prefix: folder.slice(1), tree: new DiskTree(folder) };
      });
  }

  #find(path: string): { tree: DiskTree; inside: string } | undefined {
    for (const { prefix, tree } of this.#trees) {
      if (path === prefix) return { tree, inside: "" };
      if (path.startsWith(`${prefix}/`)) return { tree, inside: path.slice(prefix.length + 1) };
    }
    return undefined;
  }

  read(path: string): Uint8Array | undefined {
    const found = this.#find(path);
    return found?.tree.read(found.inside);
  }

  kind(path: string): "file" | "directory" | undefined {
    const found = this.#find(path);
    return found?.tree.kind(found.inside);
  }

  list(path: string): readonly TreeEntry[] | undefined {
    const found = this.#find(path);
    return found?.tree.list(found.inside);
  }
}
