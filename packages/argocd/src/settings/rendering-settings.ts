import type { RenderApplicationOptions } from "../source/render-application.ts";
import type { TrackingMethod } from "../source/tracking.ts";
import { nestedStringMap, type Unstructured } from "../unstructured.ts";
import { SettingsError } from "./resource-overrides.ts";

export type RenderingSettings = Pick<
  RenderApplicationOptions,
  | "trackingMethod"
  | "instanceLabel"
  | "installationID"
  | "kustomizeBuildOptions"
  | "kustomizeVersions"
  | "valuesFileSchemes"
>;

const trackingMethods: readonly string[] = ["annotation", "label", "annotation+label"] satisfies TrackingMethod[];
const trackingKey = "application.resourceTrackingMethod";

/**
 * What an argocd-cm says of how manifests are made: tracking, kustomize, schemes of value files. What it does not say stays out. Throws
 * `SettingsError` for a tracking method that is none. Mirrors Argo CD v3.6.1 util/settings/settings.go.
 */
export function renderingSettings(argocdCm: Unstructured | undefined): RenderingSettings {
  const data = nestedStringMap(argocdCm, "data") ?? new Map<string, string>();
  const text = (key: string): string => data.get(key) ?? "";
  const method = text(trackingKey);
  if (method !== "" && !trackingMethods.includes(method))
    throw new SettingsError(trackingKey, `${trackingKey} is one of ${trackingMethods.join(", ")}, not ${method}`);
  const versions = [...data.keys()].flatMap((key) => /^kustomize\.(?:version|path)\.(.+)$/s.exec(key)?.[1] ?? []);
  const schemes = data.get("helm.valuesFileSchemes");
  return {
    ...(method !== "" && { trackingMethod: method as TrackingMethod }),
    ...(text("application.instanceLabelKey") !== "" && { instanceLabel: text("application.instanceLabelKey") }),
    ...(text("installationID") !== "" && { installationID: text("installationID") }),
    ...(text("kustomize.buildOptions") !== "" && { kustomizeBuildOptions: text("kustomize.buildOptions") }),
    ...(versions.length > 0 && { kustomizeVersions: versions }),
    ...(schemes !== undefined && {
      valuesFileSchemes: schemes
        .split(",")
        .map((scheme) => scheme.trim())
        .filter((scheme) => scheme !== ""),
    }),
  };
}
