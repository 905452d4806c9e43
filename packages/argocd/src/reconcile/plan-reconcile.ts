import { deepEqual, fromByteString, type GoValue } from "@tiphys/gotemplate";
import type { Expansion } from "../application-set.ts";
import { hasSteps, readStrategy } from "../rollout/steps.ts";
import { nameOf, nested, nestedSlice, nestedString, type Unstructured } from "../unstructured.ts";
import { normalizeApplicationSpec } from "./normalize-spec.ts";
import { removePointer } from "./remove-pointer.ts";

/** `spec.syncPolicy.applicationsSync`, and the controller's `--policy`. */
export type ApplicationsSync = "create-only" | "create-update" | "create-delete" | "sync";

export interface ReconcileOptions {
  readonly applicationSet: Unstructured;
  readonly expansion: Expansion;
  /** Applications that the set owns in the cluster. */
  readonly live: readonly Unstructured[];
  /** The controller's `--policy`; undefined where it is not given. */
  readonly policy?: ApplicationsSync;
  /** `--enable-policy-override`; by default only without `--policy`. */
  readonly enablePolicyOverride?: boolean;
  readonly preservedAnnotations?: readonly string[];
  readonly preservedLabels?: readonly string[];
  /** `--enable-progressive-syncs`: with RollingSync automated sync is switched off, the set starts the syncs. */
  readonly progressiveSyncs?: boolean;
  /** Removes what jq expressions name; without it such rules make `unknown`. */
  readonly removeByJq?: (application: Unstructured, expressions: readonly string[]) => Unstructured;
}

/** What the controller does with one Application. */
export interface ReconcileAction {
  readonly name: string;
  readonly action: "create" | "update" | "delete" | "none";
  /** Why a difference or a leftover stays, or why it is not known. */
  readonly reason?: string;
  /** For `create` and `update`: the Application as it is written. */
  readonly written?: Unstructured;
  /** For `update`: paths that change. */
  readonly changes?: readonly string[];
}

/**
 * What one reconciliation of an ApplicationSet writes and deletes (applicationset_controller.go, createOrUpdateInCluster,
 * createInCluster, deleteInCluster; utils/createOrUpdate.go). Sorted by name.
 */
