import { FileTreeError } from "./file-tree.ts";

/** `a/./b//../c` → `a/c`; "" is the root. Throws `FileTreeError` when the path is absolute or leaves the root. */
export function normalizePath(path: string): string {
  if (path.startsWith("/")) throw new FileTreeError(path, `absolute path: ${path}`);
  if (path.includes("\0")) throw new FileTreeError(path, "the path holds a NUL byte");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) throw new FileTreeError(path, `the path leaves the tree: ${path}`);
  }
  return parts.join("/");
}

/** Joins and normalizes: `joinPath("a/b", "../c")` → `a/c`. Throws `FileTreeError` when the result leaves the root. */
export function joinPath(...parts: string[]): string {
  return normalizePath(parts.filter((part) => part !== "").join("/"));
}
