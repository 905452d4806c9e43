import { expect, test } from "vitest";
import { injectFaults } from "../tools/src/fuzz/pivot.ts";
import { isFull, referenceEstate } from "./pivot/workspace.ts";

/** Changes that matter must be found, whatever they are; changes that do not must be quiet. `npm run fuzz -- pivot` runs more. */
test("the proof finds every change of what is applied, and only those", { timeout: 600_000 }, () => {
  const { runs, real, wrong } = injectFaults(referenceEstate, { seed: 5, count: isFull ? 300 : 30 });
  expect(wrong).toEqual([]);
  expect(real).toBeGreaterThan(runs / 3);
});
