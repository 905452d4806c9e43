import { originsOf } from "../spec/release-origins.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { HelmfileError } from "../state/error.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";
import { matchesLabels, parseSelector } from "../state/selectors.ts";
import { isMap } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { releaseId } from "./overrides.ts";

/* pkg/state/state.go of helmfile 1.8.0: selection by labels and condition. */

export interface MarkedRelease {
  readonly release: ReleaseSpec;
  /** Left out by selector or condition. */
  filtered: boolean;
}

/** Whether `condition` holds. Throws `HelmfileError` for a path that is none. */
export function conditionEnabled(release: ReleaseSpec, values: ValueMap): boolean {
  const { condition } = release;
  if (condition === "") return true;
  const word = condition.toLowerCase();
  if (word === "true") return true;
  if (word === "false") return false;
  const keys = condition.split(".");
  if (keys.pop() !== "enabled") {
    throw new HelmfileError(
      "Condition value must be in the form 'foo.enabled' where 'foo' can be modified as necessary",
      { code: "condition-invalid" },
    );
  }
  let current = values;
  let path = "";
  for (const key of keys) {
    path += `.${key}`;
    const value = current.get(key);
    if (value === undefined)
      throw new HelmfileError(`environment values field '${path}' not found`, { code: "condition-undefined" });
    if (!isMap(value))
      throw new HelmfileError(`environment values field '${path}' is not a map`, { code: "condition-undefined" });
    current = value;
  }
  return current.get("enabled") === true;
}

/** Every release, marked when selector or condition leave it out. Throws `HelmfileError` or `SelectorError`. */
export function markReleases(state: HelmState, includeNeeds: boolean): MarkedRelease[] {
  const filters = state.selectors.map(parseSelector);
  const marked = releasesOf(state).map((release) => {
    const matches = filters.length === 0 || filters.some((filter) => matchesLabels(filter, release.labels));
    return { release, filtered: !isEnabled(state, release) || !matches };
  });
  if (includeNeeds) unmarkNeeds(marked);
  return marked;
}

function isEnabled(state: HelmState, release: ReleaseSpec): boolean {
  try {
    return conditionEnabled(release, state.renderedValues);
  } catch (error) {
    if (!(error instanceof HelmfileError)) throw error;
    throw new HelmfileError(`failed to parse condition in release ${release.name}: ${error.message}`, {
      code: error.code,
      origin: {
        file: state.session.workspace.displayPath(state.filePath),
        path: `release "${release.name}".condition`,
      },
    });
  }
}

/** Brings back what chosen releases need, and what that needs. */
function unmarkNeeds(marked: readonly MarkedRelease[]): void {
  const needed = new Set<string>();
  const collect = (release: ReleaseSpec): void => {
    for (const id of release.needs ?? []) {
      if (needed.has(id)) continue;
      needed.add(id);
      const name = id.slice(id.lastIndexOf("/") + 1);
      for (const each of marked) if (each.release.name === name) collect(each.release);
    }
  };
  for (const each of marked) if (!each.filtered) collect(each.release);
  for (const each of marked) if (needed.has(releaseId(each.release))) each.filtered = false;
}

export function selectedReleases(state: HelmState, includeNeeds: boolean): ReleaseSpec[] {
  return markReleases(state, includeNeeds)
    .filter((each) => !each.filtered)
    .map((each) => each.release);
}

/** Two releases of one name, namespace and context. Throws `HelmfileError`. */
export function checkDuplicates(state: HelmState, releases: readonly ReleaseSpec[]): void {
  const counts = new Map<string, { release: ReleaseSpec; last: ReleaseSpec; count: number }>();
  for (const release of releases) {
    const key = `${release.namespace}\0${release.name}\0${release.kubeContext}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { release, last: release, count: 1 });
    else {
      entry.count++;
      entry.last = release;
    }
  }
  for (const { release, last, count } of counts.values()) {
    if (count < 2) continue;
    const namespace = release.namespace === "" ? "" : ` in namespace "${release.namespace}"`;
    const kubeContext = release.kubeContext === "" ? "" : ` in kubecontext "${release.kubeContext}"`;
    throw new HelmfileError(
      `duplicate release "${release.name}" found${namespace}${kubeContext}: there were ${count} releases named "${release.name}" matching specified selector`,
      {
        code: "release-duplicate",
        origin: originsOf(last)?.origin ?? { file: state.session.workspace.displayPath(state.filePath) },
      },
    );
  }
}
