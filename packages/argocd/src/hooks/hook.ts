import { annotationsOf, annotationValues, finalizersOf, type Unstructured } from "../unstructured.ts";

/** Mirrors gitops-engine v3.6.1 pkg/sync/{hook,ignore,syncwaves} and Argo CD v3.6.1 controller/hook.go. */

export type HookType = "PreSync" | "Sync" | "PostSync" | "SyncFail" | "Skip";
export type HookDeletePolicy = "HookSucceeded" | "HookFailed" | "BeforeHookCreation";
export type SyncPhase = "PreSync" | "Sync" | "PostSync" | "SyncFail";

export const hookFinalizer = "argocd.argoproj.io/hook-finalizer";
const hookAnnotation = "argocd.argoproj.io/hook";
const deletePolicyAnnotation = "argocd.argoproj.io/hook-delete-policy";
const waveAnnotation = "argocd.argoproj.io/sync-wave";
const helmHookAnnotation = "helm.sh/hook";

const hookTypeNames: ReadonlySet<string> = new Set<HookType>(["PreSync", "Sync", "PostSync", "SyncFail", "Skip"]);
const deletePolicyNames: ReadonlySet<string> = new Set<HookDeletePolicy>([
  "HookSucceeded",
  "HookFailed",
  "BeforeHookCreation",
]);

/** Helm hooks that run during a sync. All others (test, rollback, delete, unknown) do not. */
const helmHookTypes: ReadonlyMap<string, HookType> = new Map([
  ["pre-install", "PreSync"],
  ["pre-upgrade", "PreSync"],
  ["post-install", "PostSync"],
  ["post-upgrade", "PostSync"],
]);

const helmDeletePolicies: ReadonlyMap<string, HookDeletePolicy> = new Map([
  ["before-hook-creation", "BeforeHookCreation"],
  ["hook-succeeded", "HookSucceeded"],
  ["hook-failed", "HookFailed"],
]);

/** Hook types of an object: Argo CD's own, or, where it names no known one, those of its Helm annotation. */
export function hookTypes(object: Unstructured): readonly HookType[] {
  const own = annotationValues(object, hookAnnotation).filter((value) => hookTypeNames.has(value)) as HookType[];
  if (own.length > 0) return own;
  // Repeats stay: "pre-install,pre-upgrade" is PreSync twice.
  return annotationValues(object, helmHookAnnotation).flatMap((value) => helmHookTypes.get(value) ?? []);
}

/** True for hook type Skip alone: such an object is never applied. */
export function isSkipped(object: Unstructured): boolean {
  const types = hookTypes(object);
  return types.length === 1 && types[0] === "Skip";
}

export function isHook(object: Unstructured): boolean {
  const annotations = annotationsOf(object);
  if (annotations.has(hookAnnotation)) return !isSkipped(object);
  const helm = annotations.get(helmHookAnnotation);
  // `crd-install` marks a CRD, which is a plain resource to Argo CD.
  return helm !== undefined && helm !== "crd-install";
}

/** A hook of no known type (Helm's test, rollback, …): neither applied, nor compared, nor counted for health. */
export function isIgnored(object: Unstructured): boolean {
  return isHook(object) && hookTypes(object).length === 0;
}

export function hookDeletePolicies(object: Unstructured): readonly HookDeletePolicy[] {
  const own = annotationValues(object, deletePolicyAnnotation).filter((value) =>
    deletePolicyNames.has(value),
  ) as HookDeletePolicy[];
  const helm = annotationValues(object, "helm.sh/hook-delete-policy").flatMap(
    (value) => helmDeletePolicies.get(value) ?? [],
  );
  const all = [...own, ...helm];
  return all.length > 0 ? all : ["BeforeHookCreation"];
}

export function hasHookFinalizer(object: Unstructured): boolean {
  return finalizersOf(object).includes(hookFinalizer);
}

/** Sync wave: the annotation, else Helm's hook weight (on any object), else 0. */
export function syncWave(object: Unstructured): number {
  const annotations = annotationsOf(object);
  return atoi(annotations.get(waveAnnotation)) ?? atoi(annotations.get("helm.sh/hook-weight")) ?? 0;
}

/** Go's strconv.Atoi: sign and decimal digits within 64 bits. */
function atoi(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return value === BigInt.asIntN(64, value) ? Number(value) : undefined;
}

/** The phases in which an object is applied; none for Skip and for hooks that no sync runs. */
export function syncPhases(object: Unstructured): readonly SyncPhase[] {
  if (isSkipped(object)) return [];
  if (!isHook(object)) return ["Sync"];
  return [...new Set(hookTypes(object))].filter((type): type is SyncPhase => type !== "Skip");
}

export type DeletionHookType = "PreDelete" | "PostDelete";

const deletionHooks: Readonly<Record<DeletionHookType, readonly (readonly [annotation: string, value: string])[]>> = {
  PreDelete: [
    [hookAnnotation, "PreDelete"],
    [helmHookAnnotation, "pre-delete"],
  ],
  PostDelete: [
    [hookAnnotation, "PostDelete"],
    [helmHookAnnotation, "post-delete"],
  ],
};

/** Hooks that run when the Application is deleted. */
export function deletionHookTypes(object: Unstructured): readonly DeletionHookType[] {
  const annotations = annotationsOf(object);
  return (["PreDelete", "PostDelete"] as const).filter((type) =>
    deletionHooks[type].some(([key, value]) =>
      (annotations.get(key) ?? "").split(",").some((item) => item.trim() === value),
    ),
  );
}
