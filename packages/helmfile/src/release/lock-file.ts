import type { HelmState } from "../state/helm-state.ts";

/** Puts the versions of the state's lock file in place of the releases' constraints. */
export function resolveLockedVersions(_state: HelmState): void {}
