import type { Profile } from "../profile.ts";

/** `InstallOrder` (pkg/release/v1/util/kind_sorter.go, Helm 4.2.4). */
const installOrder = [
  "PriorityClass",
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodSecurityPolicy",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "SecretList",
  "ConfigMap",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleList",
  "ClusterRoleBinding",
  "ClusterRoleBindingList",
  "Role",
  "RoleList",
  "RoleBinding",
  "RoleBindingList",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "StatefulSet",
  "Job",
  "CronJob",
  "IngressClass",
  "Ingress",
  "APIService",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
];

const ranks: ReadonlyMap<string, number> = new Map(installOrder.map((kind, index) => [kind, index]));
const withoutWebhooks: ReadonlyMap<string, number> = new Map(
  [...ranks].filter(([kind]) => !kind.endsWith("WebhookConfiguration")),
);

/** Compares two kinds: known ones in order of installation, then unknown ones by name. For a stable sort. */
export function compareKinds(a: string, b: string, profile: Profile): number {
  const rank = profile.ordersWebhooks ? ranks : withoutWebhooks;
  const rankA = rank.get(a);
  const rankB = rank.get(b);
  if (rankA !== undefined && rankB !== undefined) return rankA - rankB;
  if (rankA !== undefined) return -1;
  if (rankB !== undefined) return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
