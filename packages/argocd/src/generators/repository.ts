import { fromByteString, toByteString } from "@tiphys/gotemplate";
import { doublestarMatch, type FileTree, GlobError, matchGitPathspec } from "@tiphys/source";
import { ArgoError, NotKnownOffline } from "../fault.ts";

/** A Git repository at one revision. */
export interface Repository {
  readonly tree: FileTree;
  /** The commit, for messages only. */
  readonly commit?: string;
}

/**
 * Finds the content of `repoURL` at `revision` (`HEAD` or "" for the default branch). `unknown-revision`: the repository is
 * there, the revision is not; undefined: nothing is known of the repository.
 */
export type RepositoryResolver = (repoURL: string, revision: string) => Repository | "unknown-revision" | undefined;

/** Repositories with what has been listed of them; one per run, so that many ApplicationSets share the listings. */
export class Repositories {
  readonly #resolve: RepositoryResolver;
  readonly #listings = new Map<FileTree, Listing>();

  constructor(resolve: RepositoryResolver) {
    this.#resolve = resolve;
  }

  /** Throws `NotKnownOffline` when the repository was not given, `ArgoError` when the revision does not exist. */
  open(repoURL: string, revision: string): OpenRepository {
    const found = this.#resolve(fromByteString(repoURL), fromByteString(revision));
    if (found === undefined) throw new NotKnownOffline(`wanted: repository ${repoURL} at ${revision || "HEAD"}`);
    if (found === "unknown-revision") {
      throw new ArgoError(
        `rpc error: code = Internal desc = unable to resolve git revision : unable to resolve '${revision}' to a commit SHA: revision not found`,
      );
    }
    let listing = this.#listings.get(found.tree);
    if (!listing) {
      listing = list(found.tree);
      this.#listings.set(found.tree, listing);
    }
    return new OpenRepository(repoURL, found, listing);
  }
}

/** Paths as byte strings; the tree itself takes UTF-16. */
interface Listing {
  /** Tracked files, sorted bytewise. */
  readonly files: readonly string[];
  /** Folders in lexical walk order, without the root; hidden ones too. */
  readonly folders: readonly string[];
}

/** A repository with the two questions that the repo-server answers (reposerver/repository/repository.go). */
export class OpenRepository {
  readonly #repoURL: string;
  readonly #repository: Repository;
  readonly #listing: Listing;

  constructor(repoURL: string, repository: Repository, listing: Listing) {
    this.#repoURL = repoURL;
    this.#repository = repository;
    this.#listing = listing;
  }

  /** GetGitDirectories: folders in walk order; folders that start with a dot are left out with all below. */
  folders(includeHidden: boolean): readonly string[] {
    if (includeHidden) return [...this.#listing.folders, ...gitFolders].sort(byWalkOrder);
    return this.#listing.folders.filter((folder) => !folder.split("/").some((part) => part.startsWith(".")));
  }

  /** GetGitFiles: content by path of all files that `pattern` names. */
  files(pattern: string, newGlobbing: boolean): Map<string, Uint8Array> {
    const wanted = pattern === "" ? "." : pattern;
    let paths: readonly string[];
    try {
      paths = newGlobbing ? this.#globbed(wanted) : matchGitPathspec(wanted, this.#filesFor(wanted));
    } catch (error) {
      if (!(error instanceof GlobError)) throw error;
      const cause = newGlobbing
        ? error.message
        : `\`git ls-files --full-name -z -- ${wanted}\` failed exit status 128: ${gitMessage(wanted, error)}`;
      throw this.#fault("unable to list files", wanted, cause);
    }
    const contents = new Map<string, Uint8Array>();
    for (const path of paths) contents.set(path, this.#read(path, wanted));
    return contents;
  }

  /** The files that begin as a pathspec does before its first wildcard: with many ApplicationSets most files are none of a pattern's. */
  #filesFor(pathspec: string): readonly string[] {
    const prefix = /^[^*?[\\:]*/.exec(pathspec)![0];
    const isPlain =
      prefix !== "" && !pathspec.startsWith(":") && !/(?:^|\/)(?:\.{0,2})(?:\/|$)/.test(prefix.replace(/\/$/, ""));
    const { files } = this.#listing;
    if (!isPlain) return files;
    return files.slice(lowerBound(files, prefix), lowerBound(files, `${prefix}\xff`));
  }

  /** The new way: doublestar over the checkout, which holds folders and `.git` too. */
  #globbed(pattern: string): string[] {
    const clean = cleanAbsolute(pattern);
    if (clean === "") return [""];
    const { files, folders } = this.#listing;
    doublestarMatch(clean, "");
    // The root is found by nothing but `**`: a pattern that matches its empty name is not asked.
    const root = clean.split("/").every((segment) => segment === "**") ? [""] : [];
    const found = [...folders, ...files, ...gitFolders, ...gitFiles.keys()].filter((path) =>
      doublestarMatch(clean, path),
    );
    return [...root, ...found.sort(byWalkOrder)];
  }

  #read(path: string, pattern: string): Uint8Array {
    const inGit = gitFiles.get(path);
    const content =
      inGit === undefined ? this.#repository.tree.read(fromByteString(path)) : new TextEncoder().encode(inGit);
    if (content) return content;
    const place = path === "" ? "" : `/${path}`;
    throw this.#fault("unable to read files", pattern, `read <path to cached source>${place}: is a directory`);
  }

