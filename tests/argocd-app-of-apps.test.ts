import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCommandLine } from "../packages/cli/src/testing/run-command-line.ts";

const root = mkdtempSync(join(tmpdir(), "tiphys-app-of-apps-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const repoURL = "https://github.com/acme/estate.git";

const application = (name: string, path: string, more = ""): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}, namespace: argocd}\nspec: {project: default, destination: {server: "https://kubernetes.default.svc", namespace: web}, source: {repoURL: "${repoURL}", targetRevision: HEAD, path: ${path}${more}}}\n`;

const chart = (folder: string, templates: Readonly<Record<string, string>>): Record<string, string> => ({
  [`${folder}/Chart.yaml`]: "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  ...Object.fromEntries(Object.entries(templates).map(([name, text]) => [`${folder}/templates/${name}`, text])),
});

async function applications(name: string, files: Readonly<Record<string, string>>): Promise<[string, string][]> {
  const cwd = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return listed(cwd);
}

/** Each Application with what makes it. */
async function listed(cwd: string): Promise<[string, string][]> {
  const { code, stdout, stderr } = await runCommandLine(["apps", "-o", "json"], { cwd });
  expect([code, stderr]).toEqual([0, ""]);
  const found = JSON.parse(stdout) as { name: string; parents: string[] }[];
  return found.map(({ name, parents }) => [name, parents.join(", ")]);
}

test(
  "an ApplicationSet in a chart is expanded, and so is what its Applications' charts hold",
  { timeout: 60_000 },
  async () => {
    const applicationSet = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: teams}
spec:
  goTemplate: true
  generators: [{list: {elements: {{ toJson .Values.teams }}}}]
  template:
    metadata: {name: '{{ "{{ .name }}" }}'}
    spec: {project: default, destination: {server: "https://kubernetes.default.svc", namespace: web}, source: {repoURL: "${repoURL}", path: charts/team, targetRevision: HEAD}}
`;
    const found = await applications("charts", {
      "root.yaml": application("root", "charts/root", ", helm: {valueFiles: [/teams.yaml]}"),
      "teams.yaml": "teams: [{name: blue}, {name: green}]\n",
      ...chart("charts/root", { "set.yaml": applicationSet }),
      ...chart("charts/team", { "leaf.yaml": application("{{ .Release.Name }}-leaf", "charts/leaf") }),
      ...chart("charts/leaf", { "config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: leaf}\n" }),
    });
    expect(found).toEqual([
      ["blue", "ApplicationSet argocd/teams"],
      ["blue-leaf", "Application argocd/blue"],
      ["green", "ApplicationSet argocd/teams"],
      ["green-leaf", "Application argocd/green"],
      ["root", ""],
    ]);
  },
);

test(
  "Applications may come from values, and an Application may manage its own folder",
  { timeout: 60_000 },
  async () => {
    const manifests = JSON.stringify([
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Application",
        metadata: { name: "extra" },
        spec: { project: "default", destination: {}, source: { repoURL, path: "none" } },
      },
    ]);
    const found = await applications("values", {
      "apps/self.yaml": application("self", "apps"),
      "apps/raw.yaml": application("raw", "charts/raw", ", helm: {valueFiles: [extra.yaml]}"),
      "charts/raw/extra.yaml": `manifests: ${manifests}\n`,
      ...chart("charts/raw", { "raw.yaml": "{{- range .Values.manifests }}\n---\n{{ toYaml . }}\n{{- end }}\n" }),
    });
    expect(found).toEqual([
      ["extra", "Application argocd/raw"],
      ["raw", "Application argocd/self"],
      ["self", "Application argocd/self"],
    ]);
  },
);

test("links that lead in circles are not followed for ever", { timeout: 60_000 }, async () => {
  const cwd = join(root, "links");
  await applications("links", {
    "apps/one/app.yaml": application("one", "apps/one"),
    "apps/two/app.yaml": application("two", "none"),
  });
  for (const folder of ["one", "two"])
    for (const name of ["back", "again", "up"])
      symlinkSync(name === "up" ? "../.." : "..", join(cwd, "apps", folder, name));
  expect((await listed(cwd)).map(([name]) => name)).toEqual(["one", "two"]);
});

const hasKustomize = spawnSync("kustomize", ["version"]).status === 0;

test.skipIf(!hasKustomize)(
  "kustomize overlays are built, each as if it were alone in its checkout",
  { timeout: 60_000 },
  async () => {
    const found = await applications("kustomize", {
      "root.yaml": application("root", "overlay", ", kustomize: {namePrefix: pre-}"),
      "twin.yaml": application("twin", "overlay", ", kustomize: {namePrefix: post-}"),
      "overlay/kustomization.yaml": "resources: [../base]\n",
      "base/kustomization.yaml": "resources: [child.txt]\n",
      "base/child.txt": application("child", "none"),
    });
    expect(found).toEqual([
      ["post-child", "Application argocd/twin"],
      ["pre-child", "Application argocd/root"],
      ["root", ""],
      ["twin", ""],
    ]);
  },
);
