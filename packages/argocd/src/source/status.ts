import { ArgoError } from "../fault.ts";

/** An error that carries a gRPC code of its own; all others cross Argo CD's repo-server boundary as Unknown. */
export class StatusError extends ArgoError {
  override readonly name = "StatusError";
  readonly code: string;
  constructor(code: "FailedPrecondition" | "NotFound" | "PermissionDenied" | "Internal", message: string) {
    super(message);
    this.code = code;
  }
}

/** The text of an error after the repo-server boundary. */
export function remoteText(error: Error): string {
  return `rpc error: code = ${error instanceof StatusError ? error.code : "Unknown"} desc = ${error.message}`;
}
