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
      "<2024-01-02T03:04:05.000Z>",
    );
    expect(readToml("d = 2024-01-02\n").get("d")).toBe("2024-01-02");
  });

  test("faults name the line", () => {
    expect(() => readToml("a = 1\nb = = 2\n")).toThrow(TomlError);
    expect(() => readToml("a = 1\nb = = 2\n")).toThrow(/^toml: line 2: /);
    expect(() => readToml(`a = ${"[".repeat(100_000)}`)).toThrow(TomlError);
  });

  test("reads back what writeToml writes", () => {
    const value = new Map<string, GoValue>([
      ["list", [new Map([["x", "y"]]), new Map([["x", 'z\n\t"q"']])]],
      ["n", int64(80)],
      ["t", new Map([["quoted key", 1.5]])],
    ]);
    expect(readToml(writeToml(value))).toEqual(value);
  });
});
