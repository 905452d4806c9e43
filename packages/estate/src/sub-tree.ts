import type { FileTree, TreeEntry } from "@tiphys/source";

/** A folder of a tree as a tree of its own. */
export class SubTree implements FileTree {
  readonly label: string;
  readonly #base: FileTree;
  readonly #prefix: string;

  /** `folder` without slashes at its ends; "" gives the tree itself. */
  constructor(base: FileTree, folder: string) {
    this.#base = base;
    this.#prefix = folder === "" ? "" : `${folder}/`;
    this.label = folder === "" ? base.label : `${base.label}/${folder}`;
  }

  #path(path: string): string {
    return path === "" ? this.#prefix.slice(0, -1) : this.#prefix + path;
  }

  read(path: string): Uint8Array | undefined {
    return this.#base.read(this.#path(path));
  }

  kind(path: string): "file" | "directory" | undefined {
    return this.#base.kind(this.#path(path));
  }

  list(path: string): readonly TreeEntry[] | undefined {
    return this.#base.list(this.#path(path));
  }

  brokenLinks(path: string): readonly string[] {
    return this.#base.brokenLinks?.(this.#path(path)) ?? [];
  }
}
