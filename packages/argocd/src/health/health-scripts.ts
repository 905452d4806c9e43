import { bytesToByteString } from "@tiphys/gotemplate";
import { compileGobwas, doublestarMatch, type FileTree } from "@tiphys/source";
import type { ResourceOverrides } from "../settings/resource-overrides.ts";
import { groupOf, kindOf, type Unstructured } from "../unstructured.ts";

export interface HealthScript {
  readonly text: string;
  readonly useOpenLibs: boolean;
  /** Key in argocd-cm, or file in the checkout of Argo CD. */
  readonly from: string;
}

/** The Lua checks that ship with Argo CD: they are read from a checkout that the user names. */
export interface ShippedHealthScripts {
  find(groupKind: string): HealthScript | undefined;
}

/** `group/Kind`, or `Kind` for the core group. */
export function groupKindKey(object: Unstructured): string {
  const group = groupOf(object);
  return group === "" ? kindOf(object) : `${group}/${kindOf(object)}`;
}

/** Scripts below `folder` (a `resource_customizations`) of a checkout or release of Argo CD. */
export function shippedHealthScripts(tree: FileTree, folder = "resource_customizations"): ShippedHealthScripts {
  let wildcards: readonly string[] | undefined;
  const read = (path: string): HealthScript | undefined => {
    const file = `${folder}/${path}/health.lua`;
    const bytes = isPlainPath(path) ? tree.read(file) : undefined;
    return bytes === undefined ? undefined : { text: bytesToByteString(bytes), useOpenLibs: true, from: file };
  };
  return {
    find(groupKind) {
      const exact = read(groupKind);
      if (exact !== undefined) return exact;
      wildcards ??= wildcardFolders(tree, folder);
      const match = wildcards.find((path) => doublestarMatch(path.replaceAll("_", "*"), groupKind));
      return match === undefined ? undefined : read(match);
    },
  };
}

function isPlainPath(path: string): boolean {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** `_` in a folder's name stands for `*`. The first match in order of names counts. */
function wildcardFolders(tree: FileTree, folder: string): readonly string[] {
  const found: string[] = [];
  for (const group of tree.list(folder) ?? []) {
    if (group.kind !== "directory") continue;
    for (const kind of tree.list(`${folder}/${group.name}`) ?? []) {
      const path = `${group.name}/${kind.name}`;
      if (path.includes("_") && tree.kind(`${folder}/${path}/health.lua`) === "file") found.push(path);
    }
  }
  return found.sort();
}

/**
 * The script that argocd-cm gives for an object, if any: its exact key, then keys with wildcards (first by name; upstream's choice is
 * random). Mirrors Argo CD v3.6.1 util/lua/lua.go GetHealthScript.
 */
export function overrideScript(object: Unstructured, overrides: ResourceOverrides): HealthScript | undefined {
  const key = groupKindKey(object);
  const exact = overrides.get(key);
  if (exact !== undefined && exact.healthLua !== "")
    return { text: exact.healthLua, useOpenLibs: exact.useOpenLibs, from: key };
  for (const pattern of [...overrides.keys()].sort()) {
    const override = overrides.get(pattern);
    if (override === undefined || override.healthLua === "" || !matchesGlob(pattern, key)) continue;
    return { text: override.healthLua, useOpenLibs: override.useOpenLibs, from: pattern };
  }
  return undefined;
}

function matchesGlob(pattern: string, text: string): boolean {
  try {
    return compileGobwas(pattern)(text);
  } catch {
    // A pattern that does not compile matches nothing; upstream logs it.
    return false;
  }
}
