import type { GoValue } from "@tiphys/gotemplate";
import { isMap, nested } from "../unstructured.ts";
import { fill, setIfAbsent, struct, structs, type Defaulter } from "./default-values.ts";
import type { Typed } from "./typed.ts";

/** Mirrors k8s.io/kubernetes v1.37.0 pkg/apis/GROUP/VERSION/defaults.go of all groups but core. */

const deployment: Defaulter = (object) => {
  const spec = struct(object, "spec");
  setIfAbsent(spec, "replicas", 1);
  const strategy = struct(spec, "strategy");
  setIfAbsent(strategy, "type", "RollingUpdate");
  if (strategy.get("type") === "RollingUpdate") {
    const rolling = struct(strategy, "rollingUpdate");
    setIfAbsent(rolling, "maxUnavailable", "25%");
    setIfAbsent(rolling, "maxSurge", "25%");
  }
  setIfAbsent(spec, "revisionHistoryLimit", 10);
  setIfAbsent(spec, "progressDeadlineSeconds", 600);
};

const daemonSet: Defaulter = (object) => {
  const spec = struct(object, "spec");
  const strategy = struct(spec, "updateStrategy");
  setIfAbsent(strategy, "type", "RollingUpdate");
  if (strategy.get("type") === "RollingUpdate") {
    const rolling = struct(strategy, "rollingUpdate");
    setIfAbsent(rolling, "maxUnavailable", 1);
    setIfAbsent(rolling, "maxSurge", 0);
  }
  setIfAbsent(spec, "revisionHistoryLimit", 10);
};

const statefulSet: Defaulter = (object) => {
  const spec = struct(object, "spec");
  setIfAbsent(spec, "podManagementPolicy", "OrderedReady");
  const strategy = struct(spec, "updateStrategy");
  if (!strategy.has("type")) {
    strategy.set("type", "RollingUpdate");
    struct(strategy, "rollingUpdate");
  }
  const rolling = strategy.get("rollingUpdate");
  if (strategy.get("type") === "RollingUpdate" && isMap(rolling)) {
    setIfAbsent(rolling, "partition", 0);
    setIfAbsent(rolling, "maxUnavailable", 1);
  }
  const retention = struct(spec, "persistentVolumeClaimRetentionPolicy");
  setIfAbsent(retention, "whenDeleted", "Retain");
  setIfAbsent(retention, "whenScaled", "Retain");
  setIfAbsent(spec, "replicas", 1);
  setIfAbsent(spec, "revisionHistoryLimit", 10);
};

const replicaSet: Defaulter = (object) => setIfAbsent(struct(object, "spec"), "replicas", 1);

