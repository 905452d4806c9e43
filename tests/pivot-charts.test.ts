import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesOf, tiphys, workspaceOf } from "./pivot/workspace.ts";

/** One release `web` of one chart, with these files beside. */
function estate(
  files: Readonly<Record<string, string | Uint8Array>>,
  more: { readonly release?: string; readonly settings?: string } = {},
): string {
  return workspaceOf({
    "tiphys.yaml": `helmfile: helmfile.yaml\ngitops: { root: gitops, repoURL: https://git.example/gitops.git, targetRevision: main }\nenvironments: { dev: {}, prod: {} }\n${more.settings ?? ""}`,
    "helmfile.yaml": `environments:\n  dev: {}\n  prod: {}\n---\nreleases:\n  - name: web\n    namespace: shop\n    chart: ./charts/web\n${more.release ?? ""}`,
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "color: red\n",
    "charts/web/templates/settings.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  color: {{ .Values.color }}\n",
    ...files,
  });
}

const read = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");

async function moveAndProve(folder: string): Promise<void> {
  const moved = await tiphys(folder, "migrate", "--write");
  expect(moved.code, moved.stderr + moved.stdout).toBe(0);
  const after = filesOf(folder);
  const proof = await tiphys(folder, "prove");
  expect(proof.code, proof.stdout + proof.stderr).toBe(0);
  expect((await tiphys(folder, "migrate", "--write")).stdout).toContain("nothing changes");
  expect(filesOf(folder)).toEqual(after);
}

