import type { Origin } from "@tiphys/source";

/** An error that Argo CD itself would return; `message` is its text, a byte string. */
export class ArgoError extends Error {
  override readonly name: string = "ArgoError";
  /** The file at fault, where it is not the ApplicationSet itself. */
  origin: Origin | undefined;
  /** The field at fault below the Application's template. */
  templatePath: readonly (string | number)[] | undefined;
  /** The field at fault below the Application's source. */
  sourcePath: readonly (string | number)[] | undefined;
}

/** A panic of Argo CD, which its controllers catch; `message` starts with `panic: `. */
export class ArgoPanic extends ArgoError {
  override readonly name = "ArgoPanic";
  constructor(value: string) {
    super(`panic: ${value}`);
  }
}

/** What cannot be known offline, by name: `unsupported: …` or `wanted: …`. */
export class NotKnownOffline extends ArgoError {
  override readonly name = "NotKnownOffline";
}

/** Go's `fmt.Errorf("%s: %w", prefix, error)`: panics and what is not known offline pass through unchanged. */
export function wrapError(prefix: string, error: unknown): Error {
  if (error instanceof ArgoPanic || error instanceof NotKnownOffline || !(error instanceof Error))
    return error as Error;
  const wrapped = new ArgoError(`${prefix}: ${error.message}`);
  if (error instanceof ArgoError) {
    wrapped.origin = error.origin;
    wrapped.templatePath = error.templatePath;
    wrapped.sourcePath = error.sourcePath;
  }
  return wrapped;
}

/** Runs `read`; an `ArgoError` of it that knows no field of the source gets `path` for one. */
export function atSourceField<Result>(path: readonly (string | number)[], read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof ArgoError) error.sourcePath ??= path;
    throw error;
  }
}

/** The line that a YAML error names. */
export function lineIn(message: string): { readonly line?: number } {
  const line = /yaml: line (\d+)/.exec(message)?.[1];
  return line === undefined ? {} : { line: Number(line) };
}
