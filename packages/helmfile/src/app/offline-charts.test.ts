import { defaultProfile, HelmEngine } from "@tiphys/helm";
import { MemoryTree } from "@tiphys/source";
import { describe, expect, it } from "vitest";
import { buildState } from "./build.ts";
import { showDag } from "./show-dag.ts";
import { templateReleases } from "./template.ts";

const rendering = { engine: new HelmEngine(), profile: defaultProfile };
const chart = (dependencies = ""): string => `apiVersion: v2\nname: web\nversion: 1.0.0\n${dependencies}`;
const transformers =
  "    transformers: [{apiVersion: builtin, kind: LabelTransformer, metadata: {name: x}, labels: {a: b}, fieldSpecs: [{path: metadata/labels, create: true}]}]\n";

describe("charts that helmfile makes for build and show-dag", () => {
  it("fail silently in show-dag when a dependency is not in the chart's folder", () => {
    const tree = new MemoryTree({
      "helmfile.yaml": `releases:\n  - name: web\n    chart: ./web\n${transformers}`,
      "web/Chart.yaml": chart("dependencies: [{name: sub, version: 0.1.0, repository: file://../sub}]\n"),
      "sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
    });
    expect(showDag({ tree }, rendering)).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(showDag({ tree }).stdout).toContain("1     web");
    expect(buildState({ tree }, { rendering }).exitCode).toBe(0);
  });

  it("are local in a folder with a name of two parts, and then get their dependencies", () => {
    const tree = new MemoryTree({
      "helmfile.yaml": "releases:\n  - name: web\n    chart: charts/web\n    forceNamespace: x\n",
      "charts/web/Chart.yaml": chart("dependencies: [{name: sub, version: 0.1.0, repository: file://../../sub}]\n"),
      "sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
      "sub/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n",
    });
    const result = templateReleases({ tree }, rendering);
    expect(result.exitCode).toBe(0);
    expect(result.helmCalls[0]?.args.slice(0, 2)).toEqual(["dependency", "up"]);
    expect(result.stdout).toContain("namespace: x");
  });
});

it("a fetched chart that is patched keeps the conditions of its dependencies, and loses their tags", () => {
  const sub = (name: string): Record<string, string> => ({
    [`web/charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`,
    [`web/charts/${name}/templates/${name}.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`,
  });
  const fetched = new MemoryTree({
    "web/Chart.yaml": chart(
      "dependencies:\n  - { name: kept, version: 0.1.0, repository: 'https://charts.example', condition: kept.enabled }\n  - { name: gone, version: 0.1.0, repository: 'https://charts.example', condition: gone.enabled }\n  - { name: tagged, version: 0.1.0, repository: 'https://charts.example', tags: [extra] }\n",
    ),
    "web/values.yaml": "kept: { enabled: true }\ngone: { enabled: false }\ntags: { extra: false }\n",
    ...sub("kept"),
    ...sub("gone"),
    ...sub("tagged"),
  });
  const tree = new MemoryTree({
    "helmfile.yaml":
      "repositories: [{ name: example, url: 'https://charts.example' }]\nreleases:\n  - name: web\n    chart: example/web\n    forceNamespace: x\n",
  });
  const result = templateReleases({ tree }, { ...rendering, findChart: () => ({ tree: fetched, path: "web" }) });
  expect(result.exitCode, result.stderr).toBe(0);
  expect([...result.stdout.matchAll(/name: (\w+)/g)].map(([, name]) => name).toSorted()).toEqual(["kept", "tagged"]);
});

it("goes on with the other releases after a fault, and tells the first", () => {
  const release = (name: string): string =>
    `  - name: ${name}\n    chart: ./web\n    hooks: [{events: [prepare], command: check, args: [${name}]}]\n`;
  const tree = new MemoryTree({
    "helmfile.yaml": `releases:\n${release("a")}${release("b")}${release("c")}`,
    "web/Chart.yaml": chart(),
  });
  const ran: string[] = [];
  const permissions = {
    exec: ({ args }: { readonly args: readonly string[] }) => {
      ran.push(...args);
      const status = args[0] === "a" ? 0 : 1;
      return { kind: "exited", path: "check", status, stdout: "", stderr: "", combined: "" } as const;
    },
  };
  const result = buildState({ tree, permissions });
  expect(ran).toEqual(["a", "b", "c"]);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("0: check (5 bytes)\n  1: b (1 bytes)");
  expect(result.stderr).not.toContain("1: c (1 bytes)");
});

it("names the release whose OCI chart has the version latest", () => {
  const tree = new MemoryTree({
    "helmfile.yaml": "releases:\n  - {name: web, chart: oci://example.org/web, version: latest}\n",
  });
  const message =
    'in ./helmfile.yaml: [release "web": the version for OCI charts should be semver compliant, the latest tag is not supported]\n';
  expect(buildState({ tree }).stderr).toBe(message);
  expect(templateReleases({ tree }, rendering).stderr).toBe(message);
});