test("file:// dependencies are vendored, those of dependencies too", async () => {
  const library = (name: string, more = ""): Record<string, string> => ({
    [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`,
    [`charts/${name}/templates/x.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-${name}\n`,
  });
  const folder = estate({
    ...library("base"),
    ...library("common", 'dependencies: [{ name: base, version: 1.0.0, repository: "file://../base" }]\n'),
    "charts/web/Chart.yaml":
      'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{ name: common, version: 1.0.0, repository: "file://../common" }]\n',
  });
  await moveAndProve(folder);
  const charts = [...filesOf(folder).keys()].filter((path) => path.startsWith("gitops/sources/charts/"));
  expect(charts).toContain("gitops/sources/charts/apps/web/charts/common/charts/base/templates/x.yaml");
});

test("a chart that depends on itself is an error with a place", async () => {
  const folder = estate({
    "charts/web/Chart.yaml":
      'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{ name: self, version: 1.0.0, repository: "file://." }]\n',
  });
  const { code, stderr } = await tiphys(folder, "migrate", "--write");
  expect(code).toBe(2);
  expect(stderr).toMatch(/depends on itself/);
});

test.each([
  [
    "^2.0.0",
    'can\'t get a valid version for 1 subchart(s): "common" (repository "file://../common", version "^2.0.0")',
  ],
  ["x y", 'dependency "common" has an invalid version/constraint format: improper constraint: "x y"'],
])("a dependency outside of its range %s is refused as helm refuses it", async (range, message) => {
  const folder = estate({
    "charts/common/Chart.yaml": "apiVersion: v2\nname: common\nversion: 1.0.0\n",
    "charts/web/Chart.yaml": `apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{ name: common, version: "${range}", repository: "file://../common" }]\n`,
  });
  const { code, stderr } = await tiphys(folder, "migrate", "--write");
  expect(code).toBe(2);
  expect(stderr).toContain(`error[chart-version-invalid]: ${message}`);
  expect(stderr).toContain("--> charts/web/Chart.yaml");
  expect((await tiphys(folder, "render", "--helmfile", "-e", "dev")).stderr).toContain(message);
});

const crd =
  "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\nspec: { group: example.com }\n";

test("CRDs become a component of their own where tiphys.yaml asks for it", async () => {
  const folder = estate(
    { "charts/web/crds/things.yaml": crd },
    { settings: "releases: { web: { crds: component } }\n" },
  );
  await moveAndProve(folder);
  expect(read(folder, "gitops/environments/dev/components/apps/helmfile/web-crds/manifests.yaml")).toContain(
    "things.example.com",
  );
  expect(read(folder, "gitops/environments/dev/components/apps/helmfile/web/component.yaml")).toContain(
    "skipCrds: true",
  );
});

test("hooks of helmfile and post-renderers are blockers by name, and nothing moves", async () => {
  for (const [release, blocker] of [
    ["    hooks: [{ events: [presync], command: ./x.sh }]\n", "helmfile-hook:presync"],
    ["    postRenderer: ./x.sh\n", "post-renderer"],
  ] as const) {
    const folder = estate({}, { release });
    const before = filesOf(folder);
    const { code, stdout } = await tiphys(folder, "migrate", "--write");
    expect([code, stdout.includes(`!${blocker}`)], stdout).toEqual([1, true]);
    expect(filesOf(folder)).toEqual(before);
  }
});

test("what is accepted for all releases, for a namespace and for one release counts together", async () => {
  const release = "    hooks: [{ events: [presync], command: ./x.sh }]\n";
  for (const accepted of ["'*'", "shop/*", "web", "shop/web"]) {
    const settings = `releases: { ${accepted}: { accept: [helmfile-hook] }, web2: { tier: apps } }\n`;
    await moveAndProve(estate({}, { release, settings }));
  }
  const both = "releases: { '*': { accept: [helmfile-hook] }, web: { accept: [secret-variable], tier: data } }\n";
  const folder = estate({}, { release, settings: both });
  await moveAndProve(folder);
  expect(read(folder, "gitops/environments/dev/components/data/helmfile/web/component.yaml")).toContain("tier: data\n");
});

test("what Helmfile would apply must be known: accepting a post-renderer in tiphys.yaml does not make it so", async () => {
  const folder = estate(
    {},
    {
      release: "    postRenderer: ./x.sh\n",
      settings: "releases: { web: { accept: [post-renderer] } }\n",
    },
  );
  const { code, stdout } = await tiphys(folder, "migrate", "--write");
  expect([code, stdout.includes("!post-renderer")], stdout).toEqual([1, true]);
});

test("the namespace is created where helmfile creates it, and a release that is off is parked", async () => {
  const folder = estate({}, { release: "    createNamespace: true\n    installed: false\n" });
  await moveAndProve(folder);
  const parked = read(folder, "gitops/environments/dev/components/apps/helmfile/web/component.disabled.yaml");
  expect(parked).toContain("CreateNamespace=true");
});

test("encrypted values are refused, with an ExternalSecret to fill in, and never written", async () => {
  const secret = "db:\n  password: ENC[AES256_GCM,data:abc,type:str]\nsops:\n  version: 3.9.0\n";
  const folder = estate({ "secrets.yaml": secret }, { release: "    secrets: [secrets.yaml]\n" });
  const { stdout } = await tiphys(folder, "migrate", "-o", "markdown");
  expect(stdout).toContain("kind: ExternalSecret");
  expect(stdout).toContain("property: db.password");
  await tiphys(folder, "migrate", "--write");
  expect([...filesOf(folder)].filter(([path, text]) => path.startsWith("gitops/") && text.includes("ENC["))).toEqual(
    [],
  );
});

describe("manifests that helmfile's hooks apply", () => {
  const issuer =
    "# The only issuer.\napiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata:\n  name: letsencrypt\nspec:\n  acme: { email: ops@acme.example }\n";
  const pool =
    "---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata:\n  name: main\nspec: { addresses: [192.0.2.1/32] }\n";
  const files = {
    "helmfile.yaml": `environments:
  dev: {}
  prod: {}
---
releases:
  - name: web
    namespace: shop
    chart: ./charts/web
    hooks:
      - events: [presync]
        kubectlApply: { filename: raw/issuer.yaml }
      - events: [postsync]
        command: kubectl
        args: [apply, --server-side, --namespace=pools, -f, "raw/{{ .Environment.Name }}"]
  - name: after
    namespace: shop
    chart: ./charts/web
    needs: [shop/web]
`,
    "raw/issuer.yaml": issuer,
    "raw/dev/pool.yaml": pool,
    "raw/prod/pool.yaml": pool.replace("192.0.2.1", "192.0.2.99"),
  };
  const component = (environment: string, name: string): string =>
    `gitops/environments/${environment}/components/apps/helmfile/${name}`;

  test("become components in waves before and after the release, and are proven", async () => {
    const folder = estate(files);
    await moveAndProve(folder);
    expect(read(folder, `${component("dev", "web-presync")}/manifests.yaml`)).toBe(
      `---\n# Source: raw/issuer.yaml\n${issuer}`,
    );
    expect(read(folder, `${component("prod", "web-postsync")}/manifests.yaml`)).toContain("192.0.2.99/32");
    const late = read(folder, `${component("prod", "web-postsync")}/component.yaml`);
    expect(late).toContain("namespace: pools\n");
    expect(late).toContain("ServerSideApply=true");
    const waves = ["web-presync", "web", "web-postsync", "after"].map((name) =>
      Number(/wave: "(\d+)"/.exec(read(folder, `${component("dev", name)}/component.yaml`))![1]),
    );
    expect(waves.map((wave) => wave - waves[0]!)).toEqual([0, 1, 2, 3]);
    const { stdout } = await tiphys(folder, "prove");
    expect(stdout).toMatch(/helmfile\/shop\/web \(presync\) +apps-web-presync +proven +1\/1/);
  });

  test("are compared for good: what changes in the file or in the component is found", async () => {
    const folder = estate(files);
    await moveAndProve(folder);
    writeFileSync(join(folder, "raw/issuer.yaml"), issuer.replace("ops@", "other@"));
    const { code, stdout } = await tiphys(folder, "prove", "-e", "dev");
    expect(code).toBe(1);
    expect(stdout).toMatch(/spec\.acme\.email: "other@acme\.example"/);
    expect((await tiphys(folder, "migrate")).stdout).toContain(`+ ${component("dev", "web-presync")}/manifests.yaml`);
  });

  test.each([
    ["another cluster", "[apply, --context, other, -f, raw/issuer.yaml]"],
    ["an address", "[apply, -f, https://example.com/x.yaml]"],
    ["what is not here", "[apply, -f, raw/nosuch.yaml]"],
    ["what leaves the workspace", "[apply, -f, ../../x.yaml]"],
    ["another verb", "[replace, -f, raw/issuer.yaml]"],
    ["a namespace that the object contradicts", "[apply, -n, shop, -f, raw/elsewhere.yaml]"],
    ["an encrypted file", "[apply, -f, raw/secret.yaml]"],
    ["a hook of Argo CD", "[apply, -f, raw/hook.yaml]"],
  ])("are a blocker for %s", async (_, args) => {
    const object = (more: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, ${more} }\n`;
    const folder = estate(
      {
        "raw/issuer.yaml": issuer,
        "raw/elsewhere.yaml": object("namespace: other"),
        "raw/secret.yaml": `${object("")}sops: { mac: x }\n`,
        "raw/hook.yaml": object("annotations: { argocd.argoproj.io/hook: Sync }"),
      },
      { release: `    hooks: [{ events: [presync], command: kubectl, args: ${args} }]\n` },
    );
    const { code, stdout } = await tiphys(folder, "migrate", "--write");
    expect([code, stdout.includes("!helmfile-hook:presync")], stdout).toEqual([1, true]);
  });
});

describe("a chart of ours that depends on charts elsewhere", () => {
  const files = {
    "charts/web/Chart.yaml":
      "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - { name: db, version: ^1.0.0, repository: 'oci://registry.example/charts' }\n  - { name: cache, version: 2.x.x, repository: 'https://charts.example/stable' }\n",
    "charts/web/Chart.lock":
      "dependencies:\n  - { name: db, version: 1.2.3, repository: 'oci://registry.example/charts' }\n  - { name: cache, version: 2.0.1, repository: 'https://charts.example/stable' }\n",
    "vendor/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.2.3\n",
    "vendor/db/templates/db.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-db\n",
    "vendor/cache/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 2.0.1\n",
    "vendor/cache/templates/cache.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-cache\n",
  };

  test("wants them in the version of its lock file, by name", async () => {
    const folder = estate(files, {
      settings: "charts: { overrides: { 'https://charts.example/stable cache': vendor/cache } }\n",
    });
    const { code, stdout } = await tiphys(folder, "migrate", "-o", "markdown");
    expect(code).toBe(1);
    expect(stdout).toContain(
      "* `helmfile/shop/web`: chart-wanted\n  * wanted: `oci://registry.example/charts/db@1.2.3`\n",
    );
  });

  test("takes each version from its own folder where overrides name one", async () => {
    const folder = estate(
      {
        ...files,
        "old/db/Chart.yaml": files["vendor/db/Chart.yaml"],
        "old/db/templates/db.yaml": files["vendor/db/templates/db.yaml"].replace("-db", "-old-db"),
      },
      {
        settings:
          "charts: { overrides: { 'https://charts.example/stable cache': vendor/cache, 'oci://registry.example/charts/*': 'vendor/*', 'oci://registry.example/charts/*@1.2.3': 'old/*' } }\n",
      },
    );
    await moveAndProve(folder);
    expect(read(folder, "gitops/sources/charts/apps/web/charts/db/templates/db.yaml")).toContain("-old-db");
  });

  test("takes them from where overrides say, and they move with it", async () => {
    const folder = estate(files, {
      settings:
        "charts: { overrides: { 'https://charts.example/stable cache': vendor/cache, 'oci://registry.example/charts/*': 'vendor/*' } }\n",
    });
    await moveAndProve(folder);
    expect(read(folder, "gitops/sources/charts/apps/web/charts/db/templates/db.yaml")).toBe(
      files["vendor/db/templates/db.yaml"],
    );
    expect((await tiphys(folder, "prove", "-e", "dev")).stdout).toMatch(/proven +3\/3/);
  });
});

