import { bytesToByteString, type GoValue } from "@tiphys/gotemplate";
import { readYaml, YamlError } from "@tiphys/source";
import { decodeStruct } from "../api/decode.ts";
import { encodeStruct } from "../api/encode.ts";
import { findField, structType, type GoType } from "../api/schema.ts";
import { ArgoError, lineIn, wrapError } from "../fault.ts";
import { deepCopy, isMap } from "../unstructured.ts";
import type { ApplicationSource, SourceType } from "./application.ts";
import { treePath, type SourceRoot } from "./source-root.ts";

const kustomizationNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Fields of a source that `.argocd-source.yaml` cannot change. */
const protectedFields = ["chart", "path", "repoURL", "targetRevision"];

/** RFC 7386. */
export function mergePatch(target: GoValue, patch: GoValue): GoValue {
  if (!isMap(patch)) return patch;
  const out = new Map(isMap(target) ? target : []);
  for (const [key, value] of patch) {
    if (value === null) out.delete(key);
    else out.set(key, mergePatch(out.get(key) ?? null, value));
  }
  return out;
}

/**
 * The source after `.argocd-source.yaml` and `.argocd-source-<application>.yaml` of its folder.
 * Mirrors Argo CD v3.6.1 mergeSourceParameters. Throws `ArgoError`.
 */
export function mergeSourceParameters(
  source: ApplicationSource,
  root: SourceRoot,
  folder: string,
  applicationName: string,
): ApplicationSource {
  const type = structType("ApplicationSource");
  let merged = source;
  const names = [".argocd-source.yaml", ...(applicationName === "" ? [] : [`.argocd-source-${applicationName}.yaml`])];
  for (const name of names) {
    const bytes = root.tree.read(treePath(root, folder === "" ? name : `${folder}/${name}`));
    if (bytes === undefined) continue;
    try {
      const { value } = readYaml(bytesToByteString(bytes));
      // json-patch takes no null, which is what an empty file is.
      if (value === null) throw new YamlError("Invalid JSON Patch");
      const patched = mergePatch(encodeStruct(merged, type), value);
      merged = keepRemoved(merged, decodeStruct(patched, type), type) as ApplicationSource;
    } catch (error) {
      if (error instanceof Error && !(error instanceof YamlError) && error.name !== "DecodeError") throw error;
      // Upstream converts and decodes apart, so it names no step.
      const cause = new ArgoError((error as Error).message.replace(/^error converting YAML to JSON: /, ""));
      cause.origin = { file: treePath(root, folder === "" ? name : `${folder}/${name}`), ...lineIn(cause.message) };
      throw wrapError(`${root.shown}/${folder === "" ? name : `${folder}/${name}`}`, cause);
    }
  }
  const result = new Map(merged);
  for (const field of protectedFields) {
    const value = source.get(field);
    if (value === undefined) result.delete(field);
    else result.set(field, value);
  }
  return result;
}

/** Upstream decodes into the old struct, so a field that a null took away is still there. */
function keepRemoved(before: GoValue, after: GoValue, type: GoType): GoValue {
  if (type.kind === "pointer") return keepRemoved(before, after, type.element);
  if (type.kind !== "struct" || !isMap(before) || !isMap(after)) return after;
  const out = new Map(after);
  for (const [key, value] of before) {
    const field = findField(type, key);
    if (field === undefined) continue;
    const now = out.get(key);
    out.set(key, now === undefined ? deepCopy(value) : keepRemoved(value, now, field.type));
  }
  return out;
}

/** The type that a source's blocks say. Throws `ArgoError` when there are several. Order as upstream's ExplicitType. */
export function explicitType(source: ApplicationSource): SourceType | undefined {
  const blocks: readonly (readonly [string, SourceType])[] = [
    ["kustomize", "Kustomize"],
    ["helm", "Helm"],
    ["directory", "Directory"],
    ["plugin", "Plugin"],
  ];
  const types = blocks.filter(([field]) => isMap(source.get(field))).map(([, type]) => type);
  if (types.length > 1) throw new ArgoError(`multiple application sources defined: ${types.join(",")}`);
  return types[0];
}

/** The type that a folder's files say: of several, the last one in order of names decides. Upstream: util/app/discovery. */
export function discoverType(root: SourceRoot, folder: string): SourceType {
  let type: SourceType = "Directory";
  for (const { name, kind } of root.tree.list(treePath(root, folder)) ?? []) {
    if (kind !== "file") continue;
    if (name.endsWith("Chart.yaml")) type = "Helm";
    if (kustomizationNames.includes(name)) type = "Kustomize";
  }
  return type;
}

/** The kustomization file of a folder; undefined when there is none. */
export function kustomizationFile(root: SourceRoot, folder: string): string | undefined {
  return kustomizationNames.find(
    (name) => root.tree.kind(treePath(root, folder === "" ? name : `${folder}/${name}`)) === "file",
  );
}
