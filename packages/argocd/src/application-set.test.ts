import { fromPlain, MemoryTree, readYaml, toPlain } from "@tiphys/source";
import { toByteString } from "@tiphys/gotemplate";
import { describe, expect, it } from "vitest";
import { type ExpandOptions, expandApplicationSet } from "./application-set.ts";
import { readClusterSecrets } from "./generators/cluster-secrets.ts";
import { argocdProfiles } from "./profile.ts";
import { readFixtures } from "./generators/fixtures.ts";

function set(spec: string, rest: Partial<ExpandOptions> = {}) {
  const text = `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\nspec:\n${spec.replace(/^/gm, "  ")}`;
  const yaml = readYaml(toByteString(text));
  const tree = new MemoryTree({
    "apps/a/component.yaml": "name: a\nwave: 1000000\n",
    "apps/b/component.yaml": "name: b\nvalues: {k: file}\n",
    "apps/list.yaml": "- name: one\n- name: two\n",
  });
  return expandApplicationSet({
    document: {
      value: yaml.value,
      origin: { file: "set.yaml" },
      originOf: (path) => ({ file: "set.yaml", ...yaml.originOf(path) }),
    },
    repositories: () => ({ tree }),
    ...rest,
  });
}

const template = `template:
  metadata: {name: '{{ .name }}'}
  spec:
    project: default
    destination: {server: https://kubernetes.default.svc, namespace: x}
    source: {repoURL: https://github.com/acme/x.git, path: p}`;

const files = (path: string) => `goTemplate: true
generators:
  - git: {repoURL: https://github.com/acme/x.git, revision: main, files: [{path: "${path}"}]}
${template}`;

const names = (expansion: ReturnType<typeof set>) =>
  expansion.applications.map(
    ({ application }) => (toPlain(application) as { metadata: { name: string } }).metadata.name,
  );

describe("expandApplicationSet", () => {
  it("says for each Application which file and line made it", () => {
    const expansion = set(files("apps/*.yaml"));
    expect(names(expansion)).toEqual(["a", "b", "one", "two"]);
    expect(expansion.applications.map(({ origins }) => origins)).toEqual([
      [{ file: "apps/a/component.yaml", line: 1 }],
      [{ file: "apps/b/component.yaml", line: 1 }],
      [{ file: "apps/list.yaml", line: 1, path: "[0]" }],
      [{ file: "apps/list.yaml", line: 2, path: "[1]" }],
    ]);
    expect(expansion.applications.map(({ generatorIndex }) => generatorIndex)).toEqual([0, 0, 0, 0]);
  });

  it("names both inputs of a matrix", () => {
    const expansion = set(`goTemplate: true
generators:
  - matrix:
      generators:
        - list: {elements: [{env: dev}]}
        - git: {repoURL: https://github.com/acme/x.git, revision: main, files: [{path: apps/a/component.yaml}]}
${template}`);
    expect(expansion.applications[0]!.origins.map(({ file, line }) => [file, line])).toEqual([
      ["set.yaml", 9],
      ["apps/a/component.yaml", 1],
    ]);
  });

  it("gives an error a place and leaves nothing half done", () => {
    const expansion = set(files("apps/a/component.yaml").replace("'{{ .name }}'", "'{{ .name | nope }}'"));
    expect(expansion.applications).toEqual([]);
    expect(expansion.error).toMatchObject({
      message: 'failed to parse template {{ .name | nope }}: template: base:1: function "nope" not defined',
      reason: "RenderTemplateParamsError",
      origin: { file: "set.yaml", line: 9 },
    });
  });

  it("points at the file or the patch at fault", () => {
    const tree = new MemoryTree({ "bad.yaml": "a: 1\n\tb: 2\n" });
    expect(set(files("bad.yaml"), { repositories: () => ({ tree }) }).error?.origin).toEqual({
      file: "bad.yaml",
      line: 2,
    });
    expect(set(`templatePatch: '{{ .name }}: ['\n${files("apps/a/component.yaml")}`).error?.origin).toMatchObject({
      file: "set.yaml",
      line: 5,
    });
  });

  it("says what it would have to know", () => {
    const expansion = set(files("*"), { repositories: () => undefined });
    expect(expansion.error).toMatchObject({
      message: "wanted: repository https://github.com/acme/x.git at main",
      reason: "NotKnownOffline",
    });
  });

  it("survives keys that are dangerous in JavaScript", () => {
    const expansion = set(`goTemplate: true
generators: [{list: {elements: [{name: a, __proto__: {x: 1}, constructor: c}]}}]
template:
  metadata: {name: '{{ .name }}', annotations: {__proto__: '{{ .constructor }}'}}
  spec: {project: default, destination: {name: in-cluster}, source: {repoURL: r, path: p}}`);
    const annotations = [...expansion.applications[0]!.application].find(([key]) => key === "metadata")![1] as Map<
      string,
      unknown
    >;
    expect([...(annotations.get("annotations") as Map<string, unknown>)]).toEqual([["__proto__", "c"]]);
  });

  it("knows what older versions did not have", () => {
    const spec = `goTemplate: true
generators: [{list: {elements: [{name: a}]}}, {oci: {repoURL: 'oci://r', revision: '1'}}]
template:
  metadata: {name: '{{ tpl .name . }}'}
  spec: {project: default, destination: {name: in-cluster}, source: {repoURL: r, path: p, tagPrefix: v}}`;
    const expansion = set(spec, { profile: argocdProfiles["3.4"] });
    expect(expansion.admission?.unknownFields).toEqual([
      "spec.generators[1].oci",
      "spec.template.spec.source.tagPrefix",
    ]);
    expect(expansion.error?.message).toContain('function "tpl" not defined');
    expect(expansion.warnings).toEqual(["ApplicationSet set contains unrecognized generators"]);
  });

  it("ends on endless recursion of a template", () => {
    const recursive = files("apps/a/component.yaml").replace(
      "'{{ .name }}'",
      `'{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}'`,
    );
    expect(set(recursive).error?.message).toContain("exceeded maximum template depth");
  });
});

