import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeV2 } from "./decode-v2.ts";
import { decodeV3 } from "./decode-v3.ts";
import { Parser } from "./parser.ts";
import { readPlain } from "./plain.ts";

/** What the exact parser makes of a text; undefined when it refuses it. */
function readExactly(text: string, v3: boolean, onlyFirst: boolean): unknown[] | undefined {
  try {
    const parser = new Parser(text, v3 ? "v3" : "v2");
    const values: unknown[] = [];
    for (let root = parser.next(); root !== undefined; root = parser.next()) {
      values.push(v3 ? decodeV3(root, undefined) : decodeV2(root, true));
      if (onlyFirst) break;
    }
    return values;
  } catch {
    return undefined;
  }
}

function expectSame(text: string): void {
  for (const v3 of [false, true]) {
    for (const onlyFirst of [false, true]) {
      const plain = readPlain(text, v3, onlyFirst);
      if (plain !== undefined) expect(plain).toEqual(readExactly(text, v3, onlyFirst));
    }
  }
}

const scalar = fc.oneof(
  fc.constantFrom("a", "word and word", "-x", ":8080", "1", "-1.5e3", "0x1f", "0123", "yes", "~", "null", "2001-01-01"),
  fc.constantFrom('"a: b"', "'it''s'", '"#"', '""', "[]", "{}", '[a, "b", 1]', "a#b", "a:b", "1_000", ".5", "\xc3\xa9"),
  fc.constantFrom(
    "{a: 1, b: [c, {d: 'e'}]}",
    "[a:b, c]",
    '[{"x": y}, []]',
    "{a: b}",
    "{a: , b}",
    "[a: b]",
    "{a: {}} # c",
  ),
  fc.constantFrom("&x {a: b}", "*x", "*y", "&x", "&y", "&x # c", "*x # c", "&x word"),
  fc.stringMatching(/^[ -~]{0,8}$/),
  fc.stringMatching(/^[[{]["':, ab1[\]{}#*&-]{0,12}[\]}]$/),
);

/** Lines of a block: mostly what plain YAML looks like, with anything in between. */
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom("a", "b", "c.d/e", '"q"', "'s'"), scalar).map((it) => it.join(": ")),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom("a:", "b:", "k: # comment", "-", "- |", "x: |-", "x: >", "y: >+ # c", "z: |2"),
  },
  { weight: 1, arbitrary: fc.constantFrom("<<: *x", "<<: *y", "<<: {a: b}", "<<: [*x]", "a: &x", "b: &y", "c: *x") },
  { weight: 4, arbitrary: scalar.map((value) => `- ${value}`) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom("a", "b"), scalar).map(([key, value]) => `- ${key}: ${value}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "# comment",
      "---",
      "...",
      "- - a",
      "more text",
      "x: 'one",
      "two' # c",
      'y: "a \\',
      '\\ b" ',
      "\ttab",
      "&x a",
      "? a",
    ),
  },
);

const text = fc
  .array(fc.tuple(fc.nat(4), line), { minLength: 1, maxLength: 12 })
  .map((lines) => lines.map(([depth, content]) => " ".repeat(depth * 2 - (depth > 3 ? 1 : 0)) + content).join("\n"))
  .chain((body) =>
    fc.constantFrom(
      body,
      `${body}\n`,
      `---\n${body}\n`,
      `${body}\n\n  `,
      `${body}\n`.replaceAll("\n", "\r\n"),
      `${body}\r\n`,
    ),
  );

describe("plain YAML", () => {
  it("is read as the exact parser reads it, or not at all", () => {
    fc.assert(fc.property(text, expectSame), { numRuns: 3000 });
  });

  it.each([
    "a: b\n",
    "a:\n- b\n- c: d\n  e: f\ng: null\n",
    "---\n# comment\na: 'it''s' # c\nb: [x, \"y\", 1]\n",
    "a: one\n  two\n\n  three\nb: c\n",
    "a: |\n  x\n   y\n\n  z\n\nb: >-\n  folded\n  text\n\n    more\n  end\n",
    "a:\n  - |+\n    x\n\n  - y\n",
    "a: 'one\n\n  it''s  \n  three'\nb: \"x\\\\n \\\n  \\ y\n  z\"\n",
    "a: \xc3\xa9\xe2\x82\xac\n",
    "a: {b: 1, c: [d:e, {f: 'g'}]} # h\nb: [{}]\n",
    "a: &x\n  b: [1]\nc: *x\nd:\n  - *x # again\n",
    "a: |\r\n  b\r\n\r\n  c\r\nd: 'e\r\n  f'\r\n",
    "",
    "\n  \n",
    "# a\n\n# b",
    "{}",
    "[]\n",
  ])("is what manifests are made of: %j", (plain) => {
    expect(readPlain(plain, false, true)).toBeDefined();
    expectSame(plain);
  });

  it("merges what an alias behind << names, in v3", () => {
    const text = "a: &x\n  b: 1\n  c: 2\nd: &y\n  <<: *x\n  c: 3\n  e: null\nf:\n  g: 4\n  <<: *y\n";
    expect(readPlain(text, true, true)).toBeDefined();
    expect(readPlain(text, false, true)).toBeUndefined();
    expectSame(text);
  });

  it.each([
    ["an anchor before a scalar", "a: &x b\nc: *x\n"],
    ["an alias of nothing", "a: *x\n"],
    ["an alias in itself", "a: &x\n  b: c\nd: &x\n  e: *x\n"],
    ["a pair in a list", "a: [b: c]\n"],
    ["a comma at the end", "a: [b, ]\n"],
    ["more than the aliases of people", `a: &x\n  b: c\nd:\n${"- *x\n".repeat(200)}`],
    ["a double key", "a: b\na: c\n"],
    ["a tab", "a:\n\tb: c\n"],
    ["an escape of a character", 'a: "\\x41"\n'],
    ["a line separator", "a: b\xe2\x80\xa8c\n"],
    ["a key that is no string", "1: a\n"],
    ["an infinity", "a: .inf\n"],
    ["a colon in a plain scalar", "a: b: c\n"],
    ["a document behind the first, in v3", "a: b\n---\nc\n"],
  ])("leaves %s to the exact parser", (_what, other) => {
    expect(readPlain(other, true, true)).toBeUndefined();
  });
});
