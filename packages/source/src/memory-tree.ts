import type { FileTree, TreeEntry } from "./file-tree.ts";

/** A tree from path → content (UTF-16 text or bytes). Links are not known here. */
export class MemoryTree implements FileTree {
  readonly label: string;
  constructor(_files: Iterable<readonly [string, string | Uint8Array]> | Readonly<Record<string, string | Uint8Array>>, label = "memory") {
    this.label = label;
  }
  read(_path: string): Uint8Array | undefined {
    throw new Error("MemoryTree is not finished");
  }
  kind(_path: string): "file" | "directory" | undefined {
    throw new Error("MemoryTree is not finished");
  }
  list(_path: string): readonly TreeEntry[] | undefined {
    throw new Error("MemoryTree is not finished");
  }
}
