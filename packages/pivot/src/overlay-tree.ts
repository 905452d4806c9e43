import type { FileTree, TreeEntry } from "@tiphys/source";

/** A tree with some files changed, added (bytes) or removed (undefined); what a plan would make of the workspace. */
export class OverlayTree implements FileTree {
  readonly label: string;
  readonly #base: FileTree;
  readonly #changes: ReadonlyMap<string, Uint8Array | undefined>;
  /** Folder → names that changed files bring into it. */
  readonly #added = new Map<string, Map<string, "file" | "directory">>();

  constructor(base: FileTree, changes: ReadonlyMap<string, Uint8Array | undefined>) {
    this.label = base.label;
    this.#base = base;
    this.#changes = changes;
    for (const [path, bytes] of changes) {
      if (bytes !== undefined) this.#register(path);
    }
  }

  #register(path: string): void {
    let child: "file" | "directory" = "file";
    let at = path;
    for (;;) {
      const slash = at.lastIndexOf("/");
      const folder = slash < 0 ? "" : at.slice(0, slash);
      const names = this.#added.get(folder) ?? new Map<string, "file" | "directory">();
      this.#added.set(folder, names);
      names.set(at.slice(slash + 1), child);
      if (slash < 0) return;
      at = folder;
      child = "directory";
    }
  }

  read(path: string): Uint8Array | undefined {
    return this.#changes.has(path) ? this.#changes.get(path) : this.#base.read(path);
  }

  kind(path: string): "file" | "directory" | undefined {
    if (this.#changes.has(path)) return this.#changes.get(path) === undefined ? undefined : "file";
    return this.#added.has(path) ? "directory" : this.#base.kind(path);
  }

  list(path: string): readonly TreeEntry[] | undefined {
    const added = this.#added.get(path);
    const below = this.#base.list(path);
    if (added === undefined && below === undefined) return undefined;
    const prefix = path === "" ? "" : `${path}/`;
    const entries = new Map<string, TreeEntry>();
    for (const entry of below ?? []) {
      if (this.#changes.get(prefix + entry.name) !== undefined || !this.#changes.has(prefix + entry.name))
        entries.set(entry.name, entry);
    }
    for (const [name, kind] of added ?? []) entries.set(name, { name, kind });
    return [...entries.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  brokenLinks(path: string): readonly string[] {
    const prefix = path === "" ? "" : `${path}/`;
    return (this.#base.brokenLinks?.(path) ?? []).filter((name) => !this.#changes.has(prefix + name));
  }
}
