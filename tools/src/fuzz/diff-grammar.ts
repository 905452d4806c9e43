import type { Json } from "./argocd-grammar.ts";
import type { Random } from "./random.ts";

type JsonMap = { [key: string]: Json };

const container: JsonMap = {
  name: "app",
  image: "nginx:1.25",
  env: [
    { name: "A", value: "1" },
    { name: "B", value: "2" },
  ],
  ports: [{ containerPort: 8080, name: "http", protocol: "TCP" }],
  resources: { limits: { cpu: "1000m", memory: "1Gi" }, requests: { cpu: 0.5 } },
  args: ["-v", "-x"],
};

const podSpec: JsonMap = {
  containers: [container, { name: "side", image: "side:1" }],
  initContainers: [{ name: "init", image: "init:1" }],
  volumes: [
    { name: "cfg", configMap: { name: "cfg" } },
    { name: "tmp", emptyDir: {} },
  ],
  tolerations: [{ key: "a", operator: "Exists" }],
  nodeSelector: { disk: "ssd" },
  terminationGracePeriodSeconds: 30,
};

const labels: JsonMap = { app: "web", tier: "front" };
const podTemplate: JsonMap = { metadata: { labels, annotations: { sum: "1" } }, spec: podSpec };
const selector: JsonMap = { matchLabels: { app: "web" } };

/** One of each sort: patch strategies of all kinds, maps of scalars, custom kinds. */
const samples: readonly JsonMap[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    spec: {
      replicas: 3,
      selector,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 1 } },
      template: podTemplate,
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    spec: {
      replicas: 1,
      serviceName: "web",
      selector,
      template: podTemplate,
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    spec: {
      type: "ClusterIP",
      selector: { app: "web" },
      ports: [
        { port: 80, targetPort: 8080, name: "http" },
        { port: 443, targetPort: "https", name: "https" },
      ],
    },
  },
  { apiVersion: "v1", kind: "ConfigMap", data: { a: "1", "b.yaml": "x: 1\n", c: "" } },
  { apiVersion: "v1", kind: "Secret", type: "Opaque", data: { a: "MQ==", b: "" } },
  { apiVersion: "v1", kind: "ServiceAccount", secrets: [{ name: "one" }], imagePullSecrets: [{ name: "pull" }] },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    spec: {
      minAvailable: 1,
      selector: { matchLabels: { app: "web", tier: "front" }, matchExpressions: [{ key: "x", operator: "Exists" }] },
    },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    spec: {
      ingressClassName: "nginx",
      rules: [
        {
          host: "a.example.com",
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } }],
          },
        },
      ],
      tls: [{ hosts: ["a.example.com"], secretName: "tls" }],
    },
  },
  {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    spec: {
      minReplicas: 1,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
      ],
    },
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }],
    aggregationRule: { clusterRoleSelectors: [selector] },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    webhooks: [
      {
        name: "a.example.com",
        clientConfig: { caBundle: "Q0E=", service: { name: "hook", namespace: "x" } },
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
      },
      {
        name: "b.example.com",
        clientConfig: { url: "https://b" },
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
      },
    ],
  },
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    spec: {
      group: "example.com",
      names: { kind: "Widget", plural: "widgets" },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true }],
    },
  },
  {
    apiVersion: "example.com/v1",
    kind: "Widget",
    spec: {
      size: 3,
      ratio: 0.5,
      list: [{ name: "a", value: 1 }, { name: "b" }],
      deep: { er: { est: true, text: "x" }, gone: null },
      tags: ["x", "y"],
    },
  },
  {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    spec: {
      replicas: 2,
      selector,
      template: podTemplate,
      strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } },
    },
  },
];

