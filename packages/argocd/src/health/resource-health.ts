import { hasHookFinalizer } from "../hooks/hook.ts";
import { defaultArgocdProfile, type ArgocdProfile } from "../profile.ts";
import type { ResourceOverrides } from "../settings/resource-overrides.ts";
import { finalizersOf, isBeingDeleted, nameOf, namespaceOf, type Unstructured } from "../unstructured.ts";
import { builtInCheck } from "./built-in-checks.ts";
import { groupKindKey, overrideScript, type HealthScript, type ShippedHealthScripts } from "./health-scripts.ts";
import { HealthCheckError, type HealthStatus } from "./health-status.ts";
import { LuaHealthError, luaHealth } from "./lua-health.ts";
import type { LuaLimits } from "./lua/state.ts";
import { hasShippedScript } from "./shipped-scripts.ts";

export interface ResourceHealthOptions {
  /** From argocd-cm. */
  readonly overrides?: ResourceOverrides;
  /** Argo CD's own scripts; without them kinds that need one come out as `unsupported`. */
  readonly shipped?: ShippedHealthScripts;
  /** Milliseconds since 1970, for scripts that ask for the time. */
  readonly now: number;
  readonly limits?: LuaLimits;
  /** Argo CD's version; default 3.6. */
  readonly profile?: ArgocdProfile;
}

export interface ResourceHealth {
  /** undefined: Argo CD has no opinion, the object does not count. */
  readonly health: HealthStatus | undefined;
  /** The check itself failed, in Argo CD's words; the status is then Unknown. */
  readonly error?: string;
  /** Where the check failed: a key of argocd-cm or a script's file, with the script's line. */
  readonly place?: { readonly from: string; readonly line?: number };
  /** The verdict cannot be known here: `unsupported: …`. */
  readonly unsupported?: string;
}

/** Argo CD's verdict on a live object. Mirrors gitops-engine v3.6.1 pkg/health/health.go GetResourceHealth. */
export function resourceHealth(object: Unstructured, options: ResourceHealthOptions): ResourceHealth {
  const { pendingDeletion: rule } = options.profile ?? defaultArgocdProfile;
  if (rule === "unchecked" && isBeingDeleted(object) && !hasHookFinalizer(object)) {
    return { health: { status: "Progressing", message: "Pending deletion" } };
  }
  const key = groupKindKey(object);
  const script = overrideScript(object, options.overrides ?? new Map()) ?? options.shipped?.find(key);
  if (script === undefined && options.shipped === undefined && hasShippedScript(key)) {
    return {
      health: undefined,
      unsupported: `unsupported: the health of ${key} needs the scripts that ship with Argo CD`,
    };
  }
  if (script !== undefined) {
    const judged = byScript(object, script, options);
    if (judged !== undefined) return judged;
  }
  return byBuiltIn(object);
}

/** What a script alone says, before the rule for objects being deleted; undefined when it says nothing. Throws `LuaHealthError`. */
export function scriptHealth(
  object: Unstructured,
  script: HealthScript,
  options: ResourceHealthOptions,
): HealthStatus | undefined {
  const run = { openLibraries: script.useOpenLibs, now: options.now };
  return luaHealth(script.text, object, options.limits === undefined ? run : { ...run, limits: options.limits });
}

function byScript(
  object: Unstructured,
  script: HealthScript,
  options: ResourceHealthOptions,
): ResourceHealth | undefined {
  try {
    const health = scriptHealth(object, script, options);
    if (health === undefined) return undefined;
    return { health: pendingDeletion(object, health) ?? health };
  } catch (error) {
    if (!(error instanceof LuaHealthError)) throw error;
    return {
      health: { status: "Unknown", message: error.message },
      error: `failed to get resource health for ${namespaceOf(object)}/${nameOf(object)}: ${error.message}`,
      place: error.line === undefined ? { from: script.from } : { from: script.from, line: error.line },
    };
  }
}

function byBuiltIn(object: Unstructured): ResourceHealth {
  const check = builtInCheck(object);
  if (check === undefined) return { health: pendingDeletion(object, undefined) };
  try {
    const health = check(object);
    return { health: pendingDeletion(object, health) ?? health };
  } catch (error) {
    if (!(error instanceof HealthCheckError)) throw error;
    return { health: { status: "Unknown", message: error.message }, error: error.message };
  }
}

function pendingDeletion(object: Unstructured, health: HealthStatus | undefined): HealthStatus | undefined {
  if (!isBeingDeleted(object) || hasHookFinalizer(object)) return undefined;
  if (health?.deletionMessage !== undefined) return { status: health.status, message: health.deletionMessage };
  const finalizers = finalizersOf(object);
  const blocked = finalizers.length > 0 ? `; blocked by finalizers: ${finalizers.join(", ")}` : "";
  return { status: "Progressing", message: `Pending deletion${blocked}` };
}
