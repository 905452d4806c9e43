import { fromByteString } from "@tiphys/gotemplate";
import { FileTreeError } from "@tiphys/source";
import type { Diagnostic, Origin } from "@tiphys/source";
import { codeOf, HelmfileError } from "../state/error.ts";
import { fixOf } from "./fix-of.ts";

/** A user's fault as a diagnostic, at the error's own place or the one given. */
export function diagnosticOf(error: Error, fallback: Origin | undefined): Diagnostic {
  const origin =
    (error instanceof HelmfileError
      ? error.origin
      : error instanceof FileTreeError
        ? { file: error.path }
        : undefined) ?? (fallback?.file === "" ? undefined : fallback);
  const code = error instanceof HelmfileError ? error.code : codeOf(error);
  // The whole file is no message, and may hold secrets.
  const text = error.message.replace(/(?:\n\nOffending YAML:|, offending yaml: )[^]*$/, "");
  const message = fromByteString([text, ...(error instanceof HelmfileError ? error.causes : [])].join(": "));
  const fix = fixOf(code, message);
  return {
    code,
    severity: "error",
    message,
    ...(origin === undefined ? {} : { origin }),
    ...(fix === undefined ? {} : { fix }),
  };
}