const job: Defaulter = (object) => {
  const spec = struct(object, "spec");
  if (!spec.has("completions") && !spec.has("parallelism")) spec.set("completions", 1);
  setIfAbsent(spec, "parallelism", 1);
  setIfAbsent(spec, "backoffLimit", spec.has("backoffLimitPerIndex") ? 2147483647 : 6);
  const labels = nested(spec, "template", "metadata", "labels");
  const metadata = struct(object, "metadata");
  const own = metadata.get("labels");
  if (isMap(labels) && !(isMap(own) && own.size > 0)) metadata.set("labels", new Map(labels));
  setIfAbsent(spec, "completionMode", "NonIndexed");
  setIfAbsent(spec, "suspend", false);
  setIfAbsent(spec, "podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
  setIfAbsent(spec, "manualSelector", false);
};

const cronJob: Defaulter = (object) => {
  fill({ concurrencyPolicy: "Allow", suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 })(
    struct(object, "spec"),
  );
};

const networkPolicy: Defaulter = (object) => {
  const spec = struct(object, "spec");
  const types = spec.get("policyTypes");
  if (Array.isArray(types) && types.length > 0) return;
  const egress = spec.get("egress");
  spec.set("policyTypes", Array.isArray(egress) && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"]);
};

const ingressClass: Defaulter = (object) => {
  const parameters = nested(object, "spec", "parameters");
  if (isMap(parameters)) setIfAbsent(parameters, "scope", "Cluster");
};

const minReplicas: Defaulter = (object) => setIfAbsent(struct(object, "spec"), "minReplicas", 1);

const scaleUpRules: Readonly<Record<string, GoValue>> = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [scalingPolicy("Pods", 4), scalingPolicy("Percent", 100)],
};
const scaleDownRules: Readonly<Record<string, GoValue>> = {
  selectPolicy: "Max",
  policies: [scalingPolicy("Percent", 100)],
};

function scalingPolicy(type: string, value: number): Typed {
  return new Map<string, GoValue>([
    ["type", type],
    ["value", value],
    ["periodSeconds", 15],
  ]);
}

const horizontalPodAutoscaler: Defaulter = (object) => {
  minReplicas(object);
  const spec = struct(object, "spec");
  if (structs(spec, "metrics").length === 0) {
    const target: Typed = new Map<string, GoValue>([
      ["type", "Utilization"],
      ["averageUtilization", 80],
    ]);
    const resource: Typed = new Map<string, GoValue>([
      ["name", "cpu"],
      ["target", target],
    ]);
    spec.set("metrics", [
      new Map<string, GoValue>([
        ["type", "Resource"],
        ["resource", resource],
      ]),
    ]);
  }
  const behavior = spec.get("behavior");
  if (!isMap(behavior)) return;
  fill(scaleUpRules)(struct(behavior, "scaleUp"));
  fill(scaleDownRules)(struct(behavior, "scaleDown"));
};

const rbacGroup = "rbac.authorization.k8s.io";
const binding: Defaulter = (object) => setIfAbsent(struct(object, "roleRef"), "apiGroup", rbacGroup);

const subject: Defaulter = (object) => {
  const kind = object.get("kind");
  if (kind === "User" || kind === "Group") setIfAbsent(object, "apiGroup", rbacGroup);
};

const csiDriver: Defaulter = (object) => {
  const spec = struct(object, "spec");
  fill({
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: "ReadWriteOnceWithFSType",
    requiresRepublish: false,
    seLinuxMount: false,
    preventPodSchedulingIfMissing: false,
  })(spec);
  const modes = spec.get("volumeLifecycleModes");
  if (!Array.isArray(modes) || modes.length === 0) spec.set("volumeLifecycleModes", ["Persistent"]);
};

const webhook = fill({
  failurePolicy: "Fail",
  matchPolicy: "Equivalent",
  namespaceSelector: new Map(),
  objectSelector: new Map(),
  timeoutSeconds: 10,
});

/** By name of the Go type. */
export const groupDefaults: Readonly<Record<string, Defaulter>> = {
  "admissionregistration.MatchResources": fill({
    matchPolicy: "Equivalent",
    namespaceSelector: new Map(),
    objectSelector: new Map(),
  }),
  "admissionregistration.MutatingAdmissionPolicySpec": fill({ failurePolicy: "Fail" }),
  "admissionregistration.MutatingWebhook": (object) => {
    webhook(object);
    setIfAbsent(object, "reinvocationPolicy", "Never");
  },
  "admissionregistration.NamedRuleWithOperations": fill({ scope: "*" }),
  "admissionregistration.RuleWithOperations": fill({ scope: "*" }),
  "admissionregistration.ServiceReference": fill({ port: 443 }),
  "admissionregistration.ValidatingAdmissionPolicySpec": fill({ failurePolicy: "Fail" }),
  "admissionregistration.ValidatingWebhook": webhook,
  "apps.DaemonSet": daemonSet,
  "apps.Deployment": deployment,
  "apps.ReplicaSet": replicaSet,
  "apps.StatefulSet": statefulSet,
  "autoscaling.HorizontalPodAutoscaler": minReplicas,
  "autoscalingv2.HorizontalPodAutoscaler": horizontalPodAutoscaler,
  "batch.CronJob": cronJob,
  "batch.Job": job,
  "batch.PodFailurePolicyOnPodConditionsPattern": fill({ status: "True" }),
  "discovery.EndpointPort": fill({ name: "", protocol: "TCP" }),
  "networking.IngressClass": ingressClass,
  "networking.NetworkPolicy": networkPolicy,
  "networking.NetworkPolicyPort": fill({ protocol: "TCP" }),
  "rbac.ClusterRoleBinding": binding,
  "rbac.RoleBinding": binding,
  "rbac.Subject": subject,
  "scheduling.PriorityClass": fill({ preemptionPolicy: "PreemptLowerPriority" }),
  "storage.CSIDriver": csiDriver,
  "storage.StorageClass": fill({ reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
};
