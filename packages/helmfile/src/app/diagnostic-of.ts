import { fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic, Origin } from "@tiphys/source";
import { HelmfileError } from "../state/error.ts";

/** A user's fault as a diagnostic, at the error's own place or the one given. */
export function diagnosticOf(error: Error, fallback: Origin | undefined): Diagnostic {
  const origin =
    (error instanceof HelmfileError ? error.origin : undefined) ?? (fallback?.file === "" ? undefined : fallback);
  return {
    code: error instanceof HelmfileError ? error.code : "helmfile-error",
    severity: "error",
    message: fromByteString([error.message, ...(error instanceof HelmfileError ? error.causes : [])].join(": ")),
    ...(origin === undefined ? {} : { origin }),
  };
}
