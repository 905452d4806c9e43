import { spawnSync } from "node:child_process";
import {
  compareBytewise,
  type FileTree,
  checkFileSize,
  FileTreeError,
  normalizePath,
  parentPath,
  type TreeEntry,
} from "@tiphys/source";

type Kind = "file" | "directory";

interface GitEntry {
  readonly kind: "file" | "directory" | "link";
  /** Object name of a blob. */
  readonly object: string;
  readonly size: number;
}

/** Blobs fetched in one go when one of a folder is asked for. */
const maxBatchBytes = 32 << 20;
const maxLinks = 40;

/**
 * One revision of a Git repository, read with the `git` program: one `ls-tree` for the names, then `cat-file --batch` for whole
 * folders of blobs at a time. Links inside the tree are followed. Submodules are empty folders, as in a fresh clone.
 */
export class GitTree implements FileTree {
  readonly label: string;
  /** The commit, as its full object name. */
  readonly commit: string;
  private readonly repository: string;
  private readonly entries = new Map<string, GitEntry>();
  private readonly folders = new Map<string, string[]>([["", []]]);
  private readonly lists = new Map<string, readonly TreeEntry[] | undefined>();
  private readonly blobs = new Map<string, Uint8Array>();

  /** Throws `FileTreeError` when there is no such repository or revision. `folder` narrows the tree to a folder below the repository's root. */
  constructor(repository: string, revision: string, folder = "") {
    this.repository = repository;
    if (revision.startsWith("-")) throw new FileTreeError(revision, `not a revision: ${revision}`);
    const commit = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
    this.commit = this.run(commit, revision).toString("latin1").trim();
    const prefix = normalizePath(folder);
    this.label = prefix === "" ? revision : `${revision}:${prefix}`;
    const treeish = prefix === "" ? this.commit : `${this.commit}:${prefix}`;
    this.readNames(this.run(["ls-tree", "-r", "-t", "-z", "-l", "--full-tree", treeish], this.label));
  }

  /** The tree of `folder` as it was at `revision`, wherever in its repository the folder is. Throws `FileTreeError`. */
  static open(folder: string, revision: string): GitTree {
    const result = spawnSync("git", ["-C", folder, "rev-parse", "--show-prefix"], {
      encoding: "utf8",
      env: gitEnvironment(),
    });
    if (result.error !== undefined) throw new FileTreeError(folder, `cannot run git: ${result.error.message}`);
    if (result.status !== 0) throw new FileTreeError(folder, `no Git repository: ${folder}`);
    return new GitTree(folder, revision, result.stdout.trimEnd().replace(/\/$/, ""));
  }

  read(path: string): Uint8Array | undefined {
    const real = this.resolve(normalizePath(path));
    const entry = real === undefined ? undefined : this.entries.get(real);
    if (real === undefined || entry?.kind !== "file") return undefined;
    checkFileSize(path, entry.size);
    if (!this.blobs.has(entry.object)) this.fetchAround(real, entry);
    return this.blobs.get(entry.object);
  }

  kind(path: string): Kind | undefined {
    const real = this.resolve(normalizePath(path));
    if (real === undefined) return undefined;
    if (real === "") return "directory";
    return this.entries.get(real)?.kind === "file" ? "file" : "directory";
  }

  list(path: string): readonly TreeEntry[] | undefined {
    const normal = normalizePath(path);
    if (this.lists.has(normal)) return this.lists.get(normal);
    const real = this.resolve(normal);
    const names = real === undefined ? undefined : this.folders.get(real);
    const entries = names?.flatMap((name): TreeEntry[] => this.listEntry(real === "" ? name : `${real}/${name}`, name));
    entries?.sort((a, b) => compareBytewise(a.name, b.name));
    this.lists.set(normal, entries);
    return entries;
  }

  brokenLinks(path: string): readonly string[] {
    const listed = new Set(this.list(path)?.map(({ name }) => name));
    const real = this.resolve(normalizePath(path));
    return (real === undefined ? [] : (this.folders.get(real) ?? [])).filter((name) => !listed.has(name));
  }

  private listEntry(path: string, name: string): TreeEntry[] {
    const entry = this.entries.get(path)!;
    if (entry.kind === "file") return [{ name, kind: "file", size: entry.size }];
    if (entry.kind === "directory") return [{ name, kind: "directory" }];
    try {
      const kind = this.kind(path);
      return kind === undefined ? [] : [{ name, kind, isLink: true }];
    } catch (error) {
      if (error instanceof FileTreeError) return [];
      throw error;
    }
  }

