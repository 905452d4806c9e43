import type { GoValue } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";

/**
 * One thing to install: what both helmfile and argocd produce, and all that `estate` needs in order to render and compare.
 * Plain data. The hinge between the two worlds.
 */
export interface Installation {
  /** Unique in its estate and side: `helmfile/<env>/<layer>/<namespace>/<name>` or `argocd/<env>/<application>`. */
  readonly id: string;
  readonly environment: string;
  /** Release or Application name, as people say it. */
  readonly name: string;
  /** Where it is declared. */
  readonly origin: Origin;
  /** Destination namespace; "" when none is given (Helm then takes `default`). */
  readonly namespace: string;
  /** Destination cluster or kube context; "" when none is given. */
  readonly cluster: string;
  readonly source: InstallationSource;
}

export type InstallationSource = HelmSource | ManifestsSource | UnsupportedSource;

/** A chart with its value layers and options, as one `helm template` call. */
export interface HelmSource {
  readonly kind: "helm";
  readonly chart: ChartReference;
  /** `repo/name` as the helmfile writes it; `charts.overrides` may use this name. */
  readonly chartAlias?: string;
  readonly releaseName: string;
  /** Lowest first. */
  readonly valuesLayers: readonly ValuesLayer[];
  /** `--set…` in the order in which they are given, per kind. */
  readonly sets: readonly SetFlag[];
  readonly includeCrds: boolean;
  readonly skipTests: boolean;
  readonly noHooks: boolean;
  readonly skipSchemaValidation: boolean;
  /** `--kube-version`; undefined takes the profile's default. */
  readonly kubeVersion?: string;
  /** `--api-versions`, added to Helm's own. */
  readonly apiVersions: readonly string[];
}

/** A folder of plain manifests (Argo CD directory source, or a rendered component). */
export interface ManifestsSource {
  readonly kind: "manifests";
  /** Folder in the tree. */
  readonly path: string;
  /** Files in order of reading, chosen by the include and exclude rules. */
  readonly files: readonly string[];
}

/** What cannot be rendered here, by name and with the reason. */
export interface UnsupportedSource {
  readonly kind: "unsupported";
  /** `unsupported: …` or `wanted: …`. */
  readonly reason: string;
  readonly code: string;
}

/** Where a chart is. `wanted` ones are fetched by the face, which then maps them to a folder or archive. */
export type ChartReference =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "repository"; readonly repoURL: string; readonly chart: string; readonly version: string }
  | { readonly kind: "oci"; readonly reference: string; readonly version: string }
  /** An archive by its own address. */
  | { readonly kind: "url"; readonly url: string };

/** One `-f`: raw bytes of a file, or a tree that is already data. */
export type ValuesLayer =
  | { readonly kind: "file"; readonly name: string; readonly origin: Origin; readonly content: Uint8Array }
  | { readonly kind: "inline"; readonly name: string; readonly origin: Origin; readonly values: Map<string, GoValue> };

export interface SetFlag {
  readonly kind: "set" | "set-string" | "set-json" | "set-file" | "set-literal";
  /** `name=value` as on the command line, as a byte string; for `set-file` the content is already in place of the path. */
  readonly expression: string;
  readonly origin: Origin;
}
