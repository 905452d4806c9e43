import { sortedBytewise } from "./byte-order.ts";
import type { FileTree, TreeEntry } from "./file-tree.ts";
import { normalizePath, parentPath } from "./path.ts";

const encoder = new TextEncoder();

type Files = Iterable<readonly [string, string | Uint8Array]> | Readonly<Record<string, string | Uint8Array>>;

/** A tree from path → content (UTF-16 text or bytes). Links are not known here. */
export class MemoryTree implements FileTree {
  readonly label: string;
  private readonly files = new Map<string, Uint8Array>();
  /** Names in each folder, "" being the root. */
  private readonly folders = new Map<string, Map<string, "file" | "directory">>([["", new Map()]]);
  private readonly lists = new Map<string, readonly TreeEntry[]>();

  constructor(files: Files, label = "memory") {
    this.label = label;
    const entries =
      Symbol.iterator in files ? (files as Iterable<readonly [string, string | Uint8Array]>) : Object.entries(files);
    for (const [path, content] of entries) this.add(normalizePath(path), content);
  }

  read(path: string): Uint8Array | undefined {
    return this.files.get(normalizePath(path));
  }

  kind(path: string): "file" | "directory" | undefined {
    const normal = normalizePath(path);
    return this.files.has(normal) ? "file" : this.folders.has(normal) ? "directory" : undefined;
  }

  list(path: string): readonly TreeEntry[] | undefined {
    const normal = normalizePath(path);
    const known = this.lists.get(normal);
    if (known !== undefined) return known;
    const names = this.folders.get(normal);
    if (names === undefined) return undefined;
    const entries = sortedBytewise(names.keys()).map((name): TreeEntry => {
      const kind = names.get(name)!;
      if (kind === "directory") return { name, kind };
      return { name, kind, size: this.files.get(normal === "" ? name : `${normal}/${name}`)!.length };
    });
    this.lists.set(normal, entries);
    return entries;
  }

  private add(path: string, content: string | Uint8Array): void {
    this.files.set(path, typeof content === "string" ? encoder.encode(content) : content);
    let name = path.slice(path.lastIndexOf("/") + 1);
    let kind: "file" | "directory" = "file";
    for (let folder = parentPath(path); ; folder = parentPath(folder)) {
      const names = this.folders.get(folder);
      if (names?.has(name)) return;
      if (names === undefined) this.folders.set(folder, new Map([[name, kind]]));
      else names.set(name, kind);
      if (folder === "") return;
      name = folder.slice(folder.lastIndexOf("/") + 1);
      kind = "directory";
    }
  }
}
