import type { Origin } from "@tiphys/source";
import { originsOf } from "../spec/release-origins.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError } from "../state/error.ts";
import type { HelmState } from "../state/helm-state.ts";
import {
  CycleError,
  DoubledDependencyError,
  planDag,
  UndefinedDependencyError,
  UnhandledDependencyError,
} from "../state/dag.ts";
import { releaseId } from "./overrides.ts";
import { markReleases } from "./select.ts";

/* pkg/state/state_run.go of helmfile 1.8.0. */

export interface PlanRequest {
  /** Empty selects all. */
  readonly selected: readonly ReleaseSpec[];
  readonly includeNeeds: boolean;
  readonly skipNeeds: boolean;
  /** For selection by condition and label: unmarks needs first. */
  readonly includeTransitiveNeeds: boolean;
}

/** Groups of releases in the order in which helmfile works on them. Throws `HelmfileError`. */
export function planReleases(state: HelmState, request: PlanRequest): ReleaseSpec[][] {
  const releases = markReleases(state, request.includeTransitiveNeeds).map((each) => each.release);
  const byId = new Map<string, ReleaseSpec[]>();
  const position = new Map<string, number>();
  releases.forEach((release, index) => {
    const id = releaseId(release);
    byId.set(id, [...(byId.get(id) ?? []), release]);
    position.set(id, index);
  });
  const nodes = releases.map((release) => [releaseId(release), release.needs ?? []] as const);
  const only = request.selected.map(releaseId);
  const originOf = (id: string): Origin =>
    originsOf(byId.get(id)?.[0] ?? releases[0]!)?.origin ?? {
      file: state.session.workspace.displayPath(state.filePath),
    };
  const groups = asHelmfileErrors(originOf, () =>
    planDag(nodes, { only, withDependencies: request.includeNeeds, withoutDependencies: request.skipNeeds }),
  );
  return groups.map((group) => {
    const ids = [...new Set(group)].toSorted((a, b) => position.get(a)! - position.get(b)!);
    return ids.flatMap((id) => byId.get(id)!);
  });
}

/** `originOf` gives the place of a release. */
function asHelmfileErrors<T>(originOf: (id: string) => Origin, action: () => T): T {
  const nameOf = (id: string): string => id.slice(id.lastIndexOf("/") + 1);
  const quote = (text: string): string => `"${text}"`;
  try {
    return action();
  } catch (error) {
    if (error instanceof CycleError)
      throw new HelmfileError(error.message, { code: "needs-cycle", origin: originOf(error.path[0]!) });
    if (error instanceof DoubledDependencyError)
      throw new HelmfileError(error.message, { code: "needs-doubled", origin: originOf(error.nodes[0]!) });
    if (error instanceof UndefinedDependencyError) {
      const id = error.undefinedNode;
      throw new HelmfileError(
        `release(s) ${error.dependents.map(quote).join(", ")} depend(s) on an undefined release ${quote(id)}. ` +
          `Perhaps you made a typo in "needs" or forgot defining a release named ${quote(nameOf(id))} with appropriate "namespace" and "kubeContext"?`,
        { code: "needs-undefined", origin: originOf(error.dependents[0]!) },
      );
    }
    if (error instanceof UnhandledDependencyError) {
      const quoted = error.dependents.map(quote);
      const shown =
        quoted.length < 3 ? quoted.join(" and ") : `${quoted.slice(0, -1).join(", ")}, and ${quoted.at(-1)}`;
      throw new HelmfileError(
        `release ${shown} ${quoted.length === 1 ? "depends" : "depend"} on ${quote(error.id)} which does not match the selectors. ` +
          `Please add a selector like "--selector name=${nameOf(error.id)}", or indicate whether to skip (--skip-needs) or include (--include-needs) these dependencies`,
        { code: "needs-unselected", origin: originOf(error.dependents[0]!) },
      );
    }
    throw error;
  }
}
