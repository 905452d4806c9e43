import type { GoValue } from "@tiphys/gotemplate";
import { deepCopy, groupOf, isMap, kindOf, removeNested, type Unstructured } from "../unstructured.ts";
import { kubernetesStruct } from "./kubernetes-types.ts";
import { sortSubsets } from "./endpoint-subsets.ts";
import { encodeBase64 } from "./jq/format.ts";
import { decodeTyped, encodeTyped, TypeMismatch } from "./typed.ts";
import type { StructType } from "../api/schema.ts";

/**
 * A copy with what Argo CD evens out for certain kinds: creation time, Secrets, roles, Endpoints.
 * Mirrors gitops-engine v3.6.1 pkg/diff/diff.go Normalize.
 */
export function normalizeKind(object: Unstructured, ignoreAggregatedRoles: boolean): Unstructured {
  const out = deepCopy(object);
  removeNested(out, "metadata", "creationTimestamp");
  const [group, kind] = [groupOf(out), kindOf(out)];
  if (group === "" && kind === "Secret") normalizeSecret(out);
  if (group === "rbac.authorization.k8s.io" && (kind === "ClusterRole" || kind === "Role"))
    normalizeRole(out, ignoreAggregatedRoles);
  if (group === "" && kind === "Endpoints") return normalizeEndpoints(out);
  return out;
}

/** stringData moves into data; null values become "", no values null. */
function normalizeSecret(secret: Unstructured): void {
  const stringData = secret.get("stringData");
  if (isMap(stringData)) {
    const before = secret.get("data");
    const data = new Map(isMap(before) ? before : []);
    for (const [key, value] of stringData) data.set(key, typeof value === "string" ? encodeBase64(value) : value);
    secret.set("data", data);
    secret.delete("stringData");
  }
  const type = kubernetesStruct("core.Secret") as StructType;
  try {
    const typed = decodeTyped(secret, type, { strict: false });
    if (isMap(typed.get("data"))) secret.set("data", encodeTyped(typed, type).get("data") ?? null);
  } catch (error) {
    // Upstream leaves alone what is no Secret.
    if (!(error instanceof TypeMismatch)) throw error;
  }
}

function normalizeRole(role: Unstructured, ignoreAggregatedRoles: boolean): void {
  if (ignoreAggregatedRoles && isMap(role.get("aggregationRule"))) role.set("rules", null);
  const rules = role.get("rules");
  if (Array.isArray(rules) && rules.length === 0) role.set("rules", null);
}

/** Ports get their protocol, subsets an order of their own. */
function normalizeEndpoints(object: Unstructured): Unstructured {
  const type = kubernetesStruct("core.Endpoints") as StructType;
  let endpoints: Unstructured;
  try {
    endpoints = decodeTyped(object, type, { strict: false });
  } catch (error) {
    if (error instanceof TypeMismatch) return object;
    throw error;
  }
  const subsets = endpoints.get("subsets");
  if (!Array.isArray(subsets)) return encodeTyped(endpoints, type);
  for (const subset of subsets) {
    const ports = isMap(subset) ? subset.get("ports") : undefined;
    if (!Array.isArray(ports)) continue;
    for (const port of ports) if (isMap(port) && (port.get("protocol") ?? "") === "") port.set("protocol", "TCP");
  }
  sortSubsets(subsets as Map<string, GoValue>[]);
  return encodeTyped(endpoints, type);
}
