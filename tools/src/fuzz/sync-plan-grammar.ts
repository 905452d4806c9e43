import type { Random } from "./random.ts";

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly clusterScoped?: boolean;
}

const kinds: readonly Kind[] = [
  { apiVersion: "v1", kind: "ConfigMap" },
  { apiVersion: "v1", kind: "Secret" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "v1", kind: "Pod" },
  { apiVersion: "v1", kind: "ServiceAccount" },
  { apiVersion: "batch/v1", kind: "Job" },
  { apiVersion: "batch/v1", kind: "CronJob" },
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "apps/v1", kind: "StatefulSet" },
  { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
  { apiVersion: "extensions/v1beta1", kind: "Ingress" },
  { apiVersion: "example.com/v1", kind: "Widget" },
  { apiVersion: "example.com/v1", kind: "Gadget" },
  { apiVersion: "other.example.com/v1", kind: "Widget" },
  { apiVersion: "example.com/v1", kind: "Ingress" },
  { apiVersion: "v1", kind: "PersistentVolume", clusterScoped: true },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", clusterScoped: true },
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", clusterScoped: true },
  { apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", clusterScoped: true },
];

/** The controller has filled them in before it syncs. */
const namespaces = ["default", "other", "third"];
const waves = [
  "-5",
  "-1",
  "0",
  "1",
  "2",
  "3",
  "+1",
  "07",
  "1.5",
  "late",
  "",
  " 1",
  "9223372036854775808",
  "1_000",
  "0x1",
];
const hooks = ["PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PreDelete", "PostDelete", "presync", "Other", ""];
const helmHooks = [
  "pre-install",
  "pre-upgrade",
  "post-install",
  "post-upgrade",
  "pre-delete",
  "post-delete",
  "pre-rollback",
  "test",
  "crd-install",
  "",
];
const policies = ["HookSucceeded", "HookFailed", "BeforeHookCreation", "Other"];
const helmPolicies = ["hook-succeeded", "hook-failed", "before-hook-creation", "other"];
const syncOptions = [
  "Prune=false",
  "Prune=true",
  "Prune=confirm",
  "PruneLast=true",
  "Replace=true",
  "Force=true",
  "Validate=false",
  "SkipDryRunOnMissingResource=true",
];

/** Random desired and live objects with hooks, waves, sync options: the files of a sync-plan case. */
export class SyncPlanGrammar {
  readonly #random: Random;
  /** Small numbers of names make objects meet: as hook and resource, as live and desired. */
  readonly #names: readonly string[];
  readonly #rich: boolean;
  readonly #hasAllOptions: boolean;
  /** Without `hasAllOptions` the operation has no other option than `prune`. */
  constructor(random: Random, hasAllOptions: boolean) {
    this.#random = random;
    this.#hasAllOptions = hasAllOptions;
    this.#names = random.list(1, 6, () => random.pick(["a", "b", "c", "d", "e", "default", "other", "x-1"]));
    this.#rich = random.chance(0.7);
  }

  files(): ReadonlyMap<string, string> {
    const random = this.#random;
    const wanted = unique(random.list(0, random.pick([2, 6, 12]), () => this.#object()));
    const files = new Map([["objects.yaml", documents(wanted)]]);
    if (random.chance(0.7)) {
      const live = wanted.filter(() => random.chance(0.4)).map((object) => this.#asLive(object));
      live.push(...random.list(0, random.pick([1, 4, 8]), () => this.#asLive(this.#object())));
      files.set("live.yaml", documents(live));
    }
    if (random.chance(0.75))
      files.set(
        "options.json",
        JSON.stringify({ prune: random.chance(0.8), ...(this.#hasAllOptions && this.#options(wanted)) }),
      );
    return files;
  }

  #options(wanted: readonly Record<string, unknown>[]): Record<string, unknown> {
    const random = this.#random;
    const some = (): string[] => wanted.filter(() => random.chance(0.25)).map((object) => planName(object));
    return {
      ...(random.chance(0.2) && { pruneLast: true }),
      ...(random.chance(0.2) && { pruneConfirmed: true }),
      ...(random.chance(0.15) && { skipHooks: true }),
      ...(random.chance(0.2) && { defaultPruneOption: random.pick(["false", "confirm", "true"]) }),
      ...(random.chance(0.4) && { namespace: random.pick(namespaces) }),
      ...(random.chance(0.4) && { createNamespace: true, managedNamespace: random.chance(0.3) }),
      ...(random.chance(0.3) && { fails: some() }),
      ...(random.chance(0.3) && { degraded: some() }),
    };
  }

  #object(): Record<string, unknown> {
    const random = this.#random;
    const roll = random.next();
    if (roll < 0.07) return this.#named({ apiVersion: "v1", kind: "Namespace", clusterScoped: true });
    if (roll < 0.12) return this.#customResourceDefinition();
    return this.#named(random.pick(kinds));
  }

  #named({ apiVersion, kind, clusterScoped }: Kind): Record<string, unknown> {
    const random = this.#random;
    const name = kind === "Namespace" ? random.pick(namespaces) : this.#name(apiVersion, kind);
    const annotations = this.#annotations();
    const isGenerated = Object.keys(annotations).some((key) => key.endsWith("/hook")) && random.chance(0.15);
    const namespace = clusterScoped && random.chance(0.9) ? "" : random.pick(namespaces);
    const metadata = {
      ...(isGenerated ? { generateName: `${name}-` } : { name }),
      ...(namespace !== "" && { namespace }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ...(random.chance(0.05) && { finalizers: ["example.com/own", "argocd.argoproj.io/hook-finalizer"] }),
    };
    return { apiVersion, kind, metadata };
  }

  /** What the engine does not order by kind has names of its own by kind: their order would be random. */
  #name(apiVersion: string, kind: string): string {
    const name = this.#random.pick(this.#names);
    return /^(other\.)?example\.com|^scheduling|^extensions/.test(apiVersion)
      ? `${kind.toLowerCase()}-${apiVersion.length}-${name}`
      : name;
  }

  #customResourceDefinition(): Record<string, unknown> {
    const random = this.#random;
    const [group, kind] = random.pick([
      ["example.com", "Widget"],
      ["example.com", "Gadget"],
      ["other.example.com", "Widget"],
      ["example.com", "Nothing"],
    ] as const);
    const annotations = this.#annotations();
    return {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: {
        name: `${kind.toLowerCase()}s.${group}`,
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
      spec: { group, names: { kind, plural: `${kind.toLowerCase()}s` } },
      // Otherwise the engine waits for it.
      status: { conditions: [{ type: "Established", status: "True" }] },
    };
  }

  #annotations(): Record<string, string> {
    const random = this.#random;
    const annotations: Record<string, string> = {};
    const share = this.#rich ? 1 : 0.35;
    if (random.chance(0.45 * share)) annotations["argocd.argoproj.io/sync-wave"] = this.#wave();
    if (random.chance(0.15 * share)) annotations["helm.sh/hook-weight"] = this.#wave();
    if (random.chance(0.3 * share)) annotations["argocd.argoproj.io/hook"] = this.#list(hooks, 2);
    if (random.chance(0.25 * share)) annotations["helm.sh/hook"] = this.#list(helmHooks, 2);
    if (random.chance(0.3 * share)) annotations["argocd.argoproj.io/hook-delete-policy"] = this.#list(policies, 2);
    if (random.chance(0.15 * share)) annotations["helm.sh/hook-delete-policy"] = this.#list(helmPolicies, 2);
    if (random.chance(0.2 * share)) annotations["argocd.argoproj.io/sync-options"] = this.#list(syncOptions, 2);
    return annotations;
  }

  #wave(): string {
    const random = this.#random;
    return random.chance(0.85) ? String(random.below(5) - 2) : random.pick(waves);
  }

  #list(values: readonly string[], most: number): string {
    const random = this.#random;
    const separator = random.pick([",", ", ", " ,", ",,"]);
    return random.list(1, most, () => random.pick(values)).join(separator);
  }

  /** As the cluster may hold it: other annotations than wanted, on its way out, made by an earlier sync. */
  #asLive(object: Record<string, unknown>): Record<string, unknown> {
    const random = this.#random;
    const metadata = { ...(object["metadata"] as Record<string, unknown>) };
    if (metadata["name"] === undefined) {
      metadata["name"] = `${String(metadata["generateName"])}0000000-presync-1700000000`;
      delete metadata["generateName"];
    }
    if (metadata["namespace"] === undefined) metadata["namespace"] = "default";
    if (random.chance(0.25)) metadata["annotations"] = this.#annotations();
    if (random.chance(0.12)) metadata["deletionTimestamp"] = "2024-01-02T03:04:05Z";
    if (random.chance(0.15)) metadata["finalizers"] = ["argocd.argoproj.io/hook-finalizer"];
    return { ...object, metadata };
  }
}

/** `Kind.group namespace/name`, as a plan has it. */
function planName(object: Record<string, unknown>): string {
  const { name, namespace = "default" } = object["metadata"] as Record<string, string>;
  const group = String(object["apiVersion"]).split("/").at(-2);
  return `${String(object["kind"])}${group === undefined ? "" : `.${group}`} ${namespace}/${name}`;
}

/** The controller hands each object over once. */
function unique(objects: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const byKey = new Map<string, Record<string, unknown>>();
  for (const object of objects) {
    const { name, generateName, namespace = "default" } = object["metadata"] as Record<string, string>;
    const group = String(object["apiVersion"]).split("/").at(-2) ?? "";
    const isClusterScoped =
      object["kind"] === "Namespace" ||
      kinds.some(({ kind, clusterScoped }) => clusterScoped && kind === object["kind"]);
    byKey.set([group, object["kind"], isClusterScoped ? "" : namespace, name ?? `${generateName}*`].join("/"), object);
  }
  return [...byKey.values()];
}

/** JSON documents are YAML documents. */
function documents(objects: readonly Record<string, unknown>[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join("");
}
