import type { GoValue } from "@tiphys/gotemplate";
import { ArgoPanic } from "../fault.ts";
import { nestedString } from "../unstructured.ts";
import { inClusterName, inClusterServer } from "./clusters.ts";
import { goTypeOf, printValue } from "./flatten.ts";
import type { Generator, GeneratorContext } from "./generator.ts";
import { stringMap, type ParamSet } from "./param-set.ts";

/**
 * applicationset/generators/duck_type.go on recorded decisions: items of the resource's status list, whose `matchKey` (of the
 * fixture's first-level field `matchKey`, default `clusterName`) names a cluster that Argo CD knows.
 */
export const clusterDecisionResourceGenerator: Generator = {
  name: "clusterDecisionResource",
  generate({ spec }, context) {
    const { items, origin } = context.fixtures.find("clusterDecisionResource", spec);
    const sets: ParamSet[] = [];
    for (const item of items) {
      const decision = item.get("decision");
      if (!(decision instanceof Map)) continue;
      const server = serverOf(printValue(decision.get(nestedString(item, "matchKey") || "clusterName") ?? ""), context);
      if (server === undefined) continue;
      sets.push({ params: decisionParams(decision, server, spec.get("values"), context), origins: [origin] });
    }
    return sets;
  },
};

function serverOf(
  name: string,
  { clusters }: GeneratorContext,
): { readonly name: string; readonly server: string } | undefined {
  if (name === "") return undefined;
  const secret = clusters.find(({ data }) => data.get("name") === name);
  if (secret) return { name, server: secret.data.get("server") ?? "" };
  const hasLocal = clusters.some(({ data }) => data.get("server") === inClusterServer);
  return name === inClusterName && !hasLocal ? { name, server: inClusterServer } : undefined;
}

/** The `values` are taken as written, without templates. */
function decisionParams(
  decision: Map<string, GoValue>,
  cluster: { readonly name: string; readonly server: string },
  values: GoValue | undefined,
  { goTemplate }: GeneratorContext,
): Map<string, GoValue> {
  const params = new Map<string, GoValue>([
    ["name", cluster.name],
    ["server", cluster.server],
  ]);
  for (const [key, value] of decision) params.set(key, printValue(value));
  if (!(values instanceof Map) || values.size === 0) return params;
  const entries = [...values].map(([key, value]) => [key, String(value)] as const);
  if (!goTemplate) {
    for (const [key, value] of entries) params.set(`values.${key}`, value);
    return params;
  }
  const present = params.get("values");
  if (present !== undefined && !(present instanceof Map && goTypeOf(present) === "map[string]string")) {
    throw new ArgoPanic("interface conversion: interface {} is string, not map[string]string");
  }
  return params.set("values", stringMap(entries));
}
