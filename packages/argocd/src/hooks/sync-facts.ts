import {
  groupOf,
  isCustomResourceDefinition,
  kindOf,
  nestedString,
  resourceKeyOf,
  resourceKeyText,
  type ResourceKey,
  type Unstructured,
} from "../unstructured.ts";
import {
  hookDeletePolicies,
  isHook,
  isIgnored,
  syncPhases,
  syncWave,
  type HookDeletePolicy,
  type SyncPhase,
} from "./hook.ts";
import { kindOrder } from "./kind-order.ts";

/** What a sync asks of an object, in every one of its rounds. */
export interface SyncFacts {
  readonly key: ResourceKey;
  readonly keyText: string;
  /** The same without the namespace. */
  readonly clusterKeyText: string;
  readonly isHook: boolean;
  readonly isIgnored: boolean;
  readonly phases: readonly SyncPhase[];
  readonly deletePolicies: readonly HookDeletePolicy[];
  readonly wave: number;
  readonly kindOrder: number;
  readonly groupKind: string;
  /** The namespace that the object makes. */
  readonly madeNamespace: string | undefined;
  /** `group/Kind` that the object defines. */
  readonly definedKind: string | undefined;
}

const known = new WeakMap<Unstructured, SyncFacts>();

/** Read once from each object: those of a sync do not change. */
export function syncFacts(object: Unstructured): SyncFacts {
  let facts = known.get(object);
  if (facts === undefined) known.set(object, (facts = readFacts(object)));
  return facts;
}

function readFacts(object: Unstructured): SyncFacts {
  const key = resourceKeyOf(object);
  return {
    key,
    keyText: resourceKeyText(key),
    clusterKeyText: resourceKeyText({ ...key, namespace: "" }),
    isHook: isHook(object),
    isIgnored: isIgnored(object),
    phases: syncPhases(object),
    deletePolicies: hookDeletePolicies(object),
    wave: syncWave(object),
    kindOrder: kindOrder(key.kind),
    groupKind: `${key.group}/${key.kind}`,
    madeNamespace: kindOf(object) === "Namespace" && groupOf(object) === "" ? key.name : undefined,
    definedKind: definedKind(object),
  };
}

function definedKind(object: Unstructured): string | undefined {
  if (!isCustomResourceDefinition(object)) return undefined;
  const group = nestedString(object, "spec", "group");
  const kind = nestedString(object, "spec", "names", "kind");
  return group === "" || kind === "" ? undefined : `${group}/${kind}`;
}
