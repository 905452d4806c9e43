import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toByteString, type GoValue } from "@tiphys/gotemplate";
import { fromPlain, toPlain } from "@tiphys/source";
import { JqSyntaxError } from "./lex.ts";
import { JqTimeout } from "./machine.ts";
import { compileJq, JqUnsupported } from "./program.ts";
import { JqError } from "./value.ts";

interface Recorded {
  readonly program: string;
  /** At most five. */
  readonly results?: unknown[];
  /** Stops with an error, which may be one of time. */
  readonly fails?: true;
  /** Does not compile. */
  readonly refused?: string;
}

interface Recording {
  readonly input: object;
  readonly programs: readonly Recorded[];
}

function recording(name: string): Recording {
  return JSON.parse(readFileSync(new URL(`cases/${name}`, import.meta.url), "utf8")) as Recording;
}

const { input } = recording("gojq.json");

function outcome(text: string, input: object): Omit<Recorded, "program"> | "unsupported" {
  try {
    const program = compileJq(toByteString(text));
    return { results: program.run(fromPlain(input), 5).map((value) => toPlain(value)) };
  } catch (error) {
    if (error instanceof JqUnsupported) return "unsupported";
    if (error instanceof JqSyntaxError) return { refused: error.message };
    if (error instanceof JqError || error instanceof JqTimeout) return { fails: true };
    throw error;
  }
}

// Recorded with gojq v0.12.19 (and timefmt-go v0.1.8, Go 1.26).
describe.each(["gojq.json", "gojq-functions.json"])("programs recorded with gojq: %s", (name) => {
  const { input, programs } = recording(name);
  for (const { program, ...recorded } of programs) {
    const made = outcome(program, input);
    if (made === "unsupported") it.skip(`${program}: uses a function that is not here`);
    else it(program, () => expect(made).toEqual(recorded));
  }
});

describe("programs that would not end or grow without bound", () => {
  const endless = [
    "recurse(.x?)",
    "[path(recurse(.x?))]",
    "def f: f; f",
    "def f: 1 + f; f",
    "[range(1e9)]",
    "last(range(1e9))",
    "until(false; .)",
    "[repeat(1)]",
    "[range(0; 1; 0)]",
    "reduce range(100) as $i ([1]; . + .)",
    'reduce range(100) as $i ("aaaa"; . + .)',
    "reduce range(100) as $i (1; [., .]) | tojson",
    "reduce range(100) as $i (1; [., .]) | error",
    "reduce range(100) as $i (1; [., .]) == 1",
    "reduce range(1e6) as $i ({}; .[$i | tostring] = $i)",
    "[range(100000)] | del(.[])",
    "[range(9000)] | contains([range(9000)])",
    'reduce range(20) as $i ("aaaa"; . + .) | [match("a*?b"; "g")]',
    'reduce range(18) as $i ("aaaa"; . + .) | gsub("a"; "bb")',
    "[range(20)] | [., ., ., ., ., ., .] | [combinations]",
  ];
  for (const text of endless) {
    it(text, () => {
      const started = performance.now();
      expect(() => compileJq(text).run(fromPlain(input))).toThrow(JqTimeout);
      expect(performance.now() - started).toBeLessThan(20_000);
    });
  }

  it("refuses text nested without end", () => {
    expect(() => compileJq("[".repeat(100_000))).toThrow(JqSyntaxError);
  });

  it("runs a program of the size of real rules over a large object", () => {
    const items = Array.from(
      { length: 3000 },
      (_, index): GoValue => new Map<string, GoValue>([["name", `n${index}`]]),
    );
    const object = new Map<string, GoValue>([["items", items]]);
    const [result] = compileJq('del(.items[] | select(.name | startswith("n1")))').run(object) as [
      Map<string, GoValue>,
    ];
    expect((result.get("items") as GoValue[]).length).toBe(1889);
  });
});
