/**
 * The files of one revision: work tree, Git commit or memory. Synchronous and read-only. Paths use `/`, are relative to
 * the root, and never leave it: `..` out of the root and links that point outside are errors (`FileTreeError`).
 * One contract suite runs over every implementation.
 */
export interface FileTree {
  /** For messages: a folder or a Git revision. */
  readonly label: string;
  /** The file's bytes; undefined when there is no such file (a folder is no file). */
  read(path: string): Uint8Array | undefined;
  /** What is there, links followed; undefined when nothing is. */
  kind(path: string): "file" | "directory" | undefined;
  /** Names in a folder, sorted bytewise, each with its kind (links followed); undefined when it is no folder. */
  list(path: string): readonly TreeEntry[] | undefined;
  /** Names of links in a folder that lead nowhere or out of the tree, which `list` leaves out; absent where there are no such links. */
  brokenLinks?(path: string): readonly string[];
}

export interface TreeEntry {
  readonly name: string;
  readonly kind: "file" | "directory";
  /** Size in bytes where it is known without reading. */
  readonly size?: number;
  /** The name is a link: who walks a tree need not go where he comes by anyway, or without end. */
  readonly isLink?: true;
}

/** A path that leaves the tree, or a file that cannot be read. */
export class FileTreeError extends Error {
  override readonly name = "FileTreeError";
  readonly path: string;
  /** The message without the path. */
  readonly reason: string;
  constructor(path: string, message: string, reason = message) {
    super(message);
    this.path = path;
    this.reason = reason;
  }
}

/** No file that anybody writes is larger, and some are read into twenty times their size. */
const largestFile = 64 << 20;

/** Throws `FileTreeError` for a file that is too large to be read. */
export function checkFileSize(path: string, size: number): void {
  if (size <= largestFile) return;
  const reason = `unsupported: it has ${size} bytes, more than ${largestFile}`;
  throw new FileTreeError(path, `cannot read ${path}: ${reason}`, reason);
}
