import { releaseId } from "../release/overrides.ts";
import { checkDuplicates, selectedReleases } from "../release/select.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError } from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";

/* pkg/app/app.go `getSelectedReleases` of helmfile 1.8.0. */

/** Two selected releases with one ID. Throws `HelmfileError`. */
export function checkDuplicateIds(state: HelmState, selected: readonly ReleaseSpec[]): void {
  const counts = new Map<string, number>();
  for (const release of selected) {
    const id = releaseId(release);
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    if (count > 1) {
      throw new HelmfileError(`found ${count} duplicate releases with ID "${id}"`, {
        code: "release-duplicate",
        origin: { file: state.session.workspace.displayPath(state.filePath) },
      });
    }
  }
}

/** The selected releases, and all releases with one per ID, the selected one. Throws `HelmfileError`. */
export function selectAndDeduplicate(
  state: HelmState,
  includeNeeds: boolean,
): { readonly selected: ReleaseSpec[]; readonly deduplicated: ReleaseSpec[] } {
  const selected = selectedReleases(state, includeNeeds);
  checkDuplicateIds(state, selected);
  const selectedById = new Map(selected.map((release) => [releaseId(release), release]));
  const all = releasesOf(state);
  const counts = new Map<string, number>();
  for (const release of all) counts.set(releaseId(release), (counts.get(releaseId(release)) ?? 0) + 1);
  const done = new Set<string>();
  const deduplicated: ReleaseSpec[] = [];
  for (const release of all) {
    const id = releaseId(release);
    if (counts.get(id) === 1) {
      deduplicated.push(release);
      continue;
    }
    const chosen = selectedById.get(id);
    if (done.has(id) || chosen === undefined) continue;
    done.add(id);
    deduplicated.push(chosen);
  }
  checkDuplicates(state, deduplicated);
  return { selected, deduplicated };
}
