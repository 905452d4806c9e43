/** `a/./b//../c` → `a/c`; "" is the root. Throws `FileTreeError` when the path is absolute or leaves the root. */
export function normalizePath(_path: string): string {
  throw new Error("normalizePath is not finished");
}

/** Joins and normalizes: `joinPath("a/b", "../c")` → `a/c`. Throws `FileTreeError` when the result leaves the root. */
export function joinPath(..._parts: string[]): string {
  throw new Error("joinPath is not finished");
}
