import { fromByteString } from "@tiphys/gotemplate";
import { FileTreeError, GlobError } from "@tiphys/source";
import type { Origin } from "@tiphys/source";

/** What helmfile refuses, with helmfile's own text as a byte string and, where known, the place in the tree. */
export class HelmfileError extends Error {
  override readonly name: string = "HelmfileError";
  readonly origin: Origin | undefined;
  readonly code: string;
  /** What helmfile only logs before it fails with less. */
  readonly causes: readonly string[];
  constructor(
    message: string,
    details: { readonly origin?: Origin | undefined; readonly code?: string; readonly causes?: readonly string[] } = {},
  ) {
    super(message);
    this.causes = details.causes ?? [];
    this.origin = details.origin;
    this.code = details.code ?? "helmfile-error";
  }
  /** The message as UTF-16 text. */
  get text(): string {
    return fromByteString(this.message);
  }
}

/** The environment is unknown to a state file: not an error, the file is skipped. */
export class UndefinedEnvironmentError extends HelmfileError {
  override readonly name = "UndefinedEnvironmentError";
}

/** No release anywhere: exit code 3. */
export class NoMatchingHelmfileError extends HelmfileError {
  override readonly name = "NoMatchingHelmfileError";
}

/** A command that helmfile started ended with another status than 0. */
export class ExitError extends HelmfileError {
  override readonly name = "ExitError";
  readonly status: number;
  constructor(message: string, status: number) {
    super(message, { code: "command-failed" });
    this.status = status;
  }
}

/** `prefix: cause`, keeping the cause's place and code; `place` finds one for a cause that has none. */
export function wrapError(prefix: string, cause: unknown, place?: () => Origin | undefined): Error {
  if (
    !(cause instanceof Error) ||
    cause instanceof UndefinedEnvironmentError ||
    cause instanceof NoMatchingHelmfileError
  )
    return cause as Error;
  if (!isUserFault(cause)) return cause;
  const details =
    cause instanceof HelmfileError
      ? { origin: cause.origin ?? place?.(), code: cause.code, causes: cause.causes }
      : { origin: place?.(), code: codeOf(cause) };
  return new HelmfileError(`${prefix}: ${cause.message}`, details);
}

/** The code of a fault that carries none. */
export function codeOf(error: Error): string {
  return (carriesNone.find(([type]) => error instanceof type)?.[1] ?? { code: "helmfile-error" }).code;
}

const carriesNone = [
  [GlobError, { code: "glob-invalid" }],
  [FileTreeError, { code: "file-unreadable" }],
] as const;

const userFaults = new Set([
  "FileTreeError",
  "HelmfileError",
  "ExitError",
  "SelectorError",
  "CycleError",
  "TemplateError",
  "FunctionError",
  "YamlError",
  "GlobError",
  "StateValuesSetError",
  "HclError",
]);

/** Whether an error is about the user's files, and not one of ours. */
export function isUserFault(error: unknown): error is Error {
  return error instanceof Error && userFaults.has(error.name);
}
