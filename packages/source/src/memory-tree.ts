import type { FileTree, TreeEntry } from "./file-tree.ts";
import { normalizePath } from "./path.ts";

const encoder = new TextEncoder();

/** A tree from path → content (UTF-16 text or bytes). Links are not known here. */
export class MemoryTree implements FileTree {
  readonly label: string;
  readonly #files = new Map<string, Uint8Array>();
  readonly #folders = new Map<string, Map<string, TreeEntry>>([["", new Map()]]);

  constructor(files: Iterable<readonly [string, string | Uint8Array]> | Readonly<Record<string, string | Uint8Array>>, label = "memory") {
    this.label = label;
    for (const [path, content] of Symbol.iterator in files ? (files as Iterable<readonly [string, string | Uint8Array]>) : Object.entries(files)) {
      this.#add(normalizePath(path), typeof content === "string" ? encoder.encode(content) : content);
    }
  }

  #add(path: string, content: Uint8Array): void {
    this.#files.set(path, content);
    const slash = path.lastIndexOf("/");
    this.#folder(slash < 0 ? "" : path.slice(0, slash)).set(path.slice(slash + 1), {
      name: path.slice(slash + 1),
      kind: "file",
      size: content.length,
    });
  }

  #folder(path: string): Map<string, TreeEntry> {
    let entries = this.#folders.get(path);
    if (entries === undefined) {
      this.#folders.set(path, (entries = new Map()));
      const slash = path.lastIndexOf("/");
      const name = path.slice(slash + 1);
      this.#folder(slash < 0 ? "" : path.slice(0, slash)).set(name, { name, kind: "directory" });
    }
    return entries;
  }

  read(path: string): Uint8Array | undefined {
    return this.#files.get(normalizePath(path));
  }

  kind(path: string): "file" | "directory" | undefined {
    const normal = normalizePath(path);
    if (this.#files.has(normal)) return "file";
    return this.#folders.has(normal) ? "directory" : undefined;
  }

  list(path: string): readonly TreeEntry[] | undefined {
    const entries = this.#folders.get(normalizePath(path));
    return entries && [...entries.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }
}
