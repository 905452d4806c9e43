import type { GoValue } from "@tiphys/gotemplate";
import { readYaml, YamlError } from "@tiphys/source";
import { annotationsOf, groupVersionOf, nestedSlice, nestedString, type Unstructured } from "../unstructured.ts";
import type { HealthStatus } from "./health-status.ts";

const degraded: Readonly<Record<string, readonly string[]>> = {
  AbleToScale: ["FailedGetScale", "FailedUpdateScale"],
  ScalingActive: [
    "FailedGetResourceMetric",
    "FailedGetObjectMetric",
    "FailedGetPodsMetric",
    "FailedGetExternalMetric",
    "FailedComputeMetricsReplicas",
    "InvalidSelector",
  ],
};
const healthyTypes = ["AbleToScale", "ScalingLimited"];
const progressing: HealthStatus = { status: "Progressing", message: "Waiting to Autoscale" };

/** Mirrors gitops-engine v3.6.1 pkg/health/health_hpa.go. */
export function horizontalPodAutoscalerHealth(object: Unstructured): HealthStatus {
  const conditions =
    groupVersionOf(object).version === "v1" ? annotatedConditions(object) : nestedSlice(object, "status", "conditions");
  const bad = conditions.find(
    (item) => degraded[nestedString(item, "type")]?.includes(nestedString(item, "reason")) ?? false,
  );
  if (bad !== undefined) return { status: "Degraded", message: nestedString(bad, "message") };
  const good = conditions.find(
    (item) => healthyTypes.includes(nestedString(item, "type")) && nestedString(item, "status") === "True",
  );
  return good === undefined ? progressing : { status: "Healthy", message: nestedString(good, "message") };
}

/** v1 keeps its conditions as JSON in an annotation. */
function annotatedConditions(object: Unstructured): readonly GoValue[] {
  const text = annotationsOf(object).get("autoscaling.alpha.kubernetes.io/conditions");
  if (text === undefined) return [];
  try {
    const value = readYaml(text).value;
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof YamlError) return [];
    throw error;
  }
}
