import type { GoValue } from "@tiphys/gotemplate";
import { sprint } from "@tiphys/gotemplate";
import { ArgoError, wrapError } from "../fault.ts";
import {
  deepCopy,
  groupVersionOf,
  isCustomResourceDefinition,
  isMap,
  kindOf,
  nameOf,
  namespaceOf,
  nested,
  removeNested,
  setNested,
  type Unstructured,
} from "../unstructured.ts";

/** How Argo CD marks the objects of an Application. Mirrors Argo CD v3.6.1 util/argo/resource_tracking.go. */
export type TrackingMethod = "annotation" | "label" | "annotation+label";

export const trackingAnnotation = "argocd.argoproj.io/tracking-id";
export const installationAnnotation = "argocd.argoproj.io/installation-id";
export const defaultInstanceLabel = "app.kubernetes.io/instance";
const maxLabelLength = 63;

export interface Tracking {
  readonly method: TrackingMethod;
  readonly instanceLabel: string;
  readonly installationID: string;
  /** The Application's instance name. */
  readonly application: string;
  /** Destination namespace. */
  readonly namespace: string;
}

/** `application:group/kind:namespace/name`; objects without a namespace get the destination's. */
export function trackingId(object: Unstructured, application: string, namespace: string): string {
  const { group } = groupVersionOf(object);
  return `${application}:${group}/${kindOf(object)}:${namespaceOf(object) || namespace}/${nameOf(object)}`;
}

/** A copy of the object with its marks; CRDs get none. Throws `ArgoError`. */
export function track(object: Unstructured, tracking: Tracking): Unstructured {
  if (tracking.application === "" || tracking.instanceLabel === "" || isCustomResourceDefinition(object)) return object;
  const out = deepCopy(object);
  try {
    if (tracking.method !== "label") {
      if (tracking.installationID !== "")
        setMetadata(out, "annotations", installationAnnotation, tracking.installationID);
      else removeMetadata(out, "annotations", installationAnnotation);
      setMetadata(out, "annotations", trackingAnnotation, trackingId(out, tracking.application, tracking.namespace));
    }
    if (tracking.method !== "annotation") setLabel(out, tracking);
  } catch (error) {
    throw wrapError("failed to set app instance tracking info on manifest", error);
  }
  return out;
}

function setLabel(object: Unstructured, tracking: Tracking): void {
  if (tracking.instanceLabel === "applications.argoproj.io/app-name") {
    throw new ArgoError("unsupported: the legacy label applications.argoproj.io/app-name");
  }
  try {
    // Tracking by label alone compares the whole name, so it is not cut.
    const value = tracking.method === "label" ? tracking.application : truncateLabel(tracking.application);
    setMetadata(object, "labels", tracking.instanceLabel, value);
  } catch (error) {
    throw wrapError("failed to set app instance label", error);
  }
}

/** Cuts a label to 63 characters that end in a letter or digit. Throws `ArgoError`. */
export function truncateLabel(text: string): string {
  if (text.length <= maxLabelLength) return text;
  const cut = text.slice(0, maxLabelLength).replace(/[^a-zA-Z0-9]+$/, "");
  if (cut === "") throw new ArgoError("unable to truncate label to not end with a special character");
  return cut;
}

type MetadataMap = "annotations" | "labels";

/** Annotations or labels as strings; undefined when there are none. Throws `ArgoError` for other values. */
export function metadataStrings(
  object: Unstructured,
  field: MetadataMap,
  from = "from target object",
): Map<string, GoValue> | undefined {
  const metadata = object.get("metadata");
  if (metadata !== undefined && !isMap(metadata))
    throw accessorError(object, `${field} ${from}`, `.metadata accessor error: ${wrongType(metadata)}`);
  const value = nested(metadata, field);
  if (value === undefined || value === null) return undefined;
  if (!isMap(value))
    throw accessorError(object, `${field} ${from}`, `.metadata.${field} accessor error: ${wrongType(value)}`);
  for (const key of [...value.keys()].sort()) {
    const entry = value.get(key) as GoValue;
    if (typeof entry === "string") continue;
    const text = `contains non-string value in the map under key "${key}": ${printed(entry)} is of the type ${goType(entry)}, expected string`;
    throw accessorError(object, `${field} ${from}`, `.metadata.${field} accessor error: ${text}`);
  }
  return value;
}

function accessorError(object: Unstructured, what: string, text: string): ArgoError {
  const { group, version } = groupVersionOf(object);
  const kind = `${group}/${version}, Kind=${kindOf(object)}`;
  return new ArgoError(`failed to get ${what} ${kind} ${namespaceOf(object)}/${nameOf(object)}: ${text}`);
}

function wrongType(value: GoValue): string {
  return `${printed(value)} is of the type ${goType(value)}, expected map[string]interface {}`;
}

function printed(value: GoValue): string {
  if (value === null) return "<nil>";
  return typeof value === "number" && Number.isInteger(value) ? String(value) : sprint([value]);
}

/** Go's type of decoded JSON: whole numbers are int64. */
function goType(value: GoValue): string {
  if (value === null) return "<nil>";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (Array.isArray(value)) return "[]interface {}";
  if (isMap(value)) return "map[string]interface {}";
  return typeof value === "bigint" || Number.isInteger(value) ? "int64" : "float64";
}

export function setMetadata(object: Unstructured, field: MetadataMap, key: string, value: string): void {
  const entries = new Map(metadataStrings(object, field) ?? []);
  entries.set(key, value);
  setNested(object, entries, "metadata", field);
}

/** Removes an entry; a map that is empty then goes too. */
export function removeMetadata(object: Unstructured, field: MetadataMap, key: string): void {
  const entries = metadataStrings(object, field, "for");
  if (entries === undefined || !entries.delete(key)) return;
  if (entries.size === 0) removeNested(object, "metadata", field);
}
