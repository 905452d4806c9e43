import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { compileGoRegexp } from "./go-regexp.ts";
import { translateForV8 } from "./v8-regexp.ts";

const atom = fc.constantFrom(
  ..."a b c . \\d \\w \\s [ab] [^a] [a-c] \\. ^ $ \\b - x [a-] [-a] [\\w-] []a] _ 1 \\n [^\\s] (?:ab) (a) (b|c) (a+) (?P<n>c) (-?[a-c]) (x[^x-]+) (?:x?[^x]) [a-c-x] [\\w-.]".split(
    " ",
  ),
);
const quantifier = fc.constantFrom("", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}");
const piece = fc.tuple(atom, quantifier, fc.constantFrom("", "", "", "|")).map((parts) => parts.join(""));
const pattern = fc
  .tuple(fc.constantFrom("", "(?i)", "(?s)", "(?m)"), fc.array(piece, { maxLength: 5 }))
  .map(([flags, pieces]) => flags + pieces.join(""));
const text = fc.string({ unit: fc.constantFrom(..."aabbcABC.-_1x \n\r".split("")), maxLength: 14 });

function allGroups(expression: string, input: string): (string | null)[][] {
  const matcher = RE2JS.compile(expression).matcher(input);
  const found: (string | null)[][] = [];
  while (matcher.find() && found.length < 50) {
    found.push(Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? null));
  }
  return found;
}

test("what V8 runs gives what RE2 gives", () => {
  let translated = 0;
  fc.assert(
    fc.property(pattern, text, (expression, input) => {
      const translation = translateForV8(expression);
      if (!translation) return;
      translated++;
      const found = [...input.matchAll(translation.regexp)].map((match) => [...match].map((group) => group ?? null));
      expect(found).toEqual(allGroups(expression, input));
    }),
    { numRuns: 3000 },
  );
  expect(translated).toBeGreaterThan(500);
});

test("matches bytes, and leaves invalid ones alone", () => {
  expect(compileGoRegexp(".").findAll("\xc3\xa9\xff")).toEqual(["\xc3\xa9", "\xff"]);
  expect(compileGoRegexp("b").replaceAll("a\xffb\xfe", "$0$0")).toBe("a\xffbb\xfe");
});
