import type { InventoryRelease } from "./inventory-model.ts";
import type { HookManifests } from "./translate/hook-manifests.ts";
import type { WaveItem } from "./waves.ts";

/** What the wave plan asks about releases and components. */
export interface WaveFacts {
  readonly tier: (release: InventoryRelease) => string;
  /** Name of the release's own component, whether it exists or not. */
  readonly component: (release: InventoryRelease) => string;
  /** Wave of a component that exists. */
  readonly waveOf: (component: string) => string | undefined;
  /** Wave that tiphys.yaml asks for. */
  readonly asked: (release: InventoryRelease) => string | undefined;
}

/** The wave plan's name for what a hook of a release applies. */
export function hookWaveId(release: string, event: HookManifests["event"]): string {
  return `${release} (${event})`;
}

/**
 * Releases, and what their hooks apply, as the wave planner sees them: what a presync hook applies comes after what the release needs and
 * before the release, what a postsync hook applies comes after the release and before all that needs it.
 */
export function waveItems(releases: readonly InventoryRelease[], facts: WaveFacts): WaveItem[] {
  const events = new Map(
    releases.map(({ id, occurrences }) => [
      id,
      new Set(occurrences.flatMap(({ hookManifests }) => hookManifests.map(({ event }) => event))),
    ]),
  );
  return releases.flatMap((release): WaveItem[] => {
    const { id, layer } = release;
    const own = events.get(id)!;
    const component = facts.component(release);
    const needs = release.occurrences.flatMap((occurrence) =>
      occurrence.needs.flatMap((need) =>
        events.get(need)?.has("postsync") === true ? [need, hookWaveId(need, "postsync")] : [need],
      ),
    );
    const shared = { layer, tier: facts.tier(release) };
    const hook = (event: HookManifests["event"], after: readonly string[]): WaveItem[] =>
      own.has(event)
        ? [{ ...shared, id: hookWaveId(id, event), needs: after, fixed: wave(facts.waveOf(`${component}-${event}`)) }]
        : [];
    return [
      ...hook("presync", needs),
      {
        ...shared,
        id,
        needs: own.has("presync") ? [...needs, hookWaveId(id, "presync")] : needs,
        fixed: wave(facts.asked(release) ?? facts.waveOf(component)),
      },
      ...hook("postsync", [id]),
    ];
  });
}

function wave(text: string | undefined): number | undefined {
  return text === undefined || text === "" ? undefined : Number(text);
}
