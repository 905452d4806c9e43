import { MemoryTree } from "@tiphys/source";
import { describe, expect, it } from "vitest";
import { effectiveValues, helmArguments } from "./effective-values.ts";
import type { EffectiveLeaf } from "./effective-values.ts";
import { readHelmfile } from "./read-helmfile.ts";

const files = {
  "helmfile.yaml.gotmpl": [
    "environments:",
    "  dev:",
    "    values: [env.yaml]",
    "---",
    "releases:",
    "  - name: web",
    "    chart: ./chart",
    "    values:",
    "      - base.yaml",
    "      - top.yaml.gotmpl",
    "      - image: {tag: inline}",
    "    set:",
    "      - {name: replicas, value: 5}",
  ].join("\n"),
  "env.yaml": "domain: example.org\n",
  "base.yaml": "replicas: 1\nhost: base\nimage:\n  tag: a\n  name: nginx\nlist: [x, z]\n",
  "top.yaml.gotmpl": "# comment\nhost: www.{{ .Values.domain }}\nplain: here\n",
  "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
};

function leavesOf(): Map<string, EffectiveLeaf> {
  const { releases, diagnostics } = readHelmfile({ tree: new MemoryTree(files), environment: "dev" });
  expect(diagnostics).toEqual([]);
  const answer = effectiveValues(releases[0]!);
  if (answer.kind === "failed") throw new Error(answer.diagnostic.message);
  return new Map(answer.value.leaves.map((leaf) => [leaf.path.join("."), leaf]));
}