describe("generators with recordings", () => {
  const fixtures = readFixtures(
    readYaml(`kind: GeneratorFixtures
recorded:
  - generator: pullRequest
    spec: {github: {owner: acme, repo: web}}
    items: [{number: 42, branch: feature/A_page, target_branch: main, head_sha: 089d92cbf9ff857a39e6, author: jane, labels: [x]}]
  - generator: plugin
    spec: {configMapRef: {name: broken}}
    error: "error generating params: no route"
  - generator: plugin
    items: [{name: p, deep: {k: 1}}]
  - generator: clusterDecisionResource
    items: [{decision: {clusterName: edge, weight: 3}}, {decision: {clusterName: gone}}]
  - generator: oci
    items: [{path: apps/a/c.yaml, content: "name: from-oci"}]
`),
    "fixtures.yaml",
  );
  const params = (generator: string, values: Partial<ExpandOptions> = {}) => {
    const expansion = set(`goTemplate: true\ngenerators: [${generator}]\n${template.replace("{{ .name }}", "x")}`, {
      fixtures,
      ...values,
    });
    return expansion.error?.message ?? expansion.params[0]!.map((one) => toPlain(one));
  };

  it("derives what Argo CD derives", () => {
    expect(
      params("{pullRequest: {github: {owner: acme, repo: web, labels: [preview]}, values: {k: 'pr-{{ .number }}'}}}"),
    ).toEqual([
      {
        number: "42",
        title: "",
        branch: "feature/A_page",
        branch_slug: "feature-a-page",
        target_branch: "main",
        target_branch_slug: "main",
        head_sha: "089d92cbf9ff857a39e6",
        head_short_sha: "089d92cb",
        head_short_sha_7: "089d92c",
        author: "jane",
        labels: ["x"],
        values: { k: "pr-42" },
      },
    ]);
  });

  it("matches clusters of decisions, reads files of artifacts, repeats errors", () => {
    const clusters = readClusterSecrets([
      { value: fromPlain({ data: { name: btoa("edge"), server: btoa("https://edge") } }), origin: { file: "c.yaml" } },
    ]);
    expect(params("{clusterDecisionResource: {configMapRef: c, name: res}}", { clusters })).toEqual([
      { name: "edge", server: "https://edge", clusterName: "edge", weight: "3" },
    ]);
    expect(params("{oci: {repoURL: 'oci://r', revision: '1', files: [{path: '**/c.yaml'}]}}")).toMatchObject([
      { name: "from-oci", path: { path: "apps/a" } },
    ]);
    expect(params("{plugin: {configMapRef: {name: broken}}}")).toBe("error generating params: no route");
    expect(params("{scmProvider: {github: {organization: acme}}}")).toBe(
      "wanted: recorded parameters of a scmProvider generator",
    );
  });

  it("refuses a recording of something else", () => {
    expect(() => readFixtures(readYaml("kind: GeneratorFixtures\nrecorded: [{generator: list}]"), "f.yaml")).toThrow(
      "no generator that is recorded",
    );
  });
});
