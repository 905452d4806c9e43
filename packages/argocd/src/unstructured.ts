import type { GoValue } from "@tiphys/gotemplate";

/**
 * A Kubernetes object as data, and the few readings of it that the rest needs.
 * Upstream: k8s.io/apimachinery pkg/apis/meta/v1/unstructured. Integers may be `bigint` or `number`.
 */
export type Unstructured = Map<string, GoValue>;

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** What names an object in a cluster; `kube.ResourceKey` upstream. */
export interface ResourceKey extends GroupKind {
  readonly namespace: string;
  readonly name: string;
}

export function isMap(value: GoValue | undefined): value is Map<string, GoValue> {
  return value instanceof Map;
}

/** The value below `fields`; undefined when a step is missing or no map. */
export function nested(object: GoValue | undefined, ...fields: readonly string[]): GoValue | undefined {
  let at: GoValue | undefined = object;
  for (const field of fields) {
    if (!isMap(at)) return undefined;
    at = at.get(field);
  }
  return at;
}

/** The string below `fields`; "" when there is none. */
export function nestedString(object: GoValue | undefined, ...fields: readonly string[]): string {
  const value = nested(object, ...fields);
  return typeof value === "string" ? value : "";
}

/** The list below `fields`; empty when there is none. */
export function nestedSlice(object: GoValue | undefined, ...fields: readonly string[]): readonly GoValue[] {
  const value = nested(object, ...fields);
  return Array.isArray(value) ? value : [];
}

/** A Go integer field: undefined when absent or null. */
export function nestedInteger(object: GoValue | undefined, ...fields: readonly string[]): number | undefined {
  return toInteger(nested(object, ...fields));
}

/** A whole number as a JavaScript number; undefined for anything else. */
export function toInteger(value: GoValue | undefined): number | undefined {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Math.trunc(value);
  return undefined;
}

export function apiVersionOf(object: Unstructured): string {
  return nestedString(object, "apiVersion");
}

export function kindOf(object: Unstructured): string {
  return nestedString(object, "kind");
}

/** Group and version of `apiVersion`; a version without `/` has the group "". */
export function groupVersionOf(object: Unstructured): { readonly group: string; readonly version: string } {
  const apiVersion = apiVersionOf(object);
  const slash = apiVersion.indexOf("/");
  if (slash < 0) return { group: "", version: apiVersion };
  // More than one "/" is no group version upstream: both parts are then empty.
  if (apiVersion.indexOf("/", slash + 1) >= 0) return { group: "", version: "" };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function groupOf(object: Unstructured): string {
  return groupVersionOf(object).group;
}

export function nameOf(object: Unstructured): string {
  return nestedString(object, "metadata", "name");
}

export function namespaceOf(object: Unstructured): string {
  return nestedString(object, "metadata", "namespace");
}

export function generateNameOf(object: Unstructured): string {
  return nestedString(object, "metadata", "generateName");
}

/** A map of strings below `fields`, null values as ""; undefined when absent or when a value is no string. */
export function nestedStringMap(
  object: GoValue | undefined,
  ...fields: readonly string[]
): ReadonlyMap<string, string> | undefined {
  const value = nested(object, ...fields);
  if (!isMap(value)) return undefined;
  const out = new Map<string, string>();
  for (const [key, entry] of value) {
    if (typeof entry === "string") out.set(key, entry);
    else if (entry === null) out.set(key, "");
    else return undefined;
  }
  return out;
}

const none: ReadonlyMap<string, string> = new Map();

export function annotationsOf(object: Unstructured): ReadonlyMap<string, string> {
  return nestedStringMap(object, "metadata", "annotations") ?? none;
}

export function finalizersOf(object: Unstructured): readonly string[] {
  const list = nestedSlice(object, "metadata", "finalizers");
  return list.every((item) => typeof item === "string") ? (list as readonly string[]) : [];
}

export function isBeingDeleted(object: Unstructured): boolean {
  return nestedString(object, "metadata", "deletionTimestamp") !== "";
}

export function resourceKeyOf(object: Unstructured): ResourceKey {
  return { group: groupOf(object), kind: kindOf(object), namespace: namespaceOf(object), name: nameOf(object) };
}

/** One string for a key, fit for a Map: `group/kind/namespace/name`. */
export function resourceKeyText(key: ResourceKey): string {
  return `${key.group}/${key.kind}/${key.namespace}/${key.name}`;
}

export function isCustomResourceDefinition(object: Unstructured): boolean {
  return kindOf(object) === "CustomResourceDefinition" && groupOf(object) === "apiextensions.k8s.io";
}

/**
 * Comma-separated values of an annotation: trimmed, empty ones and repeats left out.
 * Upstream: gitops-engine pkg/sync/resource/annotations.go.
 */
export function annotationValues(object: Unstructured, key: string): readonly string[] {
  const values = new Set<string>();
  for (const item of (annotationsOf(object).get(key) ?? "").split(",")) {
    const value = item.trim();
    if (value !== "") values.add(value);
  }
  return [...values];
}

export function hasAnnotationOption(object: Unstructured, key: string, value: string): boolean {
  return annotationValues(object, key).includes(value);
}

/** The value of `option=value` among an annotation's comma-separated values; the first one counts. */
export function annotationOption(object: Unstructured, key: string, option: string): string | undefined {
  const prefix = `${option}=`;
  const found = annotationValues(object, key).find((value) => value.startsWith(prefix));
  return found?.slice(prefix.length);
}

/** A deep copy of maps and lists; scalars and Go objects are shared. */
export function deepCopy<T extends GoValue>(value: T): T {
  return copied(value) as T;
}

function copied(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(copied);
  if (!isMap(value)) return value;
  const out = new Map<string, GoValue>();
  for (const [key, entry] of value) out.set(key, copied(entry));
  return out;
}

/** Sets `value` below `fields`, making maps on the way. */
export function setNested(object: Unstructured, value: GoValue, ...fields: readonly string[]): void {
  let at: Map<string, GoValue> = object;
  for (const field of fields.slice(0, -1)) {
    const next = at.get(field);
    if (isMap(next)) {
      at = next;
      continue;
    }
    const made = new Map<string, GoValue>();
    at.set(field, made);
    at = made;
  }
  at.set(fields[fields.length - 1] as string, value);
}

/** Removes what is below `fields`; nothing happens where it is missing. */
export function removeNested(object: Unstructured, ...fields: readonly string[]): void {
  const parent = nested(object, ...fields.slice(0, -1));
  if (isMap(parent)) parent.delete(fields[fields.length - 1] as string);
}

/** Equality of JSON data; an integer equals a float of the same value. */
export function deepEqual(a: GoValue | undefined, b: GoValue | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => deepEqual(item, b[index]));
  }
  if (isMap(a)) {
    if (!isMap(b) || a.size !== b.size) return false;
    for (const [key, value] of a) {
      if (!b.has(key) || !deepEqual(value, b.get(key))) return false;
    }
    return true;
  }
  const left = typeof a === "bigint" || typeof a === "number" ? Number(a) : undefined;
  const right = typeof b === "bigint" || typeof b === "number" ? Number(b) : undefined;
  return left !== undefined && left === right;
}
