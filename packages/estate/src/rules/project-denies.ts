import { checkApplication, checkResource } from "@tiphys/argocd";
import type { DestinationCluster } from "@tiphys/argocd";
import type { Plain } from "@tiphys/source";
import { fromPlain } from "@tiphys/source";
import type { Diagnostic } from "@tiphys/source";
import { isClusterScoped } from "../objects.ts";
import type { RenderedObject } from "../objects.ts";
import type { EstateRule, RuleContext } from "./rule.ts";

const inCluster: DestinationCluster = { server: "https://kubernetes.default.svc", name: "in-cluster" };

export const projectDenies: EstateRule = {
  code: "project-denies",
  summary: "An AppProject forbids a source, a destination or a kind that one of its Applications needs.",
  check: (context) => {
    const clusters = destinations(context);
    return context.rendered.flatMap(({ application, objects }) => {
      const own = checkApplication({
        application: application.application,
        origin: application.origin,
        projects: context.side.projects,
        clusters,
        controlPlane: context.estateFile.argocd.namespace,
      });
      const project = context.side.projects.get(application.project);
      if (project === undefined) return own.map(withoutCode);
      const cluster = clusterOf(application.application, clusters);
      const denied = objects.flatMap((object) =>
        checkResource({
          resource: withNamespace(object),
          isNamespaced: !isClusterScoped(object.key.slice(0, object.key.indexOf("/")), object.kind),
          origin: application.origin,
          project,
          cluster,
        }),
      );
      return [...own, ...denied].map(withoutCode);
    });
  },
};

function withoutCode({ code: _code, ...finding }: Diagnostic): Omit<Diagnostic, "code"> {
  return finding;
}

/** Clusters that Applications name count as known: what Argo CD really knows is in the cluster. */
function destinations({ side }: RuleContext): DestinationCluster[] {
  const clusters = [inCluster];
  for (const { application } of side.applications) {
    const { server, name } = clusterOf(application, []);
    if (!clusters.some((known) => (server !== "" && known.server === server) || (name !== "" && known.name === name))) {
      clusters.push({ server: server === "" ? `https://${name}` : server, name });
    }
  }
  return clusters;
}

function clusterOf(
  application: ReadonlyMap<string, unknown>,
  clusters: readonly DestinationCluster[],
): DestinationCluster {
  const spec = application.get("spec");
  const destination = spec instanceof Map ? spec.get("destination") : undefined;
  const text = (key: string): string =>
    destination instanceof Map && typeof destination.get(key) === "string" ? String(destination.get(key)) : "";
  const wanted = { server: text("server"), name: text("name") };
  return (
    clusters.find((cluster) =>
      wanted.server !== "" ? cluster.server === wanted.server : cluster.name === wanted.name,
    ) ?? wanted
  );
}

function withNamespace(object: RenderedObject): Map<string, never> {
  const metadata = (object.value["metadata"] ?? {}) as Readonly<Record<string, Plain>>;
  return fromPlain({ ...object.value, metadata: { ...metadata, namespace: object.namespace } }) as Map<string, never>;
}
