import type { ResourcesFilter, TargetOptions, TrackingMethod } from "@tiphys/argocd";
import {
  managedResources,
  normalizeTargetObjects,
  objectRole,
  readResourcesFilter,
  renderingSettings,
  SettingsError,
} from "@tiphys/argocd";
import type { RenderedArgoApplication } from "@tiphys/estate";
import type { GoValue } from "@tiphys/gotemplate";
import { fromByteString } from "@tiphys/gotemplate";
import type { Diagnostic } from "@tiphys/source";
import { fromPlain } from "@tiphys/source";
import { UserError } from "./command.ts";
import type { ArgocdCm } from "./health/argocd-cm.ts";

type KubernetesObject = Map<string, GoValue>;

/** A desired object and the live one of the same key; one of them may be missing. */
export interface LivePair {
  /** `group/Kind/namespace/name`. */
  readonly key: string;
  readonly target: KubernetesObject | undefined;
  readonly live: KubernetesObject | undefined;
  /** Where the desired object comes from. */
  readonly file: string;
}

/** What of argocd-cm decides which objects an Application has. */
export interface LiveSettings extends ResourcesFilter {
  readonly trackingMethod?: TrackingMethod;
  readonly instanceLabel?: string;
}

/** The settings of an argocd-cm, or Argo CD's own where none is given. Throws `UserError`. */
export function liveSettings(argocdCm: ArgocdCm | undefined): LiveSettings {
  try {
    const { trackingMethod, instanceLabel } = renderingSettings(argocdCm?.value);
    return {
      ...readResourcesFilter(argocdCm?.value),
      ...(trackingMethod !== undefined && { trackingMethod }),
      ...(instanceLabel !== undefined && { instanceLabel }),
    };
  } catch (error) {
    if (error instanceof SettingsError)
      throw new UserError(`error: ${argocdCm?.file ?? "argocd-cm"}: ${fromByteString(error.message)}`);
    throw error;
  }
}

/**
 * What an Application wants, as the controller takes it: hooks too, each object once, without kinds that Argo CD does not look at.
 * Repeated and left out ones are warned of.
 */
export function wantedObjects(
  { application, objects }: RenderedArgoApplication,
  settings: LiveSettings,
): {
  readonly targets: readonly KubernetesObject[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const manifests = objects.map(({ value }) => fromPlain(value) as KubernetesObject);
  const { objects: targets, repeated } = normalizeTargetObjects(manifests, targetOptions(application, settings));
  const diagnostics = repeated.map(({ key, times }): Diagnostic => {
    const name = [key.group, key.kind, key.namespace, key.name].map(fromByteString).join("/");
    return {
      code: "repeated-resource",
      severity: "warning",
      message: `${application.name}: ${name} stands ${times} times among the manifests`,
      origin: application.origin,
      fix: "remove all but one; Argo CD takes the last",
    };
  });
  const isWatched = watched(application.application, settings);
  for (const object of targets.filter((target) => !isWatched(target)))
    diagnostics.push(excludedResource(application, keyOf(object)));
  return { targets: targets.filter(isWatched), diagnostics };
}

function excludedResource({ name, origin }: RenderedArgoApplication["application"], key: string): Diagnostic {
  return {
    code: "excluded-resource",
    severity: "warning",
    message: `${name}: ${key} is of a kind that Argo CD does not look at: it never applies it`,
    origin,
    fix: "apply it otherwise, or change resource.exclusions of argocd-cm",
  };
}

/** A rendered Application without the objects of kinds that Argo CD does not look at, with a warning of each. */
export function withoutExcluded(
  rendered: RenderedArgoApplication,
  settings: LiveSettings,
): { readonly rendered: RenderedArgoApplication; readonly diagnostics: readonly Diagnostic[] } {
  const { application } = rendered;
  const isWatched = watched(application.application, settings);
  const isOut = ({ value }: (typeof rendered.objects)[number]): boolean =>
    !isWatched(fromPlain(value) as KubernetesObject);
  const excluded = rendered.objects.filter(isOut);
  if (excluded.length === 0) return { rendered, diagnostics: [] };
  return {
    rendered: { ...rendered, objects: rendered.objects.filter((object) => !excluded.includes(object)) },
    diagnostics: excluded.map(({ key }) => excludedResource(application, key)),
  };
}

function watched(application: KubernetesObject, settings: LiveSettings): (object: KubernetesObject) => boolean {
  const server = serverOf(application);
  return (object) => {
    const [group = "", kind = ""] = keyOf(object).split("/");
    return !settings.isExcluded(group, kind, server);
  };
}

function serverOf(application: KubernetesObject): string {
  const spec = application.get("spec");
  const destination = spec instanceof Map ? spec.get("destination") : undefined;
  const field = (name: string): GoValue | undefined => (destination instanceof Map ? destination.get(name) : undefined);
  return String(field("server") ?? (field("name") === "in-cluster" ? "https://kubernetes.default.svc" : ""));
}

/** Live objects are looked at by their labels, too. */
function seen(application: KubernetesObject, settings: LiveSettings): (object: KubernetesObject) => boolean {
  const server = serverOf(application);
  const isWatched = watched(application, settings);
  return (object) => {
    const [group = "", kind = ""] = keyOf(object).split("/");
    return isWatched(object) && settings.isSelected(group, kind, server, labelsOf(object));
  };
}

function labelsOf(object: KubernetesObject): Map<string, string> {
  const metadata = object.get("metadata");
  const labels = metadata instanceof Map ? metadata.get("labels") : undefined;
  return new Map(labels instanceof Map ? [...labels].map(([key, value]) => [key, String(value)]) : []);
}

/** Desired and live objects in pairs, without hooks: no comparison counts them. */
export function compareWithLive(
  rendered: RenderedArgoApplication,
  live: readonly KubernetesObject[],
  settings: LiveSettings,
): { readonly pairs: readonly LivePair[]; readonly diagnostics: readonly Diagnostic[] } {
  const { targets, diagnostics } = wantedObjects(rendered, settings);
  const files = new Map(rendered.objects.map(({ key, origin }) => [key, origin.file]));
  const pairs = managedResources(
    targets.filter((object) => !isHook(object)),
    live.filter(seen(rendered.application.application, settings)),
    targetOptions(rendered.application, settings),
  ).flatMap(({ target, live: present }): LivePair[] => {
    if (target === undefined && present !== undefined && isHook(present)) return [];
    const key = keyOf((target ?? present) as KubernetesObject);
    return [{ key, target, live: present, file: files.get(key) ?? rendered.application.origin.file }];
  });
  return { pairs, diagnostics };
}

function targetOptions(
  { name, namespace }: RenderedArgoApplication["application"],
  { trackingMethod, instanceLabel }: LiveSettings,
): TargetOptions {
  return {
    application: name,
    namespace: namespace === "" ? "default" : namespace,
    ...(trackingMethod !== undefined && { trackingMethod }),
    ...(instanceLabel !== undefined && { instanceLabel }),
  };
}

/** Hooks of a sync, of deletion, and those that nobody runs. */
function isHook(object: KubernetesObject): boolean {
  const role = objectRole(object);
  return role.hook.length > 0 || role.ignored || role.skipped;
}

function keyOf(object: KubernetesObject): string {
  const text = (value: GoValue | undefined): string => (typeof value === "string" ? fromByteString(value) : "");
  const metadata = object.get("metadata");
  const apiVersion = text(object.get("apiVersion"));
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const field = (name: string): string => (metadata instanceof Map ? text(metadata.get(name)) : "");
  return `${group}/${text(object.get("kind"))}/${field("namespace")}/${field("name")}`;
}
