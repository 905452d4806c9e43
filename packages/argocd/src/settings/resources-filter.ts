import type { GoValue } from "@tiphys/gotemplate";
import { compileGobwas, GlobError, readYaml, YamlError } from "@tiphys/source";
import { isMap, nestedSlice, nestedString, type Unstructured } from "../unstructured.ts";
import { SettingsError } from "./resource-overrides.ts";

interface FilteredResource {
  readonly apiGroups: readonly string[];
  readonly kinds: readonly string[];
  readonly clusters: readonly string[];
}

/** Which kinds Argo CD does not look at in a cluster, by its server. */
export type ResourcesFilter = (group: string, kind: string, server: string) => boolean;

/** Never looked at, whatever argocd-cm says. */
const coreExclusions: readonly FilteredResource[] = [
  { apiGroups: ["events.k8s.io", "metrics.k8s.io"], kinds: [], clusters: [] },
  { apiGroups: [""], kinds: ["Event"], clusters: [] },
  { apiGroups: ["coordination.k8s.io"], kinds: ["Lease"], clusters: [] },
];

/**
 * What `resource.exclusions` and `resource.inclusions` of argocd-cm leave out. Throws `SettingsError`.
 * Mirrors Argo CD v3.6.1 util/settings/{filtered_resource,resources_filter}.go.
 */
export function readResourcesFilter(argocdCm: Unstructured | undefined): ResourcesFilter {
  const exclusions = [...coreExclusions, ...readFilters(argocdCm, "resource.exclusions")];
  const inclusions = readFilters(argocdCm, "resource.inclusions");
  return (group, kind, server) => {
    const matches = (filter: FilteredResource): boolean =>
      matchesAny(filter.apiGroups, group) &&
      (filter.kinds.length === 0 || filter.kinds.some((item) => item === "*" || item === kind)) &&
      matchesAny(filter.clusters, server);
    if (exclusions.some(matches)) return true;
    return !inclusions.some(matches) && inclusions.some(({ clusters }) => matchesAny(clusters, server));
  };
}

function readFilters(argocdCm: Unstructured | undefined, key: string): FilteredResource[] {
  const text = nestedString(argocdCm, "data", key);
  if (text === "") return [];
  let value: GoValue;
  try {
    ({ value } = readYaml(text));
  } catch (error) {
    if (error instanceof YamlError) throw new SettingsError(key, `error unmarshaling ${key}: ${error.message}`);
    throw error;
  }
  if (value === null) return [];
  if (!Array.isArray(value) || !value.every(isMap)) throw new SettingsError(key, `${key}: a list of maps is wanted`);
  return value.map((item) => {
    const texts = (field: string): string[] => nestedSlice(item, field).map(String);
    return { apiGroups: texts("apiGroups"), kinds: texts("kinds"), clusters: texts("clusters") };
  });
}

/** An empty list matches everything, a pattern that does not compile nothing. */
function matchesAny(patterns: readonly string[], value: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => globMatches(pattern, value));
}

function globMatches(pattern: string, value: string): boolean {
  try {
    return compileGobwas(pattern, [])(value);
  } catch (error) {
    if (error instanceof GlobError) return false;
    throw error;
  }
}
