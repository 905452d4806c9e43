import type { GoValue } from "@tiphys/gotemplate";
import { nested, nestedInteger, nestedSlice, nestedString, type Unstructured } from "../unstructured.ts";
import type { HealthStatus, HealthStatusCode } from "./health-status.ts";

const ignoreRestartPolicy = "argocd.argoproj.io/ignore-restart-policy";

/** Mirrors gitops-engine v3.6.1 pkg/health/health_pod.go. */
export function podHealth(pod: Unstructured, annotations: ReadonlyMap<string, string>, isHook: boolean): HealthStatus {
  const policy = nestedString(pod, "spec", "restartPolicy");
  const isLongRunning = policy === "Always" || (annotations.get(ignoreRestartPolicy) === "true" && !isHook);
  const containers = nestedSlice(pod, "status", "containerStatuses");
  const message = nestedString(pod, "status", "message");
  const verdict = (status: HealthStatusCode): HealthStatus => ({ status, message });
  if (isLongRunning) {
    const stuck = containers.map((container) => nested(container, "state", "waiting")).filter(isStuck);
    if (stuck.length > 0) {
      return { status: "Degraded", message: stuck.map((waiting) => nestedString(waiting, "message")).join(", ") };
    }
  }
  switch (nestedString(pod, "status", "phase")) {
    case "Pending":
      return verdict("Progressing");
    case "Succeeded":
      return verdict("Healthy");
    case "Failed":
      return { status: "Degraded", message: message || failMessage(pod) };
    case "Running":
      if (isLongRunning) {
        if (isReady(pod)) return verdict("Healthy");
        const hasTerminated = containers.some((container) => isPresent(nested(container, "lastState", "terminated")));
        return verdict(hasTerminated ? "Degraded" : "Progressing");
      }
      return verdict(policy === "OnFailure" || policy === "Never" ? "Progressing" : "Unknown");
    default:
      return verdict("Unknown");
  }
}

function isPresent(value: GoValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function isStuck(waiting: GoValue | undefined): boolean {
  const reason = nestedString(waiting, "reason");
  return reason.startsWith("Err") || reason.endsWith("Error") || reason.endsWith("BackOff");
}

function isReady(pod: Unstructured): boolean {
  const ready = nestedSlice(pod, "status", "conditions").find((item) => nestedString(item, "type") === "Ready");
  return nestedString(ready, "status") === "True";
}

function failMessage(pod: Unstructured): string {
  const all = [
    ...nestedSlice(pod, "status", "initContainerStatuses"),
    ...nestedSlice(pod, "status", "containerStatuses"),
  ];
  for (const container of all) {
    const terminated = nested(container, "state", "terminated");
    const own = nestedString(terminated, "message");
    if (own !== "") return own;
    if (nestedString(terminated, "reason") === "OOMKilled") return "OOMKilled";
    const exitCode = nestedInteger(terminated, "exitCode") ?? 0;
    if (exitCode !== 0) return `container "${nestedString(container, "name")}" failed with exit code ${exitCode}`;
  }
  return "";
}
