import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readYaml, toPlain } from "@tiphys/source";
import { copyOf, filesOf, referenceEstate, tiphys, workspaceOf } from "./pivot/workspace.ts";

/** What keeps an estate after the move: clean-up, drift, committed reports, CI. */
describe("after the move", { timeout: 300_000 }, () => {
  let moved: string;
  beforeAll(async () => {
    moved = copyOf(referenceEstate);
    expect((await tiphys(moved, "migrate", "--write")).code).toBe(0);
  }, 120_000);

  const edit = (path: string, change: (text: string) => string): (() => void) => {
    const before = readFileSync(join(moved, path), "utf8");
    writeFileSync(join(moved, path), change(before));
    return () => writeFileSync(join(moved, path), before);
  };
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(moved, path)), { recursive: true });
    writeFileSync(join(moved, path), text);
  };
  const component = "gitops/platform/environments/dev/components/apps/product-services/platform";
  const values = "gitops/platform/sources/values/dev/apps/apps-platform.yaml";

  test("clean deletes what nothing reads, and only after a proof", async () => {
    const clean = filesOf(moved);
    put(`${component}/manifests.yaml`, "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: old }\n");
    put("gitops/platform/sources/values/dev/apps/apps-gone.yaml", "replicas: 1\n");
    const undo = edit(values, (text) => text.replace(/tag: .*/, "tag: drifted"));
    const held = await tiphys(moved, "migrate", "--clean", "--write");
    expect(held.code).toBe(1);
    expect(held.stdout).toContain(`${component}/manifests.yaml stays: the component is different`);
    expect(existsSync(join(moved, component, "manifests.yaml"))).toBe(true);
    undo();
    const plan = await tiphys(moved, "migrate", "--clean");
    expect(plan.stdout).toBe(
      `- ${component}/manifests.yaml\n- gitops/platform/sources/values/dev/apps/apps-gone.yaml\n`,
    );
    expect((await tiphys(moved, "migrate", "--clean", "--write")).code).toBe(0);
    expect(filesOf(moved)).toEqual(clean);
  });

  test("guard finds drift of a chart's values and of committed manifests", async () => {
    const before = await tiphys(moved, "guard", "-o", "json");
    expect(
      JSON.parse(before.stdout).filter(
        ({ code }: { code: string }) => code !== "guard-helmfile-apply" && code !== "guard-helm-release",
      ),
    ).toEqual([]);
    const stale = "gitops/platform/environments/dev/components/foundation/core-operators/strimzi/manifests.yaml";
    const undo = [
      edit(values, (text) => text.replace(/tag: .*/, "tag: drifted")),
      edit(stale, (text) => text.replace(/^spec:/m, "spec:\n  drifted: true")),
    ];
    const { code, stdout } = await tiphys(moved, "guard", "-e", "dev", "-o", "json");
    undo.forEach((back) => back());
    expect(code).toBe(1);
    const drift = (JSON.parse(stdout) as { code: string; origin: { file: string } }[]).filter(
      ({ code: found }) => found === "guard-drift" || found === "guard-stale-manifests",
    );
    expect(drift.map((finding) => [finding.code, finding.origin.file]).toSorted()).toEqual([
      ["guard-drift", `${component}/component.yaml`],
      ["guard-stale-manifests", stale],
    ]);
  });

  test("a committed report holds until something changes", async () => {
    const { stdout } = await tiphys(moved, "prove", "-e", "dev", "-o", "json");
    const report = join(moved, "proof.json");
    writeFileSync(report, stdout);
    const holds = await tiphys(moved, "prove", "-e", "dev", "--verify", report);
    expect(holds.code, holds.stdout).toBe(0);
    // A value that no template reads changes the inputs, not the outcome.
    const undo = edit(values, (text) => `${text}unread: true\n`);
    const changed = await tiphys(moved, "prove", "-e", "dev", "--verify", report);
    undo();
    rmSync(report);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain(
      "dev 50-product-services/acme/platform: the right side's chart, values or flags have changed\n",
    );
  });

  test("engines and versions of Helm are compared release by release", async () => {
    const { code, stdout } = await tiphys(
      moved,
      "prove",
      "-e",
      "dev",
      "--layer",
      "22-control-plane",
      "--helm-version",
      "4.2.4",
      "--against",
      "4.3.1",
      "-o",
      "json",
    );
    expect(code, stdout).toBe(0);
    const report = JSON.parse(stdout) as { compared: string; summary: { proven: number } };
    expect(report.compared).toBe("Helm 4.2.4 ↔ Helm 4.3.1");
    expect(report.summary.proven).toBe(4);
  });

  test("status fails under a count of done lines", async () => {
    expect((await tiphys(moved, "status", "--fail-under", "1")).code).toBe(0);
    expect((await tiphys(moved, "status", "--fail-under", "9")).code).toBe(1);
  });
});

test("init writes tiphys.yaml and CI files once, and nothing without --write", async () => {
  const folder = workspaceOf({ "deploy/helmfile.yaml": "environments:\n  dev: {}\n  prod: {}\n---\nreleases: []\n" });
  const before = filesOf(folder);
  expect((await tiphys(folder, "init", "--github", "--gitlab")).code).toBe(0);
  expect(filesOf(folder)).toEqual(before);
  expect((await tiphys(folder, "init", "--github", "--gitlab", "--write")).code).toBe(0);
  const files = filesOf(folder);
  expect([...files.keys()].toSorted()).toEqual([
    ".github/workflows/tiphys.yaml",
    ".gitlab/tiphys.yaml",
    "deploy/helmfile.yaml",
    "tiphys.yaml",
  ]);
  expect(toPlain(readYaml(files.get("tiphys.yaml")!).value)).toMatchObject({
    helmfile: "deploy/helmfile.yaml",
    environments: { dev: { helmfile: "dev" }, prod: { helmfile: "prod" } },
  });
  for (const path of [".github/workflows/tiphys.yaml", ".gitlab/tiphys.yaml"])
    expect(() => readYaml(files.get(path)!)).not.toThrow();
  expect((await tiphys(folder, "init", "--github", "--write")).stdout).toContain("is there already");
  expect(filesOf(folder)).toEqual(files);
});