  private readNames(output: Buffer): void {
    for (const record of output.toString("utf8").split("\0")) {
      const tab = record.indexOf("\t");
      if (tab < 0) continue;
      const [mode, type, object, size] = record.slice(0, tab).split(/ +/) as [string, string, string, string];
      const path = record.slice(tab + 1);
      const kind = type === "blob" ? (mode === "120000" ? "link" : "file") : "directory";
      this.entries.set(path, { kind, object, size: Number(size) || 0 });
      const parent = parentPath(path);
      let names = this.folders.get(parent);
      if (names === undefined) this.folders.set(parent, (names = []));
      names.push(path.slice(parent === "" ? 0 : parent.length + 1));
      if (kind === "directory" && !this.folders.has(path)) this.folders.set(path, []);
    }
  }

  /** The path without links; undefined when nothing is there. Throws `FileTreeError` when a link leaves the tree. */
  private resolve(normal: string): string | undefined {
    if (normal === "" || this.entries.get(normal)?.kind === "file") return normal;
    let parts = normal.split("/");
    let at = "";
    let links = 0;
    while (parts.length > 0) {
      const part = parts.shift()!;
      const path = at === "" ? part : `${at}/${part}`;
      const entry = this.entries.get(path);
      if (entry === undefined) return undefined;
      if (entry.kind !== "link") {
        if (entry.kind === "file" && parts.length > 0) return undefined;
        at = path;
        continue;
      }
      if (++links > maxLinks)
        throw new FileTreeError(normal, `cannot read ${normal}: too many levels of symbolic links`);
      const target = this.linkTarget(path, entry);
      if (target.startsWith("/"))
        throw new FileTreeError(normal, `link leaves the tree: ${normal}`, "link leaves the workspace");
      try {
        parts = [...normalizePath(`${at}/${target}`.replace(/^\//, "")).split("/"), ...parts].filter(
          (name) => name !== "",
        );
      } catch (error) {
        if (error instanceof FileTreeError)
          throw new FileTreeError(normal, `link leaves the tree: ${normal}`, "link leaves the workspace");
        throw error;
      }
      at = "";
    }
    return at;
  }

  private linkTarget(path: string, entry: GitEntry): string {
    if (!this.blobs.has(entry.object)) this.fetch([entry], path);
    return Buffer.from(this.blobs.get(entry.object)!).toString("utf8");
  }

  /** Fetches a blob and, as they are likely to be asked for next, the others of its folder and below its top folder. */
  private fetchAround(path: string, entry: GitEntry): void {
    const wanted = new Map([[entry.object, entry]]);
    let bytes = entry.size;
    const top = path.split("/", 1)[0]!;
    const near = parentPath(path);
    for (const nearby of [near === "" ? "" : `${near}/`, near === "" ? undefined : `${top}/`]) {
      if (nearby === undefined) continue;
      for (const [other, candidate] of this.entries) {
        if (candidate.kind === "directory" || this.blobs.has(candidate.object) || wanted.has(candidate.object))
          continue;
        const isNear = nearby === "" ? !other.includes("/") : other.startsWith(nearby);
        if (!isNear || bytes + candidate.size > maxBatchBytes) continue;
        bytes += candidate.size;
        wanted.set(candidate.object, candidate);
      }
    }
    this.fetch([...wanted.values()], path);
  }

  private fetch(entries: readonly GitEntry[], path: string): void {
    const size = entries.reduce((sum, entry) => sum + entry.size + 100, 0);
    const input = `${entries.map((entry) => entry.object).join("\n")}\n`;
    const output = this.run(["cat-file", "--batch", "--buffer"], path, { input, maxBuffer: size + (1 << 20) });
    for (let at = 0; at < output.length;) {
      const newline = output.indexOf(10, at);
      const [object, type, length] = output.toString("latin1", at, newline).split(" ") as [string, string, string];
      if (type !== "blob") throw new FileTreeError(path, `cannot read ${path}: object ${object} is ${type}`);
      const start = newline + 1;
      const end = start + Number(length);
      // A copy, so that one small file does not keep the whole batch alive.
      this.blobs.set(object, new Uint8Array(output.subarray(start, end)));
      at = end + 1;
    }
  }

  private run(args: readonly string[], subject: string, options: { input?: string; maxBuffer?: number } = {}): Buffer {
    const result = spawnSync("git", ["-C", this.repository, "--no-optional-locks", ...args], {
      input: options.input ?? "",
      maxBuffer: options.maxBuffer ?? 1 << 28,
      env: gitEnvironment(),
    });
    if (result.error !== undefined) throw new FileTreeError(subject, `cannot run git: ${result.error.message}`);
    if (result.status === 0) return result.stdout;
    const said = result.stderr.toString("utf8").trim().split("\n", 1)[0];
    throw new FileTreeError(
      subject,
      `git ${args[0]}: ${said === "" || said === undefined ? `no such revision: ${subject}` : said}`,
    );
  }
}

/** Messages in English, no questions, and no repository that a calling Git hook may have set. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR: _dir, GIT_WORK_TREE: _workTree, GIT_INDEX_FILE: _index, ...rest } = process.env;
  return { ...rest, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" };
}
