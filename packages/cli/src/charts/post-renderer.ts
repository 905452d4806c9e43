import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { bytesToByteString, toByteString } from "@tiphys/gotemplate";
import { printDocument, type RenderResult } from "@tiphys/helm";
import type { Io } from "../command.ts";
import { findExecutable } from "./executable.ts";
import { FlagError, type ParsedFlags } from "./flags/flag-reader.ts";
import { quoted } from "./flags/flag-value.ts";
import { systemReason } from "./system-reason.ts";

/* pkg/postrender/exec.go (Helm 3.19.4): a program gets the manifests, hooks not among them, and prints what takes their place. */

/** Bytes that a post-renderer may print. */
export const mostPostRendered = 64 << 20;
export const tooMuchPostRendered = `unsupported: it printed more than ${mostPostRendered} bytes`;

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
  const found = findExecutable(given, io);
  if ("reason" in found) {
    const reason = `unable to find binary at ${given}: ${found.reason}`;
    throw new FlagError(`invalid argument ${quoted(given)} for "--post-renderer" flag: ${reason}`);
  }
  return { program: resolve(io.cwd, found.path), args: flags.lists.get("post-renderer-args") ?? [] };
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
    maxBuffer: mostPostRendered,
  });
  const fault = rest.error as NodeJS.ErrnoException | undefined;
  // A program need not read what it gets.
  const isFaulty = fault !== undefined && fault.code !== "EPIPE";
  if (!isFaulty && status === 0) return { manifests: bytesToByteString(stdout) };
  const reason = isFaulty ? faultReason(fault, program) : endReason(status, signal);
  const said = stderr === null ? "" : bytesToByteString(stderr);
  return {
    error: `error while running post render on files: error while running command ${toByteString(program)}. error output:\n${said}: ${reason}`,
  };
}

function faultReason(fault: NodeJS.ErrnoException, program: string): string {
  return fault.code === "ENOBUFS" ? tooMuchPostRendered : `fork/exec ${program}: ${systemReason(fault)}`;
}

function endReason(status: number | null, signal: string | null): string {
  return signal === null ? `exit status ${status}` : `signal: ${signalWords[signal] ?? signal}`;
}

/** Linux' words for signals, as Go prints them. */
const signalWords: Readonly<Record<string, string>> = {
  SIGABRT: "aborted",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};
