import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readYamlDocuments, toPlain } from "@tiphys/source";
import { copyOf, filesOf, isFull, referenceEstate, root, seeded, shuffled, tiphys } from "./pivot/workspace.ts";

/** The whole walk over the reference estate: migrate, prove, change by hand, freeze, guard. */
describe("the reference estate", { timeout: 600_000 }, () => {
  let moved: string;
  let afterwards: Map<string, string>;

  beforeAll(async () => {
    moved = copyOf(referenceEstate);
    const { code, stderr } = await tiphys(moved, "migrate", "--write");
    expect(code, stderr).toBe(0);
    afterwards = filesOf(moved);
  }, 120_000);

  test("a second run changes nothing", async () => {
    const { code, stdout, stderr } = await tiphys(moved, "migrate", "--write");
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("nothing changes");
    expect(filesOf(moved)).toEqual(afterwards);
  });

  test("examples/reference-gitops is what migrate writes, byte for byte (scripts/reference-gitops.mjs writes it again)", () => {
    const prefix = "gitops/platform/";
    const target = filesOf(join(root, "examples/reference-gitops"));
    const written = new Map(
      [...afterwards]
        .filter(([path]) => path.startsWith(prefix))
        .map(([path, content]) => [path.slice(prefix.length), content]),
    );
    expect([...target.keys()]).toEqual([...written.keys()]);
    for (const [path, content] of written) expect(target.get(path), path).toBe(content);
  });

  test("layer by layer in any order gives the same tree as all at once", async () => {
    const layers = JSON.parse((await tiphys(moved, "inventory", "-o", "json")).stdout).map(
      (row: { layer: string }) => row.layer,
    ) as string[];
    const random = seeded(7);
    for (let round = 0; round < (isFull ? 20 : 1); round++) {
      const folder = copyOf(referenceEstate);
      const order = shuffled([...new Set(layers)], random);
      // In the short form some layers move together, so that all have moved after four runs.
      for (const group of isFull ? order.map((layer) => [layer]) : quarters(order)) {
        const { code, stderr } = await tiphys(
          folder,
          "migrate",
          "--write",
          ...group.flatMap((layer) => ["--layer", layer]),
        );
        expect(code, `${group.join(", ")} of ${order.join(", ")}: ${stderr}`).toBe(0);
      }
      const files = filesOf(folder);
      expect([...files.keys()], order.join(", ")).toEqual([...afterwards.keys()]);
      for (const [path, content] of files)
        expect(content, `${path} after ${order.join(", ")}`).toBe(afterwards.get(path));
    }
  });

  test("every migrated release is proven in all four environments", async () => {
    const { code, stdout, stderr } = await tiphys(moved, "prove", "-o", "json");
    expect(code, stderr).toBe(0);
    const { summary, proofs } = JSON.parse(stdout) as {
      summary: Record<string, number>;
      proofs: { environment: string; verdict: string }[];
    };
    expect(summary["unexplained"]).toBe(0);
    expect(summary["different"]).toBe(0);
    expect(summary["proven"]).toBeGreaterThan(200);
    expect(
      [
        ...new Set(proofs.filter(({ verdict }) => verdict === "proven").map(({ environment }) => environment)),
      ].toSorted(),
    ).toEqual(["dev", "local", "production", "staging"]);
  });

  test("one value changed by hand is the one difference found, with file and line", async () => {
    const path = "gitops/platform/sources/values/dev/apps/apps-platform.yaml";
    const before = readFileSync(join(moved, path), "utf8");
    const lines = before.split("\n");
    const at = lines.findIndex((line) => /^\s*(?:replicas|replicaCount|tag|host|level): /.test(line));
    expect(at, before).toBeGreaterThanOrEqual(0);
    lines[at] = lines[at]!.replace(/: .*/, /replica/.test(lines[at]!) ? ": 7" : ": changed-by-hand");
    writeFileSync(join(moved, path), lines.join("\n"));
    try {
      const { code, stdout } = await tiphys(moved, "prove", "-o", "json");
      expect(code).toBe(1);
      const { proofs } = JSON.parse(stdout) as {
        proofs: { environment: string; component: string; verdict: string; differences?: { lines: string[] }[] }[];
      };
      const different = proofs.filter(({ verdict }) => verdict === "different");
      expect(different.map(({ environment, component }) => `${environment} ${component}`)).toEqual([
        "dev apps-platform",
      ]);
      expect(different[0]!.differences!.flatMap((difference) => difference.lines).join("\n")).toContain(
        `${path}:${at + 1}`,
      );
    } finally {
      writeFileSync(join(moved, path), before);
    }
  });

  test("ApplicationSets and AppProjects are plain YAML and expand to one Application for each component", async () => {
    const controls: string[] = [];
    for (const [path, content] of filesOf(moved)) {
      if (!/^gitops\/platform\/environments\/[^/]+\/argocd\//.test(path)) continue;
      for (const document of readYamlDocuments(content))
        controls.push(...keysWithActions(toPlain(document.value)).map((key) => `${path}: ${key}`));
    }
    expect(controls).toEqual([]);
    const { code, stdout, stderr } = await tiphys(moved, "apps", "-o", "json");
    expect(code, stderr).toBe(0);
    const applications = JSON.parse(stdout) as { environment: string; name: string; parents: string[] }[];
    const components = [...filesOf(moved)].filter(([path]) => path.endsWith("/component.yaml"));
    const expected = components.map(
      ([path, text]) => `${/environments\/([^/]+)\//.exec(path)![1]} ${/^name: (.*)$/m.exec(text)![1]}`,
    );
    const made = applications.filter(({ parents }) => parents.some((parent) => parent.startsWith("ApplicationSet")));
    expect(made.map(({ environment, name }) => `${environment} ${name}`).toSorted()).toEqual(expected.toSorted());
  });

  test("freeze, guard and appsets find something before and nothing after", async () => {
    const folder = copyOf(referenceEstate);
    expect((await tiphys(folder, "freeze", "--check")).code).toBe(1);
    expect((await tiphys(folder, "guard")).code).toBe(1);
    expect((await tiphys(folder, "appsets", "--check")).code).toBe(1);
    expect((await tiphys(moved, "appsets", "--check")).code).toBe(0);
    const done = copyOf(moved);
    expect((await tiphys(done, "guard")).code).toBe(1);
    expect((await tiphys(done, "guard", "--write")).code).toBe(0);
    const guarded = await tiphys(done, "guard");
    expect(guarded.code, guarded.stdout).toBe(0);
    expect((await tiphys(folder, "freeze", "--write")).code).toBe(0);
    expect((await tiphys(folder, "freeze", "--check")).code).toBe(0);
  });
});

function quarters<Item>(items: readonly Item[]): Item[][] {
  const size = Math.ceil(items.length / 4);
  return [0, 1, 2, 3].map((part) => items.slice(part * size, (part + 1) * size)).filter((part) => part.length > 0);
}

/** Keys and values outside of template strings that hold a template action where none may be. */
function keysWithActions(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => keysWithActions(item, `${path}[${index}]`));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...(key.includes("{{") ? [`${path}.${key}`] : []),
    ...keysWithActions(item, `${path}.${key}`),
  ]);
}
