import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { fuzzHelm } from "../tools/src/fuzz/helm.ts";

const hasHelm = spawnSync("helm", ["version"]).status === 0;
if (!hasHelm) console.warn("skipped: helm is not on PATH, so nothing is fuzzed against it");

/** A little of `npm run fuzz -- helm`, which goes on for as long as it is told to. */
it.skipIf(!hasHelm)("random templates and charts render as helm renders them", { timeout: 120_000 }, async () => {
  expect(await fuzzHelm(["--templates", "--seconds", "15", "--count", "900", "--seed", "11"])).toBe(0);
  expect(await fuzzHelm(["--charts", "--seconds", "12", "--count", "60", "--seed", "11"])).toBe(0);
});
