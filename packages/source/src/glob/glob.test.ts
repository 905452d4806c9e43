import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { doublestarMatch } from "./doublestar.ts";
import { GlobError } from "./error.ts";
import { matchGitPathspec } from "./git-pathspec.ts";
import { compileGobwas } from "./gobwas.ts";
import { pathMatch } from "./path-match.ts";

type Name = "path.Match" | "doublestar" | "gobwas" | "gobwas /";
type Case = { readonly pattern: string; readonly text: string } & Readonly<Partial<Record<Name, boolean | string>>>;

const { cases } = JSON.parse(readFileSync(new URL("../../cases/globs.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

const matchers: Readonly<Record<Name, (pattern: string, text: string) => boolean>> = {
  "path.Match": pathMatch,
  doublestar: doublestarMatch,
  gobwas: (pattern, text) => compileGobwas(pattern)(text),
  "gobwas /": (pattern, text) => compileGobwas(pattern, ["/"])(text),
};

function record(name: Name, { pattern, text }: Case): boolean | string {
  try {
    return matchers[name](pattern, text);
  } catch (error) {
    if (error instanceof GlobError) return error.message;
    throw error;
  }
}

describe("globs match as recorded", () => {
  for (const name of Object.keys(matchers) as Name[]) {
    test(name, () => {
      const recorded = cases.filter((one) => one[name] !== undefined);
      expect(recorded.length).toBeGreaterThan(400);
      for (const one of recorded)
        expect([one.pattern, one.text, record(name, one)]).toEqual([one.pattern, one.text, one[name]]);
    });
  }

  test("hostile patterns end soon", () => {
    const text = "a".repeat(3000);
    expect(compileGobwas(`${"*a".repeat(100)}b`)(text)).toBe(false);
    expect(() => compileGobwas(`${"*[!b]".repeat(30)}*b?[!c]*`)(text)).not.toThrow(RangeError);
    expect(() => compileGobwas("?".repeat(2000))).toThrow("pattern longer than 1000 characters");
    expect(pathMatch(`${"*a".repeat(12)}b`, text.slice(0, 60))).toBe(false);
    expect(() => doublestarMatch("{a,b}".repeat(200), "c".repeat(200))).not.toThrow(RangeError);
  });
});

describe("git pathspecs", () => {
  const files = [
    "apps/a/component.yaml",
    "apps/a/b/component.yaml",
    "apps/component.yaml",
    "apps/x/y.yaml",
    "component.yaml",
    "[x]/f",
    "README.md",
  ];

  // Recorded with git 2.39: git ls-files -- PATHSPEC
  test.each([
    ["apps/*/component.yaml", ["apps/a/component.yaml", "apps/a/b/component.yaml"]],
    ["apps/**/component.yaml", ["apps/a/component.yaml", "apps/a/b/component.yaml"]],
    ["**/component.yaml", ["apps/a/component.yaml", "apps/a/b/component.yaml", "apps/component.yaml"]],
    ["*component.yaml", ["apps/a/component.yaml", "apps/a/b/component.yaml", "apps/component.yaml", "component.yaml"]],
    [":(glob)apps/*/component.yaml", ["apps/a/component.yaml"]],
    [
      ":(glob)**/component.yaml",
      ["apps/a/component.yaml", "apps/a/b/component.yaml", "apps/component.yaml", "component.yaml"],
    ],
    ["apps", ["apps/a/component.yaml", "apps/a/b/component.yaml", "apps/component.yaml", "apps/x/y.yaml"]],
    ["apps/", ["apps/a/component.yaml", "apps/a/b/component.yaml", "apps/component.yaml", "apps/x/y.yaml"]],
    ["app", []],
    [".", files],
    ["./apps/x/../component.yaml", ["apps/component.yaml"]],
    ["{apps,x}/*", []],
    ["[x]", ["[x]/f"]],
    [":(literal)*", []],
    [":(icase)readme.MD", ["README.md"]],
    [":!apps", ["component.yaml", "[x]/f", "README.md"]],
    [":(exclude)*.yaml", ["[x]/f", "README.md"]],
    ["apps/?/y.yaml", ["apps/x/y.yaml"]],
    ["apps/[[:alpha:]]/y.yaml", ["apps/x/y.yaml"]],
  ])("%s", (pathspec, listed) => {
    expect(matchGitPathspec(pathspec, files)).toEqual(listed);
  });

  test.each(["/apps", "../x", ":(nope)a", ":(attr:x)a", ":#a", ""])("%s is refused", (pathspec) => {
    expect(() => matchGitPathspec(pathspec, files)).toThrow(GlobError);
  });
});
