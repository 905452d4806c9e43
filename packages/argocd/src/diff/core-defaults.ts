import type { GoValue } from "@tiphys/gotemplate";
import { isMap, nested, nestedString, toInteger } from "../unstructured.ts";
import { dropEmpty, fill, setIfAbsent, struct, structs, type Defaulter } from "./default-values.ts";
import type { Typed } from "./typed.ts";

/** Mirrors k8s.io/kubernetes v1.37.0 pkg/apis/core/v1/defaults.go and the `+default` markers of zz_generated.defaults.go. */

const imageName = /^[a-z0-9]+(?:(?:\.|_|__|-+|\/)[a-z0-9]+)*$/;

/** `Always` for images without tag and digest or with tag latest. What is no image reference counts as one with a tag. */
function pullPolicy(image: string): string {
  if (image.includes("@")) return "IfNotPresent";
  const colon = image.indexOf(":", image.lastIndexOf("/") + 1);
  const [name, tag] = colon < 0 ? [image, "latest"] : [image.slice(0, colon), image.slice(colon + 1)];
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(0, slash));
  const hasHost = /[.:A-Z]/.test(first) || first === "localhost";
  const path = hasHost ? name.slice(slash + 1) : name;
  const parses = imageName.test(path) && !/^[0-9a-f]{64}$/.test(image) && path === path.toLowerCase();
  return parses && tag === "latest" ? "Always" : "IfNotPresent";
}

const container: Defaulter = (object) => {
  setIfAbsent(object, "imagePullPolicy", pullPolicy(nestedString(object, "image")));
  setIfAbsent(object, "terminationMessagePath", "/dev/termination-log");
  setIfAbsent(object, "terminationMessagePolicy", "File");
};

const volume: Defaulter = (object) => {
  const sources = [...object.keys()].filter((key) => key !== "name");
  if (sources.length === 0) object.set("emptyDir", new Map());
  const image = object.get("image");
  if (isMap(image)) setIfAbsent(image, "pullPolicy", pullPolicy(nestedString(image, "reference")));
};

const podSpec: Defaulter = (object) => {
  const name = nestedString(object, "serviceAccountName") || nestedString(object, "serviceAccount");
  if (name !== "") object.set("serviceAccountName", name).set("serviceAccount", name);
  setIfAbsent(object, "dnsPolicy", "ClusterFirst");
  setIfAbsent(object, "restartPolicy", "Always");
  setIfAbsent(object, "securityContext", new Map());
  setIfAbsent(object, "terminationGracePeriodSeconds", 30);
  setIfAbsent(object, "schedulerName", "default-scheduler");
};

/** Only of Pods, not of templates. */
const pod: Defaulter = (object) => {
  const spec = struct(object, "spec");
  const grace = toInteger(spec.get("terminationGracePeriodSeconds"));
  if (grace !== undefined && grace < 0) spec.set("terminationGracePeriodSeconds", 1);
  const containers = [...structs(spec, "containers"), ...structs(spec, "initContainers")];
  for (const item of containers) requestsFromLimits(item);
  setIfAbsent(spec, "enableServiceLinks", true);
  if (spec.get("hostNetwork") === true) {
    for (const port of containers.flatMap((item) => structs(item, "ports")))
      setIfAbsent(port, "hostPort", port.get("containerPort") ?? 0);
  }
};

function requestsFromLimits(object: Typed): void {
  const limits = nested(object, "resources", "limits");
  if (!isMap(limits)) return;
  const requests = struct(struct(object, "resources"), "requests");
  for (const [name, value] of limits) setIfAbsent(requests, name, value);
}

const podStatus: Defaulter = (object) => {
  const ip = nestedString(object, "podIP");
  const first = nestedString(structs(object, "podIPs")[0] ?? null, "ip");
  if (ip === "" && first !== "") object.set("podIP", first);
  else if (ip !== "" && ip !== first) object.set("podIPs", [new Map([["ip", ip]])]);
};

