import { matchesLabels } from "@tiphys/helmfile";
import type { Inventory } from "@tiphys/pivot";
import type { WaveColumn } from "../reporters/waves.ts";
import { parseUserSelector } from "../select-releases.ts";

/** The levels of `needs` in each layer of an environment: a level's releases need only releases of earlier ones. */
export function helmfileLevels(inventory: Inventory, environment: string, selectors: readonly string[]): WaveColumn[] {
  const filters = selectors.map(parseUserSelector);
  const needs = new Map<string, readonly string[]>();
  const names = new Map<string, string>();
  const layers = new Map<string, string[]>();
  for (const release of inventory.releases) {
    const occurrence = release.occurrences.find((candidate) => candidate.environment === environment);
    if (occurrence === undefined || !occurrence.enabled || !occurrence.installed) continue;
    if (filters.length > 0 && !filters.some((filter) => matchesLabels(filter, occurrence.labels))) continue;
    needs.set(release.id, occurrence.needs);
    names.set(release.id, release.namespace === "" ? release.name : `${release.namespace}/${release.name}`);
    layers.set(release.layer, [...(layers.get(release.layer) ?? []), release.id]);
  }
  return inventory.layerOrder.flatMap((layer) => {
    const ids = layers.get(layer) ?? [];
    const levels = levelsOf(ids, needs);
    return levels.map((level, index): WaveColumn => ({
      environment,
      group: layer,
      title: `level ${index + 1}`,
      items: level.map((id) => names.get(id)!),
      needs: level.flatMap((id) =>
        (needs.get(id) ?? []).flatMap((need) => (names.has(need) ? [[names.get(need)!, names.get(id)!] as const] : [])),
      ),
    }));
  });
}

/** Longest path of needs below each release; a cycle ends where it closes. */
function levelsOf(ids: readonly string[], needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const depths = new Map<string, number>();
  const open = new Set<string>();
  const known = new Set(ids);
  const depth = (id: string): number => {
    const done = depths.get(id);
    if (done !== undefined) return done;
    if (open.has(id) || !known.has(id)) return -1;
    open.add(id);
    const result = Math.max(-1, ...(needs.get(id) ?? []).map(depth)) + 1;
    open.delete(id);
    depths.set(id, result);
    return result;
  };
  const levels: string[][] = [];
  for (const id of ids) (levels[depth(id)] ??= []).push(id);
  return levels;
}
