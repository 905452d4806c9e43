import { accessSync, constants, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Io } from "../command.ts";
import { quoted } from "./flags/flag-value.ts";
import { systemReason } from "./system-reason.ts";

/** Go's `exec.LookPath`: the path under which a program is found, or why it is not, in Go's words. */
export function findExecutable(name: string, io: Io): { readonly path: string } | { readonly reason: string } {
  const fail = (reason: string): { reason: string } => ({ reason: `exec: ${quoted(name)}: ${reason}` });
  if (name.includes("/")) {
    const fault = executableFault(resolve(io.cwd, name), name);
    return fault === undefined ? { path: name } : fail(fault);
  }
  for (const folder of (io.environment["PATH"] ?? "").split(":")) {
    const path = join(folder === "" ? "." : folder, name);
    if (executableFault(resolve(io.cwd, path), path) === undefined) return { path };
  }
  return fail("executable file not found in $PATH");
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