  #fault(what: string, pattern: string, cause: string): ArgoError {
    const commit = this.#repository.commit ?? "0".repeat(40);
    return new ArgoError(
      `rpc error: code = Internal desc = ${what}. repo ${this.#repoURL} with revision ${commit} pattern ${pattern}: ${cause}`,
    );
  }
}

/** How many of the sorted `items` come before `limit`. */
function lowerBound(items: readonly string[], limit: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What git says on a repo-server, where a path outside of the repository is looked for on its own disk. */
function gitMessage(pathspec: string, error: GlobError): string {
  if (!error.message.includes("outside repository")) return error.message;
  const [first, second, third] = pathspec.split("/").filter((part) => part !== "" && part !== ".");
  if (!pathspec.startsWith("/") || second === undefined || (usualRoots.has(first!) && third === undefined)) {
    return `fatal: ${pathspec}: '${pathspec}' is outside repository at '<path to cached source>'`;
  }
  const missing = usualRoots.has(first!) ? `/${first}/${second}` : `/${first}`;
  return `fatal: Invalid path '${missing}': No such file or directory`;
}

/** Folders that every Linux has. */
const usualRoots: ReadonlySet<string> = new Set([
  "bin",
  "boot",
  "dev",
  "etc",
  "home",
  "lib",
  "media",
  "mnt",
  "opt",
  "proc",
  "root",
  "run",
  "sbin",
  "srv",
  "sys",
  "tmp",
  "usr",
  "var",
]);

/** What a fresh checkout has in `.git`, in walk order; the folders of single objects are left out, their names follow from the content. */
const gitFolders = [
  ".git",
  ".git/logs",
  ".git/logs/refs",
  ".git/logs/refs/remotes",
  ".git/logs/refs/remotes/origin",
  ".git/objects",
  ".git/objects/info",
  ".git/objects/pack",
  ".git/refs",
  ".git/refs/heads",
  ".git/refs/remotes",
  ".git/refs/remotes/origin",
  ".git/refs/tags",
];

/** Files there: none of them is YAML that a generator could read. */
const gitFiles: ReadonlyMap<string, string> = new Map([
  [".git/FETCH_HEAD", "a commit"],
  [".git/HEAD", "a commit"],
  [".git/config", "[core]\n\tbare = false\n"],
  [".git/index", "DIRC\0"],
]);

/** `filepath.Join(root, pattern)` below the root; what leaves the root names nothing in it. */
function cleanAbsolute(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.length === 0) parts.push("..");
      else parts.pop();
    } else parts.push(part);
  }
  return parts.join("/");
}

function byWalkOrder(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i]! < right[i]! ? -1 : 1;
  }
  return left.length - right.length;
}

const maximumDepth = 256;

function list(tree: FileTree): Listing {
  const files: string[] = [];
  const folders: string[] = [];
  const walk = (folder: string, depth: number) => {
    if (depth > maximumDepth) throw new ArgoError(`${tree.label}: folders nested more than ${maximumDepth} deep`);
    for (const { name, kind, isLink } of tree.list(folder) ?? []) {
      if (folder === "" && name === ".git") continue;
      const path = folder === "" ? name : `${folder}/${name}`;
      // Git tracks a link as a file, wherever it leads, and a walk does not go there.
      if (kind === "file" || isLink) files.push(toByteString(path));
      else {
        folders.push(toByteString(path));
        walk(path, depth + 1);
      }
    }
  };
  walk("", 0);
  return { files: files.sort(), folders };
}
