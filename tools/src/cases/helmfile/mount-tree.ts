import type { FileTree, TreeEntry } from "@tiphys/source";

/** Several trees as the top folders of one. */
export class MountTree implements FileTree {
  readonly label: string;
  readonly #mounts: ReadonlyMap<string, FileTree>;

  constructor(label: string, mounts: ReadonlyMap<string, FileTree>) {
    this.label = label;
    this.#mounts = mounts;
  }

  #find(path: string): { tree: FileTree; rest: string } | undefined {
    const slash = path.indexOf("/");
    const tree = this.#mounts.get(slash < 0 ? path : path.slice(0, slash));
    return tree === undefined ? undefined : { tree, rest: slash < 0 ? "" : path.slice(slash + 1) };
  }

  read(path: string): Uint8Array | undefined {
    const found = this.#find(path);
    return found?.tree.read(found.rest);
  }

  kind(path: string): "file" | "directory" | undefined {
    if (path === "") return "directory";
    const found = this.#find(path);
    return found?.tree.kind(found.rest);
  }

  list(path: string): readonly TreeEntry[] | undefined {
    if (path === "") return [...this.#mounts.keys()].sort().map((name) => ({ name, kind: "directory" }));
    const found = this.#find(path);
    return found?.tree.list(found.rest);
  }
}
