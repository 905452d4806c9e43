import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { bytesToByteString, toByteString } from "@tiphys/gotemplate";
import { printDocument, type RenderResult } from "@tiphys/helm";
import type { Io } from "../command.ts";
import { FlagError, type ParsedFlags } from "./flags/flag-reader.ts";
import { quoted } from "./flags/flag-value.ts";
import { systemReason } from "./system-reason.ts";

/* pkg/postrender/exec.go (Helm 3.19.4): a program gets the manifests, hooks not among them, and prints what takes their place. */

/** A program that `--post-renderer` names. */
export interface PostRenderer {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
}

/** Finds the program: on PATH, or under the path that is given. Throws `FlagError` with Helm's text; undefined when none is given. */
export function findPostRenderer(flags: ParsedFlags, io: Io): PostRenderer | undefined {
  const given = flags.texts.get("post-renderer");
  if (given === undefined) return undefined;
  return { program: lookPath(given, io), args: flags.lists.get("post-renderer-args") ?? [] };
}

/** Go's `exec.LookPath`. */
function lookPath(name: string, io: Io): string {
  const fail = (reason: string): FlagError =>
    new FlagError(
      `invalid argument ${quoted(name)} for "--post-renderer" flag: unable to find binary at ${name}: exec: ${quoted(name)}: ${reason}`,
    );
  if (name.includes("/")) {
    const fault = executableFault(resolve(io.cwd, name), name);
    if (fault !== undefined) throw fail(fault);
    return resolve(io.cwd, name);
  }
  for (const folder of (io.environment["PATH"] ?? "").split(":")) {
    const path = join(folder === "" ? "." : folder, name);
    if (executableFault(resolve(io.cwd, path), path) === undefined) return resolve(io.cwd, path);
  }
  throw fail("executable file not found in $PATH");
}

function executableFault(absolute: string, path: string): string | undefined {
  try {
    if (statSync(absolute).isDirectory()) return "is a directory";
    accessSync(absolute, constants.X_OK);
    return undefined;
  } catch (error) {
    const isMissing = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
    return isMissing ? `stat ${path}: ${systemReason(error)}` : systemReason(error);
  }
}

/** What a program made of the manifests, or why not, in Helm's words (both byte strings). */
export type PostRendered = { readonly manifests: string } | { readonly error: string };

/** Runs the program. `isWritten`: the manifests went to files, and the program gets nothing. */
export function postRender(
  { program, args }: PostRenderer,
  result: RenderResult,
  { io, isWritten }: { readonly io: Io; readonly isWritten: boolean },
): PostRendered {
  const { status, signal, stdout, stderr, ...rest } = spawnSync(program, args, {
    cwd: io.cwd,
    env: io.environment as NodeJS.ProcessEnv,
    input: isWritten ? "" : Buffer.from(result.documents.map(printDocument).join(""), "latin1"),
    maxBuffer: 1 << 30,
  });
  // A program need not read what it gets.
  const error = (rest.error as NodeJS.ErrnoException | undefined)?.code === "EPIPE" ? undefined : rest.error;
  if (error === undefined && status === 0) return { manifests: bytesToByteString(stdout) };
  const reason =
    error === undefined
      ? signal === null
        ? `exit status ${status}`
        : `signal: ${signalWords[signal] ?? signal}`
      : `fork/exec ${program}: ${systemReason(error)}`;
  const said = stderr === null ? "" : bytesToByteString(stderr);
  return {
    error: `error while running post render on files: error while running command ${toByteString(program)}. error output:\n${said}: ${reason}`,
  };
}

/** Linux' words for signals, as Go prints them. */
const signalWords: Readonly<Record<string, string>> = {
  SIGABRT: "aborted",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};
