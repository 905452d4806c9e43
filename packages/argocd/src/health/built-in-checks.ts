import type { GoValue } from "@tiphys/gotemplate";
import { isHook } from "../hooks/hook.ts";
import {
  annotationsOf,
  groupVersionOf,
  kindOf,
  nested,
  nestedInteger,
  nestedSlice,
  nestedString,
  type Unstructured,
} from "../unstructured.ts";
import { HealthCheckError, type HealthStatus, type HealthStatusCode } from "./health-status.ts";
import { podHealth } from "./pod-health.ts";
import { horizontalPodAutoscalerHealth } from "./horizontal-pod-autoscaler-health.ts";

/** The checks that are part of Argo CD's program. Mirrors gitops-engine v3.6.1 pkg/health. */
export type HealthCheck = (object: Unstructured) => HealthStatus;

const health = (status: HealthStatusCode, message = ""): HealthStatus => ({ status, message });
const integer = (object: Unstructured, ...fields: readonly string[]): number => nestedInteger(object, ...fields) ?? 0;
const replicasOf = (object: Unstructured): number | undefined => nestedInteger(object, "spec", "replicas");

function condition(object: Unstructured, type: string): GoValue | undefined {
  return nestedSlice(object, "status", "conditions").find((item) => nestedString(item, "type") === type);
}

function deploymentHealth(object: Unstructured): HealthStatus {
  if (nested(object, "spec", "paused") === true) return health("Suspended", "Deployment is paused");
  if (integer(object, "metadata", "generation") > integer(object, "status", "observedGeneration")) {
    return health(
      "Progressing",
      "Waiting for rollout to finish: observed deployment generation less than desired generation",
    );
  }
  const replicas = replicasOf(object);
  const updated = integer(object, "status", "updatedReplicas");
  const current = integer(object, "status", "replicas");
  const available = integer(object, "status", "availableReplicas");
  if (nestedString(condition(object, "Progressing"), "reason") === "ProgressDeadlineExceeded") {
    return health(
      "Degraded",
      `Deployment "${nestedString(object, "metadata", "name")}" exceeded its progress deadline`,
    );
  }
  if (replicas !== undefined && updated < replicas) {
    return health(
      "Progressing",
      `Waiting for rollout to finish: ${updated} out of ${replicas} new replicas have been updated...`,
    );
  }
  if (current > updated) {
    return health(
      "Progressing",
      `Waiting for rollout to finish: ${current - updated} old replicas are pending termination...`,
    );
  }
  if (available < updated) {
    return health(
      "Progressing",
      `Waiting for rollout to finish: ${available} of ${updated} updated replicas are available...`,
    );
  }
  return health("Healthy");
}

function statefulSetHealth(object: Unstructured): HealthStatus {
  const observed = integer(object, "status", "observedGeneration");
  if (observed === 0 || integer(object, "metadata", "generation") > observed) {
    return health("Progressing", "Waiting for statefulset spec update to be observed...");
  }
  const replicas = replicasOf(object);
  const ready = integer(object, "status", "readyReplicas");
  const updated = integer(object, "status", "updatedReplicas");
  if (replicas !== undefined && ready < replicas)
    return health("Progressing", `Waiting for ${replicas - ready} pods to be ready...`);
  const strategy = nestedString(object, "spec", "updateStrategy", "type");
  const rollingUpdate = nested(object, "spec", "updateStrategy", "rollingUpdate");
  if (strategy === "RollingUpdate" && rollingUpdate !== undefined && rollingUpdate !== null) {
    const partition = nestedInteger(rollingUpdate, "partition");
    if (replicas !== undefined && partition !== undefined && updated < replicas - partition) {
      const wanted = replicas - partition;
      return health(
        "Progressing",
        `Waiting for partitioned roll out to finish: ${updated} out of ${wanted} new pods have been updated...`,
      );
    }
    return health("Healthy", `partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (strategy === "OnDelete") return health("Healthy", `statefulset has ${ready} ready pods`);
  const updateRevision = nestedString(object, "status", "updateRevision");
  const currentRevision = nestedString(object, "status", "currentRevision");
  if (updateRevision !== currentRevision) {
    return health(
      "Progressing",
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${updateRevision}...`,
    );
  }
  const current = integer(object, "status", "currentReplicas");
  return health("Healthy", `statefulset rolling update complete ${current} pods at revision ${currentRevision}...`);
}

function replicaSetHealth(object: Unstructured): HealthStatus {
  if (integer(object, "metadata", "generation") > integer(object, "status", "observedGeneration")) {
    return health(
      "Progressing",
      "Waiting for rollout to finish: observed replica set generation less than desired generation",
    );
  }
  const failure = condition(object, "ReplicaFailure");
  if (nestedString(failure, "status") === "True") return health("Degraded", nestedString(failure, "message"));
  const replicas = replicasOf(object);
  const available = integer(object, "status", "availableReplicas");
  if (replicas !== undefined && available < replicas) {
    return health(
      "Progressing",
      `Waiting for rollout to finish: ${available} out of ${replicas} new replicas are available...`,
    );
  }
  return health("Healthy");
}

