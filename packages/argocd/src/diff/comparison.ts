import type { GoValue } from "@tiphys/gotemplate";
import type { StructType } from "../api/schema.ts";
import { ArgoError, NotKnownOffline } from "../fault.ts";
import { defaultArgocdProfile, type ArgocdProfile } from "../profile.ts";
import { compareOptions, resourceOverrides, type ResourceOverrides } from "../settings/resource-overrides.ts";
import { renderingSettings } from "../settings/rendering-settings.ts";
import {
  defaultInstanceLabel,
  metadataStrings,
  removeMetadata,
  setMetadata,
  trackingAnnotation,
  type TrackingMethod,
} from "../source/tracking.ts";
import {
  deepCopy,
  groupOf,
  groupVersionOf,
  isCustomResourceDefinition,
  kindOf,
  type Unstructured,
} from "../unstructured.ts";
import {
  annotatedRules,
  appliesTo,
  IgnoreNormalizer,
  overrideRules,
  readIgnoreDifferences,
  type IgnoreDifference,
} from "./ignore-rules.ts";
import { normalizeKnownTypes } from "./known-types.ts";
import { typeOfKind } from "./kubernetes-types.ts";
import { removeManagedFields } from "./managed-fields.ts";

/** What is compared, by which rules, and the first steps of it. Mirrors Argo CD v3.6.1 util/argo/diff/{diff,normalize}.go. */

export interface DiffRequest {
  /** undefined: not there yet. */
  readonly live?: Unstructured | undefined;
  /** undefined: to be pruned. */
  readonly target?: Unstructured | undefined;
  /** The list of an Application's `spec.ignoreDifferences`. */
  readonly ignoreDifferences?: readonly GoValue[];
  readonly argocdCm?: Unstructured | undefined;
  readonly options?: DiffOptions;
}

export interface DiffOptions {
  /** Default, as of the label: what argocd-cm says. */
  readonly trackingMethod?: TrackingMethod;
  readonly instanceLabel?: string;
  /** Default: what `resource.compareoptions` of argocd-cm says. */
  readonly ignoreAggregatedRoles?: boolean;
  readonly profile?: ArgocdProfile;
}

/** What a comparison goes by, read once from a request. */
export interface Comparison {
  readonly rules: readonly IgnoreDifference[];
  readonly overrides: ResourceOverrides;
  readonly normalizer: IgnoreNormalizer;
  readonly ignoreAggregatedRoles: boolean;
  readonly trackingMethod: TrackingMethod;
  readonly instanceLabel: string;
}

export type Side = Unstructured | undefined;

/** Throws `ArgoError` and `SettingsError` where rules cannot be read. */
export function prepare({ target, ignoreDifferences = [], argocdCm, options = {} }: DiffRequest): Comparison {
  const overrides = resourceOverrides(argocdCm);
  const application = readIgnoreDifferences(ignoreDifferences);
  const settings = renderingSettings(argocdCm);
  const { hasIgnoreDifferencesAnnotation } = options.profile ?? defaultArgocdProfile;
  const own = hasIgnoreDifferencesAnnotation ? annotatedRules(target) : undefined;
  return {
    rules: application,
    overrides,
    normalizer: new IgnoreNormalizer([
      ...application,
      ...(own === undefined ? [] : [own]),
      ...overrideRules(overrides),
    ]),
    ignoreAggregatedRoles: options.ignoreAggregatedRoles ?? compareOptions(argocdCm).ignoreAggregatedRoles,
    trackingMethod: options.trackingMethod ?? settings.trackingMethod ?? "annotation",
    instanceLabel: options.instanceLabel ?? settings.instanceLabel ?? defaultInstanceLabel,
  };
}

/** Tracking and trusted managers. Upstream: preDiffNormalize. */
export function preDiffNormalize(live: Side, target: Side, comparison: Comparison): { live: Side; target: Side } {
  if (live === undefined || target === undefined)
    return { live: live && deepCopy(live), target: target && deepCopy(target) };
  const pair = { live: deepCopy(live), target: deepCopy(target) };
  if (comparison.trackingMethod !== "label") normalizeTracking(pair.target, pair.live, comparison.instanceLabel);
  const managers = trustedManagers(pair.target, comparison);
  return managers.length === 0 ? pair : removeManagedFields(pair.live, pair.target, managers);
}

/** Objects last synced under tracking by label are no difference for that reason alone. Upstream: resourceTracking.Normalize. */
function normalizeTracking(target: Unstructured, live: Unstructured, labelKey: string): void {
  try {
    const label = metadataStrings(live, "labels")?.get(labelKey) ?? "";
    if (label === "" || isCustomResourceDefinition(live)) return;
    const id = metadataStrings(live, "annotations")?.get(trackingAnnotation) ?? "";
    if (id === "")
      setMetadata(
        live,
        "annotations",
        trackingAnnotation,
        String(metadataStrings(target, "annotations")?.get(trackingAnnotation) ?? ""),
      );
    if ((metadataStrings(target, "labels")?.get(labelKey) ?? "") === "") removeMetadata(live, "labels", labelKey);
  } catch (error) {
    // Upstream goes on without.
    if (!(error instanceof ArgoError)) throw error;
  }
}

function trustedManagers(target: Unstructured, { overrides, rules }: Comparison): readonly string[] {
  const fromOverrides = [`${groupOf(target)}/${kindOf(target)}`, "*/*"].flatMap(
    (key) => overrides.get(key)?.ignoreDifferences.managedFieldsManagers ?? [],
  );
  const fromRules = rules.filter((rule) => appliesTo(rule, target)).flatMap((rule) => rule.managedFieldsManagers);
  return [...new Set([...fromOverrides, ...fromRules])];
}

/** Ignore rules and known types. */
export function fullNormalize(object: Side, comparison: Comparison): Side {
  return object && normalizeKnownTypes(comparison.normalizer.normalize(object), comparison.overrides);
}

/** The Go type of a kind that Argo CD knows, undefined for custom ones. Throws `NotKnownOffline` where it knows one that is not here. */
export function knownType(object: Unstructured): StructType | undefined {
  const { group, version } = groupVersionOf(object);
  const type = typeOfKind(group, version, kindOf(object));
  if (type === "missing") throw new NotKnownOffline(`unsupported: comparing ${kindOf(object)} of ${group}/${version}`);
  return type === "custom" ? undefined : type;
}
