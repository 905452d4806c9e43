import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FileTree, TreeEntry } from "@tiphys/source";

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
      return readdirSync(join(this.label, path))
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .map((name) => ({ name, kind: this.kind(join(path, name)) ?? "file" }));
    } catch {
      return undefined;
    }
  }
}