function daemonSetHealth(object: Unstructured): HealthStatus {
  if (integer(object, "metadata", "generation") > integer(object, "status", "observedGeneration")) {
    return health(
      "Progressing",
      "Waiting for rollout to finish: observed daemon set generation less than desired generation",
    );
  }
  const updated = integer(object, "status", "updatedNumberScheduled");
  const desired = integer(object, "status", "desiredNumberScheduled");
  const available = integer(object, "status", "numberAvailable");
  if (nestedString(object, "spec", "updateStrategy", "type") === "OnDelete") {
    return health("Healthy", `daemon set ${updated} out of ${desired} new pods have been updated`);
  }
  const waiting = `Waiting for daemon set "${nestedString(object, "metadata", "name")}" rollout to finish:`;
  if (updated < desired)
    return health("Progressing", `${waiting} ${updated} out of ${desired} new pods have been updated...`);
  if (available < desired)
    return health("Progressing", `${waiting} ${available} of ${desired} updated pods are available...`);
  return health("Healthy");
}

function ingressHealth(object: Unstructured): HealthStatus {
  return health(nestedSlice(object, "status", "loadBalancer", "ingress").length > 0 ? "Healthy" : "Progressing");
}

function serviceHealth(object: Unstructured): HealthStatus {
  return nestedString(object, "spec", "type") === "LoadBalancer" ? ingressHealth(object) : health("Healthy");
}

const claimPhases: ReadonlyMap<string, HealthStatusCode> = new Map([
  ["Lost", "Degraded"],
  ["Pending", "Progressing"],
  ["Bound", "Healthy"],
]);

function persistentVolumeClaimHealth(object: Unstructured): HealthStatus {
  return health(claimPhases.get(nestedString(object, "status", "phase")) ?? "Unknown");
}

function jobHealth(object: Unstructured): HealthStatus {
  let [failed, complete, suspended] = [false, false, false];
  let [failMessage, message] = ["", ""];
  for (const item of nestedSlice(object, "status", "conditions")) {
    const type = nestedString(item, "type");
    // The condition's own status does not matter, except for Suspended.
    if (type === "Failed") {
      [failed, complete] = [true, true];
      failMessage = nestedString(item, "message");
    } else if (type === "Complete" || type === "Suspended") {
      complete = true;
      message = nestedString(item, "message");
      suspended ||= type === "Suspended" && nestedString(item, "status") === "True";
    }
  }
  if (!complete) return health("Progressing", message);
  if (failed) return health("Degraded", failMessage);
  return health(suspended ? "Suspended" : "Healthy", message);
}

function apiServiceHealth(object: Unstructured): HealthStatus {
  const available = condition(object, "Available");
  if (available === undefined) return health("Progressing", "Waiting to be processed");
  const message = `${nestedString(available, "reason")}: ${nestedString(available, "message")}`;
  return health(nestedString(available, "status") === "True" ? "Healthy" : "Progressing", message);
}

function workflowHealth(object: Unstructured): HealthStatus {
  const message = nestedString(object, "status", "message");
  switch (nestedString(object, "status", "phase")) {
    case "":
    case "Pending":
    case "Running":
      return health("Progressing", message);
    case "Succeeded":
      return health("Healthy", message);
    case "Failed":
    case "Error":
      return health("Degraded", message);
    default:
      return health("Unknown", message);
  }
}

interface BuiltInCheck {
  readonly check: HealthCheck;
  /** Versions the check knows; absent: all. */
  readonly versions?: readonly string[];
  /** The kind's name in the message about an unknown version. */
  readonly label?: string;
}

const checks: ReadonlyMap<string, BuiltInCheck> = new Map<string, BuiltInCheck>([
  ["apps/Deployment", { check: deploymentHealth, versions: ["v1"] }],
  ["apps/StatefulSet", { check: statefulSetHealth, versions: ["v1"] }],
  ["apps/ReplicaSet", { check: replicaSetHealth, versions: ["v1"] }],
  ["apps/DaemonSet", { check: daemonSetHealth, versions: ["v1"] }],
  ["extensions/Ingress", { check: ingressHealth }],
  ["networking.k8s.io/Ingress", { check: ingressHealth }],
  ["argoproj.io/Workflow", { check: workflowHealth }],
  ["apiregistration.k8s.io/APIService", { check: apiServiceHealth, versions: ["v1", "v1beta1"] }],
  ["/Service", { check: serviceHealth, versions: ["v1"] }],
  ["/PersistentVolumeClaim", { check: persistentVolumeClaimHealth, versions: ["v1"] }],
  ["/Pod", { check: (object) => podHealth(object, annotationsOf(object), isHook(object)), versions: ["v1"] }],
  ["batch/Job", { check: jobHealth, versions: ["v1"] }],
  [
    "autoscaling/HorizontalPodAutoscaler",
    { check: horizontalPodAutoscalerHealth, versions: ["v1", "v2"], label: "HPA" },
  ],
]);

/** The check for an object's kind; undefined when there is none. The check throws `HealthCheckError` for an unknown version. */
export function builtInCheck(object: Unstructured): HealthCheck | undefined {
  const { group, version } = groupVersionOf(object);
  const kind = kindOf(object);
  const found = checks.get(`${group}/${kind}`);
  if (found === undefined) return undefined;
  if (found.versions === undefined || found.versions.includes(version)) return found.check;
  return () => {
    throw new HealthCheckError(`unsupported ${found.label ?? kind} GVK: ${group}/${version}, Kind=${kind}`);
  };
}
