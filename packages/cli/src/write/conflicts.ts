import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlannedFile } from "@tiphys/pivot";

/** The files whose content is made whole by a plan; a component that exists is edited instead, and keeps what others wrote. */
const replaced: ReadonlySet<PlannedFile["purpose"]> = new Set([
  "values",
  "chart",
  "manifests",
  "application-set",
  "project",
]);

/** First line of what `tiphys appsets` writes. */
const ours = "# Written by `tiphys appsets`";

/**
 * Planned files that would overwrite changes of somebody else: files that exist, are replaced whole, and hold what Git does not
 * have (modified or untracked). What this program marks as its own is never one. Without Git nothing can be told, and nothing is refused.
 */
export function conflicts(root: string, files: readonly PlannedFile[], forced: readonly string[]): string[] {
  const candidates = files.filter(
    (file) => replaced.has(file.purpose) && !forced.includes(file.path) && existsSync(join(root, file.path)),
  );
  if (candidates.length === 0) return [];
  const dirty = uncommitted(root);
  if (dirty === undefined) return [];
  return candidates.map(({ path }) => path).filter((path) => dirty.has(path) && !isOurs(join(root, path)));
}

function isOurs(path: string): boolean {
  return readFileSync(path, "utf8").startsWith(ours);
}

/** Paths below `root` that differ from the last commit; undefined outside a Git work tree. */
function uncommitted(root: string): Set<string> | undefined {
  const git = spawnSync("git", ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--", "."], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (git.error !== undefined || git.status !== 0) return undefined;
  const prefix = spawnSync("git", ["rev-parse", "--show-prefix"], { cwd: root, encoding: "utf8" }).stdout.trim();
  const entries = git.stdout.split("\0").filter((entry) => entry.length > 3);
  return new Set(
    entries.map((entry) => entry.slice(3)).map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : path)),
  );
}
