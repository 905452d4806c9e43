import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** `a ← { b, c } ← d` to each package with all that stands left of its group. */
function importMap(architecture: string): Map<string, string[]> {
  const line = architecture.split("\n").find((text) => text.startsWith("gotemplate ←"));
  if (line === undefined) throw new Error("ARCHITECTURE.md has no import map");
  const allowed = new Map<string, string[]>();
  const left: string[] = [];
  for (const group of line.split("←")) {
    const names = group
      .replace(/[{}]/g, "")
      .split(",")
      .map((name) => name.trim());
    for (const name of names) allowed.set(name, [...left]);
    left.push(...names);
  }
  return allowed;
}

interface LintOverride {
  files: string[];
  rules: { "no-restricted-imports"?: ["error", { paths: { name: string }[] }] | "off" };
}

test("the lint configuration forbids exactly what the map in ARCHITECTURE.md forbids", () => {
  const map = importMap(read("ARCHITECTURE.md"));
  const overrides = (JSON.parse(read(".oxlintrc.json")) as { overrides: LintOverride[] }).overrides;
  for (const [name, allowed] of map) {
    const override = overrides.find((entry) => entry.files.includes(`packages/${name}/src/**/*.ts`));
    const rule = override?.rules["no-restricted-imports"];
    if (rule === undefined || rule === "off") throw new Error(`no import rule for ${name}`);
    const forbidden = rule[1].paths.map((path) => path.name.replace("@tiphys/", "").replace("tiphys", "cli"));
    const expected = [...map.keys()].filter((other) => other !== name && !allowed.includes(other));
    expect(forbidden.toSorted(), name).toEqual(expected.toSorted());
  }
});

test("each package depends on exactly the packages it may import or fewer", () => {
  for (const [name, allowed] of importMap(read("ARCHITECTURE.md"))) {
    const manifest = JSON.parse(read(`packages/${name}/package.json`)) as { dependencies?: Record<string, string> };
    const internal = Object.keys(manifest.dependencies ?? {}).filter((dependency) => dependency.startsWith("@tiphys/"));
    expect(
      internal
        .map((dependency) => dependency.slice("@tiphys/".length))
        .filter((dependency) => !allowed.includes(dependency)),
      name,
    ).toEqual([]);
  }
});

test("every story file that the map names is there", () => {
  const rows = read("ARCHITECTURE.md").matchAll(/^\| `([a-z]+)` \|[^|]*\|([^|]*)\|$/gm);
  const missing = [...rows].flatMap(([, name, story]) =>
    [...(story ?? "").matchAll(/`(src\/[^`]+)`/g)]
      .map((match) => `packages/${name}/${match[1]}`)
      .filter((path) => !existsSync(new URL(path, root))),
  );
  expect(missing).toEqual([]);
});
