import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatFloat, GoMap, GoNumber, quoteGo, type GoValue } from "@tiphys/gotemplate";
import { YamlError } from "./error.ts";
import { type ReadYamlOptions, readYaml, readYamlDocuments } from "./read.ts";
import { writeYamlV2, writeYamlV3 } from "./write.ts";

type Recorded = { readonly value: string } | { readonly error: string };
type Case = { readonly text: string } & Readonly<
  Record<"v2" | "v2 strict" | "v3" | "v3 documents", Recorded | undefined>
>;

const { cases } = JSON.parse(readFileSync(new URL("../../cases/yaml-read.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

/** The notation of the case file. */
function typed(value: GoValue): string {
  if (value === null) return "n";
  if (typeof value === "boolean") return `b${value}`;
  if (typeof value === "bigint") return `i${value}`;
  if (typeof value === "number") return `f${formatFloat(value)}`;
  if (typeof value === "string") return value === timeMark ? "t" : `s${quoteGo(value)}`;
  if (value instanceof GoNumber) return `u${value.value}`;
  if (Array.isArray(value)) return `[${value.map((item) => `${typed(item)},`).join("")}]`;
  if (!(value instanceof Map)) throw new Error("unexpected value");
  const keys = [...value.keys()].sort((a, b) => (a < b ? -1 : 1));
  return `${value instanceof GoMap ? "G" : ""}{${keys.map((key) => `${quoteGo(key)}:${typed(value.get(key)!)},`).join("")}}`;
}

const timeMark = "\0time";
const v3: ReadYamlOptions = { dialect: "v3", timestamp: () => timeMark };

const readers: Readonly<Record<"v2" | "v2 strict" | "v3" | "v3 documents", (text: string) => string>> = {
  v2: (text) => typed(readYaml(text).value),
  "v2 strict": (text) => typed(readYaml(text, { strict: true }).value),
  v3: (text) => typed(readYaml(text, v3).value),
  "v3 documents": (text) =>
    readYamlDocuments(text, v3)
      .map((document) => `${typed(document.value)}\n`)
      .join(""),
};

function record(read: (text: string) => string, text: string): Recorded {
  try {
    return { value: read(text) };
  } catch (error) {
    if (error instanceof YamlError) return { error: error.message };
    throw error;
  }
}

describe("reads YAML as Go does", () => {
  for (const name of ["v2", "v2 strict", "v3", "v3 documents"] as const) {
    test.each(cases.filter((one) => one[name] !== undefined))(`${name}: $text`, (one) => {
      expect(record(readers[name], one.text)).toEqual(one[name]);
    });
  }
});

describe("places", () => {
  const text =
    "a: &x\n  b: [1, {c: 'd'}]\n# comment\nlist:\n- one\n-   k: v\nref: *x\nm:\n  <<: *x\n  own: 1\n1: int\n";

  test.each([
    [["a", "b"], { line: 2, column: 6, key: { line: 2, column: 3 } }],
    [["a", "b", 1, "c"], { line: 2, column: 14, key: { line: 2, column: 11 } }],
    [["list", 0], { line: 5, column: 3 }],
    [["list", 1, "k"], { line: 6, column: 8, key: { line: 6, column: 5 } }],
    [["ref", "b", 0], { line: 2, column: 7 }],
    [["m", "b"], { line: 2, column: 6, key: { line: 2, column: 3 } }],
    [["m", "own"], { line: 10, column: 8, key: { line: 10, column: 3 } }],
    [["1"], { line: 11, column: 4, key: { line: 11, column: 1 } }],
    [[], { line: 1, column: 1 }],
    [["nothing"], undefined],
    [["a", "b", 7], undefined],
    [["a", "__proto__"], undefined],
  ])("of %j", (path, place) => {
    expect(readYaml(text).originOf(path)).toEqual(place);
  });

  test("columns count bytes, lines survive CR LF and a byte order mark", () => {
    expect(readYaml('\xef\xbb\xbf"\xc3\xa9": 1\r\nb: 2\r\n').originOf(["\xc3\xa9"])).toMatchObject({
      line: 1,
      column: 7,
    });
    expect(readYaml("a: 1\r\nb: 2\r\n").originOf(["b"])).toMatchObject({ line: 2, column: 4 });
  });

  test("each document of a stream has its own", () => {
    const [, second] = readYamlDocuments("a: 1\n---\nb:\n  c: 2\n");
    expect(second?.originOf(["b", "c"])).toMatchObject({ line: 4, column: 6 });
  });

  test("nodes show tag, style, anchor and target", () => {
    const { root } = readYaml("a: &x !!str 12\nb: *x\nc: |\n  t\nd: [1]\n", { dialect: "v3" });
    const [, a, , b, , c, , d] = root!.children;
    expect(a).toMatchObject({
      kind: "scalar",
      tag: "!!str",
      tagged: true,
      style: "plain",
      anchor: "x",
      value: "12",
      line: 1,
      column: 4,
    });
    expect(b).toMatchObject({ kind: "alias", value: "x" });
    expect(b!.target).toBe(a);
    expect(c).toMatchObject({ style: "literal", value: "t\n", tag: "!!str" });
    expect(d).toMatchObject({ kind: "sequence", style: "flow", tag: "!!seq" });
    expect(d!.children[0]).toMatchObject({ tag: "!!int", tagged: false });
  });
});

describe("targets", () => {
  const into = { kind: "map", goType: "map[string]interface {}" } as const;
  test.each([
    ["- a\n", "array"],
    ["a\n", "string"],
    ["1\n", "number"],
    ["true\n", "bool"],
  ])("%j is no map", (text, kind) => {
    expect(() => readYaml(text, { into })).toThrow(
      `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
    );
  });
  test("null is one", () => {
    expect(readYaml("# nothing\n", { into }).value).toBeNull();
  });
});

describe("hostile input ends in an error", () => {
  test.each([
    ["[".repeat(100_000), "exceeded max depth of 10000"],
    ["{a: ".repeat(100_000), "exceeded max depth of 10000"],
    ["- ".repeat(100_000), "exceeded max depth of 10000"],
    ["? ".repeat(100_000), "exceeded max depth of 10000"],
    ["[".repeat(5_000) + "]".repeat(5_000), "unsupported: nested deeper than 1000 levels"],
  ])("nesting %#", (text, message) => {
    expect(() => readYaml(text)).toThrow(message);
    expect(() => readYaml(text, { dialect: "v3" })).toThrow(message);
  });

  test("alias bombs", () => {
    const names = [..."abcdefghi"];
    const bomb = names
      .map(
        (name, i) =>
          `${name}: &${name} [${Array(9)
            .fill(i === 0 ? "x" : `*${names[i - 1]}`)
            .join(", ")}]\n`,
      )
      .join("");
    expect(() => readYaml(bomb)).toThrow("document contains excessive aliasing");
    expect(() => readYaml(bomb, { dialect: "v3" })).toThrow("document contains excessive aliasing");
  });

  test("any text gives a value or a YamlError", () => {
    const piece = fc.constantFrom(
      ..."abk:-?[]{},#&*!|>'\"%@`\\ \n\t\r~<0",
      "- ",
      ": ",
      "\n  ",
      "--- ",
      "\xc3",
      "\xa9",
      "&a ",
      "*a",
      "<<: ",
      "\0",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const dialect of ["v2", "v3"] as const)
          record((text) => typed(readYaml(text, { dialect }).value), pieces.join(""));
      }),
      { numRuns: 2000 },
    );
  });
});

