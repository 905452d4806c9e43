import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GoNumber, int64, type GoValue } from "@tiphys/gotemplate";
import { fromPlain, toPlain } from "./plain.ts";

describe("toPlain", () => {
  test("turns Go values into plain data", () => {
    const value = new Map<string, GoValue>([
      ["h\xc3\xa9", "\xf0\x9f\x98\x80"],
      ["int", 3n],
      ["int64", int64(4)],
      ["big", 12345678901234567890n],
      ["float32", new GoNumber("float32", 0.5)],
      ["nan", NaN],
      ["list", [null, true, [1.5]]],
    ]);
    expect(JSON.parse(JSON.stringify(toPlain(value)))).toEqual({
      hé: "😀",
      int: 3,
      int64: 4,
      big: "12345678901234567890",
      float32: 0.5,
      nan: "NaN",
      list: [null, true, [1.5]],
    });
  });

  test("keys of Object.prototype are ordinary", () => {
    const plain = toPlain(
      new Map([
        ["__proto__", new Map([["polluted", true]])],
        ["constructor", "c"],
      ] as [string, GoValue][]),
    ) as Record<string, unknown>;
    expect(Object.keys(plain)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(fromPlain(plain)).toEqual(
      new Map([
        ["__proto__", new Map([["polluted", true]])],
        ["constructor", "c"],
      ] as [string, GoValue][]),
    );
  });

  test("what contains itself is refused", () => {
    const loop: GoValue[] = [];
    loop.push(loop);
    expect(() => toPlain(loop)).toThrow(RangeError);
    expect(() => fromPlain(loop)).toThrow(RangeError);
  });

  test("JSON data survives the way there and back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const copy = JSON.parse(JSON.stringify(data)) as unknown;
        expect(JSON.parse(JSON.stringify(toPlain(fromPlain(copy))))).toEqual(copy);
      }),
    );
  });
});
