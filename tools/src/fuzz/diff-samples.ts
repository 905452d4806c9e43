import type { Json } from "./argocd-grammar.ts";

export type JsonMap = { [key: string]: Json };

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

export const labels: JsonMap = { app: "web", tier: "front" };
const podTemplate: JsonMap = { metadata: { labels, annotations: { sum: "1" } }, spec: podSpec };
const selector: JsonMap = { matchLabels: { app: "web" } };

/** One of each sort: patch strategies of all kinds, maps of scalars, custom kinds. */
export const samples: readonly JsonMap[] = [
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
  { apiVersion: "apps/v1", kind: "DaemonSet", spec: { selector, template: podTemplate } },
  { apiVersion: "v1", kind: "Pod", spec: podSpec },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    spec: { schedule: "* * * * *", jobTemplate: { spec: { backoffLimit: 2, template: podTemplate } } },
  },
  { apiVersion: "batch/v1", kind: "Job", spec: { completions: 1, template: podTemplate } },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    spec: {
      podSelector: selector,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }], ports: [{ port: 80 }] }],
    },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "fast" },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolume",
    spec: { capacity: { storage: "1Ti" }, accessModes: ["ReadWriteMany"], nfs: { server: "s", path: "/" } },
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
    subjects: [
      { kind: "ServiceAccount", name: "sa", namespace: "default" },
      { kind: "User", name: "u" },
    ],
  },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", rules: [{ apiGroups: ["apps"], resources: ["*"] }] },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    provisioner: "example.com/disk",
    parameters: { type: "ssd" },
    allowedTopologies: [{ matchLabelExpressions: [{ key: "zone", values: ["a", "b"] }] }],
  },
  {
    apiVersion: "v1",
    kind: "Endpoints",
    subsets: [
      { addresses: [{ ip: "10.0.0.2" }, { ip: "10.0.0.1" }], ports: [{ port: 80, name: "http" }] },
      { notReadyAddresses: [{ ip: "10.0.0.3" }], ports: [{ port: 443 }] },
    ],
  },
  { apiVersion: "v1", kind: "ResourceQuota", spec: { hard: { cpu: "10", "requests.memory": "1024Mi", pods: 5 } } },
  {
    apiVersion: "v1",
    kind: "LimitRange",
    spec: { limits: [{ type: "Container", default: { cpu: "500m" }, max: { memory: "2Gi" } }] },
  },
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", value: 1000, preemptionPolicy: "Never" },
  { apiVersion: "v1", kind: "Namespace", spec: { finalizers: ["kubernetes"] } },
  { apiVersion: "v1", kind: "Secret", stringData: { b: "text", c: "" }, data: { a: "MQ==", b: null } },
  {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    spec: { maxReplicas: 3, scaleTargetRef: { kind: "Deployment", name: "web" }, targetCPUUtilizationPercentage: 70 },
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: true } }],
    ports: [{ name: "http", port: 80 }],
  },
  {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    spec: {
      group: "x.example.com",
      version: "v1",
      service: { name: "x", namespace: "y" },
      insecureSkipTLSVerify: true,
    },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    spec: {
      matchConstraints: { resourceRules: [{ apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"] }] },
      validations: [{ expression: "true" }],
    },
  },
  {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    spec: {
      project: "default",
      source: {
        repoURL: "r",
        path: "p",
        helm: { valuesObject: { a: { b: 1 } }, parameters: [{ name: "x", value: "1" }] },
      },
      destination: { server: "s", namespace: "n" },
    },
  },
];
