import { isClusterScopedKind } from "../hooks/scope.ts";
import {
  defaultInstanceLabel,
  metadataStrings,
  setMetadata,
  trackingAnnotation,
  trackingId,
  type TrackingMethod,
} from "../source/tracking.ts";
import {
  annotationsOf,
  deepCopy,
  generateNameOf,
  groupOf,
  kindOf,
  nameOf,
  namespaceOf,
  nestedString,
  removeNested,
  resourceKeyOf,
  resourceKeyText,
  setNested,
  type ResourceKey,
  type Unstructured,
} from "../unstructured.ts";

export interface TargetOptions {
  /** The Application's name. */
  readonly application: string;
  /** Destination namespace. */
  readonly namespace: string;
  /** True for kinds without a namespace; the default knows Kubernetes' own and common custom ones. */
  readonly isClusterScoped?: (group: string, kind: string) => boolean;
  /** Default: by annotation. */
  readonly trackingMethod?: TrackingMethod;
  readonly instanceLabel?: string;
}

export interface TargetObjects {
  /** Each object once: of several with the same key the last one, at the place of the first. */
  readonly objects: readonly Unstructured[];
  /** What stands more than once among the manifests. */
  readonly repeated: readonly { readonly key: ResourceKey; readonly times: number }[];
}

/**
 * The manifests of an Application as the controller takes them: in the namespace that they land in, with tracking to match, each
 * once. Mirrors Argo CD v3.6.1 controller/state.go, NormalizeTargetObjects, for tracking by annotation; upstream's order is random.
 */
export function normalizeTargetObjects(manifests: readonly Unstructured[], options: TargetOptions): TargetObjects {
  const byKey = new Map<string, { key: ResourceKey; objects: Unstructured[] }>();
  manifests.forEach((manifest, index) => {
    const object = inNamespace(manifest, options);
    const key = resourceKeyOf(object);
    const generated = generateNameOf(object);
    // Each object with a generated name is one of its own.
    const text = resourceKeyText(key.name === "" && generated !== "" ? { ...key, name: `${generated}${index}` } : key);
    const known = byKey.get(text);
    if (known === undefined) byKey.set(text, { key, objects: [object] });
    else known.objects.push(object);
  });
  const groups = [...byKey.values()];
  return {
    objects: groups.map(({ objects }) => objects.at(-1) as Unstructured),
    repeated: groups.flatMap(({ key, objects }) => (objects.length > 1 ? [{ key, times: objects.length }] : [])),
  };
}

function inNamespace(manifest: Unstructured, options: TargetOptions): Unstructured {
  const isClusterScoped = (options.isClusterScoped ?? isClusterScopedKind)(groupOf(manifest), kindOf(manifest));
  const own = namespaceOf(manifest);
  if (isClusterScoped ? own === "" : own !== "") return manifest;
  const object = deepCopy(manifest);
  if (isClusterScoped) removeNested(object, "metadata", "namespace");
  else setNested(object, options.namespace, "metadata", "namespace");
  if (annotationsOf(object).has(trackingAnnotation) && metadataStrings(object, "annotations") !== undefined)
    setMetadata(object, "annotations", trackingAnnotation, trackingId(object, options.application, options.namespace));
  return object;
}

export interface ComparedPair {
  /** undefined: exists, but is no longer wanted. */
  readonly target: Unstructured | undefined;
  /** undefined: does not exist yet. */
  readonly live: Unstructured | undefined;
}

/**
 * Desired and live objects of an Application in pairs, desired ones first. Live ones without a desired one count when their tracking
 * annotation names the Application and the object itself, or under tracking by label, when their label names the Application. Mirrors Argo CD v3.6.1 controller/state.go and gitops-engine's Reconcile.
 */
export function managedResources(
  targets: readonly Unstructured[],
  live: readonly Unstructured[],
  options: TargetOptions,
): ComparedPair[] {
  const rest = new Map(live.map((object) => [resourceKeyText(clusterKey(object, options)), object]));
  const resources: ComparedPair[] = [];
  for (const target of targets) {
    const key = resourceKeyText(clusterKey(target, options));
    resources.push({ target, live: rest.get(key) });
    rest.delete(key);
  }
  for (const object of rest.values()) if (isOwned(object, options)) resources.push({ target: undefined, live: object });
  return resources;
}

function clusterKey(
  object: Unstructured,
  { namespace, isClusterScoped = isClusterScopedKind }: TargetOptions,
): ResourceKey {
  const key = resourceKeyOf(object);
  return { ...key, namespace: isClusterScoped(key.group, key.kind) ? "" : key.namespace || namespace };
}

/** A tracking annotation that was copied from another object says nothing. Upstream: isSelfReferencedObj. */
function isOwned(object: Unstructured, options: TargetOptions): boolean {
  const { application, trackingMethod = "annotation", instanceLabel = defaultInstanceLabel } = options;
  if (trackingMethod === "label") return nestedString(object, "metadata", "labels", instanceLabel) === application;
  const match = /^([^:]*):([^/:]*)\/([^:]*):([^/]*)\/(.*)$/.exec(annotationsOf(object).get(trackingAnnotation) ?? "");
  if (match === null || match[1] !== application) return false;
  const [, , group, kind, namespace, name] = match;
  const own = namespaceOf(object);
  return (
    group === groupOf(object) && kind === kindOf(object) && name === nameOf(object) && (own === "" || own === namespace)
  );
}
