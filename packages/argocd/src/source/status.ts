import { ArgoError } from "../fault.ts";
import { cachedSource } from "./source-root.ts";

/** An error that carries a gRPC code of its own; all others cross Argo CD's repo-server boundary as Unknown. */
export class StatusError extends ArgoError {
  override readonly name = "StatusError";
  readonly code: string;
  constructor(code: "FailedPrecondition" | "NotFound" | "PermissionDenied" | "Internal", message: string) {
    super(message);
    this.code = code;
  }
}

/** The checkout's folder, with all that follows it up to a blank or a slash: the repo-server takes that for the random part of the path. */
const checkout = new RegExp(`${cachedSource}[^ /]*`, "g");

/** The text of an error after the repo-server boundary. */
export function remoteText(error: Error): string {
  const code = error instanceof StatusError ? error.code : "Unknown";
  return `rpc error: code = ${code} desc = ${error.message.replace(checkout, cachedSource)}`;
}
