import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tiphys, workspaceOf } from "./pivot/workspace.ts";

const estate = {
  "helmfile.yaml":
    "environments:\n  dev: {}\n---\nreleases:\n  - name: web\n    namespace: web\n    chart: ./charts/web\n",
  "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "charts/web/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n",
};

const withAddress = "gitops:\n  repoURL: https://git.example/platform/gitops.git\n";

test("migrate says when the address of the GitOps repository is not known, and only then", async () => {
  const folder = workspaceOf(estate);
  const without = await tiphys(folder, "migrate", "--write");
  expect(without.code).toBe(0);
  expect(without.stderr).toMatch(
    /^warning\[gitops-address-unknown\]: .+\n {2}fix: set gitops\.repoURL in tiphys\.yaml/,
  );
  const set = join(folder, "environments/dev/argocd/apps/apps.yaml");
  expect(readFileSync(set, "utf8")).toContain('repoURL: ""');

  writeFileSync(join(folder, "tiphys.yaml"), withAddress);
  const known = await tiphys(folder, "migrate", "--write");
  expect(known.code).toBe(0);
  expect(known.stderr).not.toContain("gitops-address-unknown");
  expect(readFileSync(set, "utf8")).toContain("repoURL: https://git.example/platform/gitops.git");
});

test("how a component could be written better is said by check, once, and by nothing else", async () => {
  const folder = workspaceOf({ ...estate, "tiphys.yaml": withAddress });
  await tiphys(folder, "migrate", "--write");
  const component = join(folder, "environments/dev/components/apps/helmfile/web/component.yaml");
  const text = readFileSync(component, "utf8");
  writeFileSync(component, text.replace(/wave: "(\d+)"/, "wave: $1"));
  for (const words of [["inventory"], ["migrate"], ["prove"], ["status"], ["appsets"], ["apps"]]) {
    const { stdout, stderr } = await tiphys(folder, ...words);
    expect(stdout + stderr, words.join(" ")).not.toContain("component-wave-unquoted");
  }
  const { stdout } = await tiphys(folder, "check");
  expect(stdout.match(/component-wave-unquoted/g)).toHaveLength(1);
});
