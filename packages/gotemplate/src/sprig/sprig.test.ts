import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readValue } from "../../cases/case.ts";
import { parseTemplate } from "../parse/parse.ts";
import { seededRandom } from "../random.ts";
import { TemplateSet } from "../template-set.ts";
import type { CallContext } from "../value.ts";
import { sprigFunctions } from "./index.ts";

/** Templates with the output or the error that sprig 3.3.0 gave; bytes are held one a character. */
interface CaseFile {
  readonly recordedFrom: string;
  readonly data: unknown;
  readonly cases: readonly { readonly template: string; readonly out?: string; readonly error?: string }[];
}

const context: CallContext = {
  now: Date.UTC(2024, 1, 29, 13, 4, 5),
  timeZone: "UTC",
  environment: new Map([["HOME", "/home/me"]]),
  random: seededRandom("test"),
  engine: undefined,
};

function render(template: string, data: unknown = {}): string {
  const functions = sprigFunctions();
  const set = new TemplateSet({ functions, name: "t" });
  set.add(parseTemplate("t", template, { functions }));
  return set.execute("t", readValue(data), context);
}

function outcome(template: string, data: unknown): { out?: string; error?: string } {
  try {
    return { out: render(template, data) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

const folder = new URL("../../cases/sprig/", import.meta.url);

describe("recorded from sprig", () => {
  test.each(readdirSync(folder))("%s", (file) => {
    const { data, cases } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as CaseFile;
    expect(cases.length).toBeGreaterThan(0);
    const wrong = cases.flatMap(({ template, ...want }) => {
      const got = outcome(template, data);
      return got.out === want.out && got.error === want.error ? [] : [{ template, want, got }];
    });
    expect(wrong).toEqual([]);
  });
});

test("has all 211 functions", () => {
  expect(sprigFunctions().size).toBe(211);
});

describe("what the context decides", () => {
  test("the clock", () => {
    expect(render("{{ now | unixEpoch }} {{ now }}")).toBe("1709211845 2024-02-29 13:04:05 +0000 UTC");
    expect(render('{{ ago (int64 1709211000) }} {{ date "15:04" nil }}')).toBe("14m5s 13:04");
  });

  test("the environment", () => {
    expect(render('{{ env "HOME" }} {{ env "NONE" }}')).toBe("/home/me ");
    expect(render('{{ expandenv "$HOME/a ${HOME} $ ${ $1 ${}| x$" }}')).toBe("/home/me/a /home/me $ | x$");
  });

  test.each([
    ["randAlphaNum", /^[A-Za-z0-9]{40}$/],
    ["randAlpha", /^[A-Za-z]{40}$/],
    ["randNumeric", /^[0-9]{40}$/],
    ["randAscii", /^[ -~]{40}$/],
  ])("randomness: %s", (name, pattern) => {
    expect(render(`{{ ${name} 40 }}`)).toMatch(pattern);
    expect(render(`{{ ${name} 0 }}{{ ${name} -1 }}`)).toBe("");
  });

  test("other random functions", () => {
    expect(render("{{ uuidv4 }}")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number(render("{{ randInt 3 6 }}"))).toBeOneOf([3, 4, 5]);
    expect([...render('{{ shuffle "hello" }}')].sort().join("")).toBe("ehllo");
    expect(render("{{ randBytes 5 | b64dec | len }}")).toBe("5");
    expect(render('{{ htpasswd "me" "secret" }}')).toMatch(/^me:\$2a\$10\$[./A-Za-z0-9]{53}$/);
    expect(render('{{ decryptAES "key" (encryptAES "key" "some text") }}')).toBe("some text");
  });

  test("a seed gives the same again", () => {
    const bytes = (seed: string): number[] => [...seededRandom(seed).bytes(100)];
    expect(bytes("a")).toEqual(bytes("a"));
    expect(bytes("a")).not.toEqual(bytes("b"));
    const source = seededRandom("a");
    expect([...source.bytes(33), ...source.bytes(67)]).toEqual(bytes("a"));
  });
});

describe("hostile templates end", () => {
  test.each([
    ['{{ repeat 99999999999 "x" }}', "unsupported: a string of 99999999999 bytes"],
    ["{{ until 99999999999 }}", "unsupported: a list of 99999999999 numbers"],
    ['{{ $d := dict }}{{ $_ := set $d "self" $d }}{{ mustToJson $d }}', "encountered a cycle"],
    ['{{ $d := dict }}{{ $_ := set $d "self" $d }}{{ deepCopy $d }}', "contains itself"],
    [
      '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $e := dict }}{{ $_ := set $e "d" $e }}{{ merge $d $e }}',
      "contains itself",
    ],
    ['{{ mustFromJson (repeat 20000 "[") }}', "exceeded max depth"],
  ])("%s", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });

  test("patterns that would backtrack for ever", () => {
    const started = Date.now();
    expect(render('{{ regexMatch "^(a+)+$" (printf "%sb" (repeat 5000 "a")) }}')).toBe("false");
    expect(render('{{ regexMatch "a*a*a*a*c" (repeat 20000 "a") }}')).toBe("false");
    expect(() => render('{{ semverCompare (printf "%s<" (repeat 100 "1  ")) "1.0.0" }}')).toThrow(
      "improper constraint",
    );
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test("keys that JavaScript objects treat specially", () => {
    expect(
      render('{{ get (dict "__proto__" "a" "constructor" "b") "__proto__" }}{{ hasKey dict "constructor" }}'),
    ).toBe("afalse");
    expect(render('{{ fromJson "{\\"__proto__\\": 1}" | toJson }}')).toBe('{"__proto__":1}');
  });
});

test("dicts are shared", () => {
  expect(
    render('{{ $a := dict "n" (dict) }}{{ $b := merge (dict) $a }}{{ $_ := set $b.n "x" 1 }}{{ $a | toJson }}'),
  ).toBe('{"n":{"x":1}}');
});
