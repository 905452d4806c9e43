import { joinPaths } from "../files/filepath.ts";
import type { Session } from "../session/session.ts";
import { HelmfileError } from "../state/error.ts";

const defaultFile = "helmfile.yaml";
const defaultFolder = "helmfile.d";

/** The state files that a path, or the working directory, means (pkg/app/app.go `findDesiredStateFiles`, 1.8.0). Throws `HelmfileError`. */
export function findStateFiles(session: Session, specified: string): string[] {
  const { workspace } = session;
  if (specified !== "") {
    if (workspace.isFile(specified)) return [specified];
    if (workspace.isDirectory(specified)) return stateFilesIn(session, specified);
    throw new HelmfileError(`specified state file ${specified} is not found`, {
      code: "helmfile-missing",
      origin: { file: workspace.displayPath(specified) },
    });
  }
  const found = [defaultFile, `${defaultFile}.gotmpl`].filter((file) => workspace.isFile(file));
  if (found.length === 2)
    throw ambiguous(session, `both ${defaultFile} and ${defaultFile}.gotmpl exist. Please remove one of them`);
  if (workspace.isDirectory(defaultFolder)) {
    if (found.length === 1)
      throw ambiguous(
        session,
        `configuration conlict error: you can have either ${found[0]} or ${defaultFolder}, but not both`,
      );
    return stateFilesIn(session, defaultFolder);
  }
  if (found.length === 1) return found;
  throw new HelmfileError(
    `no state file found. It must be named ${defaultFolder}/*.{yaml,yml,yaml.gotmpl,yml.gotmpl}, ${defaultFile}, or ${defaultFile}.gotmpl, otherwise specified with the --file flag or HELMFILE_FILE_PATH environment variable`,
    { code: "helmfile-missing", origin: { file: workspace.displayPath(".") } },
  );
}

function ambiguous(session: Session, message: string): HelmfileError {
  return new HelmfileError(message, {
    code: "helmfile-ambiguous",
    origin: { file: session.workspace.displayPath(defaultFile) },
  });
}

function stateFilesIn(session: Session, folder: string): string[] {
  const files = ["*.y*ml", "*.y*ml.gotmpl"].flatMap((pattern) => session.workspace.glob(joinPaths(folder, pattern)));
  return files.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
