import { isDesired } from "../spec/release-spec.ts";
import type { ReleaseSpec } from "../spec/release-spec.ts";
import { releasesOf } from "../state/helm-state.ts";
import type { HelmState } from "../state/helm-state.ts";

/* pkg/state/state.go of helmfile 1.8.0: `ApplyOverrides`, `reformat`, `ReleaseToID`, `GetReleasesWithLabels`. */

/** `context/namespace/name`, as `needs` and the plan name a release. */
export function releaseId(release: ReleaseSpec): string {
  const { kubeContext, namespace, name } = release;
  if (kubeContext !== "") return `${kubeContext}/${namespace}/${name}`;
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** Command-line and top-level overrides, and `needs` as full IDs. Writes into `release` and warns of needs that are not there. */
export function applyOverrides(
  state: HelmState,
  release: ReleaseSpec,
  installed: () => ReadonlyMap<string, boolean> = () => installedReleases(state),
): void {
  if (state.spec.kubeContext !== "") release.kubeContext = state.spec.kubeContext;
  if (state.spec.namespace !== "") release.namespace = state.spec.namespace;
  release.needs = fullNeeds(state, release, installed);
}

/** The releases that `needs` may name, and whether they are installed. */
function installedReleases(state: HelmState): Map<string, boolean> {
  const installed = new Map<string, boolean>();
  for (const each of state.originReleases) {
    const kubeContext = state.spec.kubeContext !== "" ? state.spec.kubeContext : each.kubeContext;
    const namespace = state.spec.namespace !== "" ? state.spec.namespace : each.namespace;
    installed.set(`${kubeContext}/${namespace}/${each.name}`, isDesired(each));
  }
  return installed;
}

function fullNeeds(
  state: HelmState,
  release: ReleaseSpec,
  installed: () => ReadonlyMap<string, boolean>,
): string[] | undefined {
  if (release.needs === undefined || release.needs.length === 0) return undefined;
  return release.needs.map((need) => {
    const parts = need.split("/");
    const name = parts.at(-1)!;
    const namespace = parts.length > 1 ? parts.at(-2)! : release.namespace;
    const kubeContext = parts.length > 2 ? parts.slice(0, -2).join("/") : release.kubeContext;
    if (isDesired(release) && installed().get(`${kubeContext}/${namespace}/${name}`) !== true) {
      state.session.say(
        "warn",
        `WARNING: release ${release.name} needs ${name}, but ${name} is not installed due to installed: false. Either mark ${name} as installed or remove ${name} from ${release.name}'s needs`,
      );
    }
    return [
      ...(kubeContext === "" ? [] : [kubeContext]),
      ...(kubeContext === "" && namespace === "" ? [] : [namespace]),
      name,
    ].join("/");
  });
}

/** Applies the overrides to every release, on copies. */
export function withOverrides(state: HelmState): void {
  let known: ReadonlyMap<string, boolean> | undefined;
  const installed = (): ReadonlyMap<string, boolean> => (known ??= installedReleases(state));
  state.spec.releases = releasesOf(state).map((release) => {
    const copy = { ...release };
    applyOverrides(state, copy, installed);
    return copy;
  });
}

/** Adds the labels that every release has: `name`, `namespace`, `chart` and the common ones. */
export function withLabels(state: HelmState): void {
  state.spec.releases = releasesOf(state).map((release) => {
    const labels = new Map([...(state.spec.commonLabels ?? []), ...(release.labels ?? [])]);
    labels.set("name", release.name);
    labels.set("namespace", release.namespace);
    labels.set("chart", release.chart.slice(release.chart.lastIndexOf("/") + 1));
    return { ...release, labels };
  });
}
