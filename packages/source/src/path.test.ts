import { describe, expect, test } from "vitest";
import { joinPath, normalizePath, parentPath } from "./path.ts";

describe("paths", () => {
  test.each([
    ["", ""],
    [".", ""],
    ["a/b", "a/b"],
    ["./a//b/./c/", "a/b/c"],
    ["a/../b", "b"],
    ["a/b/../..", ""],
    ["..a/.b", "..a/.b"],
    ["a/...", "a/..."],
  ])("normalizePath(%j) is %j", (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  test.each(["..", "../a", "a/../../b", "/a", "/", "a\0b"])("normalizePath(%j) is refused", (path) => {
    expect(() => normalizePath(path)).toThrow();
  });

  test("joinPath and parentPath", () => {
    expect(joinPath("a/b", "../c")).toBe("a/c");
    expect(joinPath("", "x", "")).toBe("x");
    expect(() => joinPath("a", "/etc")).toThrow("absolute path: /etc");
    expect(() => joinPath("a", "../..")).toThrow("path leaves the tree");
    expect(parentPath("a/b/c")).toBe("a/b");
    expect(parentPath("a")).toBe("");
  });
});
