import { posix } from "node:path";
import type { FileTree, TreeEntry } from "@tiphys/source";

/**
 * A tree whose links were checked out as text, as Git does where links are not supported (`core.symlinks=false`): a file
 * that holds nothing but a relative path to another file is read as that file.
 */
export class TextLinkTree implements FileTree {
  readonly label: string;
  readonly #tree: FileTree;

  constructor(tree: FileTree) {
    this.#tree = tree;
    this.label = tree.label;
  }

  read(path: string): Uint8Array | undefined {
    const bytes = this.#tree.read(path);
    if (bytes === undefined || bytes.length > 255 || bytes.length < 3) return bytes;
    const text = Buffer.from(bytes).toString("latin1");
    if (!/^\.\.?\/[\w./-]+$/.test(text)) return bytes;
    const target = posix.join(posix.dirname(path), text);
    return target.startsWith("..") || this.#tree.kind(target) !== "file" ? bytes : this.#tree.read(target);
  }

  kind(path: string): "file" | "directory" | undefined {
    return this.#tree.kind(path);
  }

  list(path: string): readonly TreeEntry[] | undefined {
    return this.#tree.list(path);
  }

  brokenLinks(path: string): readonly string[] {
    return this.#tree.brokenLinks?.(path) ?? [];
  }
}
