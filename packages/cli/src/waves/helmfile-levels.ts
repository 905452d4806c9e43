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
    const layer = layers.get(release.layer);
    if (layer === undefined) layers.set(release.layer, [release.id]);
    else layer.push(release.id);
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

/** Each release one level behind the last of those that it needs. Those that need each other, and who needs these, come last together. */
function levelsOf(ids: readonly string[], needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const open = new Map<string, number>(ids.map((id) => [id, 0]));
  const dependents = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const id of ids) {
    for (const need of needs.get(id) ?? []) {
      if (!open.has(need)) continue;
      dependents.get(need)!.push(id);
      open.set(id, open.get(id)! + 1);
    }
  }
  const levelOf = new Map<string, number>();
  let level = ids.filter((id) => open.get(id) === 0);
  let depth = 0;
  for (; level.length > 0; depth++) {
    const next: string[] = [];
    for (const id of level) {
      levelOf.set(id, depth);
      for (const dependent of dependents.get(id)!) {
        open.set(dependent, open.get(dependent)! - 1);
        if (open.get(dependent) === 0) next.push(dependent);
      }
    }
    level = next;
  }
  const levels: string[][] = [];
  for (const id of ids) (levels[levelOf.get(id) ?? depth] ??= []).push(id);
  return levels;
}
