import fc from "fast-check";
import { expect, test } from "vitest";
import type { WaveItem } from "./waves.ts";
import { planWaves } from "./waves.ts";

const bands = {
  tiers: new Map([["platform", [30, 49] as const]]),
  layers: new Map(),
  layerOrder: ["22-control-plane", "24-auth"],
};

const item = (name: string, needs: string[] = [], more: Partial<WaveItem> = {}): WaveItem => ({
  id: name,
  layer: "22-control-plane",
  tier: "platform",
  needs,
  fixed: undefined,
  ...more,
});

test("a release comes after all that it needs, and layers of a tier follow each other", () => {
  const { waves, diagnostics } = planWaves(
    [
      item("gateway", ["envoy"]),
      item("envoy"),
      item("smoke", ["gateway", "envoy"]),
      item("keycloak", [], { layer: "24-auth" }),
    ],
    bands,
  );
  expect(Object.fromEntries(waves)).toEqual({ envoy: 30, gateway: 31, smoke: 32, keycloak: 40 });
  expect(diagnostics).toEqual([]);
});

test("a wave that is written down is kept while it is possible", () => {
  const { waves } = planWaves([item("a", [], { fixed: 35 }), item("b", ["a"]), item("c", ["b"], { fixed: 31 })], bands);
  expect(Object.fromEntries(waves)).toEqual({ a: 35, b: 36, c: 37 });
});

test("a band that is too small is an error with a proposal", () => {
  const narrow = { ...bands, layers: new Map([["22-control-plane", [30, 30] as const]]) };
  const { diagnostics } = planWaves([item("a"), item("b", ["a"])], narrow);
  expect(diagnostics.map(({ code, fix }) => [code, fix])).toEqual([
    [
      "wave-band-too-small",
      "write layers: { 22-control-plane: { waves: [30, 31] } } in tiphys.yaml and move the bands after it",
    ],
  ]);
});

test("every need is in an earlier wave, in whatever order the releases come", () => {
  const graph = fc
    .integer({ min: 1, max: 12 })
    .chain((size) =>
      fc.tuple(
        fc.constant(size),
        fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 20 }),
        fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
      ),
    );
  fc.assert(
    fc.property(graph, ([size, edges, order]) => {
      const needs = [...Array(size).keys()].map((index) =>
        edges.filter(([from, to]) => from === index && to < from).map(([, to]) => `r${to}`),
      );
      const items = order.map((index) => item(`r${index}`, needs[index]));
      const { waves } = planWaves(items, bands);
      for (const release of items)
        for (const need of release.needs) expect(waves.get(need)!).toBeLessThan(waves.get(release.id)!);
      const sorted = planWaves(
        items.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        bands,
      );
      expect([...waves].toSorted()).toEqual([...sorted.waves].toSorted());
    }),
  );
});
