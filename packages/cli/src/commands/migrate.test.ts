import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type CommandOutcome, runCommandLine } from "../testing/run-command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "tiphys-migrate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files: Readonly<Record<string, string>> = {
  "helmfile.yaml":
    "environments: {live: {values: [live.yaml]}, old: {values: [old.yaml]}}\n---\nreleases:\n  - {name: web, namespace: shop, chart: ./chart}\n",
  "live.yaml": "a: 1\n",
  "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
  "chart/templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n",
};

function place(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

for (const [path, text] of Object.entries(files)) place(path, text);

function migrate(...words: string[]): Promise<CommandOutcome> {
  return runCommandLine(["migrate", "--write", "--offline", "--path", folder, ...words], { cwd: folder });
}

it("an environment that cannot be read stops a move until it is mended or left out", async () => {
  const refused = await migrate("-e", "live");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('values file matching "old.yaml" does not exist');
  expect(refused.stderr).toContain("or move the others with --keep-going\n");
  const kept = await migrate("-e", "live", "--keep-going");
  expect(kept.code).toBe(2);
  expect(kept.stderr).toContain(
    "error: nothing was written because of the errors above\n  fix: mend them; an environment that nobody uses is left out by naming the others under `environments` in tiphys.yaml\n",
  );
  place("tiphys.yaml", "apiVersion: tiphys.dev/v1alpha1\nkind: Estate\nenvironments: {live: {}}\n");
  expect((await migrate()).code).toBe(0);
  expect(existsSync(join(folder, "environments/live"))).toBe(true);
});