describe("effectiveValues", () => {
  it("names layer, file, line and column of a plain value", () => {
    const name = leavesOf().get("image.name")!;
    expect(name.value).toBe("nginx");
    expect(name.source).toMatchObject({ layer: 0, kind: "file", origin: { file: "base.yaml", line: 5, column: 9 } });
    expect(name.overridden).toEqual([]);
  });

  it("follows a template to its place and to the value that it read", () => {
    const host = leavesOf().get("host")!;
    expect(host.value).toBe("www.example.org");
    expect(host.source).toMatchObject({
      layer: 1,
      origin: { file: "top.yaml.gotmpl", line: 2 },
      value: "www.example.org",
    });
    expect(host.source.reads).toMatchObject([
      {
        path: ".Values.domain",
        value: "example.org",
        origins: [{ kind: "file", origin: { file: "env.yaml", line: 1, column: 9 } }],
      },
    ]);
    expect(host.overridden).toMatchObject([{ layer: 0, value: "base", origin: { file: "base.yaml", line: 2 } }]);
  });

  it("finds values that stand in the state file, and --set above all files", () => {
    const leaves = leavesOf();
    expect(leaves.get("image.tag")!.source).toMatchObject({
      kind: "inline",
      origin: { file: "helmfile.yaml.gotmpl", line: 11 },
    });
    expect(leaves.get("replicas")!.source).toMatchObject({
      kind: "set",
      value: { value: 5n },
      origin: { file: "helmfile.yaml.gotmpl", line: 13 },
    });
    expect(leaves.get("replicas")!.overridden).toHaveLength(1);
    expect(leaves.get("list.1")!.source).toMatchObject({ layer: 0, value: "z", origin: { line: 6 } });
  });

  it("follows a value that a state file's template made to all that set what it read", () => {
    const tree = new MemoryTree({
      "helmfile.yaml.gotmpl": [
        "values:",
        "  - domain: default.org",
        "environments:",
        "  dev:",
        "    values:",
        "      - env.yaml.gotmpl",
        "---",
        "releases:",
        "  - name: web",
        "    chart: ./chart",
        "    values:",
        "      - host: www.{{ .Values.domain }}",
      ].join("\n"),
      "env.yaml.gotmpl": "{{ if true }}\ndomain: {{ .Environment.Name }}.{{ .Values.domain }}\n{{ end }}",
      "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    });
    const { releases } = readHelmfile({ tree, environment: "dev", stateValuesSet: ["domain=cli.org"] });
    const answer = effectiveValues(releases[0]!);
    const host = answer.kind === "value" ? answer.value.leaves[0]! : undefined;
    expect(host).toMatchObject({
      value: "www.cli.org",
      source: { kind: "inline", origin: { file: "helmfile.yaml.gotmpl", line: 12 } },
    });
    expect(host!.source.reads).toHaveLength(1);
    expect(host!.source.reads[0]!.origins).toMatchObject([
      { kind: "inline", value: "default.org", origin: { file: "helmfile.yaml.gotmpl", line: 2, column: 13 } },
      {
        kind: "file",
        origin: { file: "env.yaml.gotmpl", line: 2 },
        reads: [
          { path: ".Environment.Name", value: "dev" },
          { path: ".Values.domain", value: "cli.org", origins: [{ kind: "command-line" }] },
        ],
      },
      { kind: "command-line", value: "cli.org", origin: { file: "--state-values-set" } },
    ]);
  });

  it("finds the value in a map that a template puts out as a whole", () => {
    const tree = new MemoryTree({
      "helmfile.yaml":
        "environments:\n  dev:\n    values:\n      - db:\n          host: h\n          port: 5\n---\nreleases:\n  - name: web\n    chart: ./chart\n    values:\n      - values.yaml.gotmpl\n",
      "values.yaml.gotmpl": "database:\n{{ .Values.db | toYaml | indent 2 }}\n",
      "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    });
    const answer = effectiveValues(readHelmfile({ tree, environment: "dev" }).releases[0]!);
    expect(answer.kind === "value" && answer.value.leaves.map(({ source }) => source.reads)).toMatchObject([
      [{ path: ".Values.db.host", value: "h", origins: [{ origin: { file: "helmfile.yaml", line: 5, column: 17 } }] }],
      [{ path: ".Values.db.port", origins: [{ origin: { file: "helmfile.yaml", line: 6, column: 17 } }] }],
    ]);
  });

  it("keeps what the next key of a list's item read apart", () => {
    const tree = new MemoryTree({
      "helmfile.yaml.gotmpl":
        "environments:\n  dev:\n    values:\n      - domain: d\n---\nreleases:\n  - name: web\n    chart: ./chart\n    values:\n      - plain: p\n        host: {{ .Values.domain }}\n",
      "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    });
    const answer = effectiveValues(readHelmfile({ tree, environment: "dev" }).releases[0]!);
    const reads =
      answer.kind === "value"
        ? answer.value.leaves.map(({ path, source }) => [path.join("."), source.reads.map((read) => read.path)])
        : [];
    expect(Object.fromEntries(reads)).toEqual({ plain: [], host: [".Values.domain"] });
  });

  it("keeps the merge order of environment values: a null overrides nothing, equal values are told apart", () => {
    const tree = new MemoryTree({
      "helmfile.yaml.gotmpl": [
        "environments:",
        "  dev:",
        "    values:",
        "      - {same: x, kept: low, dotted.key: {a: 1}}",
        "---",
        "helmfiles:",
        "  - path: layer.yaml.gotmpl",
        "    values:",
        "      - same: x",
        "        kept: given",
      ].join("\n"),
      "layer.yaml.gotmpl": [
        "environments:",
        "  dev:",
        "    values:",
        "      - own.yaml",
        "---",
        "releases:",
        "  - name: web",
        "    chart: ./chart",
        "    values:",
        "      - {same: '{{ .Values.same }}', kept: '{{ .Values.kept }}', special: '{{ .Values.special }}'}",
      ].join("\n"),
      "own.yaml": "same: x\nkept: null\nspecial: .inf\n",
      "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    });
    const { releases, diagnostics } = readHelmfile({ tree, environment: "dev" });
    expect(diagnostics).toEqual([]);
    const answer = effectiveValues(releases[0]!);
    const reads = (name: string): unknown =>
      answer.kind === "value" &&
      answer.value.leaves
        .find(({ path }) => path[0] === name)!
        .source.reads.flatMap(({ path, origins }) => [
          path,
          ...origins.map(({ origin: { file, line } }) => `${file}:${line}`),
        ]);
    // What a layer is given comes over its own values once more where its next part begins.
    const sameReads = ["own.yaml:1", "helmfile.yaml.gotmpl:9"];
    expect(reads("same")).toEqual(expect.arrayContaining([".Values.same", ...sameReads]));
    expect(reads("kept")).toEqual(expect.arrayContaining([".Values.kept", "own.yaml:2", "helmfile.yaml.gotmpl:10"]));
    expect(reads("special")).toEqual(expect.arrayContaining([".Values.special", "own.yaml:3"]));
  });

  it("finds the values of set, setString and env, and what templates of a release read", () => {
    const tree = new MemoryTree({
      "helmfile.yaml": [
        "values:",
        "  - {domain: d}",
        "releases:",
        "  - name: web",
        "    chart: ./chart",
        "    setTemplate:",
        "      - name: made",
        "        value: 'x.{{ .Values.domain }}'",
        "    valuesTemplate:",
        "      - host: 'www.{{ .Values.domain }}'",
        "        plain: p",
        "    set:",
        "      - name: list",
        "        values: [a, b]",
        "    setString:",
        "      - {name: text, value: 5}",
        "    env:",
        "      - {name: first, value: ONE}",
        "      - {name: second, value: TWO}",
      ].join("\n"),
      "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    });
    const environmentVariables = new Map([
      ["ONE", "1"],
      ["TWO", "2"],
    ]);
    const answer = effectiveValues(readHelmfile({ tree, environmentVariables }).releases[0]!);
    const found =
      answer.kind === "value"
        ? answer.value.leaves.map(({ path, source: { origin, reads } }) => [
            path.join("."),
            `${origin.line}:${origin.column}`,
            ...reads.flatMap((read) => [
              read.path,
              ...read.origins.map((each) => `${each.origin.line}:${each.origin.column}`),
            ]),
          ])
        : [];
    expect(found).toEqual([
      ["host", "10:15", ".Values.domain", "2:14"],
      ["plain", "11:16"],
      ["made", "8:16", ".Values.domain", "2:14"],
      ["list.0", "14:18"],
      ["list.1", "14:21"],
      ["first", "18:30"],
      ["second", "19:31"],
      ["text", "16:29"],
    ]);
  });

  it("finds the values of later documents, and of a file that helmfile writes once more for its references", () => {
    const tree = new MemoryTree({
      "helmfile.yaml": "releases:\n  - {name: web, chart: ./chart, values: [two.yaml, references.yaml]}\n",
      "two.yaml": "first: 1\nboth: 1\n---\nsecond: 2\nboth: 2\n",
      "references.yaml": "secret: ref+vault://a/b\non: text\n",
      "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    });
    const answer = effectiveValues(readHelmfile({ tree }).releases[0]!);
    const found =
      answer.kind === "value"
        ? answer.value.leaves.map(({ path, source: { origin } }) => [path.join("."), `${origin.line}:${origin.column}`])
        : [];
    expect(Object.fromEntries(found)).toEqual({
      first: "1:8",
      both: "5:7",
      second: "4:9",
      secret: "1:9",
      on: "2:5",
    });
  });

  it("gives the arguments of helm", () => {
    const { releases } = readHelmfile({ tree: new MemoryTree(files), environment: "dev" });
    const answer = helmArguments(releases[0]!);
    expect(answer).toMatchObject({ kind: "value" });
    expect(answer.kind === "value" && answer.value.slice(-2)).toEqual(["--set", "replicas=5"]);
  });
});
