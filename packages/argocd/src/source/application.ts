import type { GoValue } from "@tiphys/gotemplate";
import { decodeStruct } from "../api/decode.ts";
import { structType } from "../api/schema.ts";
import { nested, nestedString, type Unstructured } from "../unstructured.ts";

/** A source of an Application as decoded: a map of its fields by JSON name. */
export type ApplicationSource = Map<string, GoValue>;

/** What rendering needs of an Application. */
export interface ApplicationToRender {
  readonly name: string;
  readonly namespace: string;
  /** The name that tracking and build variables use: `namespace_name` outside of the control plane's namespace. */
  readonly instanceName: string;
  readonly project: string;
  readonly destinationNamespace: string;
  readonly destinationCluster: string;
  readonly sources: readonly ApplicationSource[];
  /** `spec.sources` is used: `$ref` has a meaning then. */
  readonly hasMultipleSources: boolean;
  /** Sources come from a hydrator, whose output branch cannot be known here. */
  readonly isHydrated: boolean;
}

export const defaultControlPlane = "argocd";

/** Reads an Application object. Throws `DecodeError` when it does not fit the API. */
export function readApplication(object: Unstructured, controlPlane = defaultControlPlane): ApplicationToRender {
  const application = decodeStruct(object, structType("Application"));
  const name = nestedString(application, "metadata", "name");
  const namespace = nestedString(application, "metadata", "namespace") || controlPlane;
  const list = nested(application, "spec", "sources");
  const sources = Array.isArray(list) ? list.filter((item): item is ApplicationSource => item instanceof Map) : [];
  const single = nested(application, "spec", "source");
  const hasMultipleSources = sources.length > 0;
  return {
    name,
    namespace,
    instanceName: namespace === controlPlane ? name : `${namespace}_${name}`,
    project: nestedString(application, "spec", "project"),
    destinationNamespace: nestedString(application, "spec", "destination", "namespace"),
    destinationCluster:
      nestedString(application, "spec", "destination", "server") ||
      nestedString(application, "spec", "destination", "name"),
    sources: hasMultipleSources ? sources : single instanceof Map ? [single] : [],
    hasMultipleSources,
    isHydrated: nested(application, "spec", "sourceHydrator") instanceof Map,
  };
}

export type SourceType = "Helm" | "Kustomize" | "Directory" | "Plugin";

export function isOci(source: ApplicationSource): boolean {
  return nestedString(source, "repoURL").startsWith("oci://");
}

export function isHelmRepository(source: ApplicationSource): boolean {
  return nestedString(source, "chart") !== "";
}
