import type { FileTree, TreeEntry } from "@tiphys/source";
import { normalizePath } from "@tiphys/source";

/** A tree that is read once: every answer of `base` is kept. */
export class KeptTree implements FileTree {
  readonly label: string;
  readonly #base: FileTree;
  readonly #contents = new Map<string, Uint8Array | undefined>();
  readonly #kinds = new Map<string, "file" | "directory" | undefined>();
  readonly #lists = new Map<string, readonly TreeEntry[] | undefined>();

  constructor(base: FileTree) {
    this.#base = base;
    this.label = base.label;
  }

  read(path: string): Uint8Array | undefined {
    return kept(this.#contents, path, () => this.#base.read(path));
  }

  kind(path: string): "file" | "directory" | undefined {
    return kept(this.#kinds, path, () => this.#base.kind(path));
  }

  list(path: string): readonly TreeEntry[] | undefined {
    return kept(this.#lists, path, () => this.#base.list(path));
  }
}

function kept<T>(known: Map<string, T>, path: string, ask: () => T): T {
  if (!known.has(path)) known.set(path, ask());
  return known.get(path)!;
}

/** A tree with other texts for some files of `base`; it remembers which files were read. Texts are byte strings. */
export class EditedTree implements FileTree {
  readonly label: string;
  /** Every file that somebody has read. */
  readonly seen = new Set<string>();
  readonly #base: FileTree;
  readonly #edits: ReadonlyMap<string, string>;

  constructor(base: FileTree, edits: ReadonlyMap<string, string> = new Map()) {
    this.#base = base;
    this.#edits = edits;
    this.label = base.label;
  }

  read(path: string): Uint8Array | undefined {
    const normal = normalizePath(path);
    const edit = this.#edits.get(normal);
    const bytes = edit === undefined ? this.#base.read(path) : new Uint8Array(Buffer.from(edit, "latin1"));
    if (bytes !== undefined) this.seen.add(normal);
    return bytes;
  }

  kind(path: string): "file" | "directory" | undefined {
    return this.#base.kind(path);
  }

  list(path: string): readonly TreeEntry[] | undefined {
    return this.#base.list(path);
  }
}
