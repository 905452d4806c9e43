import type { ResourcesFilter } from "@tiphys/argocd";
import {
  managedResources,
  normalizeTargetObjects,
  objectRole,
  readResourcesFilter,
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

/** The filter of an argocd-cm, or Argo CD's own where none is given. Throws `UserError`. */
export function resourcesFilter(argocdCm: ArgocdCm | undefined): ResourcesFilter {
  try {
    return readResourcesFilter(argocdCm?.value);
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
  isExcluded: ResourcesFilter,
): {
  readonly targets: readonly KubernetesObject[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const manifests = objects.map(({ value }) => fromPlain(value) as KubernetesObject);
  const { objects: targets, repeated } = normalizeTargetObjects(manifests, targetOptions(application));
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
  const isWatched = watched(application.application, isExcluded);
  for (const object of targets.filter((target) => !isWatched(target))) {
    diagnostics.push({
      code: "excluded-resource",
      severity: "warning",
      message: `${application.name}: ${keyOf(object)} is of a kind that Argo CD does not look at: it never applies it`,
      origin: application.origin,
      fix: "apply it otherwise, or change resource.exclusions of argocd-cm",
    });
  }
  return { targets: targets.filter(isWatched), diagnostics };
}

function watched(application: KubernetesObject, isExcluded: ResourcesFilter): (object: KubernetesObject) => boolean {
  const spec = application.get("spec");
  const destination = spec instanceof Map ? spec.get("destination") : undefined;
  const field = (name: string): GoValue | undefined => (destination instanceof Map ? destination.get(name) : undefined);
  const server = field("server") ?? (field("name") === "in-cluster" ? "https://kubernetes.default.svc" : "");
  return (object) => {
    const [group = "", kind = ""] = keyOf(object).split("/");
    return !isExcluded(group, kind, String(server));
  };
}

/** Desired and live objects in pairs, without hooks: no comparison counts them. */
export function compareWithLive(
  rendered: RenderedArgoApplication,
  live: readonly KubernetesObject[],
  isExcluded: ResourcesFilter,
): { readonly pairs: readonly LivePair[]; readonly diagnostics: readonly Diagnostic[] } {
  const { targets, diagnostics } = wantedObjects(rendered, isExcluded);
  const files = new Map(rendered.objects.map(({ key, origin }) => [key, origin.file]));
  const pairs = managedResources(
    targets.filter((object) => !isHook(object)),
    live.filter(watched(rendered.application.application, isExcluded)),
    targetOptions(rendered.application),
  ).flatMap(({ target, live: present }): LivePair[] => {
    if (target === undefined && present !== undefined && isHook(present)) return [];
    const key = keyOf((target ?? present) as KubernetesObject);
    return [{ key, target, live: present, file: files.get(key) ?? rendered.application.origin.file }];
  });
  return { pairs, diagnostics };
}

function targetOptions({ name, namespace }: RenderedArgoApplication["application"]): {
  readonly application: string;
  readonly namespace: string;
} {
  return { application: name, namespace: namespace === "" ? "default" : namespace };
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
