/** What differs between versions of Argo CD, in one place. */
export interface ArgoProfile {
  /** `3.6` */
  readonly version: string;
  /** The Helm that ships with it. */
  readonly helmVersion: string;
  readonly kustomizeVersion: string;
  /** Whether sources know `tagPrefix` (3.6). */
  readonly tagPrefix: boolean;
  /** Whether goTemplate knows `tpl` (3.6). */
  readonly tplFunction: boolean;
  /** Whether there is an oci generator (3.6). */
  readonly ociGenerator: boolean;
  /** Whether a glob may stand in `helm.valueFiles` (3.4). */
  readonly valueFileGlobs: boolean;
}

/** The versions that are known, newest first. */
export const argoProfiles: readonly ArgoProfile[] = [
  {
    version: "3.6",
    helmVersion: "4.3.1",
    kustomizeVersion: "5.8.3",
    tagPrefix: true,
    tplFunction: true,
    ociGenerator: true,
    valueFileGlobs: true,
  },
  {
    version: "3.4",
    helmVersion: "3.19.4",
    kustomizeVersion: "5.8.1",
    tagPrefix: false,
    tplFunction: false,
    ociGenerator: false,
    valueFileGlobs: true,
  },
];

/** The profile of `version` (`3.6`, `v3.6.1`); undefined when that version is not known. */
export function argoProfile(version: string): ArgoProfile | undefined {
  const minor = /^v?(\d+\.\d+)/.exec(version)?.[1];
  return argoProfiles.find((profile) => profile.version === minor);
}