test("a chart that stands in for another version is said, and the version that was asked for is written", async () => {
  const folder = workspaceOf({
    "tiphys.yaml":
      "gitops: { root: gitops, repoURL: https://git.example/gitops.git }\ncharts: { overrides: { 'stable/*': charts/web } }\n",
    "helmfile.yaml":
      "environments:\n  dev: {}\n---\nrepositories:\n  - { name: stable, url: https://charts.example/stable }\nreleases:\n  - { name: older, chart: stable/older, version: 0.9.0 }\n  - { name: range, chart: stable/range, version: ~2.1.0 }\n  - { name: right, chart: stable/right, version: ^1.0.0 }\n",
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n",
  });
  const { stdout } = await tiphys(folder, "migrate", "--write", "-o", "json");
  const { moves } = JSON.parse(stdout) as { moves: { release: string; reasons: string[] }[] };
  const found = moves.map(({ release, reasons }) => [
    release.split("/").at(-1),
    reasons.filter((code) => code.startsWith("chart-")).join(" "),
    /version: "?([^"\n]+)/.exec(
      read(folder, `gitops/environments/dev/components/apps/${release.replace("/default/", "/")}/component.yaml`),
    )?.[1],
  ]);
  expect(found).toEqual([
    ["older", "chart-stand-in:1.0.0", "0.9.0"],
    ["range", "chart-not-pinned chart-stand-in:1.0.0", "~2.1.0"],
    ["right", "chart-not-pinned", "1.0.0"],
  ]);
});

