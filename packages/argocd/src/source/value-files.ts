import { doublestarMatch, GlobError } from "@tiphys/source";
import { quoteGo } from "@tiphys/gotemplate";
import { ArgoError, atSourceField, wrapError } from "../fault.ts";
import { envsubst, type BuildEnvironment } from "./environment.ts";
import { normalizeGitUrl } from "../project/normalize-git-url.ts";
import { refName, type RefRoots, type RefTargets } from "./references.ts";
import { cleanInside, treePath, type SourceRoot } from "./source-root.ts";
import { StatusError } from "./status.ts";

/** A file that a source names, inside a root, or a URL that Helm would fetch. */
export type ResolvedFile = (
  | {
      readonly kind: "file";
      readonly root: SourceRoot;
      readonly path: string;
      /** How messages name it, where that is not its place. */
      readonly shown?: string;
    }
  | { readonly kind: "remote"; readonly url: string }
) & {
  /** The entry of the source that names it. */
  readonly field?: FieldPath;
};

type FieldPath = readonly (string | number)[];

export interface ValueFileContext {
  readonly root: SourceRoot;
  /** Folder of the chart below the root. */
  readonly chartFolder: string;
  readonly environment: BuildEnvironment;
  readonly schemes: readonly string[];
  readonly refs: RefTargets;
  readonly refRoots: RefRoots;
  readonly ignoreMissing: boolean;
}

/**
 * Resolves a path as Argo CD v3.6.1 util/io/path/resolved.go does: relative to the chart, with a leading slash to the root.
 * Throws `ArgoError` for what leaves the root and for schemes that are not allowed.
 */
function resolveFile(root: SourceRoot, folder: string, path: string, schemes: readonly string[]): ResolvedFile {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(path)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (schemes.some((allowed) => allowed.toLowerCase() === scheme)) return { kind: "remote", url: path };
    throw new ArgoError(`the URL scheme '${scheme}' is not allowed`);
  }
  const clean = path.startsWith("/") ? cleanInside(path) : cleanInside(folder, path);
  if (clean === undefined) throw new ArgoError(`file '${path}' resolved to outside repository root`);
  if (clean === "") throw new ArgoError("internal error: failed to resolve path. Check logs for more details");
  return { kind: "file", root, path: clean };
}

/** The repository behind `$name/…`; undefined when the path names no known ref, as in an application with one source. */
function refRootOf(path: string, context: ValueFileContext): SourceRoot | undefined {
  const target = context.refs.get(refName(path));
  if (target === undefined) return undefined;
  const root = context.refRoots.get(normalizeGitUrl(target.repoURL));
  if (root === undefined) throw new ArgoError(`failed to find repo ${quoteGo(target.repoURL)}`);
  return root;
}

/** Resolves one entry of valueFiles or one path of fileParameters. Throws `ArgoError`. */
export function resolveEntry(path: string, context: ValueFileContext): ResolvedFile {
  const refRoot = refRootOf(path, context);
  if (refRoot === undefined)
    return resolveFile(context.root, context.chartFolder, envsubst(path, context.environment), context.schemes);
  // Variables are replaced after the ref is taken off.
  const below = `/${path.split("/").slice(1).join("/")}`;
  try {
    return resolveFile(refRoot, "", envsubst(below, context.environment), context.schemes);
  } catch (error) {
    throw wrapError("error resolving value file path", error);
  }
}

function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

function fileKey(file: ResolvedFile): string {
  return file.kind === "remote" ? file.url : `${file.root.tree.label}\0${file.root.shown}\0${file.path}`;
}

/**
 * The value files in order: globs expanded, files named explicitly at their own place, each once.
 * Mirrors Argo CD v3.6.1 getResolvedValueFiles. Throws `ArgoError`.
 */
export function resolveValueFiles(paths: readonly string[], context: ValueFileContext): readonly ResolvedFile[] {
  const explicit = new Set(paths.flatMap((path) => explicitKey(path, context)));
  const files = new Map<string, ResolvedFile>();
  const add = (file: ResolvedFile): void => {
    const key = fileKey(file);
    if (!files.has(key)) files.set(key, file);
  };
  const addEntry = (path: string, field: FieldPath): void => {
    let file: ResolvedFile;
    try {
      file = resolveEntry(path, context);
    } catch (error) {
      throw wrapError("error resolving value file path", error);
    }
    if (file.kind === "remote") {
      add({ ...file, field });
    } else if (isGlob(file.path)) {
      for (const match of expandGlob(path, file, context)) if (!explicit.has(fileKey(match))) add({ ...match, field });
    } else if (!context.ignoreMissing || file.root.tree.kind(treePath(file.root, file.path)) !== undefined) {
      add({ ...file, field });
    }
  };
  paths.forEach((path, index) => {
    const field = ["helm", "valueFiles", index];
    atSourceField(field, () => addEntry(path, field));
  });
  return [...files.values()];
}

function explicitKey(path: string, context: ValueFileContext): string[] {
  try {
    const file = resolveEntry(path, context);
    return file.kind === "file" && isGlob(file.path) ? [] : [fileKey(file)];
  } catch (error) {
    // Upstream shows the error when it comes to the entry itself.
    if (error instanceof ArgoError) return [];
    throw error;
  }
}

function expandGlob(
  written: string,
  file: Extract<ResolvedFile, { kind: "file" }>,
  context: ValueFileContext,
): ResolvedFile[] {
  const { root, path: pattern } = file;
  const fixed = pattern.slice(0, pattern.search(/[*?[{\\]/));
  const start = fixed.slice(0, Math.max(0, fixed.lastIndexOf("/")));
  let matches: string[];
  try {
    doublestarMatch(pattern, "");
    matches = walk(root, start).filter((path) => doublestarMatch(pattern, path));
  } catch (error) {
    if (error instanceof GlobError)
      throw new ArgoError(`error expanding glob pattern ${quoteGo(written)}: ${error.message}`);
    throw error;
  }
  if (matches.length === 0) {
    if (context.ignoreMissing) return [];
    throw new GlobNoMatch(written);
  }
  return matches.sort(byFolderThenName).map((path) => ({ kind: "file", root, path }));
}

/** A glob without a match: the repo-server gives it a code of its own. */
export class GlobNoMatch extends ArgoError {
  override readonly name = "GlobNoMatch";
  constructor(pattern: string) {
    super(`values file glob ${quoteGo(pattern)} matched no files`);
  }
  /** With what stands before it, as the repo-server reports it. */
  withPrefix(prefix: string): StatusError {
    return new StatusError("NotFound", `${prefix}: ${this.message}`);
  }
}

/** Everything below a folder, folders too, as doublestar finds it. */
function walk(root: SourceRoot, folder: string): string[] {
  const found: string[] = [];
  for (const { name, kind, isLink } of root.tree.list(treePath(root, folder)) ?? []) {
    const path = folder === "" ? name : `${folder}/${name}`;
    found.push(path);
    if (kind === "directory" && path !== ".git" && !isLink) found.push(...walk(root, path));
  }
  return found;
}

/** doublestar lists a folder's matches before it goes into the folders below. */
function byFolderThenName(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  const [nameA, nameB] = [left.pop() as string, right.pop() as string];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    if (left[index] !== right[index]) return (left[index] as string) < (right[index] as string) ? -1 : 1;
  }
  if (left.length !== right.length) return left.length - right.length;
  return nameA < nameB ? -1 : nameA > nameB ? 1 : 0;
}
