import { planReleases } from "../release/plan.ts";
import { isDesired } from "../spec/release-spec.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { isUserFault } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import { askRelease } from "./read-helmfile.ts";
import type { HelmfileRelease } from "./read-helmfile.ts";

/**
 * Releases of one `readHelmfile` in the order in which helmfile works on them: file by file, and in each what is needed before what needs
 * it (pkg/state/state_run.go, 1.8.0). Releases that are not installed, and those of a file whose needs helmfile refuses, keep their places
 * behind the others.
 */
export function workingOrder(releases: readonly HelmfileRelease[]): HelmfileRelease[] {
  const byState = new Map<HelmState, Map<ReleaseSpec, HelmfileRelease>>();
  for (const release of releases) {
    const source = askRelease(release, ({ state, spec }) => ({ state, spec }));
    if (source.kind === "failed") continue;
    const { state, spec } = source.value;
    const known = byState.get(state) ?? new Map<ReleaseSpec, HelmfileRelease>();
    byState.set(state, known.set(spec, release));
  }
  const order = new Set<HelmfileRelease>();
  for (const [state, known] of byState) {
    for (const spec of planned(state, [...known.keys()])) {
      const release = known.get(spec);
      if (release !== undefined) order.add(release);
    }
    for (const release of known.values()) order.add(release);
  }
  for (const release of releases) order.add(release);
  return [...order];
}

function planned(state: HelmState, specs: readonly ReleaseSpec[]): readonly ReleaseSpec[] {
  const request = { includeNeeds: false, skipNeeds: true, includeTransitiveNeeds: false };
  try {
    return planReleases(state, { ...request, selected: specs.filter(isDesired) }).flat();
  } catch (error) {
    if (isUserFault(error)) return [];
    throw error;
  }
}
