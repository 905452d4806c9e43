import { FunctionError, type GoValue } from "@tiphys/gotemplate";
import { decodeJson } from "@tiphys/gotemplate/sprig";
import { annotationsOf, groupVersionOf, isMap, nestedSlice, nestedString, type Unstructured } from "../unstructured.ts";
import { HealthCheckError, type HealthStatus } from "./health-status.ts";

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

/** v1 keeps its conditions as JSON in an annotation. Throws `HealthCheckError` when it cannot be read. */
function annotatedConditions(object: Unstructured): readonly GoValue[] {
  const text = annotationsOf(object).get("autoscaling.alpha.kubernetes.io/conditions");
  if (text === undefined) return [];
  const fail = (reason: string): never => {
    throw new HealthCheckError(`failed to convert conditions annotation to typed: ${reason}`);
  };
  let value: GoValue;
  try {
    const decoded = decodeJson(text);
    if (decoded.error !== undefined) return fail(decoded.error.message);
    ({ value } = decoded);
  } catch (error) {
    if (error instanceof FunctionError) return fail(error.message);
    throw error;
  }
  if (value === null) return [];
  if (!Array.isArray(value))
    return fail(`json: cannot unmarshal ${jsonKind(value)} into Go value of type []health.hpaCondition`);
  return value;
}

function jsonKind(value: GoValue): string {
  if (isMap(value)) return "object";
  return typeof value === "boolean" ? "bool" : typeof value === "string" ? "string" : "number";
}
