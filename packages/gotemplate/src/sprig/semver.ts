import { define } from "../function.ts";
import type { GoFunction } from "../value.ts";
import { parseConstraints } from "./semver-constraints.ts";
import { parseVersion } from "./semver-version.ts";

/** Sprig's semantic versions. From semver.go. */
export const semverFunctions: readonly GoFunction[] = [
  define("semver", "func(string) *semver.Version", (_, version: string) => parseVersion(version)),
  define("semverCompare", "func(string, string) bool", (_, constraint: string, version: string) =>
    parseConstraints(constraint).check(parseVersion(version)),
  ),
];
