import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileTree } from "@tiphys/source";
import { DiskTree } from "./disk-tree.ts";
import { GitTree } from "./git-tree.ts";

interface Contract {
  readonly files: Record<string, string>;
  readonly links: Record<string, string>;
  readonly expectations: readonly {
    call: "read" | "kind" | "list";
    path: string;
    result?: unknown;
    error?: string;
    links?: boolean;
  }[];
}

const contract = JSON.parse(
  readFileSync(new URL("../../../source/cases/file-tree.json", import.meta.url), "utf8"),
) as Contract;

let base: string;
let folder: string;
const git = (...args: string[]): string =>
  execFileSync("git", ["-C", folder, "-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], {
    encoding: "utf8",
  });

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "tiphys-trees-"));
  folder = join(base, "root");
  writeFileSync(join(base, "outside.txt"), "outside");
  for (const [path, text] of Object.entries(contract.files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const [path, target] of Object.entries(contract.links)) symlinkSync(target, join(folder, path));
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message=first");
  git("tag", "v1");
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

function answer(tree: FileTree, call: "read" | "kind" | "list", path: string): unknown {
  if (call === "kind") return tree.kind(path) ?? null;
  if (call === "list")
    return (
      tree
        .list(path)
        ?.flatMap(({ name, kind, isLink }) => (name === ".git" ? [] : [`${name} ${kind}${isLink ? " link" : ""}`])) ??
      null
    );
  const bytes = tree.read(path);
  return bytes === undefined ? null : new TextDecoder().decode(bytes);
}

describe.each([
  ["DiskTree", () => new DiskTree(folder)],
  ["GitTree", () => new GitTree(folder, "v1")],
] as const)("%s keeps the contract of FileTree", (_name, make) => {
  for (const { call, path, result, error, links } of contract.expectations) {
    if (links === false) continue;
    test(`${call} ${JSON.stringify(path)}`, () => {
      const tree = make();
      // Twice, since the second answer comes from a cache.
      for (let i = 0; i < 2; i++) {
        if (error === undefined) expect(answer(tree, call, path)).toEqual(result);
        else expect(() => answer(tree, call, path)).toThrow(error);
      }
    });
  }

  test("names the links that its lists leave out", () => {
    const tree = make();
    for (const path of ["", "b", "nothing"]) {
      const names = tree.list(path)?.map(({ name }) => name) ?? [];
      const broken = Object.keys(contract.links)
        .filter((link) => link.slice(0, Math.max(link.lastIndexOf("/"), 0)) === path)
        .map((link) => link.slice(link.lastIndexOf("/") + 1))
        .filter((name) => !names.includes(name));
      expect([...tree.brokenLinks(path)].toSorted()).toEqual(broken.toSorted());
    }
    expect(tree.brokenLinks("")).not.toEqual([]);
  });
});

describe("GitTree", () => {
  test("stays at its revision", () => {
    writeFileSync(join(folder, "a.txt"), "changed\n");
    git("commit", "--quiet", "--all", "--message=second");
    expect(answer(new GitTree(folder, "v1"), "read", "a.txt")).toBe("a\n");
    expect(answer(new GitTree(folder, "HEAD"), "read", "a.txt")).toBe("changed\n");
    expect(answer(new DiskTree(folder), "read", "a.txt")).toBe("changed\n");
  });

  test("opens a folder below the repository's root", () => {
    const tree = GitTree.open(join(folder, "b"), "v1");
    expect(answer(tree, "list", "")).toEqual(["Z file", "c.yaml file", "d directory"]);
    expect(answer(tree, "read", "c.yaml")).toBe("c: 1\n");
    expect(() => answer(tree, "read", "up")).toThrow("link leaves the tree: up");
  });

  test("names an unknown revision or repository", () => {
    expect(() => new GitTree(folder, "no-such-branch")).toThrow("no such revision: no-such-branch");
    expect(() => new GitTree(folder, "--all")).toThrow("not a revision: --all");
    expect(() => GitTree.open(base, "HEAD")).toThrow("no Git repository");
  });

  test("reads binary content as it is", () => {
    const bytes = new Uint8Array(70_000).map((_, i) => i % 256);
    writeFileSync(join(folder, "binary"), bytes);
    git("add", "binary");
    git("commit", "--quiet", "--message=third");
    expect(new GitTree(folder, "HEAD").read("binary")).toEqual(bytes);
  });
});

describe("DiskTree", () => {
  test("refuses what is no folder", () => {
    expect(() => new DiskTree(join(folder, "b/c.yaml"))).toThrow("no such folder");
    expect(() => new DiskTree(join(folder, "nothing"))).toThrow("no such folder");
  });

  test("forgets when told to", () => {
    const tree = new DiskTree(folder);
    writeFileSync(join(folder, "fresh"), "1");
    expect(tree.kind("fresh")).toBe("file");
    rmSync(join(folder, "fresh"));
    expect(tree.kind("fresh")).toBe("file");
    tree.forget();
    expect(tree.kind("fresh")).toBeUndefined();
  });
});