const service: Defaulter = (object) => {
  const spec = struct(object, "spec");
  setIfAbsent(spec, "sessionAffinity", "None");
  if (spec.get("sessionAffinity") === "None") spec.delete("sessionAffinityConfig");
  if (
    spec.get("sessionAffinity") === "ClientIP" &&
    nested(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds") === undefined
  ) {
    spec.set("sessionAffinityConfig", new Map<string, GoValue>([["clientIP", new Map([["timeoutSeconds", 10800]])]]));
  }
  setIfAbsent(spec, "type", "ClusterIP");
  for (const port of structs(spec, "ports")) {
    setIfAbsent(port, "protocol", "TCP");
    const target = port.get("targetPort");
    // The number 0 is what an absent port is to Go.
    const number = port.get("port") ?? 0;
    if ((target === undefined || target === "" || target === 0) && number !== 0) port.set("targetPort", number);
  }
  const type = spec.get("type");
  const isExternal =
    type === "NodePort" ||
    type === "LoadBalancer" ||
    (type === "ClusterIP" && structsOrStrings(spec, "externalIPs") > 0);
  if (isExternal) setIfAbsent(spec, "externalTrafficPolicy", "Cluster");
  if (type === "NodePort" || type === "LoadBalancer" || type === "ClusterIP")
    setIfAbsent(spec, "internalTrafficPolicy", "Cluster");
  if (type !== "LoadBalancer") return;
  setIfAbsent(spec, "allocateLoadBalancerNodePorts", true);
  for (const ingress of structs(object, "status", "loadBalancer", "ingress"))
    if (ingress.has("ip")) setIfAbsent(ingress, "ipMode", "VIP");
};

function structsOrStrings(object: Typed, field: string): number {
  const list = object.get(field);
  return Array.isArray(list) ? list.length : 0;
}

const limitRangeItem: Defaulter = (object) => {
  if (object.get("type") !== "Container") return;
  const limits = struct(object, "default");
  const requests = struct(object, "defaultRequest");
  const copy = (from: GoValue | undefined, to: Typed): void => {
    if (isMap(from)) for (const [name, value] of from) setIfAbsent(to, name, value);
  };
  copy(object.get("max"), limits);
  copy(limits, requests);
  copy(object.get("min"), requests);
};

const replicationController: Defaulter = (object) => {
  const spec = struct(object, "spec");
  setIfAbsent(spec, "replicas", 1);
  const labels = nested(spec, "template", "metadata", "labels");
  if (!isMap(labels)) return;
  if (structSize(spec, "selector") === 0) spec.set("selector", new Map(labels));
  const metadata = struct(object, "metadata");
  if (structSize(metadata, "labels") === 0) metadata.set("labels", new Map(labels));
};

function structSize(object: Typed, field: string): number {
  const value = object.get(field);
  return isMap(value) ? value.size : 0;
}

const namespace: Defaulter = (object) => {
  const name = nestedString(object, "metadata", "name");
  if (name !== "") struct(struct(object, "metadata"), "labels").set("kubernetes.io/metadata.name", name);
};

const persistentVolume: Defaulter = (object) => {
  const status = struct(object, "status");
  setIfAbsent(status, "phase", "Pending");
  const spec = struct(object, "spec");
  setIfAbsent(spec, "persistentVolumeReclaimPolicy", "Retain");
  setIfAbsent(spec, "volumeMode", "Filesystem");
};

const nodeStatus: Defaulter = (object) => {
  const capacity = object.get("capacity");
  if (isMap(capacity)) setIfAbsent(object, "allocatable", new Map(capacity));
};

const endpoints: Defaulter = (object) => {
  for (const port of structs(object, "subsets").flatMap((subset) => structs(subset, "ports")))
    setIfAbsent(port, "protocol", "TCP");
};

const nestedPhase =
  (phase: string): Defaulter =>
  (object) => {
    setIfAbsent(struct(object, "status"), "phase", phase);
    dropEmpty(object, "status");
  };

/** By name of the Go type; applied wherever the type occurs in a kind that has defaults. */
export const coreDefaults: Readonly<Record<string, Defaulter>> = {
  "core.AzureDiskVolumeSource": fill({ cachingMode: "ReadWrite", fsType: "ext4", readOnly: false, kind: "Shared" }),
  "core.ConfigMapVolumeSource": fill({ defaultMode: 420 }),
  "core.Container": container,
  "core.ContainerPort": fill({ protocol: "TCP" }),
  "core.DownwardAPIVolumeSource": fill({ defaultMode: 420 }),
  "core.Endpoints": endpoints,
  "core.EphemeralContainer": container,
  "core.FileKeySelector": fill({ optional: false }),
  "core.GRPCAction": fill({ service: "" }),
  "core.HTTPGetAction": fill({ path: "/", scheme: "HTTP" }),
  "core.HostPathVolumeSource": fill({ type: "" }),
  "core.ISCSIPersistentVolumeSource": fill({ iscsiInterface: "default" }),
  "core.ISCSIVolumeSource": fill({ iscsiInterface: "default" }),
  "core.LimitRangeItem": limitRangeItem,
  "core.Namespace": namespace,
  "core.NamespaceStatus": fill({ phase: "Active" }),
  "core.NodeStatus": nodeStatus,
  "core.ObjectFieldSelector": fill({ apiVersion: "v1" }),
  "core.PersistentVolume": persistentVolume,
  "core.PersistentVolumeClaim": nestedPhase("Pending"),
  "core.PersistentVolumeClaimSpec": fill({ volumeMode: "Filesystem" }),
  "core.Pod": pod,
  "core.PodSpec": podSpec,
  "core.PodStatus": podStatus,
  "core.Probe": fill({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  "core.ProjectedVolumeSource": fill({ defaultMode: 420 }),
  "core.RBDPersistentVolumeSource": fill({ pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" }),
  "core.RBDVolumeSource": fill({ pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" }),
  "core.ReplicationController": replicationController,
  "core.ScaleIOPersistentVolumeSource": fill({ storageMode: "ThinProvisioned", fsType: "xfs" }),
  "core.ScaleIOVolumeSource": fill({ storageMode: "ThinProvisioned", fsType: "xfs" }),
  "core.Secret": fill({ type: "Opaque" }),
  "core.SecretVolumeSource": fill({ defaultMode: 420 }),
  "core.Service": service,
  "core.ServiceAccountTokenProjection": fill({ expirationSeconds: 3600 }),
  "core.Volume": volume,
};
