import fc from "fast-check";
import { expect, test } from "vitest";
import type { GoValue } from "@tiphys/gotemplate";
import { deepEqual, fromByteString, toByteString } from "@tiphys/gotemplate";
import { readYaml, writeYamlV2 } from "@tiphys/source";
import { composeValuesFile } from "./compose.ts";
import { splitValues } from "./split-values.ts";

type Values = Map<string, GoValue>;

const key = fc.oneof(
  fc.constantFrom("a", "b", "image", "replicas", "on", "yes", "1", "__proto__", "constructor"),
  fc.string({ maxLength: 4 }).map(toByteString),
);
const scalar: fc.Arbitrary<GoValue> = fc.oneof(
  fc.constantFrom<GoValue>(
    null,
    true,
    false,
    0,
    1,
    1.5,
    1e21,
    "",
    "yes",
    "0123",
    "1e3",
    "on",
    "null",
    "~",
    "a: b",
    "- x",
    "#c",
    "line\nline\n",
    "  lead",
  ),
  fc.string({ maxLength: 6 }).map(toByteString),
);
const tree = fc.letrec<{ value: GoValue; map: Values }>((tie) => ({
  map: fc
    .array(fc.tuple(key, tie("value")), { maxLength: 4 })
    .map((entries) => new Map(entries as [string, GoValue][])) as fc.Arbitrary<Values>,
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(scalar, { maxLength: 3 }) as fc.Arbitrary<GoValue>,
    tie("map") as fc.Arbitrary<GoValue>,
  ),
})).map;

function overlay(lower: Values, higher: Values): Values {
  const merged: Values = new Map(lower);
  for (const [name, value] of higher) {
    const below = merged.get(name);
    merged.set(name, value instanceof Map && below instanceof Map ? overlay(below, value) : value);
  }
  return merged;
}

test("the shared part overlaid with the rest of an environment is what the environment had", () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 4 }), (environments) => {
      const { shared, perEnvironment } = splitValues(environments);
      for (const [index, values] of environments.entries()) {
        expect(deepEqual(overlay(shared, perEnvironment[index]!), values)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test("no leaf stands both in the shared part and in an environment", () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 2, maxLength: 4 }), (environments) => {
      const { shared, perEnvironment } = splitValues(environments);
      const leaves = (values: Values, path = ""): string[] =>
        [...values].flatMap(([name, value]) =>
          value instanceof Map && value.size > 0 ? leaves(value, `${path}/${name}`) : [`${path}/${name}`],
        );
      const common = new Set(leaves(shared));
      for (const rest of perEnvironment) for (const leaf of leaves(rest)) expect(common.has(leaf)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("a composed file means exactly the values, whatever layers it is composed from", () => {
  fc.assert(
    fc.property(tree, fc.array(tree, { maxLength: 3 }), (values, layers) => {
      const texts = layers.map((layer, index) => ({
        name: `layer ${index}`,
        text: fromByteString(writeYamlV2(layer)),
      }));
      const text = composeValuesFile(values, texts);
      if (values.size === 0) expect(text).toBe("");
      else expect(deepEqual(readYaml(toByteString(text)).value, values)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

const layered = `# What the web tier needs.
image:
  repository: registry.example.com/web # mirrored
  tag: "1.20"

# How many.
replicas: 3
mode: 0123
flags: [a, b]
text: |
  one
  two
`;

test("a layer that says exactly the values is kept word for word", () => {
  const values = readYaml(layered).value as Values;
  expect(composeValuesFile(values, [{ name: "values/_shared/web.yaml", text: layered }])).toBe(layered);
});

test("a part of a layer keeps its comments, order and spelling", () => {
  const values = readYaml(layered).value as Values;
  values.delete("flags");
  (values.get("image") as Values).delete("tag");
  const text = composeValuesFile(values, [{ name: "values/_shared/web.yaml", text: layered }]);
  expect(text).toBe(`# What the web tier needs.
image:
  repository: registry.example.com/web # mirrored

# How many.
replicas: 3
mode: 0123
text: |
  one
  two
`);
});

test("anchors and merge keys are resolved where a file does not move whole", () => {
  const text = "base: &base\n  cpu: 1\nweb:\n  <<: *base\n  memory: 2\nother: *base\n";
  const values = readYaml(text).value as Values;
  values.delete("base");
  const composed = composeValuesFile(values, [{ name: "x.yaml", text }]);
  expect(deepEqual(readYaml(composed).value, values)).toBe(true);
  expect(composed).not.toContain("*base");
});
