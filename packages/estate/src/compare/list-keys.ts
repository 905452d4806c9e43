/**
 * The fields that identify an item of a list, by the list's field name: the `x-kubernetes-list-map-keys` and
 * `patchMergeKey` of the Kubernetes API (v1.37, `api/openapi-spec`). Lists that are not named here compare by position.
 */
const keysByField: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["containers", [["name"]]],
  ["initContainers", [["name"]]],
  ["ephemeralContainers", [["name"]]],
  ["volumes", [["name"]]],
  ["volumeMounts", [["mountPath"]]],
  ["volumeDevices", [["devicePath"]]],
  ["env", [["name"]]],
  ["ports", [["containerPort", "protocol"], ["port", "protocol"], ["name"]]],
  ["imagePullSecrets", [["name"]]],
  ["hostAliases", [["ip"]]],
  ["topologySpreadConstraints", [["topologyKey", "whenUnsatisfiable"]]],
  ["volumeClaimTemplates", [["metadata.name"]]],
  ["conditions", [["type"]]],
  ["webhooks", [["name"]]],
  ["versions", [["name"]]],
  ["ownerReferences", [["uid"]]],
  ["subjects", [["kind", "namespace", "name"]]],
  ["groups", [["name"]]],
  ["rules", [["alert"], ["record"], ["host"]]],
  ["endpoints", [["port", "path"]]],
]);

/**
 * A string that identifies each item of the list under `field`, or undefined when the items have no usable key (an item
 * is no map, lacks the key, or two items share one): the list then compares by position.
 */
export function itemKeys(field: string, items: readonly unknown[]): string[] | undefined {
  for (const fields of keysByField.get(field) ?? []) {
    const keys = items.map((item) => itemKey(item, fields));
    if (keys.every((key) => key !== undefined) && new Set(keys).size === keys.length) return keys as string[];
  }
  return undefined;
}

function itemKey(item: unknown, fields: readonly string[]): string | undefined {
  const parts: string[] = [];
  let found = false;
  for (const field of fields) {
    let value: unknown = item;
    for (const step of field.split(".")) {
      if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
      value = (value as Record<string, unknown>)[step];
    }
    if (value !== undefined && value !== null) {
      found = true;
      if (typeof value === "object") return undefined;
    }
    parts.push(value === undefined || value === null ? "" : String(value));
  }
  return found && parts[0] !== "" ? parts.join("/").replace(/\/+$/, "") : undefined;
}
