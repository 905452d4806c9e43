import type { Json } from "./argocd-grammar.ts";
import { LuaGrammar } from "./lua-grammar.ts";
import type { Random } from "./random.ts";

type JsonMap = { [key: string]: Json };

const kinds = [
  "apps/v1 Deployment",
  "apps/v1 Deployment",
  "apps/v1 StatefulSet",
  "apps/v1 StatefulSet",
  "apps/v1 ReplicaSet",
  "apps/v1 DaemonSet",
  "apps/v1beta2 Deployment",
  "extensions/v1beta1 Ingress",
  "networking.k8s.io/v1 Ingress",
  "v1 Service",
  "v1 PersistentVolumeClaim",
  "v1 Pod",
  "v1 Pod",
  "v1 Pod",
  "batch/v1 Job",
  "batch/v1 Job",
  "batch/v1beta1 Job",
  "autoscaling/v1 HorizontalPodAutoscaler",
  "autoscaling/v2 HorizontalPodAutoscaler",
  "autoscaling/v2beta2 HorizontalPodAutoscaler",
  "apiregistration.k8s.io/v1 APIService",
  "argoproj.io/v1alpha1 Workflow",
  "argoproj.io/v1alpha1 Application",
  "v1 ConfigMap",
  "v1 Node",
  "example.com/v1 Widget",
  "cert-manager.io/v1 Certificate",
  "argoproj.io/v1alpha1 Rollout",
] as const;

const conditionTypes = [
  "Available",
  "Progressing",
  "ReplicaFailure",
  "Ready",
  "Failed",
  "Complete",
  "Suspended",
  "AbleToScale",
  "ScalingActive",
  "ScalingLimited",
  "Issuing",
] as const;
const reasons = [
  "ProgressDeadlineExceeded",
  "FailedGetScale",
  "FailedGetResourceMetric",
  "InvalidSelector",
  "NewReplicaSetAvailable",
  "",
] as const;
const waiting = ["ErrImagePull", "CrashLoopBackOff", "ContainerCreating", "CreateContainerConfigError", ""] as const;
const phases = [
  "Pending",
  "Running",
  "Succeeded",
  "Failed",
  "Error",
  "Bound",
  "Lost",
  "Healthy",
  "Paused",
  "Degraded",
  "",
] as const;

/** What scripts of argocd-cm may say; `{}` stands for a status. */
const scripts = [
  "return {status = {}}",
  "hs = {}\nhs.status = {}\nhs.message = obj.metadata.name\nreturn hs",
  "if obj.status ~= nil and obj.status.phase ~= nil then return {status = {}, message = obj.status.phase} end",
  'if obj.status == nil then return {status = {}, message = "waiting"} end\nreturn {status = "Healthy", deletionMessage = "going"}',
  "local m = {}\nfor k, v in pairs(obj.metadata) do table.insert(m, k) end\ntable.sort(m)\nreturn {status = {}, message = table.concat(m, ',')}",
  "return {status = {}, message = tostring(obj.spec.replicas)}",
  "return {message = 'no status'}",
  "return 'text'",
  "error('broken')",
  "return {status = {}, message = obj.none.more}",
  "return {status = {}, message = string.upper('x')}",
  "x = ",
] as const;

/** A random live object with, sometimes, scripts of argocd-cm: the files of a health case. */
export class HealthGrammar {
  readonly #random: Random;
  constructor(random: Random) {
    this.#random = random;
  }

