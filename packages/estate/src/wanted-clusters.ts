import type { ArgoNode, ClusterSecret } from "@tiphys/argocd";
import type { GoValue } from "@tiphys/gotemplate";
import type { Diagnostic } from "@tiphys/source";

/** A warning for each ApplicationSet that generates nothing only because it selects clusters, and no cluster Secret is given. */
export function wantedClusters(nodes: readonly ArgoNode[], clusters: readonly ClusterSecret[] = []): Diagnostic[] {
  if (clusters.length > 0) return [];
  return nodes.flatMap(({ kind, id, origin, value, expansion }): Diagnostic[] => {
    if (kind !== "ApplicationSet" || expansion === undefined || expansion.error !== undefined) return [];
    if (expansion.applications.length > 0 || !selectsClusters(value)) return [];
    return [
      {
        code: "clusters-wanted",
        severity: "warning",
        message: `${id} generates nothing here: it selects clusters, and none but Argo CD's own is known`,
        origin,
        fix: "give the cluster Secrets with --clusters FILE",
      },
    ];
  });
}

/** Whether a cluster generator stands anywhere among the generators of an ApplicationSet. */
function selectsClusters(set: GoValue): boolean {
  const spec = set instanceof Map ? set.get("spec") : undefined;
  const search = (value: GoValue | undefined): boolean => {
    if (Array.isArray(value)) return value.some(search);
    if (!(value instanceof Map)) return false;
    return value.has("clusters") || ["matrix", "merge", "generators"].some((key) => search(value.get(key)));
  };
  return spec instanceof Map && search(spec.get("generators"));
}
