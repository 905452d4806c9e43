import type { Diagnostic } from "@tiphys/source";

/** One release as the wave planner sees it. */
export interface WaveItem {
  /** Unique in the estate. */
  readonly id: string;
  readonly layer: string;
  readonly tier: string;
  /** Ids of other items in the same layer that must be healthy first. */
  readonly needs: readonly string[];
  /** A wave that is already written down or asked for; kept while it is possible. */
  readonly fixed: number | undefined;
}

export interface WaveBand {
  readonly first: number;
  readonly last: number;
}

/** What bounds the waves: tiers' bands, and those layers that have one of their own. */
export interface WaveBands {
  readonly tiers: ReadonlyMap<string, readonly [number, number]>;
  readonly layers: ReadonlyMap<string, readonly [number, number]>;
  /** Layers in the order in which helmfile visits them. */
  readonly layerOrder: readonly string[];
}

export interface WavePlan {
  readonly waves: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A wave for every item: after all that it needs, inside its layer's band. Layers of one tier follow each other as helmfile
 * visits them; a layer without a band of its own gets an equal part of its tier's band. Depends only on the whole estate, so the order
 * in which parts of it move makes no difference. Bands that are too small come back as errors with a proposal.
 */
export function planWaves(items: readonly WaveItem[], bands: WaveBands): WavePlan {
  const waves = new Map<string, number>();
  const diagnostics: Diagnostic[] = [];
  const depths = needsDepths(items);
  for (const group of groupByTierAndLayer(items, bands)) {
    for (const layer of group.layers) placeLayer(layer, { depths, waves, diagnostics });
  }
  return { waves, diagnostics };
}

interface PlannedLayer {
  readonly layer: string;
  readonly tier: string;
  readonly items: readonly WaveItem[];
  readonly band: WaveBand;
}

interface Placement {
  readonly depths: ReadonlyMap<string, number>;
  readonly waves: Map<string, number>;
  readonly diagnostics: Diagnostic[];
}

function placeLayer(layer: PlannedLayer, { depths, waves, diagnostics }: Placement): void {
  const ordered = layer.items.toSorted((a, b) => depths.get(a.id)! - depths.get(b.id)! || (a.id < b.id ? -1 : 1));
  let highest = layer.band.first;
  for (const item of ordered) {
    const after = Math.max(
      layer.band.first,
      ...item.needs.map((need) => (waves.get(need) ?? layer.band.first - 1) + 1),
    );
    const wave = item.fixed !== undefined && item.fixed >= after && item.fixed <= layer.band.last ? item.fixed : after;
    waves.set(item.id, wave);
    highest = Math.max(highest, wave);
  }
  if (highest > layer.band.last) {
    diagnostics.push({
      code: "wave-band-too-small",
      severity: "error",
      message:
        `layer ${layer.layer} needs waves ${layer.band.first} to ${highest}, ` +
        `but its band in tier ${layer.tier} ends at ${layer.band.last}`,
      origin: { file: "tiphys.yaml", path: `layers.${layer.layer}.waves` },
      fix: `write layers: { ${layer.layer}: { waves: [${layer.band.first}, ${highest}] } } in tiphys.yaml and move the bands after it`,
    });
  }
}

function groupByTierAndLayer(items: readonly WaveItem[], bands: WaveBands): { layers: PlannedLayer[] }[] {
  const tiers = new Map<string, Map<string, WaveItem[]>>();
  for (const item of items) {
    const layers = tiers.get(item.tier) ?? new Map<string, WaveItem[]>();
    tiers.set(item.tier, layers);
    layers.set(item.layer, [...(layers.get(item.layer) ?? []), item]);
  }
  return [...tiers].map(([tier, layers]) => {
    const names = [...layers.keys()].toSorted((a, b) => bands.layerOrder.indexOf(a) - bands.layerOrder.indexOf(b));
    const tierBand = bands.tiers.get(tier) ?? [0, 99];
    const open = names.filter((name) => !bands.layers.has(name));
    const size = Math.max(1, Math.floor((tierBand[1] - tierBand[0] + 1) / Math.max(1, open.length)));
    return {
      layers: names.map((layer) => {
        const own = bands.layers.get(layer);
        const index = open.indexOf(layer);
        const first = own?.[0] ?? Math.min(tierBand[0] + index * size, tierBand[1]);
        const last = own?.[1] ?? (index === open.length - 1 ? tierBand[1] : Math.min(first + size - 1, tierBand[1]));
        return { layer, tier, items: layers.get(layer)!, band: { first, last } };
      }),
    };
  });
}

/** Longest path of needs below each item. A cycle ends where it closes: helmfile itself refuses it before. */
function needsDepths(items: readonly WaveItem[]): Map<string, number> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const depths = new Map<string, number>();
  const open = new Set<string>();
  const depth = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const item = byId.get(id);
    if (item === undefined || open.has(id)) return -1;
    open.add(id);
    const result = Math.max(-1, ...item.needs.map(depth)) + 1;
    open.delete(id);
    depths.set(id, result);
    return result;
  };
  for (const item of items) depth(item.id);
  return depths;
}