  files(): ReadonlyMap<string, string> {
    const random = this.#random;
    const [apiVersion = "", kind = ""] = random.pick(kinds).split(" ");
    const object = {
      apiVersion,
      kind,
      metadata: this.#metadata(),
      ...(random.chance(0.95) && { spec: this.#spec() }),
      ...(random.chance(0.95) && { status: this.#status() }),
    };
    const files = new Map([["object.yaml", JSON.stringify(object)]]);
    if (random.chance(0.6)) files.set("argocd-cm.yaml", JSON.stringify(this.#configMap(apiVersion, kind)));
    return files;
  }

  #metadata(): JsonMap {
    const random = this.#random;
    const annotations: JsonMap = {
      ...(random.chance(0.2) && { "argocd.argoproj.io/ignore-restart-policy": random.pick(["true", "false"]) }),
      ...(random.chance(0.2) && { "argocd.argoproj.io/hook": random.pick(["Sync", "Skip", "PreSync,PostSync"]) }),
      ...(random.chance(0.3) && {
        "autoscaling.alpha.kubernetes.io/conditions": random.chance(0.9)
          ? JSON.stringify(this.#conditions())
          : random.pick(["[]", "", "{", "null", "{}"]),
      }),
    };
    return {
      name: "web",
      ...(random.chance(0.8) && { namespace: "x" }),
      ...(random.chance(0.7) && { generation: random.below(4) }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ...(random.chance(0.12) && { deletionTimestamp: "2024-01-02T03:04:05Z" }),
      ...(random.chance(0.15) && {
        finalizers: random.list(1, 2, () => random.pick(["a", "argocd.argoproj.io/hook-finalizer", "b/c"])),
      }),
    };
  }

  #spec(): JsonMap {
    const random = this.#random;
    const strategy = random.pick<Json>([
      { type: "OnDelete" },
      { type: "RollingUpdate", rollingUpdate: { partition: random.below(4) } },
      { type: "RollingUpdate", rollingUpdate: {} },
      { type: "RollingUpdate" },
    ]);
    return {
      ...(random.chance(0.7) && { replicas: random.below(4) }),
      ...(random.chance(0.15) && { paused: random.chance(0.7) }),
      ...(random.chance(0.5) && { updateStrategy: strategy }),
      ...(random.chance(0.7) && { restartPolicy: random.pick(["Always", "Always", "OnFailure", "Never", ""]) }),
      ...(random.chance(0.5) && { type: random.pick(["LoadBalancer", "ClusterIP"]) }),
    };
  }

  #status(): JsonMap {
    const random = this.#random;
    const status: JsonMap = {};
    for (const key of ["replicas", "updatedReplicas", "availableReplicas", "readyReplicas", "currentReplicas"])
      if (random.chance(0.75)) status[key] = random.below(4);
    for (const key of ["updatedNumberScheduled", "desiredNumberScheduled", "numberAvailable"])
      if (random.chance(0.75)) status[key] = random.below(4);
    return {
      ...status,
      ...(random.chance(0.85) && { observedGeneration: random.below(4) }),
      ...(random.chance(0.5) && { updateRevision: random.pick(["r1", "r2"]), currentRevision: "r1" }),
      ...(random.chance(0.7) && { phase: random.pick(phases) }),
      ...(random.chance(0.3) && { message: random.pick(["m", ""]) }),
      ...(random.chance(0.6) && { conditions: this.#conditions() }),
      ...(random.chance(0.4) && {
        loadBalancer: random.pick<Json>([{}, { ingress: [] }, { ingress: [{ ip: "1.2.3.4" }] }, { ingress: [{}] }]),
      }),
      ...(random.chance(0.5) && { containerStatuses: random.list(0, 2, () => this.#container()) }),
      ...(random.chance(0.2) && { initContainerStatuses: random.list(0, 2, () => this.#container()) }),
    };
  }

  #conditions(): Json[] {
    const random = this.#random;
    return random.list(0, 4, () => ({
      type: random.pick(conditionTypes),
      ...(random.chance(0.9) && { status: random.pick(["True", "False", "Unknown"]) }),
      ...(random.chance(0.6) && { reason: random.pick(reasons) }),
      ...(random.chance(0.6) && { message: random.pick(["it is", "it is not", ""]) }),
    }));
  }

  #container(): Json {
    const random = this.#random;
    const terminated = (): JsonMap => ({
      ...(random.chance(0.7) && { exitCode: random.below(3) }),
      ...(random.chance(0.4) && { reason: random.pick(["OOMKilled", "Error"]) }),
      ...(random.chance(0.3) && { message: "killed" }),
    });
    return {
      name: random.pick(["app", "side"]),
      state: random.pick<Json>([
        { running: {} },
        {},
        { waiting: { reason: random.pick(waiting), ...(random.chance(0.6) && { message: "waits" }) } },
        { terminated: terminated() },
      ]),
      ...(random.chance(0.3) && { lastState: random.pick<Json>([{}, { terminated: terminated() }]) }),
    };
  }

  #configMap(apiVersion: string, kind: string): Json {
    const random = this.#random;
    const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]}_` : "";
    const key = random.pick([group + kind, group + kind, `${group}*`, `*.io_${kind}`, "*_*"]);
    const status = random.pick(["Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown", "Odd"]);
    const isProgram = random.chance(0.6);
    const script = isProgram
      ? new LuaGrammar(random).script("Healthy")
      : random.pick(scripts).replaceAll("= {}}", `= "${status}"}`).replaceAll("status = {}", `status = "${status}"`);
    return {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cm" },
      data: {
        [`resource.customizations.health.${key}`]: script,
        ...(random.chance(isProgram ? 0.8 : 0.3) && {
          [`resource.customizations.useOpenLibs.${key}`]: isProgram
            ? "true"
            : random.pick(["true", "false", "true", "nope"]),
        }),
      },
    };
  }
}