/** JSON-like values over byte strings that are valid UTF-8 without characters that JSON or YAML change. */
const anyValue = fc.letrec<{ value: GoValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.integer(),
    fc.string({ maxLength: 120 }),
    fc.constantFrom(
      "yes",
      "~",
      "1e3",
      "a: b",
      "x #y",
      " lead",
      "trail ",
      "two\nlines\n",
      "0x1F",
      "---",
      "\xc3\xa9 word ".repeat(20),
      "\xf0\x9f\x98\x80",
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string({ maxLength: 20 }), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
})).value;

describe("what is written reads back", () => {
  test("v2", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(typed(readYaml(writeYamlV2(value)).value)).toBe(typed(value));
      }),
      { numRuns: 500 },
    );
  });
  test("v3", () => {
    const asFloat = (value: GoValue): GoValue =>
      typeof value === "bigint"
        ? Number(value)
        : Array.isArray(value)
          ? value.map(asFloat)
          : value instanceof Map
            ? new Map([...value].map(([k, v]) => [k, asFloat(v)]))
            : value;
    fc.assert(
      fc.property(anyValue, (value) => {
        const read = readYaml(writeYamlV3(value, { indent: 2 }), { dialect: "v3" }).value;
        expect(typed(asFloat(read))).toBe(typed(value));
      }),
      { numRuns: 500 },
    );
  });
});
