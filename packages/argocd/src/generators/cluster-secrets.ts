import type { GoValue } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import { nestedString } from "../unstructured.ts";
import type { ClusterSecret } from "./clusters.ts";

/** A Secret as read, and where. */
export interface SecretDocument {
  readonly value: GoValue;
  readonly origin: Origin;
}

/**
 * Cluster Secrets from manifests: `data` is base64, `stringData` plain and stronger, as the API server has it. What is no map is
 * left out; whether a Secret is a cluster is decided by its labels later.
 */
export function readClusterSecrets(documents: Iterable<SecretDocument>): ClusterSecret[] {
  const secrets: ClusterSecret[] = [];
  for (const { value, origin } of documents) {
    if (!(value instanceof Map)) continue;
    const metadata = value.get("metadata");
    const data = new Map<string, string>();
    for (const [key, text] of strings(value.get("data"))) data.set(key, decoded(text));
    for (const [key, text] of strings(value.get("stringData"))) data.set(key, text);
    const of = (key: string) => new Map(strings(metadata instanceof Map ? metadata.get(key) : undefined));
    secrets.push({
      name: nestedString(value, "metadata", "name"),
      namespace: nestedString(value, "metadata", "namespace"),
      labels: of("labels"),
      annotations: of("annotations"),
      data,
      origin,
    });
  }
  return secrets;
}

function decoded(text: string): string {
  try {
    return atob(text.replace(/[\r\n]/g, ""));
  } catch {
    return "";
  }
}

function strings(value: GoValue | undefined): [string, string][] {
  if (!(value instanceof Map)) return [];
  return [...value].filter((entry): entry is [string, string] => typeof entry[1] === "string");
}
