import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { FileTree } from "./file-tree.ts";
import { MemoryTree } from "./memory-tree.ts";

interface Contract {
  readonly files: Record<string, string>;
  readonly expectations: readonly {
    call: "read" | "kind" | "list";
    path: string;
    result?: unknown;
    error?: string;
    links?: boolean;
  }[];
}

const contract = JSON.parse(readFileSync(new URL("../cases/file-tree.json", import.meta.url), "utf8")) as Contract;

function answer(tree: FileTree, call: "read" | "kind" | "list", path: string): unknown {
  if (call === "kind") return tree.kind(path) ?? null;
  if (call === "list") return tree.list(path)?.map((entry) => `${entry.name} ${entry.kind}`) ?? null;
  const bytes = tree.read(path);
  return bytes === undefined ? null : new TextDecoder().decode(bytes);
}

describe("MemoryTree keeps the contract of FileTree", () => {
  const tree = new MemoryTree(Object.entries(contract.files));
  for (const { call, path, result, error, links } of contract.expectations) {
    if (links === true) continue;
    test(`${call} ${JSON.stringify(path)}`, () => {
      if (error === undefined) expect(answer(tree, call, path)).toEqual(result);
      else expect(() => answer(tree, call, path)).toThrow(error);
    });
  }

  test("gives sizes and takes bytes", () => {
    const bytes = new MemoryTree({ "x.bin": new Uint8Array([0, 255]) }, "work");
    expect(bytes.label).toBe("work");
    expect(bytes.list("")).toEqual([{ name: "x.bin", kind: "file", size: 2 }]);
    expect(bytes.read("x.bin")).toEqual(new Uint8Array([0, 255]));
  });
});
