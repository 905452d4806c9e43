import type { GoValue } from "@tiphys/gotemplate";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeMaps } from "./merge-maps.ts";
import { copyMap, isMap, mergeValues } from "./mergo.ts";
import type { ValueMap } from "./mergo.ts";

const keys = fc.constantFrom("a", "b", "c");
const scalars: fc.Arbitrary<GoValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string({ maxLength: 3 }),
  fc.integer().map(BigInt),
);
const maps = fc.letrec<{ value: GoValue; map: ValueMap }>((tie) => ({
  map: fc.array(fc.tuple(keys, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
  value: fc.oneof({ depthSize: "small" }, scalars, fc.array(scalars, { maxLength: 3 }), tie("map")),
})).map;

describe("mergeMaps", () => {
  it("changes neither side", () => {
    fc.assert(
      fc.property(maps, maps, (base, override) => {
        const before = [copyMap(base), copyMap(override)];
        mergeMaps(base, override);
        expect([base, override]).toEqual(before);
      }),
    );
  });

  it("keeps every key of both, and null overrides nothing", () => {
    fc.assert(
      fc.property(maps, maps, (base, override) => {
        const merged = mergeMaps(base, override);
        expect(new Set(merged.keys())).toEqual(new Set([...base.keys(), ...override.keys()]));
        for (const [key, value] of override) {
          if (value === null && base.has(key)) expect(merged.get(key)).toEqual(base.get(key));
          else if (!isMap(value) && !Array.isArray(value)) expect(merged.get(key)).toEqual(value);
        }
      }),
    );
  });

  it("has the empty map as neutral element on the left", () => {
    fc.assert(fc.property(maps, (map) => void expect(mergeMaps(new Map(), map)).toEqual(map)));
  });

  it("merges a map into itself without change", () => {
    fc.assert(fc.property(maps, (map) => void expect(mergeMaps(map, map)).toEqual(map)));
  });
});

describe("mergeValues", () => {
  it("lets everything of the source win, and keeps what it does not say", () => {
    fc.assert(
      fc.property(maps, maps, (target, source) => {
        const merged = copyMap(target);
        mergeValues(merged, copyMap(source));
        for (const [key, value] of source) if (!isMap(value)) expect(merged.get(key)).toEqual(value);
        for (const [key, value] of target) if (!source.has(key)) expect(merged.get(key)).toEqual(value);
      }),
    );
  });

  it("is associative for maps of scalars", () => {
    const flat = fc.array(fc.tuple(keys, scalars), { maxLength: 3 }).map((entries): ValueMap => new Map(entries));
    fc.assert(
      fc.property(flat, flat, flat, (a, b, c) => {
        const left = copyMap(a);
        mergeValues(left, b);
        mergeValues(left, c);
        const inner = copyMap(b);
        mergeValues(inner, c);
        const right = copyMap(a);
        mergeValues(right, inner);
        expect(left).toEqual(right);
      }),
    );
  });
});
