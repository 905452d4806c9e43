import type { GoValue } from "@tiphys/gotemplate";
import { isTrue } from "@tiphys/gotemplate";

type JsonMap = Map<string, GoValue>;

/**
 * util/argo/argo.go, NormalizeApplicationSpec on a JSON object: the project is never empty, a syncPolicy that says nothing and blocks of
 * a source that say nothing are left out. Controllers write and compare Applications like that.
 */
export function normalizeApplicationSpec(spec: JsonMap): JsonMap {
  const normalized = new Map(spec);
  if (!isTrue(spec.get("project") ?? "")) normalized.set("project", "default");
  const syncPolicy = spec.get("syncPolicy");
  const isZero =
    !(syncPolicy instanceof Map) ||
    !["automated", "retry", "managedNamespaceMetadata"].some((key) => syncPolicy.get(key) instanceof Map);
  const options = syncPolicy instanceof Map ? syncPolicy.get("syncOptions") : undefined;
  if (isZero && !(Array.isArray(options) && options.length > 0)) normalized.delete("syncPolicy");
  const sources = spec.get("sources");
  const source = spec.get("source");
  if (Array.isArray(sources) && sources.length > 0)
    normalized.set(
      "sources",
      sources.map((one) => (one instanceof Map ? normalizeSource(one) : one)),
    );
  else if (source instanceof Map) normalized.set("source", normalizeSource(source));
  return normalized;
}

function normalizeSource(source: JsonMap): JsonMap {
  const normalized = new Map(source);
  for (const key of ["helm", "kustomize"] as const) {
    const block = source.get(key);
    if (block instanceof Map && ![...block].some(([name, value]) => isTrue(value) && !ignoredInZero[key].has(name)))
      normalized.delete(key);
  }
  const directory = source.get("directory");
  if (!(directory instanceof Map)) return normalized;
  const jsonnet = directory.get("jsonnet");
  const saysMore =
    directory.get("recurse") === true ||
    directory.get("disableExtensionFilter") === true ||
    (jsonnet instanceof Map && [...jsonnet.values()].some(isTrue));
  if (saysMore) return normalized;
  const patterns = [...directory].filter(([key, value]) => (key === "include" || key === "exclude") && value !== "");
  if (patterns.length > 0) normalized.set("directory", new Map(patterns));
  else normalized.delete("directory");
  return normalized;
}

/** Fields that the types' IsZero forgets: a block with nothing else is dropped with them. */
const ignoredInZero = {
  helm: new Set<string>(),
  kustomize: new Set([
    "forceCommonLabels",
    "forceCommonAnnotations",
    "commonAnnotationsEnvsubst",
    "labelWithoutSelector",
    "labelIncludeTemplates",
  ]),
} as const;
