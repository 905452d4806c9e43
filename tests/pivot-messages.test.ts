import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesOf, tiphys, workspaceOf } from "./pivot/workspace.ts";

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

test("init names every environment of the helmfile, and says what the default one is", async () => {
  const folder = workspaceOf({
    ...estate,
    "helmfile.yaml": estate["helmfile.yaml"].replace("  dev: {}\n", "  default: {}\n  dev: {}\n"),
  });
  const { code, stdout } = await tiphys(folder, "init");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /environments:\n\s+# What helmfile takes without --environment.*\n\s+default: .*\n\s+dev: \{ values: \[_shared, dev\], helmfile: dev \}\n/,
  );
});

test("a variable that helmfile requires is asked for by name, and where it counts is said", async () => {
  const folder = workspaceOf({
    ...estate,
    "helmfile.yaml":
      "environments:\n  dev: {}\n---\nreleases:\n  - name: web\n    chart: ./charts/web\n    values: [web.yaml.gotmpl]\n  - name: other\n    chart: ./charts/web\n",
    "web.yaml.gotmpl": 'token: {{ requiredEnv "WEB_TOKEN" }}\nlevel: {{ env "WEB_LEVEL" | default "info" }}\n',
  });
  const without = await tiphys(folder, "inventory");
  expect(without.stderr).toContain(
    "fix: set it for this run with --env WEB_TOKEN=VALUE, or in tiphys.yaml: environments: { dev: { env: { WEB_TOKEN: VALUE } } }",
  );
  const unread = workspaceOf({
    "helmfile.yaml.gotmpl": estate["helmfile.yaml"].replace("name: web", 'name: {{ requiredEnv "WEB_NAME" }}'),
  });
  expect((await tiphys(unread, "appsets")).stderr).toContain("required env var `WEB_NAME` is not set");
  const { stdout } = await tiphys(folder, "inventory", "--env", "WEB_TOKEN=abc", "-o", "json");
  const rows = JSON.parse(stdout) as { readonly name: string; readonly reasons: readonly string[] }[];
  const variables = rows.map(({ name, reasons }) => [name, reasons.filter((code) => code.includes("-variable:"))]);
  expect(variables).toEqual([
    ["web", ["secret-variable:WEB_TOKEN", "environment-variable:WEB_LEVEL"]],
    ["other", []],
  ]);
  const plan = await tiphys(folder, "migrate", "--write", "--env", "WEB_TOKEN=not-for-git", "-o", "markdown");
  expect(plan.stdout).toContain("* `helmfile/default/web`: secret-variable:WEB_TOKEN\n");
  expect(plan.stdout).toContain("property: WEB_TOKEN }");
  expect([...filesOf(folder).values()].join("\n")).not.toContain("not-for-git");
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

test("a chart of somebody else whose tests became a component of their own owns them no more", async () => {
  const folder = workspaceOf({
    ...estate,
    "tiphys.yaml": `${withAddress}releases: { web: { smoke: postsync } }\ncharts: { overrides: { 'stable/*': charts/web } }\n`,
    "helmfile.yaml":
      "environments:\n  dev: {}\n---\nrepositories:\n  - { name: stable, url: https://charts.example/stable }\nreleases:\n  - { name: web, chart: stable/web, version: 1.0.0 }\n",
    "charts/web/templates/test.yaml":
      "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: web-test\n  annotations: { helm.sh/hook: test }\nspec: { activeDeadlineSeconds: 60 }\n",
  });
  await tiphys(folder, "migrate", "--write");
  expect((await tiphys(folder, "prove")).stdout).toMatch(/web \(tests\) +apps-web-smoke +proven/);
  expect((await tiphys(folder, "check")).stdout).not.toContain("object-owned-twice");
});

test("a chart that fails for want of a secret value is held up by the secret, and not called broken", async () => {
  const folder = workspaceOf({
    ...estate,
    "tiphys.yaml": withAddress,
    "helmfile.yaml": `${estate["helmfile.yaml"]}    secrets: [web.secrets.yaml]\n`,
    "web.secrets.yaml": "password: ENC[AES256_GCM,data:x,type:str]\nsops:\n  mac: ENC[x]\n  version: 3.9.0\n",
    "charts/web/templates/secret.yaml":
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: web\nstringData: { password: {{ required "no password" .Values.password }} }\n',
  });
  const { stdout, stderr } = await tiphys(folder, "migrate");
  expect(stdout).toMatch(/web +stays .*!sops-secrets$/m);
  expect(stderr).toBe("");
});

test("a link of a chart that leaves the workspace is an error, not a template less", async () => {
  const folder = workspaceOf({
    ...estate,
    "helmfile.yaml": `${estate["helmfile.yaml"]}  - name: other\n    namespace: web\n    chart: ./charts/other\n`,
    "charts/other/Chart.yaml": "apiVersion: v2\nname: other\nversion: 1.0.0\n",
    "charts/other/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n",
  });
  symlinkSync(workspaceOf({ "secret.yaml": "a: b\n" }), join(folder, "charts/web/templates/more"));
  const { code, stdout, stderr } = await tiphys(folder, "render", "--helmfile", "-e", "dev");
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^error\[chart-invalid\]: link of the chart leads nowhere or out of the workspace: templates\/more\n/,
  );
  expect(stdout).toContain("name: other");
  expect(stdout).not.toContain("name: web");
});
