import type { ProfileName as HelmProfileName } from "@tiphys/helm";

/** Argo CD versions whose behaviour is known. */
export type ArgocdProfileName = "3.6" | "3.4";

/** Everything that differs between Argo CD versions, as data. No other place asks for a version. */
export interface ArgocdProfile {
  readonly name: ArgocdProfileName;
  /** The Helm that ships with it. */
  readonly helm: HelmProfileName;
  /** The Kustomize that ships with it. */
  readonly kustomize: string;
  /** `source.tagPrefix`: a range is looked for among tags with this prefix (since 3.6). */
  readonly hasTagPrefix: boolean;
  /** `tpl` in goTemplate ApplicationSets (since 3.6). */
  readonly hasTplFunction: boolean;
  /** The generator `oci` (since 3.6). */
  readonly hasOciGenerator: boolean;
  /** Annotation `argocd.argoproj.io/ignore-differences` on desired objects (since 3.6). */
  readonly hasIgnoreDifferencesAnnotation: boolean;
  /**
   * Objects being deleted: `checked` runs their check first and names the finalizers that block (since 3.6);
   * `unchecked` says "Pending deletion" without a look at them.
   */
  readonly pendingDeletion: "checked" | "unchecked";
}

const argocd36: ArgocdProfile = {
  name: "3.6",
  helm: "4.3.1",
  kustomize: "5.8.3",
  hasTagPrefix: true,
  hasTplFunction: true,
  hasOciGenerator: true,
  hasIgnoreDifferencesAnnotation: true,
  pendingDeletion: "checked",
};

/** The profiles by version. */
export const argocdProfiles: Readonly<Record<ArgocdProfileName, ArgocdProfile>> = {
  "3.6": argocd36,
  "3.4": {
    ...argocd36,
    name: "3.4",
    helm: "3.19.4",
    kustomize: "5.8.1",
    hasTagPrefix: false,
    hasTplFunction: false,
    hasOciGenerator: false,
    hasIgnoreDifferencesAnnotation: false,
    pendingDeletion: "unchecked",
  },
};

/** The profile that is taken when none is named. */
export const defaultArgocdProfile: ArgocdProfile = argocd36;

/** The profile of an Argo CD version (`3.6`, `v3.6.1`); undefined when it is not known. */
export function findArgocdProfile(version: string): ArgocdProfile | undefined {
  const name = /^v?(\d+\.\d+)(?:\.|$)/.exec(version)?.[1];
  return name !== undefined && Object.hasOwn(argocdProfiles, name)
    ? argocdProfiles[name as ArgocdProfileName]
    : undefined;
}
