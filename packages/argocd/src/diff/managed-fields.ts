import type { GoValue } from "@tiphys/gotemplate";
import { deepEqual, isMap, nestedSlice, nestedString, type Unstructured } from "../unstructured.ts";

/**
 * Removes from both sides what differs and belongs to one of `managers` on the live side. Lists count as a whole, as upstream does
 * without the schema of a cluster. Mirrors Argo CD v3.6.1 util/argo/managedfields with structured-merge-diff's deduced type.
 */
export function removeManagedFields(
  live: Unstructured,
  target: Unstructured,
  managers: readonly string[],
): { live: Unstructured; target: Unstructured } {
  let out = { live, target };
  const modified = modifiedPaths(live, target);
  for (const entry of nestedSlice(live, "metadata", "managedFields")) {
    if (!managers.includes(nestedString(entry, "manager"))) continue;
    const owned = isMap(entry) ? (entry.get("fieldsV1") ?? null) : null;
    const remove = modified.filter((path) => owns(owned, path));
    if (remove.length > 0) out = { live: without(out.live, remove), target: without(out.target, remove) };
  }
  return out;
}

/** Paths of values that both sides have and that differ. */
function modifiedPaths(live: ReadonlyMap<string, GoValue>, target: ReadonlyMap<string, GoValue>): string[][] {
  const paths: string[][] = [];
  for (const [key, wanted] of target) {
    const value = live.get(key);
    if (value === undefined) continue;
    if (isMap(value) && isMap(wanted)) {
      for (const path of modifiedPaths(value, wanted)) paths.push([key, ...path]);
    } else if (!deepEqual(value, wanted)) {
      paths.push([key]);
    }
  }
  return paths;
}

/** Whether a FieldsV1 tree names the path itself: its last step is a leaf or has a `.`. */
function owns(fields: GoValue, path: readonly string[]): boolean {
  let at: GoValue = fields;
  for (const key of path) {
    const next: GoValue | undefined = isMap(at) ? at.get(`f:${key}`) : undefined;
    if (next === undefined) return false;
    at = next;
  }
  return !isMap(at) || at.size === 0 || at.has(".");
}

/** A copy without the values at `paths`; a map of which nothing is left becomes null, as upstream has it. */
function without(object: Unstructured, paths: readonly (readonly string[])[]): Unstructured {
  const out = new Map(object);
  for (const key of new Set(paths.map(([first]) => first as string))) {
    const inner = paths.filter(([first]) => first === key).map((path) => path.slice(1));
    const value = out.get(key);
    if (inner.some((path) => path.length === 0)) out.delete(key);
    else if (isMap(value)) {
      const rest = without(value, inner);
      out.set(key, rest.size > 0 ? rest : null);
    }
  }
  return out;
}
