import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sortSlice } from "./sort-slice.ts";

const cases = JSON.parse(readFileSync(new URL("../cases/sort-slice/orders.json", import.meta.url), "utf8")) as {
  /** What is sorted by. */
  keys: number[];
  /** Where the items stood before, in the order that Go's sort.Slice gave them. */
  order: number[];
}[];

it("leaves equal items in Go's order", () => {
  for (const { keys, order } of cases) {
    const items = keys.map((key, index) => ({ key, index }));
    sortSlice(items, (a, b) => a.key < b.key);
    expect(items.map(({ index }) => index)).toEqual(order);
  }
});
