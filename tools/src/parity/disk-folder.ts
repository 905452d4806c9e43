import { readdirSync, readFileSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { compareBytewise, type FileTree, type TreeEntry } from "@tiphys/source";

/** A folder on disk, links followed wherever they lead: the corpus is trusted. */
export class DiskFolder implements FileTree {
  readonly label: string;
  constructor(folder: string) {
    this.label = folder;
  }
  read(path: string): Uint8Array | undefined {
    try {
      return readFileSync(join(this.label, path));
    } catch {
      return undefined;
    }
  }
  kind(path: string): "file" | "directory" | undefined {
    try {
      return statSync(join(this.label, path)).isDirectory() ? "directory" : "file";
    } catch {
      return undefined;
    }
  }
  list(path: string): readonly TreeEntry[] | undefined {
    try {
      return readdirSync(join(this.label, path), { withFileTypes: true })
        .map((entry): TreeEntry => ({ name: entry.name, kind: this.#kindOf(entry, path) }))
        .sort((a, b) => compareBytewise(a.name, b.name));
    } catch {
      return undefined;
    }
  }

  #kindOf(entry: Dirent, folder: string): "file" | "directory" {
    if (entry.isSymbolicLink()) return this.kind(join(folder, entry.name)) ?? "file";
    return entry.isDirectory() ? "directory" : "file";
  }
}
