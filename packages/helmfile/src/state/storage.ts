import type { Origin } from "@tiphys/source";
import { hasScheme, isRemote } from "../files/remote.ts";
import { isAbsolute, joinPaths } from "../files/filepath.ts";
import type { Session } from "../session/session.ts";
import { HelmfileError } from "./error.ts";

/* pkg/state/storage.go of helmfile 1.8.0. */

/** The folder and name of the state file that relative paths belong to. */
export interface Storage {
  readonly session: Session;
  readonly filePath: string;
  readonly basePath: string;
}

export function normalizePath(storage: Storage, path: string): string {
  if (hasScheme(path) || isAbsolute(path)) return path;
  const { basePath } = storage;
  if (basePath !== "" && basePath !== "." && path.startsWith(`${basePath}/`)) return path;
  return joinPaths(basePath, path);
}

/** Files that a path or glob pattern means, sorted. */
export function expandPaths(storage: Storage, pattern: string): string[] {
  return storage.session.workspace
    .glob(normalizePath(storage, pattern))
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The first line of the state file that holds a name, which a template may have made. */
function placeOfName({ session, filePath }: Storage, name: string): Origin {
  const file = session.workspace.displayPath(filePath);
  const lines = session.workspace.read(filePath)?.split("\n") ?? [];
  const line = lines.findIndex((each) => each.includes(name));
  return line < 0 ? { file } : { file, line: line + 1, column: lines[line]!.indexOf(name) + 1 };
}

const handlers = ["Error", "Warn", "Info", "Debug"];

/** The files of a values entry; undefined when there is none and the handler lets that pass. Throws `HelmfileError` when it does not. */
export function resolveFile(
  storage: Storage,
  handler: string | undefined,
  type: string,
  path: string,
): string[] | undefined {
  const { session } = storage;
  if (isRemote(path)) {
    const place = { file: session.workspace.displayPath(storage.filePath), line: 1 };
    session.withholdRemote(path, { function: `${type} file`, place });
    return undefined;
  }
  const files = expandPaths(storage, path);
  if (files.length > 0) return files;
  const title = `${type} file`;
  const origin = placeOfName(storage, path);
  switch (handler ?? "Error") {
    case "Error":
      throw new HelmfileError(`${title} matching "${path}" does not exist in "${storage.basePath}"`, {
        code: "values-file-missing",
        origin,
      });
    case "Warn":
      session.say("warn", `skipping missing ${title} matching "${path}"`);
      return undefined;
    case "Info":
      session.say("info", `skipping missing ${title} matching "${path}"`);
      return undefined;
    case "Debug":
      return undefined;
    default:
      throw new HelmfileError(
        `invalid missing file handler "${handler}" while processing "${path}" in "${storage.filePath}": it must be one of [${handlers.join(" ")}]`,
        { code: "missing-file-handler-invalid", origin },
      );
  }
}
