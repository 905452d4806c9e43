import { appendFileSync, lstatSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fromByteString } from "@tiphys/gotemplate";
import { printDocument, type RenderedDocument, type RenderResult } from "@tiphys/helm";
import { systemReason } from "./system-reason.ts";

/* `writeToFile` (pkg/action/install.go and pkg/cmd/template.go, Helm 4.2.4). */

export interface OutputDirectory {
  /** As given; relative to `cwd`. */
  readonly directory: string;
  readonly cwd: string;
  /** Name of the subfolder with `--release-name`; "" for none. */
  readonly release: string;
}

/** A file that could not be written, in Go's words. */
export interface OutputFault {
  readonly message: string;
  /** It was a manifest's; a hook's fault ends Helm without a word about `--debug`. */
  readonly isOfManifest: boolean;
}

/** `--output-dir`: writes each document to its file and says so; stops at the first that cannot be written. */
export function writeOutputDirectory(
  result: RenderResult,
  target: OutputDirectory,
  say: (line: string) => void,
): OutputFault | undefined {
  const withRelease = releaseFolder(target);
  const written = new Set<string>();
  const { cwd } = target;
  try {
    for (const document of result.documents) {
      // Helm puts CRDs beside the release's folder, not into it.
      const directory = document.isCrdFile ? target.directory : withRelease;
      write(document, { directory, cwd, append: written.has(document.path) }, say);
      written.add(document.path);
    }
  } catch (error) {
    if (error instanceof GoPathError) return { message: error.message, isOfManifest: true };
    throw error;
  }
  return writeHooks(result.hooks, target, say);
}

function releaseFolder({ directory, release }: OutputDirectory): string {
  return release === "" ? directory : join(directory, release);
}

/** The hooks alone: all that Helm writes after an error, with `--debug`. */
export function writeHooks(
  hooks: readonly RenderedDocument[],
  target: OutputDirectory,
  say: (line: string) => void,
): OutputFault | undefined {
  const directory = releaseFolder(target);
  const { cwd } = target;
  try {
    for (const hook of hooks) {
      const path = resolve(cwd, directory, fromByteString(hook.path));
      const append = statSync(path, { throwIfNoEntry: false }) !== undefined;
      write(hook, { directory, cwd, append }, say);
    }
  } catch (error) {
    if (error instanceof GoPathError) return { message: error.message, isOfManifest: false };
    throw error;
  }
  return undefined;
}

interface Place {
  readonly directory: string;
  readonly cwd: string;
  readonly append: boolean;
}

/** Go's `PathError`. */
class GoPathError extends Error {
  override readonly name = "GoPathError";
}

function attempt<Result>(operation: string, path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new GoPathError(`${operation} ${path}: ${systemReason(error)}`);
  }
}

function write(document: RenderedDocument, { directory, cwd, append }: Place, say: (line: string) => void): void {
  const name = `${directory}/${fromByteString(document.path)}`;
  const folder = dirname(name.replace(/^\.\/+/, "")).replace(/\/+/g, "/");
  attempt("stat", folder, () => statSync(resolve(cwd, folder), { throwIfNoEntry: false }));
  makeFolders(folder, cwd);
  const content = Buffer.from(printDocument(document), "latin1");
  const path = resolve(cwd, name);
  attempt("open", name, () => (append ? appendFileSync(path, content) : writeFileSync(path, content)));
  say(`wrote ${name}\n`);
}

/** `os.MkdirAll`: the folder that cannot be made is the one that is named. */
function makeFolders(folder: string, cwd: string): void {
  const path = resolve(cwd, folder);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  if (stats !== undefined) throw new GoPathError(`mkdir ${folder}: not a directory`);
  if (dirname(folder) !== folder) makeFolders(dirname(folder), cwd);
  attempt("mkdir", folder, () => {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(path, 0o755);
  });
}
