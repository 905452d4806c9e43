import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { FileTree } from "@tiphys/source";
import { readYaml, toPlain, YamlError } from "@tiphys/source";
import type { InventoryRelease } from "../inventory-model.ts";

/** The ExternalSecrets that a person fills in for a release with encrypted values. The keys stand in the clear in SOPS files; values are never read. */
export function externalSecretSkeleton(release: InventoryRelease, tree: FileTree): string | undefined {
  const files = [...new Set(release.occurrences.flatMap(({ secretFiles }) => secretFiles))];
  const isSecret = release.occurrences.some(({ reasons }) =>
    reasons.some(({ code }) => code === "sops-secrets" || code === "secret-reference" || code === "secret-variable"),
  );
  if (!isSecret) return undefined;
  const variables = release.occurrences.flatMap(({ reasons }) =>
    reasons.flatMap(({ code, detail }) => (code === "secret-variable" && detail !== undefined ? [detail] : [])),
  );
  const keys = [...new Set([...files.flatMap((file) => keysOf(tree, file)), ...variables])].toSorted();
  const name = `${release.name}-values`;
  const entry = (key: string): string =>
    `    - secretKey: ${key.replace(/[^\w.-]/g, "_")}\n      remoteRef: { key: FILL-IN/${release.name}, property: ${key} }\n`;
  return `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: ${name}
  namespace: ${release.namespace === "" ? "default" : release.namespace}
spec:
  refreshInterval: 1h
  secretStoreRef: { kind: ClusterSecretStore, name: FILL-IN }
  target: { name: ${name} }
  data:
${keys.length === 0 ? "    # One entry for each secret value; the keys could not be read.\n" : keys.map(entry).join("")}`;
}

/** Paths of the leaves of an encrypted YAML file, without SOPS' own part. */
function keysOf(tree: FileTree, file: string): string[] {
  const bytes = tree.read(file);
  if (bytes === undefined) return [];
  try {
    const value = toPlain(readYaml(bytesToByteString(bytes)).value);
    return leaves(value, "").filter((path) => path !== "sops" && !path.startsWith("sops."));
  } catch (error) {
    if (error instanceof YamlError) return [];
    throw error;
  }
}

function leaves(value: unknown, path: string): string[] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return path === "" ? [] : [path];
  return Object.entries(value).flatMap(([key, item]) =>
    leaves(item, path === "" ? fromByteString(key) : `${path}.${fromByteString(key)}`),
  );
}
