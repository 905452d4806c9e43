import { bytesToByteString, fromByteString, toByteString } from "@tiphys/gotemplate";
import { FileTreeError, GlobError, pathMatch } from "@tiphys/source";
import type { FileTree, TreeEntry } from "@tiphys/source";
import { cleanPath, hasGlobMeta, isAbsolute, joinPaths } from "./filepath.ts";

/** What is made of a text takes up to fifty times its memory. */
const largestText = 4 << 20;
/** Links that lead up make as many paths as one likes. */
const mostMatches = 20_000;

/**
 * A `FileTree` as a file system with a working directory, which helmfile changes while it walks. Paths are byte strings;
 * absolute ones start with `root`, where the tree lies for helmfile's eyes.
 */
export class Workspace {
  readonly tree: FileTree;
  /** The tree's root as an absolute path, without a trailing slash; "" when it is `/`. */
  readonly root: string;
  /** By working directory: the paths inside the tree of all that was asked for in it. */
  readonly #treePaths = new Map<string, Map<string, string | undefined>>();
  #treePathsHere = new Map<string, string | undefined>();
  #workingDirectory = "";
  /** Lists as byte strings, for those that the tree remembers. */
  readonly #lists = new WeakMap<readonly TreeEntry[], readonly TreeEntry[]>();
  /** Names in a list that match a pattern. */
  readonly #matches = new WeakMap<readonly TreeEntry[], Map<string, readonly string[]>>();
  /** What may be read outside of the tree: paths without their leading slash. */
  readonly #outside: FileTree | undefined;
  /** Why what is there cannot be read, by absolute path. */
  readonly #faults = new Map<string, string>();

  constructor(tree: FileTree, root: string, workingDirectory: string, outside?: FileTree) {
    this.#outside = outside;
    this.tree = tree;
    this.root = root === "/" ? "" : root;
    this.workingDirectory = workingDirectory;
  }

  /** Absolute. */
  get workingDirectory(): string {
    return this.#workingDirectory;
  }

  set workingDirectory(path: string) {
    this.#workingDirectory = path;
    let paths = this.#treePaths.get(path);
    if (paths === undefined) this.#treePaths.set(path, (paths = new Map()));
    this.#treePathsHere = paths;
  }

  absolute(path: string): string {
    return isAbsolute(path) ? cleanPath(path) : joinPaths(this.workingDirectory, path);
  }

  /** The path inside the tree, as UTF-16 text; undefined when it lies outside. */
  treePath(path: string): string | undefined {
    const known = this.#treePathsHere.get(path);
    if (known !== undefined || this.#treePathsHere.has(path)) return known;
    const found = this.#findTreePath(path);
    this.#treePathsHere.set(path, found);
    return found;
  }

  #findTreePath(path: string): string | undefined {
    const absolute = this.absolute(path);
    if (absolute === this.root || (this.root === "" && absolute === "/")) return "";
    return absolute.startsWith(`${this.root}/`) ? fromByteString(absolute.slice(this.root.length + 1)) : undefined;
  }

  /** For origins: the tree's path where there is one, else the path itself. */
  displayPath(path: string): string {
    return this.treePath(path) ?? fromByteString(path);
  }

  /** The file's bytes as a byte string; undefined when there is no such file. */
  read(path: string): string | undefined {
    const bytes = this.readBytes(path);
    if (bytes === undefined) return undefined;
    if (bytes.length <= largestText) return bytesToByteString(bytes);
    this.#faults.set(this.absolute(path), `unsupported: it has ${bytes.length} bytes, more than ${largestText}`);
    return undefined;
  }

  readBytes(path: string): Uint8Array | undefined {
    return this.#look(path, (tree, inside) => tree.read(inside));
  }

  kind(path: string): "file" | "directory" | undefined {
    return this.#look(path, (tree, inside) => tree.kind(inside));
  }

  /** What Go says when it cannot open what `read` gave nothing of. */
  reasonOf(path: string): string {
    return this.#faults.get(this.absolute(path)) ?? "no such file or directory";
  }

  #look<T>(path: string, question: (tree: FileTree, path: string) => T | undefined): T | undefined {
    const inside = this.treePath(path);
    if (inside !== undefined) return this.#orNothing(path, () => question(this.tree, inside));
    const outside = this.#outside;
    return outside === undefined
      ? undefined
      : this.#orNothing(path, () => question(outside, fromByteString(this.absolute(path)).slice(1)));
  }

  /** Paths that leave the tree and files that cannot be read are as good as missing. */
  #orNothing<T>(path: string, read: () => T | undefined): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FileTreeError)) throw error;
      this.#faults.set(this.absolute(path), toByteString(error.reason));
      return undefined;
    }
  }

  isFile(path: string): boolean {
    return this.kind(path) === "file";
  }

  isDirectory(path: string): boolean {
    return this.kind(path) === "directory";
  }

  /** The same array again, while the tree has the same. */
  list(path: string): readonly TreeEntry[] | undefined {
    const entries = this.#look(path, (tree, inside) => tree.list(inside));
    if (entries === undefined) return undefined;
    let list = this.#lists.get(entries);
    if (list === undefined)
      this.#lists.set(entries, (list = entries.map(({ name, kind }) => ({ name: toByteString(name), kind }))));
    return list;
  }

  /** Go's filepath.Glob. */
  glob(pattern: string): string[] {
    if (!hasGlobMeta(pattern)) return this.kind(pattern) === undefined ? [] : [pattern];
    const slash = pattern.lastIndexOf("/");
    const folder = slash < 0 ? "." : slash === 0 ? "/" : pattern.slice(0, slash);
    const file = pattern.slice(slash + 1);
    const folders = hasGlobMeta(folder) ? this.glob(folder) : [folder];
    const found: string[] = [];
    for (const each of folders) {
      for (const path of this.#globIn(each, file)) found.push(path);
      if (found.length > mostMatches)
        throw new GlobError(`unsupported: more than ${mostMatches} paths match ${pattern}`);
    }
    return found;
  }

  #globIn(folder: string, pattern: string): string[] {
    const entries = this.list(folder);
    if (entries === undefined) return [];
    let matches = this.#matches.get(entries);
    if (matches === undefined) this.#matches.set(entries, (matches = new Map()));
    let names = matches.get(pattern);
    if (names === undefined) {
      names = entries.map(({ name }) => name).filter((name) => pathMatch(pattern, name));
      matches.set(pattern, names);
    }
    return names.map((name) => joinPaths(folder, name));
  }

  /** Runs `action` inside `folder`, as helmfile does for a single state file. */
  within<T>(folder: string, action: () => T): T {
    const before = this.workingDirectory;
    this.workingDirectory = this.absolute(folder);
    try {
      return action();
    } finally {
      this.workingDirectory = before;
    }
  }
}