test("a repository that only another helmfile declares is found there, one that none declares holds up its release", async () => {
  const release = (name: string): string => `  - { name: ${name}, chart: stable/web, version: 1.0.0 }\n`;
  const folder = workspaceOf({
    "tiphys.yaml":
      "gitops: { root: gitops, repoURL: https://git.example/gitops.git }\ncharts: { overrides: { '*/web': charts/web } }\n",
    "helmfile.yaml": "environments:\n  dev: {}\n---\nhelmfiles: [one.yaml, two.yaml]\n",
    "one.yaml": `environments:\n  dev: {}\n---\nrepositories:\n  - { name: stable, url: 'https://charts.example/stable' }\nreleases:\n${release("one")}`,
    "two.yaml": `environments:\n  dev: {}\n---\nreleases:\n${release("two")}  - { name: three, chart: nosuch/web, version: 1.0.0 }\n`,
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n",
  });
  const { stdout } = await tiphys(folder, "migrate", "--write");
  expect(stdout).toMatch(/two\/default\/three +stays .*!repository-unknown:nosuch/);
  expect(read(folder, "gitops/environments/dev/components/apps/two/two/component.yaml")).toContain(
    "repoURL: https://charts.example/stable\n",
  );
  // Commands that do not read helmfiles otherwise know the name, too.
  expect((await tiphys(folder, "check")).stdout).not.toContain("wanted");
});
