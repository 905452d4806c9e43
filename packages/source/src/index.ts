export type { Diagnostic, Severity } from "./diagnostic.ts";
export { FileTreeError } from "./file-tree.ts";
export type { FileTree, TreeEntry } from "./file-tree.ts";
export type { Origin } from "./origin.ts";
