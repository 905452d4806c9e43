import { type GoMap, type GoValue, nilSlice, typedSlice } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import { wrapError } from "../fault.ts";
import { sanitizeName } from "../template/functions.ts";
import type { Generator, GeneratorContext, GeneratorSpec } from "./generator.ts";
import { type ParamSet, stringMap } from "./param-set.ts";
import { labelSelector, type Selector } from "./selector.ts";
import { appendTemplatedValues } from "./values.ts";

/** A cluster Secret, data decoded. All strings are byte strings. */
export interface ClusterSecret {
  /** The Secret's own name. */
  readonly name: string;
  /** "" is Argo CD's namespace. */
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  /** `name`, `server` and `project` are looked at. */
  readonly data: ReadonlyMap<string, string>;
  readonly origin: Origin;
}

/** The namespace that Argo CD runs in. */
export const controlPlane = "argocd";

export const inClusterName = "in-cluster";
export const inClusterServer = "https://kubernetes.default.svc";

/** Annotations that Argo CD and kubectl write for themselves (cluster.go, excludedClusterAnnotations). */
const excludedAnnotations: ReadonlySet<string> = new Set([
  "argocd.argoproj.io/refresh",
  "argocd.argoproj.io/refresh-timestamp",
  "argocd.argoproj.io/hydrate",
  "argocd.argoproj.io/hydrate-timestamp",
  "argocd.argoproj.io/tracking-id",
  "argocd.argoproj.io/installation-id",
  "kubectl.kubernetes.io/last-applied-configuration",
]);

/** applicationset/generators/cluster.go; sorted by name where Argo CD walks a Go map. */
export const clustersGenerator: Generator = {
  name: "clusters",
  generate(specification, context) {
    const sets = selectedClusters(specification, context).map((secret) =>
      clusterParams(secret, specification, context),
    );
    const local = localCluster(specification, context);
    if (local) sets.push(local);
    if (specification.spec.get("flatList") !== true) return sets;
    const type = "[]map[string]interface {}";
    const clusters =
      sets.length === 0
        ? nilSlice(type)
        : typedSlice(
            type,
            sets.map(({ params }) => params),
          );
    return [
      { params: new Map<string, GoValue>([["clusters", clusters]]), origins: sets.flatMap(({ origins }) => origins) },
    ];
  },
};

function selectorOf({ spec }: GeneratorSpec): Selector {
  const written = spec.get("selector");
  const selector = new Map(written instanceof Map ? written : []);
  const labels = selector.get("matchLabels");
  const withType = new Map<string, GoValue>(labels instanceof Map ? labels : []);
  withType.set("argocd.argoproj.io/secret-type", "cluster");
  selector.set("matchLabels", withType);
  try {
    return labelSelector(selector, { anyValue: false });
  } catch (error) {
    throw wrapError("error getting cluster secrets: error converting label selector", error);
  }
}

/** Of Secrets that give the same cluster name only the last stays; they come by their own names, in Argo CD's namespace. */
function selectedClusters(specification: GeneratorSpec, context: GeneratorContext): ClusterSecret[] {
  const selects = selectorOf(specification);
  const byName = new Map<string, ClusterSecret>();
  const inOrder = context.clusters.filter(({ namespace }) => namespace === "" || namespace === controlPlane);
  inOrder.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const secret of inOrder) if (selects(secret.labels)) byName.set(secret.data.get("name") ?? "", secret);
  return [...byName.keys()].sort().map((name) => byName.get(name)!);
}

function clusterParams(secret: ClusterSecret, { spec }: GeneratorSpec, context: GeneratorContext): ParamSet {
  const name = secret.data.get("name") ?? "";
  const params = new Map<string, GoValue>([
    ["name", name],
    ["nameNormalized", sanitizeName(name)],
    ["server", secret.data.get("server") ?? ""],
    ["project", secret.data.get("project") ?? ""],
  ]);
  const annotations = [...secret.annotations].filter(([key]) => !excludedAnnotations.has(key));
  if (context.goTemplate) {
    const metadata = new Map<string, GoValue>();
    if (secret.annotations.size > 0) metadata.set("annotations", stringMap(annotations) as GoMap);
    if (secret.labels.size > 0) metadata.set("labels", stringMap(secret.labels) as GoMap);
    params.set("metadata", metadata);
  } else {
    for (const [key, value] of annotations) params.set(`metadata.annotations.${key}`, value);
    for (const [key, value] of secret.labels) params.set(`metadata.labels.${key}`, value);
  }
  appendValues(spec, params, context, "error appending templated values for cluster");
  return { params, origins: [secret.origin] };
}

/** The cluster that Argo CD runs in has no Secret: it comes last, unless a selector is given or a Secret names its server. */
function localCluster(specification: GeneratorSpec, context: GeneratorContext): ParamSet | undefined {
  const selector = specification.spec.get("selector");
  const isSelective = (key: string) => {
    const part = selector instanceof Map ? selector.get(key) : undefined;
    return part instanceof Map ? part.size > 0 : Array.isArray(part) && part.length > 0;
  };
  if (isSelective("matchLabels") || isSelective("matchExpressions")) return undefined;
  if (selectedClusters(specification, context).some((secret) => secret.data.get("server") === inClusterServer))
    return undefined;
  const params = new Map<string, GoValue>([
    ["name", inClusterName],
    ["nameNormalized", inClusterName],
    ["server", inClusterServer],
    ["project", ""],
  ]);
  appendValues(specification.spec, params, context, "error appending templated values for local cluster");
  return { params, origins: [context.originOf(specification.path)] };
}

function appendValues(
  spec: Map<string, GoValue>,
  params: Map<string, GoValue>,
  context: GeneratorContext,
  prefix: string,
): void {
  try {
    appendTemplatedValues(spec.get("values"), params, context);
  } catch (error) {
    throw wrapError(prefix, error);
  }
}