export function planReconcile(options: ReconcileOptions): {
  readonly policy: ApplicationsSync;
  readonly actions: readonly ReconcileAction[];
} {
  const policy = effectivePolicy(options);
  const { expansion } = options;
  if (expansion.error)
    return {
      policy,
      actions: options.live.map((live) => ({
        name: fromByteString(nameOf(live)),
        action: "none",
        reason: "the ApplicationSet generates nothing: an error stops everything",
      })),
    };
  const created = expansion.controller && new Set(expansion.controller.created);
  const live = new Map(options.live.map((one) => [nameOf(one), one]));
  const actions: ReconcileAction[] = [];
  const generated = new Set<string>();
  for (const { application } of expansion.applications) {
    const name = nameOf(application);
    if (generated.has(name)) continue;
    generated.add(name);
    if (created && !created.has(fromByteString(name)))
      actions.push({ name: fromByteString(name), action: "none", reason: expansion.controller!.message });
    else actions.push(planWrite(application, live.get(name), policy, options));
  }
  for (const name of live.keys()) if (!generated.has(name)) actions.push(planDelete(name, policy));
  return { policy, actions: actions.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** utils/policy.go, DefaultPolicy. */
function effectivePolicy({ applicationSet, policy, enablePolicyOverride }: ReconcileOptions): ApplicationsSync {
  const own = nestedString(applicationSet, "spec", "syncPolicy", "applicationsSync");
  const mayOverride = enablePolicyOverride ?? policy === undefined;
  return own !== "" && mayOverride ? (own as ApplicationsSync) : (policy ?? "sync");
}

function planDelete(name: string, policy: ApplicationsSync): ReconcileAction {
  const readable = fromByteString(name);
  if (policy === "sync" || policy === "create-delete") return { name: readable, action: "delete" };
  return { name: readable, action: "none", reason: `policy ${policy} deletes nothing` };
}

function planWrite(
  generated: Unstructured,
  live: Unstructured | undefined,
  policy: ApplicationsSync,
  options: ReconcileOptions,
): ReconcileAction {
  const name = fromByteString(nameOf(generated));
  const written = asWritten(generated, live, options);
  if (!live) return { name, action: "create", written };
  if (policy !== "sync" && policy !== "create-update")
    return { name, action: "none", reason: `policy ${policy} updates nothing` };
  const rules = ignoreRules(options.applicationSet, nameOf(generated));
  if (rules.expressions.length > 0 && !options.removeByJq)
    return { name, action: "none", reason: "unsupported: jqPathExpressions need jq" };
  const ignored = (application: Unstructured) => {
    const copy = rules.pointers.reduce(removePointer, comparable(application));
    return rules.expressions.length > 0 ? options.removeByJq!(copy, rules.expressions) : copy;
  };
  const changes = changedPaths(ignored(live), ignored(written));
  return changes.length === 0 ? { name, action: "none" } : { name, action: "update", written, changes };
}

const alwaysPreserved = [
  "notified.notifications.argoproj.io",
  "argocd.argoproj.io/refresh",
  "argocd.argoproj.io/hydrate",
];
const preservedFinalizers = ["pre-delete-finalizer.argocd.argoproj.io", "post-delete-finalizer.argocd.argoproj.io"];

/** The generated Application with what is kept of the live one: preserved annotations and labels, finalizers of deletion hooks. */
function asWritten(generated: Unstructured, live: Unstructured | undefined, options: ReconcileOptions): Unstructured {
  const preserved = (key: "annotations" | "labels") =>
    nestedSlice(options.applicationSet, "spec", "preservedFields", key).map(String);
  const metadata = new Map(mapAt(generated, "metadata"));
  const keep = (key: "annotations" | "labels", names: readonly string[]) => {
    const kept = new Map(mapAt(generated, "metadata", key));
    for (const name of names) {
      const value = mapAt(live ?? new Map(), "metadata", key).get(name);
      if (value !== undefined) kept.set(name, value);
    }
    if (kept.size > 0) metadata.set(key, kept);
  };
  keep("annotations", [...preserved("annotations"), ...(options.preservedAnnotations ?? []), ...alwaysPreserved]);
  keep("labels", [...preserved("labels"), ...(options.preservedLabels ?? [])]);
  const finalizers = nestedSlice(live ?? null, "metadata", "finalizers").filter((finalizer) =>
    preservedFinalizers.some((prefix) => String(finalizer).startsWith(prefix)),
  );
  if (finalizers.length > 0)
    metadata.set("finalizers", [...nestedSlice(generated, "metadata", "finalizers"), ...finalizers]);
  return new Map(generated)
    .set("metadata", metadata)
    .set("spec", normalizeApplicationSpec(writtenSpec(generated, options)));
}

/** progressive_sync.go, disableAutomatedSync. */
function writtenSpec(
  generated: Unstructured,
  { applicationSet, progressiveSyncs }: ReconcileOptions,
): Map<string, GoValue> {
  const spec = mapAt(generated, "spec");
  const automated = nested(spec, "syncPolicy", "automated");
  if (!progressiveSyncs || !(automated instanceof Map) || !hasSteps(readStrategy(applicationSet))) return spec;
  const syncPolicy = new Map(mapAt(spec, "syncPolicy")).set("automated", new Map(automated).set("enabled", false));
  return new Map(spec).set("syncPolicy", syncPolicy);
}

function mapAt(object: Unstructured, ...path: readonly string[]): Map<string, GoValue> {
  const value = nested(object, ...path);
  return value instanceof Map ? value : new Map<string, GoValue>();
}

/** spec.ignoreApplicationDifferences that are for this Application. */
function ignoreRules(
  applicationSet: Unstructured,
  name: string,
): { readonly pointers: readonly string[]; readonly expressions: readonly string[] } {
  const rules = nestedSlice(applicationSet, "spec", "ignoreApplicationDifferences").filter((rule) =>
    ["", name].includes(nestedString(rule, "name")),
  );
  return {
    pointers: rules.flatMap((rule) => nestedSlice(rule, "jsonPointers").map(String)),
    expressions: rules.flatMap((rule) => nestedSlice(rule, "jqPathExpressions").map(String)),
  };
}

/** What the controller compares and writes: spec, labels, annotations, finalizers. */
function comparable(application: Unstructured): Unstructured {
  const metadata = new Map<string, GoValue>();
  for (const key of ["labels", "annotations", "finalizers"]) {
    const value = nested(application, "metadata", key);
    if (value !== undefined && value !== null) metadata.set(key, value);
  }
  return new Map<string, GoValue>([
    ["metadata", metadata],
    ["spec", normalizeApplicationSpec(mapAt(application, "spec"))],
  ]);
}

function changedPaths(before: GoValue | undefined, after: GoValue | undefined, path = ""): string[] {
  if (before instanceof Map && after instanceof Map) {
    const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
    return keys.flatMap((key) => changedPaths(before.get(key), after.get(key), path === "" ? key : `${path}.${key}`));
  }
  const isSame =
    before === undefined || after === undefined ? isNothing(before) && isNothing(after) : deepEqual(before, after);
  return isSame ? [] : [fromByteString(path)];
}

/** Absent, null and empty are one to Go's types. */
function isNothing(value: GoValue | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (value instanceof Map && value.size === 0)
  );
}
