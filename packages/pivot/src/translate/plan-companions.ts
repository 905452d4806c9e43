import type { TierSettings } from "@tiphys/estate";
import type { Classification } from "../classify.ts";
import type { InventoryRelease } from "../inventory-model.ts";
import { hookWaveId } from "../wave-items.ts";
import type { Companion, HookCompanion } from "./companion.ts";
import type { HookManifests } from "./hook-manifests.ts";
import type { SmokePlan } from "./smoke.ts";

interface CompanionQuestion {
  readonly classification: Classification;
  readonly component: string;
  readonly wave: number;
  readonly tier: TierSettings;
  readonly smoke: SmokePlan | undefined;
  /** Of every item of the wave plan. */
  readonly waves: ReadonlyMap<string, number>;
}

/** The components beside a release's own. */
export function companionsOf({ classification, component, wave, tier, smoke, waves }: CompanionQuestion): Companion[] {
  const { release, reasons } = classification;
  const shared = {
    namespace: release.namespace === "" ? "default" : release.namespace,
    release: release.id,
    mode: smoke?.mode ?? ("ignore" as const),
  };
  const companions: Companion[] = [];
  if (reasons.some(({ code }) => code === "crds-component"))
    companions.push({
      ...shared,
      kind: "crds",
      name: `${component}-crds`,
      wave: String(Math.max(tier.waves[0], wave - 1)),
    });
  if (smoke?.place === "companion")
    companions.push({
      ...shared,
      kind: "smoke",
      name: `${component}-smoke`,
      wave: String(Math.min(tier.waves[1], wave + 1)),
    });
  for (const event of ["presync", "postsync"] as const) {
    const byEnvironment = hooksOf(release, event);
    if (byEnvironment.size === 0) continue;
    const own = waves.get(hookWaveId(release.id, event)) ?? wave;
    const hook: HookCompanion = {
      kind: event,
      name: `${component}-${event}`,
      wave: String(own),
      release: release.id,
      byEnvironment,
    };
    companions.push(hook);
  }
  return companions;
}

function hooksOf({ occurrences }: InventoryRelease, event: HookManifests["event"]): Map<string, HookManifests> {
  return new Map(
    occurrences.flatMap(({ environment, hookManifests }) =>
      hookManifests.filter((hook) => hook.event === event).map((hook) => [environment, hook] as const),
    ),
  );
}
