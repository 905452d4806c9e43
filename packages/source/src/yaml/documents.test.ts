import { describe, expect, test } from "vitest";
import { splitYamlDocuments } from "./documents.ts";

describe("splitYamlDocuments", () => {
  test.each([
    ["", []],
    ["a: 1\n", ["a: 1\n"]],
    ["a: 1", ["a: 1\n"]],
    ["---\na: 1\n---\nb: 2\n", ["---\na: 1\n", "b: 2\n"]],
    ["a: 1\n---  # two\nb: 2\n", ["a: 1\n", "b: 2\n"]],
    ["a: 1\r\n---\r\nb: 2\r\n", ["a: 1\n", "b: 2\n"]],
    ["---\n---\na: 1\n", ["---\n", "a: 1\n"]],
    ["a: |\n  ---\n", ["a: |\n  ---\n"]],
  ])("%j", (text, documents) => {
    expect(splitYamlDocuments(text)).toEqual(documents);
  });

  test("a separator with text behind it is refused", () => {
    expect(() => splitYamlDocuments("a: 1\n--- b\n")).toThrow("invalid Yaml document separator: b");
    expect(() => splitYamlDocuments("---x\n")).toThrow("invalid Yaml document separator: x");
  });

  test("Helm 4.2.4 loses a last line of 4096 bytes", () => {
    const text = `a: 1\nb: ${"x".repeat(4093)}`;
    expect(splitYamlDocuments(text, { dropsLineAt4096: true })).toEqual(["a: 1\n"]);
    expect(splitYamlDocuments(text)).toEqual([`${text}\n`]);
    expect(splitYamlDocuments(`${text}x`, { dropsLineAt4096: true })).toEqual([`${text}x\n`]);
  });
});
