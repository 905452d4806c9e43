import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError } from "../command.ts";

/** Folder of a workspace that holds what a run needs while it writes. */
export const stateFolder = ".tiphys";

const lockFile = join(stateFolder, "lock");

/** Roots of the workspaces that this process holds. */
const held = new Set<string>();

/** Keeps other runs from writing into a workspace until `unlockAll`. Throws `UserError` while another run does. */
export function lockWorkspace(root: string): void {
  if (held.has(root)) return;
  mkdirSync(join(root, stateFolder), { recursive: true });
  const owner = `${process.pid} ${hostname()}\n`;
  for (;;) {
    try {
      const file = openSync(join(root, lockFile), "wx");
      writeSync(file, owner);
      closeSync(file);
      held.add(root);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const other = ownerOf(root);
    if (other !== undefined && isAlive(other)) throw busy(root, other);
    takeAway(root, other);
  }
}

/** Lets other runs write again; what a workspace needs for it is removed. */
export function unlockAll(): void {
  for (const root of held) unlock(root);
}

/** Does something that no other run may do at the same time. Throws `UserError` while another run writes. */
export function locked<Result>(root: string, action: () => Result): Result {
  if (held.has(root)) return action();
  lockWorkspace(root);
  try {
    return action();
  } finally {
    unlock(root);
  }
}

/** Whether another run that is not over writes into the workspace. */
export function isBusy(root: string): boolean {
  if (held.has(root)) return false;
  const other = ownerOf(root);
  return other !== undefined && isAlive(other);
}

function unlock(root: string): void {
  held.delete(root);
  const folder = join(root, stateFolder);
  if (!existsSync(folder)) return;
  // Also what a run left that was killed while it took a lock away.
  for (const name of readdirSync(folder)) if (name.startsWith("lock.")) rmSync(join(folder, name), { force: true });
  rmSync(join(root, lockFile), { force: true });
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

function ownerOf(root: string): string | undefined {
  try {
    return readFileSync(join(root, lockFile), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A process of another machine counts as alive. One that was killed before it wrote its number does not. */
function isAlive(owner: string): boolean {
  const [pid = "", host = ""] = owner.trim().split(" ");
  if (host !== hostname()) return host !== "";
  // Numbers come again: what this process does not know of was an earlier one's.
  if (Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes the lock of a run that was killed, and no other that came in its place meanwhile. */
function takeAway(root: string, stale: string | undefined): void {
  const aside = join(root, stateFolder, `lock.${process.pid}`);
  try {
    renameSync(join(root, lockFile), aside);
    if (readFileSync(aside, "utf8") !== (stale ?? "")) linkSync(aside, join(root, lockFile));
    rmSync(aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function busy(root: string, owner: string): UserError {
  const [pid = "", host = ""] = owner.trim().split(" ");
  return new UserError(
    `error: another run writes into ${root} (process ${pid} on ${host})\n  fix: run again when it is done; when there is no such process, remove ${join(root, lockFile)}`,
  );
}
