import type { GoValue } from "@tiphys/gotemplate";
import { compileGobwas, type Origin, pathMatch } from "@tiphys/source";
import { nestedSlice, nestedString, nestedStringMap } from "../unstructured.ts";
import { normalizeGitUrl } from "./normalize-git-url.ts";

/** An AppProject as far as it allows and forbids. All strings are byte strings. */
export interface Project {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly sourceRepos: readonly string[];
  readonly destinations: readonly ProjectDestination[];
  readonly clusterResourceWhitelist: readonly ResourceRule[];
  readonly clusterResourceBlacklist: readonly ResourceRule[];
  /** undefined where it is not given: then every kind is allowed; an empty list allows none. */
  readonly namespaceResourceWhitelist: readonly ResourceRule[] | undefined;
  readonly namespaceResourceBlacklist: readonly ResourceRule[];
  readonly sourceNamespaces: readonly string[];
  readonly permitOnlyProjectScopedClusters: boolean;
  readonly origin: Origin;
}

export interface ProjectDestination {
  readonly server: string;
  readonly name: string;
  readonly namespace: string;
}

/** `name` is looked at for cluster-scoped kinds only; "" is any. */
export interface ResourceRule {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** A cluster that is a destination. */
export interface DestinationCluster {
  readonly server: string;
  readonly name: string;
}

/** An AppProject object as a `Project`. */
export function readProject(object: GoValue, origin: Origin): Project {
  const spec = object instanceof Map ? (object.get("spec") ?? null) : null;
  const namespaceWhitelist = spec instanceof Map ? spec.get("namespaceResourceWhitelist") : undefined;
  return {
    name: nestedString(object, "metadata", "name"),
    labels: nestedStringMap(object, "metadata", "labels") ?? new Map<string, string>(),
    sourceRepos: nestedSlice(spec, "sourceRepos").map(String),
    destinations: nestedSlice(spec, "destinations").map((item) => ({
      server: nestedString(item, "server"),
      name: nestedString(item, "name"),
      namespace: nestedString(item, "namespace"),
    })),
    clusterResourceWhitelist: rules(spec, "clusterResourceWhitelist"),
    clusterResourceBlacklist: rules(spec, "clusterResourceBlacklist"),
    namespaceResourceWhitelist: Array.isArray(namespaceWhitelist)
      ? rules(spec, "namespaceResourceWhitelist")
      : undefined,
    namespaceResourceBlacklist: rules(spec, "namespaceResourceBlacklist"),
    sourceNamespaces: nestedSlice(spec, "sourceNamespaces").map(String),
    permitOnlyProjectScopedClusters: spec instanceof Map && spec.get("permitOnlyProjectScopedClusters") === true,
    origin,
  };
}

function rules(spec: GoValue, key: string): ResourceRule[] {
  return nestedSlice(spec, key).map((item) => ({
    group: nestedString(item, "group"),
    kind: nestedString(item, "kind"),
    name: nestedString(item, "name"),
  }));
}

/** The project `default` as argocd-server makes it: everything is allowed. */
export function defaultProject(origin: Origin): Project {
  return {
    name: "default",
    labels: new Map(),
    sourceRepos: ["*"],
    destinations: [{ server: "*", name: "", namespace: "*" }],
    clusterResourceWhitelist: [{ group: "*", kind: "*", name: "" }],
    clusterResourceBlacklist: [],
    namespaceResourceWhitelist: undefined,
    namespaceResourceBlacklist: [],
    sourceNamespaces: [],
    permitOnlyProjectScopedClusters: false,
    origin,
  };
}

/** app_project_types.go, IsSourcePermitted: one entry must match and no `!entry` may; globs do not cross `/`. */
export function isSourcePermitted(project: Project, repoURL: string): boolean {
  const wanted = normalizeGitUrl(repoURL);
  let isAllowed = false;
  for (const entry of project.sourceRepos) {
    const isDeny = entry.startsWith("!");
    const pattern = isDeny ? `!${normalizeGitUrl(entry.slice(1))}` : normalizeGitUrl(entry);
    if (matches(pattern, wanted, ["/"])) isAllowed = true;
    else if (isDeny) return false;
  }
  return isAllowed;
}

/**
 * app_project_types.go, isDestinationMatched: server or name, and namespace; globs cross everything. A deny entry that hits forbids.
 * A project that allows project-scoped clusters only needs the clusters of the project in `scoped`.
 */
export function isDestinationPermitted(
  project: Project,
  cluster: DestinationCluster,
  namespace: string,
  scoped: readonly DestinationCluster[] = [],
): boolean {
  if (!isDestinationMatched(project, cluster, namespace)) return false;
  if (!project.permitOnlyProjectScopedClusters) return true;
  return scoped.some(({ name, server }) => name === cluster.name || server === cluster.server);
}

function isDestinationMatched(project: Project, cluster: DestinationCluster, namespace: string): boolean {
  let isAllowed = false;
  for (const entry of project.destinations) {
    const nameMatches = cluster.name !== "" && matches(entry.name, cluster.name, []);
    const serverMatches = cluster.server !== "" && matches(entry.server, cluster.server, []);
    const namespaceMatches = matches(entry.namespace, namespace, []);
    if ((serverMatches || nameMatches) && namespaceMatches) isAllowed = true;
    else if (namespaceMatches && ((!nameMatches && isDeny(entry.name)) || (!serverMatches && isDeny(entry.server))))
      return false;
    else if (!namespaceMatches && isDeny(entry.namespace) && serverMatches) return false;
  }
  return isAllowed;
}

function isDeny(pattern: string): boolean {
  return pattern.startsWith("!");
}

function matches(pattern: string, value: string, separators: readonly string[]): boolean {
  if (isDeny(pattern)) return !globMatches(pattern.slice(1), value, separators);
  return pattern === "*" || globMatches(pattern, value, separators);
}

/** util/glob/glob.go, Match: what does not compile matches nothing. */
function globMatches(pattern: string, value: string, separators: readonly string[]): boolean {
  try {
    return compileGobwas(pattern, separators)(value);
  } catch {
    return false;
  }
}

/** app_project_types.go, IsGroupKindNamePermitted. Cluster-scoped kinds must be listed, namespaced ones only where there is a list. */
export function isKindPermitted(project: Project, resource: ResourceRule, isNamespaced: boolean): boolean {
  if (isNamespaced) {
    const { namespaceResourceWhitelist: allowed, namespaceResourceBlacklist: denied } = project;
    const kind = { ...resource, name: "" };
    return (allowed === undefined || isListed(kind, allowed, false)) && !isListed(kind, denied, false);
  }
  return (
    isListed(resource, project.clusterResourceWhitelist, true) &&
    !isListed(resource, project.clusterResourceBlacklist, true)
  );
}

function isListed(resource: ResourceRule, list: readonly ResourceRule[], looksAtName: boolean): boolean {
  return list.some(
    (item) =>
      fileMatches(item.kind, resource.kind) &&
      fileMatches(item.group, resource.group) &&
      (!looksAtName || item.name === "" || fileMatches(item.name, resource.name)),
  );
}

function fileMatches(pattern: string, value: string): boolean {
  try {
    return pathMatch(pattern, value);
  } catch {
    return false;
  }
}

/** IsAppNamespacePermitted: Applications outside of Argo CD's namespace; entries are globs or `/regular expressions/`. */
export function isApplicationNamespacePermitted(project: Project, namespace: string, controlPlane: string): boolean {
  if (namespace === "" || namespace === controlPlane) return true;
  return project.sourceNamespaces.some(
    (entry) => isRegularExpression(entry, namespace) || globMatches(entry, namespace, []),
  );
}

function isRegularExpression(entry: string, namespace: string): boolean {
  if (entry.length <= 2 || !entry.startsWith("/") || !entry.endsWith("/")) return false;
  try {
    return new RegExp(entry.slice(1, -1)).test(namespace);
  } catch {
    return false;
  }
}
