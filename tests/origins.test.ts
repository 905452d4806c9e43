import { expect, it } from "vitest";
import { corpusRenders } from "../tools/src/fuzz/field-origins.ts";
import { fuzzOrigins } from "../tools/src/fuzz/origins.ts";

/** A little of `npm run fuzz -- origins`, which goes on for as long as it is told to. */
it("every place that values of random estates name is true", { timeout: 120_000 }, () => {
  expect(fuzzOrigins(["--only", "random", "--seconds", "60", "--count", "25", "--seed", "11"])).toBe(0);
});

it("every place that values of the reference estate name is true", { timeout: 120_000 }, () => {
  expect(fuzzOrigins(["--only", "reference", "--seconds", "60", "--count", "1", "--seed", "11"])).toBe(0);
});

const renders = corpusRenders();
if (renders.length === 0)
  console.warn("skipped: no ../shared/corpus, so no rendered fields are followed to their values");

it.skipIf(renders.length === 0)("rendered fields name the values that change them", { timeout: 120_000 }, () => {
  const only = ["--only", "corpus", "--chart", "cert-manager-cert-manager--default"];
  expect(fuzzOrigins([...only, "--seconds", "60", "--count", "1", "--seed", "11"])).toBe(0);
});
