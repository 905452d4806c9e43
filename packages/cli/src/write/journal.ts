import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { UserError } from "../command.ts";
import { isBusy, locked, stateFolder } from "./lock.ts";

/** One file to replace, add, or remove (no content). Paths are relative to the workspace, with `/`. */
export interface FileChange {
  readonly path: string;
  readonly content: Uint8Array | undefined;
  readonly executable?: boolean;
}

interface JournalEntry {
  readonly path: string;
  /** Name of the staged content in the journal folder; null: remove the file. */
  readonly staged: string | null;
  readonly mode: number;
}

const journalFolder = join(stateFolder, "journal");
const journalFile = join(journalFolder, "journal.json");

/**
 * Makes all changes or none. New contents are staged beside the workspace's files first; the journal's rename is the moment from which
 * the run counts as done, and `recover` finishes it if the process is killed after that, or throws the staging away if before.
 */
export function writeFiles(root: string, changes: readonly FileChange[]): void {
  recover(root);
  if (changes.length === 0) return;
  for (const change of changes) assertInside(root, change.path);
  locked(root, () => {
    mkdirSync(join(root, journalFolder), { recursive: true });
    const entries = stageAll(root, changes);
    writeDurably(join(root, `${journalFile}.new`), Buffer.from(JSON.stringify({ entries })));
    renameSync(join(root, `${journalFile}.new`), join(root, journalFile));
    finish(root, entries);
  });
}

/** What cannot be written is found before the first file is replaced. */
function stageAll(root: string, changes: readonly FileChange[]): JournalEntry[] {
  try {
    return changes.map((change, index) => {
      let folder = dirname(join(root, change.path));
      while (!existsSync(folder)) folder = dirname(folder);
      accessSync(folder, constants.W_OK);
      return stage(root, change, String(index));
    });
  } catch (error) {
    clean(root);
    throw error;
  }
}

/** Finishes or undoes what a killed run left behind. Returns what it did; every command that writes calls it first. */
export function recover(root: string): "nothing" | "finished" | "undone" {
  return existsSync(join(root, stateFolder)) ? locked(root, () => recoverNow(root)) : "nothing";
}

function recoverNow(root: string): "nothing" | "finished" | "undone" {
  const folder = join(root, journalFolder);
  if (!existsSync(folder)) {
    // The run may have been killed between the two folders' removal.
    clean(root);
    return "nothing";
  }
  if (!existsSync(join(root, journalFile))) {
    clean(root);
    return "undone";
  }
  const { entries } = JSON.parse(readFileSync(join(root, journalFile), "utf8")) as { entries: JournalEntry[] };
  finish(root, entries);
  return "finished";
}

/** Finishes a run that was killed while it replaced files; what was only being prepared is left to the next run that writes. */
export function finishInterrupted(root: string): boolean {
  return existsSync(join(root, journalFile)) && !isBusy(root) && recover(root) === "finished";
}

function stage(root: string, change: FileChange, name: string): JournalEntry {
  if (change.content === undefined) return { path: change.path, staged: null, mode: 0 };
  const target = join(root, change.path);
  const mode = existsSync(target) ? statSync(target).mode & 0o777 : change.executable ? 0o755 : 0o644;
  writeDurably(join(root, journalFolder, name), change.content);
  return { path: change.path, staged: name, mode: change.executable ? mode | 0o111 : mode };
}

function finish(root: string, entries: readonly JournalEntry[]): void {
  for (const entry of entries) {
    const target = join(root, entry.path);
    if (entry.staged === null) {
      if (existsSync(target)) unlinkSync(target);
      removeEmptyFolders(root, dirname(target));
      continue;
    }
    const staged = join(root, journalFolder, entry.staged);
    if (!existsSync(staged)) continue;
    mkdirSync(dirname(target), { recursive: true });
    chmodSync(staged, entry.mode);
    renameSync(staged, target);
  }
  clean(root);
}

function clean(root: string): void {
  rmSync(join(root, journalFolder), { recursive: true, force: true });
  const folder = join(root, stateFolder);
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

function removeEmptyFolders(root: string, folder: string): void {
  let at = folder;
  while (at.length > root.length && existsSync(at) && readdirSync(at).length === 0) {
    rmdirSync(at);
    at = dirname(at);
  }
}

function writeDurably(path: string, content: Uint8Array): void {
  const file = openSync(path, "w");
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Refuses a path that would leave the workspace, also through a link on the way. Throws `UserError`. */
function assertInside(root: string, path: string): void {
  const realRoot = realpathSync(root);
  const parts = path.split("/");
  if (path === "" || path.startsWith("/") || parts.includes(".."))
    throw new UserError(`error: refusing to write outside the workspace: ${path}`);
  let at = realRoot;
  for (const [index, part] of parts.entries()) {
    at = join(at, part);
    if (!existsSync(at) && !isLink(at)) return;
    const real = realpathSync(at);
    if (real !== realRoot && !real.startsWith(realRoot + sep)) {
      throw new UserError(
        `error: refusing to write through a link that leaves the workspace: ${parts.slice(0, index + 1).join("/")}`,
      );
    }
    if (index === parts.length - 1 && statSync(real).isDirectory()) throw new UserError(`error: ${path} is a folder`);
    at = real;
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
