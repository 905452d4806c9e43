import { define } from "../function.ts";
import type { GoFunction } from "../value.ts";
import { parseConstraints } from "./semver-constraints.ts";
import { parseVersion, type SemverRelease } from "./semver-version.ts";

/** Sprig's semantic versions, as they are with a release of Masterminds/semver. From semver.go. */
export function semverFunctions(release: SemverRelease): readonly GoFunction[] {
  return [
    define("semver", "func(string) *semver.Version", (_, version: string) => parseVersion(version, release)),
    define("semverCompare", "func(string, string) bool", (_, constraint: string, version: string) =>
      parseConstraints(constraint, release).check(parseVersion(version, release)),
    ),
  ];
}
