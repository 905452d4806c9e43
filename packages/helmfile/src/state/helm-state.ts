import type { Session } from "../session/session.ts";
import type { HelmStateSpec } from "../spec/helm-state.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import type { ValueMap } from "../values/mergo.ts";
import type { Environment } from "./environment.ts";
import type { Storage } from "./storage.ts";

/** One state file, all parts merged, with its environment loaded. */
export interface HelmState extends Storage {
  readonly session: Session;
  /** Folder of relative paths: `.` inside the file's folder, or absolute when several files are read. */
  basePath: string;
  filePath: string;
  spec: HelmStateSpec;
  env: Environment;
  /** `.Values` of this file. Templates of one file share it, so what one `set`s another sees. */
  renderedValues: ValueMap;
  /** Releases as read, for the warning about needs. */
  originReleases: ReleaseSpec[];
  selectors: readonly string[];
}

export function releasesOf(state: HelmState): ReleaseSpec[] {
  return state.spec.releases ?? [];
}