const jqExpressions = [
  ".spec.template.spec.containers[].image",
  '.spec.template.spec.containers[] | select(.name == "app") | .resources',
  '.spec.template.spec.containers[] | select(.name == "app").env[] | select(.name == "A")',
  ".spec.template.spec.initContainers[0]",
  ".webhooks[]?.clientConfig.caBundle",
  ".spec.ports[].targetPort",
  ".data | keys[]",
  '.data["b.yaml"]',
  ".spec.metrics[0].resource.target",
  '.spec.list[] | select(.name == "b")',
  ".spec.deep.er",
  ".metadata.labels.tier, .metadata.annotations",
  ".spec.selector.matchLabels.tier",
  ".spec.rules[].http.paths[0].backend",
  ".status",
];

/** A random pair of live and desired object with the rules by which they are compared: the files of a diff case. */
export class DiffGrammar {
  readonly #random: Random;
  readonly #asksForTarget: boolean;
  /** With `asksForTarget` the case also asks what a sync applies that respects the rules. */
  constructor(random: Random, asksForTarget: boolean) {
    this.#random = random;
    this.#asksForTarget = asksForTarget;
  }

  files(): ReadonlyMap<string, string> {
    const random = this.#random;
    const target = structuredClone(random.pick(samples));
    target["metadata"] = this.#metadata();
    this.#mutate(target, random.below(3), target);
    const live = structuredClone(target);
    this.#mutate(live, 1 + random.below(6), live);
    this.#grow(live);
    const files = new Map<string, string>();
    if (random.chance(0.97)) files.set("live.yaml", JSON.stringify(live));
    if (random.chance(0.97) || files.size === 0) files.set("target.yaml", JSON.stringify(target));
    if (random.chance(0.9))
      files.set("ignore-differences.yaml", JSON.stringify(random.list(1, 3, () => this.#rule(live))));
    if (random.chance(0.2)) files.set("argocd-cm.yaml", JSON.stringify(this.#configMap(live)));
    if (this.#asksForTarget) files.set("options.json", JSON.stringify({ respectIgnoreDifferences: true }));
    return files;
  }

  #metadata(): JsonMap {
    const random = this.#random;
    return {
      name: "web",
      namespace: "default",
      ...(random.chance(0.6) && { labels: structuredClone(labels) }),
      ...(random.chance(0.5) && { annotations: { note: "1", "example.com/x": "y" } }),
      ...(random.chance(0.2) && { finalizers: ["example.com/a"] }),
    };
  }

  /** What the server and other controllers add. */
  #grow(live: JsonMap): void {
    const random = this.#random;
    const metadata = live["metadata"] as JsonMap;
    if (random.chance(0.6))
      Object.assign(metadata, {
        uid: "u-1",
        resourceVersion: "7",
        creationTimestamp: "2024-01-02T03:04:05Z",
        generation: 2,
      });
    if (random.chance(0.4))
      live["status"] = { observedGeneration: 2, conditions: [{ type: "Available", status: "True" }] };
    if (random.chance(0.3))
      metadata["annotations"] = {
        ...(metadata["annotations"] as JsonMap | undefined),
        "deployment.kubernetes.io/revision": "3",
      };
    if (random.chance(0.3)) metadata["finalizers"] = ["example.com/a", "example.com/b"];
    if (random.chance(0.2))
      metadata["ownerReferences"] = [{ apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: "u-0" }];
  }

  #mutate(value: JsonMap, times: number, object: JsonMap): void {
    for (let i = 0; i < times; i++) this.#mutateOnce(value, object);
  }

  #mutateOnce(value: Json, object: JsonMap): void {
    const random = this.#random;
    if (Array.isArray(value)) {
      if (value.length === 0) return;
      const at = random.below(value.length + 1);
      const item = value[at];
      if (item !== null && typeof item === "object" && random.chance(0.7)) this.#mutateOnce(item, object);
      else if (item === undefined || random.chance(0.3)) value.splice(at, 0, this.#another(value));
      else if (random.chance(0.4)) value.splice(at, 1);
      else if (random.chance(0.35)) value.reverse();
      else if (item === null || typeof item !== "object") value[at] = this.#scalarLike(item);
      return;
    }
    if (value === null || typeof value !== "object") return;
    const keys = Object.keys(value).filter(
      (key) =>
        value !== object ||
        !["apiVersion", "kind", "metadata"].includes(key) ||
        (key === "metadata" && random.chance(0.3)),
    );
    const key = keys.length === 0 ? undefined : random.pick(keys);
    const inner = key === undefined ? undefined : value[key];
    if (key === undefined || key === "name" || key === "namespace") return;
    if (inner !== null && typeof inner === "object" && random.chance(0.85)) this.#mutateOnce(inner, object);
    else if (random.chance(0.2) && key !== "metadata") delete value[key];
    else if (random.chance(0.15) && value !== object) value[`x${random.below(3)}`] = "added";
    else if (inner === null || typeof inner !== "object") value[key] = this.#scalarLike(inner ?? null);
  }

  #another(list: readonly Json[]): Json {
    const random = this.#random;
    const like = random.pick(list);
    if (like === null || typeof like !== "object") return this.#scalarLike(like);
    const copy = structuredClone(like) as JsonMap;
    // The API server lets only variables repeat a name.
    const names = copy["value"] === undefined ? 1_000_000 : 2;
    if (typeof copy["name"] === "string") copy["name"] = `${copy["name"]}-${random.below(names)}`;
    if (typeof copy["port"] === "number") copy["port"] = 8000 + random.below(9);
    return copy;
  }

  #scalarLike(value: Json): Json {
    const random = this.#random;
    if (typeof value === "number") return random.below(9);
    if (typeof value === "boolean") return !value;
    if (typeof value === "string" && /^\d+m?$|Gi$/.test(value))
      return random.pick(["500m", "2Gi", "1", "1024Mi", "1000m"]);
    return random.pick(["other", "x", "y", "1", "changed"]);
  }

  #rule(live: JsonMap): Json {
    const random = this.#random;
    const apiVersion = String(live["apiVersion"]);
    const group = apiVersion.includes("/") ? apiVersion.split("/")[0]! : "";
    const rule: JsonMap = { kind: random.chance(0.9) ? live["kind"]! : "*" };
    if (group !== "" || random.chance(0.2)) rule["group"] = random.chance(0.85) ? group : "*";
    if (random.chance(0.15)) rule["name"] = random.pick(["web", "other"]);
    if (random.chance(0.15)) rule["namespace"] = random.pick(["default", "other"]);
    if (random.chance(0.75)) rule["jsonPointers"] = random.list(1, 3, () => this.#pointer(live));
    else rule["jqPathExpressions"] = random.list(1, 2, () => random.pick(jqExpressions));
    return rule;
  }

  /** A path that mostly leads somewhere. */
  #pointer(object: JsonMap): string {
    const random = this.#random;
    const steps: string[] = [];
    let at: Json = object;
    while (
      at !== null &&
      typeof at === "object" &&
      Object.keys(at).length > 0 &&
      (steps.length < 2 || random.chance(0.75))
    ) {
      const keys: string[] = Object.keys(at).filter((key) => steps.length > 0 || !["apiVersion", "kind"].includes(key));
      if (keys.length === 0) break;
      const key = random.pick(keys);
      if (steps[0] === "metadata" && ["name", "namespace"].includes(key)) break;
      steps.push(key);
      at = (at as JsonMap)[key] ?? null;
    }
    if (random.chance(0.06)) steps.push(random.pick(["nope", "0", "-1"]));
    return steps.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  }

  #configMap(live: JsonMap): Json {
    const apiVersion = String(live["apiVersion"]);
    const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]}_` : "";
    const pointers = this.#random
      .list(1, 2, () => this.#pointer(live))
      .map((pointer) => `- ${JSON.stringify(pointer)}\n`);
    const key = `resource.customizations.ignoreDifferences.${this.#random.chance(0.8) ? group + String(live["kind"]) : "all"}`;
    return {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "argocd-cm" },
      data: { [key]: `jsonPointers:\n${pointers.join("")}` },
    };
  }
}
