import type { Diagnostic, Origin, Plain } from "@tiphys/source";
import { readYaml, toPlain, YamlError } from "@tiphys/source";
import { yamlDiagnostic } from "./estate-file.ts";

/** One Kubernetes object as it would be applied. */
export interface RenderedObject {
  /** `group/Kind/namespace/name`; the namespace is "" for cluster-scoped kinds, the group "" for core. */
  readonly key: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** The namespace that it lands in. */
  readonly namespace: string;
  readonly name: string;
  /** True when the object names no namespace itself and takes the installation's. */
  readonly namespaceInjected: boolean;
  /** Values of `helm.sh/hook`, lower case; empty for ordinary objects. */
  readonly helmHooks: readonly string[];
  readonly value: Readonly<Record<string, Plain>>;
  /** The template or manifest file that it came from. */
  readonly origin: Origin;
}

/** A rendered document: text of one YAML document (a byte string) and the file that made it. */
export interface RenderedDocument {
  readonly source: string;
  readonly text: string;
  /** Line of the source at which a committed manifest's document begins. */
  readonly line?: number;
}

/**
 * The objects of rendered documents, in their order: empty documents are skipped, Lists flattened. What is no object comes back as a
 * diagnostic. Mirrors how Argo CD reads manifests (gitops-engine v3.6.1, pkg/utils/kube/kube.go SplitYAML).
 */
export function readObjects(
  documents: readonly RenderedDocument[],
  installationNamespace: string,
): { objects: RenderedObject[]; diagnostics: Diagnostic[] } {
  const objects: RenderedObject[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const document of documents) {
    let value: Plain;
    try {
      value = toPlain(readYaml(document.text).value);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      diagnostics.push(yamlDiagnostic(document.source, error, "manifest-not-yaml"));
      continue;
    }
    if (value === null) continue;
    collect(value, { document, installationNamespace, objects, diagnostics });
  }
  return { objects, diagnostics };
}

interface Collecting {
  readonly document: RenderedDocument;
  readonly installationNamespace: string;
  readonly objects: RenderedObject[];
  readonly diagnostics: Diagnostic[];
}

function collect(value: Plain, into: Collecting): void {
  const origin: Origin = {
    file: into.document.source,
    ...(into.document.line === undefined ? {} : { line: into.document.line }),
  };
  if (!isMap(value) || typeof value["kind"] !== "string" || typeof value["apiVersion"] !== "string") {
    into.diagnostics.push({
      code: "manifest-not-an-object",
      severity: "error",
      message: "a document without apiVersion and kind cannot be applied",
      origin,
    });
    return;
  }
  if (value["kind"].endsWith("List") && Array.isArray(value["items"])) {
    for (const item of value["items"] as readonly Plain[]) collect(item, into);
    return;
  }
  into.objects.push(describeObject(value, origin, into.installationNamespace));
}

/** An object with its key and where it lands. */
export function describeObject(
  value: Readonly<Record<string, Plain>>,
  origin: Origin,
  installationNamespace: string,
): RenderedObject {
  const apiVersion = String(value["apiVersion"]);
  const kind = String(value["kind"]);
  const metadata = isMap(value["metadata"] ?? null) ? (value["metadata"] as Readonly<Record<string, Plain>>) : {};
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const own =
    typeof metadata["namespace"] === "string" && metadata["namespace"] !== "" ? metadata["namespace"] : undefined;
  const clusterScoped = isClusterScoped(group, kind);
  const namespace = clusterScoped ? "" : (own ?? (installationNamespace === "" ? "default" : installationNamespace));
  const name = typeof metadata["name"] === "string" ? metadata["name"] : `${String(metadata["generateName"] ?? "")}*`;
  const annotations = metadata["annotations"];
  const hook = isMap(annotations ?? null)
    ? (annotations as Readonly<Record<string, Plain>>)["helm.sh/hook"]
    : undefined;
  return {
    key: `${group}/${kind}/${namespace}/${name}`,
    apiVersion,
    kind,
    namespace,
    name,
    namespaceInjected: !clusterScoped && own === undefined,
    helmHooks: typeof hook === "string" ? hook.split(",").map((event) => event.trim().toLowerCase()) : [],
    value,
    origin,
  };
}

/** Whether an object is a Helm test and nothing else. */
export function isHelmTest({ helmHooks }: Pick<RenderedObject, "helmHooks">): boolean {
  return (
    helmHooks.length > 0 &&
    helmHooks.every((hook) => hook === "test" || hook === "test-success" || hook === "test-failure")
  );
}

function isMap(value: Plain): value is Readonly<Record<string, Plain>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Cluster-scoped kinds of Kubernetes 1.37 and of the operators whose CRDs estates most often hold, by group. */
const clusterScopedKinds: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["", new Set(["Namespace", "Node", "PersistentVolume", "ComponentStatus"])],
  ["admissionregistration.k8s.io", new Set(["*"])],
  ["apiextensions.k8s.io", new Set(["*"])],
  ["apiregistration.k8s.io", new Set(["*"])],
  ["authentication.k8s.io", new Set(["*"])],
  ["certificates.k8s.io", new Set(["CertificateSigningRequest", "ClusterTrustBundle"])],
  ["flowcontrol.apiserver.k8s.io", new Set(["*"])],
  ["networking.k8s.io", new Set(["IngressClass", "IPAddress", "ServiceCIDR"])],
  ["node.k8s.io", new Set(["*"])],
  ["policy", new Set(["PodSecurityPolicy"])],
  ["rbac.authorization.k8s.io", new Set(["ClusterRole", "ClusterRoleBinding"])],
  ["resource.k8s.io", new Set(["DeviceClass", "ResourceSlice"])],
  ["scheduling.k8s.io", new Set(["PriorityClass"])],
  ["storage.k8s.io", new Set(["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment", "VolumeAttributesClass"])],
  ["cert-manager.io", new Set(["ClusterIssuer"])],
  ["external-secrets.io", new Set(["ClusterSecretStore", "ClusterExternalSecret", "ClusterPushSecret"])],
  ["gateway.networking.k8s.io", new Set(["GatewayClass"])],
  ["kyverno.io", new Set(["ClusterPolicy", "ClusterCleanupPolicy"])],
  ["snapshot.storage.k8s.io", new Set(["VolumeSnapshotClass", "VolumeSnapshotContent"])],
  ["templates.gatekeeper.sh", new Set(["*"])],
  ["constraints.gatekeeper.sh", new Set(["*"])],
  ["karpenter.sh", new Set(["*"])],
]);

/** Whether objects of the kind have no namespace. Unknown kinds count as namespaced, on both sides of a comparison alike. */
export function isClusterScoped(group: string, kind: string): boolean {
  const kinds = clusterScopedKinds.get(group);
  return kinds !== undefined && (kinds.has("*") || kinds.has(kind));
}
