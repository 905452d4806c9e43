import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { RenderEngine } from "@tiphys/estate";
import { HelmEngine, loadChart, type RenderRequest, type SetFlag } from "@tiphys/helm";
import { MemoryTree } from "@tiphys/source";
import { HelmBinaryEngine } from "./engine-helm.ts";
import { processIo } from "./main.ts";

/** What every `RenderEngine` must do, whoever renders. */
function contract(engine: RenderEngine): void {
  const chart = loadChart(
    new MemoryTree({
      "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.2.3\n",
      "values.yaml": "a: {b: 1}\n",
      "crds/x.yaml": "kind: CustomResourceDefinition\nmetadata: {name: x}\n",
      "templates/a.yaml":
        "kind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-é, namespace: {{ .Release.Namespace }}}\ndata: {{ toJson .Values }}\n" +
        '---\nkind: Pod\nmetadata: {name: t, annotations: {"helm.sh/hook": test}}\n',
      "templates/b.yaml": '{{ required "b is needed" .Values.a.b }}: {{ .Capabilities.KubeVersion.Version }}\n',
    }),
    "",
  );
  const sets: SetFlag[] = [
    { kind: "set-file", expression: "file=one,two=three\n", origin: { file: "--set-file" } },
    { kind: "set", expression: "n=5", origin: { file: "--set" } },
  ];
  const request: RenderRequest = {
    chart,
    valuesLayers: [
      { kind: "file", name: "v.yaml", origin: { file: "v.yaml" }, content: new TextEncoder().encode("c: é\n") },
      { kind: "inline", name: "inline", origin: { file: "x" }, values: new Map([["d", [1.5, "x"]]]) },
    ],
    sets,
    release: { name: "r", namespace: "ns" },
    capabilities: { kubeVersion: "1.30.0" },
    includeCrds: true,
  };

  it("prints manifests, documents and hooks", () => {
    const { manifests, documents, hooks, error } = engine.render(request);
    expect(error).toBeUndefined();
    expect(manifests).toContain("---\n# Source: c/crds/x.yaml\n");
    expect(manifests).toContain('data: {"a":{"b":1},"c":"\xc3\xa9","d":[1.5,"x"],"file":"one,two=three\\n","n":5}');
    expect(documents.map(({ path, kind, isCrdFile }) => [path, kind, isCrdFile])).toEqual([
      ["c/crds/x.yaml", "CustomResourceDefinition", true],
      ["c/templates/a.yaml", "ConfigMap", false],
      ["c/templates/b.yaml", "", false],
    ]);
    expect(documents[1]?.name).toBe("r-\xc3\xa9");
    expect(hooks.map(({ name, events }) => [name, events])).toEqual([["t", ["test"]]]);
  });

  it("leaves out what it is told to", () => {
    expect(engine.render({ ...request, skipTests: true, includeCrds: false }).hooks).toEqual([]);
    expect(engine.render({ ...request, noHooks: true }).manifests).not.toContain("helm.sh/hook");
  });

  it("gives Helm's text for an error", () => {
    const { error, manifests } = engine.render({
      ...request,
      sets: [{ kind: "set", expression: "a.b=", origin: { file: "--set" } }],
    });
    expect(manifests).toBe("");
    expect(error?.helmText).toBe(
      "execution error at (c/templates/b.yaml:1:3): b is needed\n\nUse --debug flag to render out invalid YAML",
    );
  });
}

describe("the built-in engine", () => {
  const engine = new HelmEngine();
  contract({ label: "tiphys", isSeeded: true, render: (request) => engine.render(request) });
});

const hasHelm = spawnSync("helm", ["version"]).status === 0;
describe.skipIf(!hasHelm)(`the helm binary${hasHelm ? "" : " (skipped: no helm on PATH)"}`, () => {
  if (!hasHelm) return;
  contract(HelmBinaryEngine.find(processIo()));
});
