import { MemoryTree } from "@tiphys/source";
import { describe, expect, it } from "vitest";
import { Repositories } from "./repository.ts";

const tree = new MemoryTree(
  Object.fromEntries(
    ["apps", "apps-x/c", "lib/a/c", "lib/b/c", "lib/b/deep/c", "lib.yaml", "lib/[x]/c", "zz"].map((path) => [
      path,
      "a: 1",
    ]),
  ),
);
const files = (pattern: string, newGlobbing = false) => [
  ...new Repositories(() => ({ tree })).open("r", "main").files(pattern, newGlobbing).keys(),
];

describe("OpenRepository.files", () => {
  it.each([
    ["lib/*/c", ["lib/[x]/c", "lib/a/c", "lib/b/c", "lib/b/deep/c"]],
    ["lib", ["lib/[x]/c", "lib/a/c", "lib/b/c", "lib/b/deep/c"]],
    ["lib/", ["lib/[x]/c", "lib/a/c", "lib/b/c", "lib/b/deep/c"]],
    ["lib*", ["lib.yaml", "lib/[x]/c", "lib/a/c", "lib/b/c", "lib/b/deep/c"]],
    ["lib/[x]/c", ["lib/[x]/c"]],
    ["./lib/a/c", ["lib/a/c"]],
    ["lib//a/c", ["lib/a/c"]],
    ["zz/../lib/b", ["lib/b/c", "lib/b/deep/c"]],
    [":(icase)LIB/A/C", ["lib/a/c"]],
    ["apps", ["apps"]],
    ["nothing", []],
  ])("git lists for %s %j", (pattern, wanted) => {
    expect(files(pattern).sort()).toEqual(wanted);
  });

  it("finds with doublestar one folder deep", () => {
    expect(files("lib/*/c", true)).toEqual(["lib/[x]/c", "lib/a/c", "lib/b/c"]);
    expect(files("lib/{a,b}/c", true)).toEqual(["lib/a/c", "lib/b/c"]);
  });

  it("ends on a tree that is endlessly deep", () => {
    const endless = {
      label: "endless",
      read: () => undefined,
      kind: () => "directory" as const,
      list: () => [{ name: "x", kind: "directory" as const }],
    };
    expect(() => new Repositories(() => ({ tree: endless })).open("r", "main")).toThrow("nested more than 256 deep");
  });
});
