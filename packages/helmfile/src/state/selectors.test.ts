import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesLabels, parseSelector, SelectorError, selectorsAreCompatible } from "./selectors.ts";

const labels = fc.dictionary(fc.constantFrom("tier", "team", "name"), fc.constantFrom("a", "b"));
const selectors = fc
  .uniqueArray(fc.tuple(fc.constantFrom("tier", "team"), fc.constantFrom("=", "!="), fc.constantFrom("a", "b")), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.map((part) => part.join("")).join(","));

describe("selectors", () => {
  it("choose what all of their labels hold for", () => {
    fc.assert(
      fc.property(labels, selectors, (given, selector) => {
        const holds = selector.split(",").every((part) => {
          const [key, value] = part.split(/!?=/) as [string, string];
          return part.includes("!=") ? given[key] !== value : given[key] === value;
        });
        expect(matchesLabels(parseSelector(selector), new Map(Object.entries(given)))).toBe(holds);
      }),
    );
  });

  it("are compatible when one release could match both", () => {
    fc.assert(
      fc.property(labels, selectors, selectors, (given, left, right) => {
        const map = new Map(Object.entries(given));
        if (matchesLabels(parseSelector(left), map) && matchesLabels(parseSelector(right), map))
          expect(selectorsAreCompatible([left], [right])).toBe(true);
      }),
    );
  });

  it("refuse what is no pair, with helmfile's text", () => {
    expect(() => parseSelector("tier")).toThrow(
      new SelectorError("malformed label: tier. Expected label in form k=v or k!=v"),
    );
  });
});
