export type { Io } from "./command.ts";
export { kustomizeOnPath } from "./kustomize.ts";
export { main, processIo } from "./main.ts";
export { DiskTree } from "./trees/disk-tree.ts";
export { GitTree } from "./trees/git-tree.ts";
export { TextLinkTree } from "./trees/text-link-tree.ts";
export { openWorkspace } from "./workspace.ts";
export type { Workspace, WorkspaceOptions } from "./workspace.ts";
