import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { int64, type GoValue } from "@tiphys/gotemplate";
import { TomlError } from "./error.ts";
import { readToml } from "./read.ts";
import { writeToml } from "./write.ts";

describe("readToml", () => {
  test("keeps ints and floats apart", () => {
    expect(readToml('a = 1\nb = 1.0\nc = "h\xc3\xa9"\n[t.u]\nd = [true, 9223372036854775807]\n')).toEqual(
      new Map<string, GoValue>([
        ["a", int64(1)],
        ["b", 1],
        ["c", "h\xc3\xa9"],
        ["t", new Map([["u", new Map([["d", [true, int64(9223372036854775807n)]]])]])],
      ]),
    );
  });

  test("dates go through the hook", () => {
    expect(readToml("d = 2024-01-02T03:04:05Z\n", { time: (text) => `<${text}>` }).get("d")).toBe(
      "<2024-01-02T03:04:05Z>",
    );
    expect(readToml("d = 2024-01-02\n").get("d")).toBe("2024-01-02");
  });

  test("faults name the line", () => {
    expect(() => readToml("a = 1\nb = = 2\n")).toThrow(TomlError);
    expect(() => readToml("a = 1\nb = = 2\n")).toThrow(
      "toml: line 2 (last key \"b\"): expected value but found '=' instead",
    );
    expect(() => readToml(`a = ${"[".repeat(100_000)}`)).toThrow(TomlError);
  });

  test.each([
    ["a = 1\na = 2", "toml: line 2 (last key \"a\"): Key 'a' has already been defined."],
    ['[t]\nx = "\\q"', "toml: line 2 (last key \"t.x\"): invalid escape in string '\\q'"],
    ["a = 1 2", "toml: line 1: expected a top-level item to end with a newline, comment, or EOF, but got '2' instead"],
    ["a = [1, ", 'toml: line 1 (last key "a"): unexpected EOF; expected value'],
    ["a = 1e", 'toml: line 1 (last key "a"): Invalid float value: "1e"'],
    ["a = 01", 'toml: line 1 (last key "a"): Invalid integer "01": cannot have leading zeroes'],
    ["a\n", "toml: line 1: expected '.' or '=', but got '\\n' instead"],
    ['a = "x\n"', 'toml: line 1 (last key "a"): strings cannot contain newlines'],
    [
      "a = {b = 1 c = 2}",
      "toml: line 1 (last key \"a.b\"): expected a comma or an inline table terminator '}', but got 'c' instead",
    ],
    ["a = 2024-13-01", 'toml: line 1 (last key "a"): invalid datetime: "2024-13-01"'],
    ["a = 9223372036854775808", 'toml: line 1 (last key "a"): 9223372036854775808 is out of range for int64'],
    ["a = 1\n[a.b]\n", "toml: line 2: Key 'a' was already created as a hash."],
    ["a = 1\n[[a]]\n", "toml: line 2: Key 'a' was already created and cannot be used as an array."],
  ])("words faults as BurntSushi/toml does: %s", (text, message) => {
    expect(() => readToml(text)).toThrow(expect.objectContaining({ message }));
  });

  test("a mutated document reads or fails in time", () => {
    const words = [
      "=",
      "[",
      "]",
      "{",
      "}",
      '"',
      "'",
      "\n",
      ",",
      ".",
      "a",
      "1",
      "_",
      "\\",
      "#",
      "-",
      "e",
      '"""',
      "[[",
      "]]",
      "a = 1\n",
      "inf",
      "\xc3\xa9",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (parts) => {
        try {
          readToml(parts.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(TomlError);
        }
      }),
    );
  });

  test("reads back what writeToml writes", () => {
    const value = new Map<string, GoValue>([
      ["list", [new Map([["x", "y"]]), new Map([["x", 'z\n\t"q"']])]],
      ["n", int64(80)],
      ["t", new Map([["quoted key", 1.5]])],
    ]);
    expect(writeToml(readToml(writeToml(value)))).toEqual(writeToml(value));
  });
});
