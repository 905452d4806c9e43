import { FileTreeError } from "./file-tree.ts";

/** `a/./b//../c` → `a/c`; "" is the root. Throws `FileTreeError` when the path is absolute or leaves the root. */
export function normalizePath(path: string): string {
  if (isNormal(path)) return path;
  if (path.startsWith("/")) throw new FileTreeError(path, `absolute path: ${path}`);
  if (path.includes("\0")) throw new FileTreeError(path, "path with a NUL character");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) throw new FileTreeError(path, `path leaves the tree: ${path}`);
  }
  return parts.join("/");
}

/** True when there is nothing to do: no empty, `.` or `..` part. */
function isNormal(path: string): boolean {
  if (path === "") return true;
  return !/(?:^|\/)(?:\.{0,2})(?:\/|$)|\0/.test(path);
}

/** Joins and normalizes: `joinPath("a/b", "../c")` → `a/c`. Throws `FileTreeError` when the result leaves the root. */
export function joinPath(...parts: string[]): string {
  const present = parts.filter((part) => part !== "");
  const last = present.findLastIndex((part) => part.startsWith("/"));
  if (last >= 0) throw new FileTreeError(present[last]!, `absolute path: ${present[last]}`);
  return normalizePath(present.join("/"));
}

/** The folder of a path: `a/b/c.yaml` → `a/b`, `c.yaml` → "". */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
