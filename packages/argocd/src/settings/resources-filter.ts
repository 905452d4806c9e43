import type { GoValue } from "@tiphys/gotemplate";
import { compileGobwas, GlobError, readYaml, YamlError } from "@tiphys/source";
import { isMap, nestedSlice, nestedString, type Unstructured } from "../unstructured.ts";
import { parseLabelSelector } from "./label-selector.ts";
import { SettingsError } from "./resource-overrides.ts";

interface FilteredResource {
  readonly apiGroups: readonly string[];
  readonly kinds: readonly string[];
  readonly clusters: readonly string[];
  /** Labels that an object needs; "" for all. */
  readonly selector: string;
}

/** What Argo CD looks at in a cluster, by its server. */
export interface ResourcesFilter {
  /** A kind that is never looked at, nor applied. */
  isExcluded(group: string, kind: string, server: string): boolean;
  /** Whether a live object of the kind with these labels is seen. */
  isSelected(group: string, kind: string, server: string, labels: ReadonlyMap<string, string>): boolean;
}

/** Never looked at, whatever argocd-cm says. */
const coreExclusions: readonly FilteredResource[] = [
  { apiGroups: ["events.k8s.io", "metrics.k8s.io"], kinds: [], clusters: [], selector: "" },
  { apiGroups: [""], kinds: ["Event"], clusters: [], selector: "" },
  { apiGroups: ["coordination.k8s.io"], kinds: ["Lease"], clusters: [], selector: "" },
];

/**
 * What `resource.exclusions`, `resource.inclusions` and `resource.selectors` of argocd-cm leave out. Throws `SettingsError`.
 * Mirrors Argo CD v3.6.1 util/settings/{filtered_resource,resources_filter}.go.
 */
export function readResourcesFilter(argocdCm: Unstructured | undefined): ResourcesFilter {
  const exclusions = [...coreExclusions, ...readFilters(argocdCm, "resource.exclusions")];
  const inclusions = readFilters(argocdCm, "resource.inclusions");
  const selectors = readFilters(argocdCm, selectorsKey)
    .filter(({ selector }) => selector !== "")
    .map((filter) => ({ filter, selects: parseLabelSelector(filter.selector, selectorsKey) }));
  return {
    isExcluded(group, kind, server) {
      const matches = (filter: FilteredResource): boolean => isOf(filter, group, kind, server);
      if (exclusions.some(matches)) return true;
      return !inclusions.some(matches) && inclusions.some(({ clusters }) => matchesAny(clusters, server));
    },
    isSelected: (group, kind, server, labels) =>
      selectors.every(({ filter, selects }) => !isOf(filter, group, kind, server) || selects(labels)),
  };
}

const selectorsKey = "resource.selectors";

function isOf(filter: FilteredResource, group: string, kind: string, server: string): boolean {
  return (
    matchesAny(filter.apiGroups, group) &&
    (filter.kinds.length === 0 || filter.kinds.some((item) => item === "*" || item === kind)) &&
    matchesAny(filter.clusters, server)
  );
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
    return {
      apiGroups: texts("apiGroups"),
      kinds: texts("kinds"),
      clusters: texts("clusters"),
      selector: nestedString(item, "selector").trim(),
    };
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
