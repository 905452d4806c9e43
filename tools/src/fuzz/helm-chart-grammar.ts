import type { Random } from "./random.ts";

/** A chart with the flags to render it by. */
export interface ChartInput {
  /** Text by path; the chart is at `app/`, value files beside it. */
  readonly files: ReadonlyMap<string, string>;
  /** Each flag with its value; kept together so that it can be taken out. */
  readonly flags: readonly (readonly string[])[];
  /** Folders that are packed into `.tgz` beside themselves, inner ones first, and taken away. */
  readonly archives: readonly string[];
}

const scalars = [
  "1",
  "0",
  "-1",
  "1.5",
  "1e3",
  "true",
  "false",
  "yes",
  "off",
  "~",
  "null",
  '""',
  "text",
  '"0123"',
  "0777",
  "0x1F",
  "[]",
  "{}",
  "[a, b]",
  "{x: 1}",
  '"{{ .Release.Name }}"',
  "12345678",
  "2024-01-02",
  "!!str 5",
  "'q''q'",
  "&anchor v",
  "é",
];
const keys = ["a", "b", "enabled", "image", "list", "tpl", "global", "extra", "x.y", "on", "nested"];
const subNames = ["sub", "lib", "db"];

/** Generates small charts with subcharts, hooks, schemas, value files and flags. */
export class ChartGrammar {
  readonly #random: Random;
  readonly #files = new Map<string, string>();

  constructor(random: Random) {
    this.#random = random;
  }

  chart(): ChartInput {
    const random = this.#random;
    this.#chart("app", "app", 2);
    const beside = random.chance(0.15) ? this.#dependencyBeside() : [];
    const flags: (readonly string[])[] = [];
    for (let i = random.below(3); i > 0; i--) {
      this.#files.set(`values${i}.yaml`, this.#values("", 2, subNames));
      flags.push(["-f", `values${i}.yaml`]);
    }
    this.#files.set("file.txt", random.pick(["text\n", "a: 1", ""]));
    flags.push(...random.list(0, 3, () => this.#flag()), ...beside);
    if (random.chance(0.1)) flags.push(["--output-dir", random.pick(["out", "./out", "app"])]);
    if (random.chance(0.05)) flags.push(["--release-name"]);
    return { files: this.#files, flags, archives: this.#archives() };
  }

  /** A chart in a folder beside, which `--dependency-update` packs into charts/. */
  #dependencyBeside(): readonly (readonly string[])[] {
    const random = this.#random;
    this.#chart("dep", "dep", random.pick([0, 1]));
    const text = this.#files.get("app/Chart.yaml")!;
    const range = random.pick(['"*"', '">=0-0"', "1.2.3", '"^9"', '"~0.1.0-0"']);
    const entry = `- {name: dep, version: ${range}, repository: "file://../dep"${random.chance(0.2) ? ", alias: renamed" : ""}}\n`;
    this.#files.set("app/Chart.yaml", `${text}${text.includes("dependencies:") ? "" : "dependencies:\n"}${entry}`);
    return random.chance(0.85) ? [["--dependency-update"]] : [];
  }

  /** Charts that come as archives: subcharts now and then, the chart itself seldom. */
  #archives(): string[] {
    const random = this.#random;
    const subcharts = [...this.#files.keys()]
      .flatMap((path) => /^(app\/(?:charts\/[a-z]+\/)*charts\/[a-z]+)\/Chart\.yaml$/.exec(path)?.[1] ?? [])
      .filter(() => random.chance(0.12))
      .sort((a, b) => b.length - a.length);
    return random.chance(0.08) ? [...subcharts, "app"] : subcharts;
  }

  #chart(folder: string, name: string, depth: number): void {
    const random = this.#random;
    const isLibrary = name === "lib" && random.chance(0.6);
    const subs = depth === 0 ? [] : subNames.filter(() => random.chance(depth === 2 ? 0.45 : 0.2));
    const metadata = [
      "apiVersion: v2",
      `name: ${name}`,
      `version: ${random.pick(["1.2.3", "0.1.0-rc.1+b", "1.0", '"2.0.0"'])}`,
    ];
    if (random.chance(0.3)) metadata.push(`appVersion: ${random.pick(['"1.0"', "1.0", "v3", "~"])}`);
    if (isLibrary) metadata.push("type: library");
    if (random.chance(0.08))
      metadata.push(
        `kubeVersion: ${random.pick(['">=1.20.0-0"', '">1.10-0"', '"^1.0-0"', '"<1.20"', '"bad range x"'])}`,
      );
    if (random.chance(0.1)) metadata.push(`annotations: {${random.pick(["a: b", "a: .inf", "a: 1", "a: ~", "1: x"])}}`);
    if (random.chance(0.05))
      metadata.push(
        random.pick([
          "deprecated: true",
          "icon: x",
          "keywords: [a]",
          "maintainers: [{name: x}]",
          "unknown: 1",
          "home: 5",
        ]),
      );
    const listed = subs.filter(() => random.chance(0.8));
    if (listed.length > 0) metadata.push("dependencies:", ...listed.flatMap((sub) => this.#dependency(sub)));
    this.#files.set(`${folder}/Chart.yaml`, `${metadata.join("\n")}\n`);
    if (random.chance(0.9)) this.#files.set(`${folder}/values.yaml`, this.#values("", 2, subs));
    for (const sub of subs) this.#chart(`${folder}/charts/${sub}`, sub, depth - 1);
    this.#templates(folder, name, isLibrary);
    if (random.chance(0.08)) this.#files.set(`${folder}/values.schema.json`, this.#schema());
    if (random.chance(0.15))
      this.#files.set(
        `${folder}/crds/crd.yaml`,
        random.pick([crd("foos"), `${crd("foos")}---\n${crd("bars")}`, "# none\n", ""]),
      );
    if (random.chance(0.1))
      this.#files.set(
        `${folder}/.helmignore`,
        random.pick([
          "*.txt\n",
          "templates/b.yaml\n",
          "# c\n!x\n/conf\n",
          "conf/\n",
          "charts/sub\n",
          "/values.yaml\n",
          "*.yaml\n!Chart.yaml\n",
          "templates/*.tpl\n",
          "\\n  \ntests/\n",
          "[a-c]*\n",
          "**/a\n",
          "[\n",
          "Chart.yaml\n",
          "dir/\n./conf\n",
        ]),
      );
    if (random.chance(0.4))
      this.#files.set(
        `${folder}/conf/a.txt`,
        random.pick(["one\ntwo\n", "a: {{ .Values.a }}\n", "\u00e9\n", "no end"]),
      );
  }

  #dependency(name: string): string[] {
    const random = this.#random;
    const lines = [
      `- name: ${name}`,
      `  version: ${random.pick(['"*"', '">=0"', "1.2.3", '"^9"', '"*-0"', '">0.0.0-0"'])}`,
      `  repository: ${random.pick(['""', "http://127.0.0.1:1/charts"])}`,
    ];
    if (random.chance(0.3))
      lines.push(
        `  condition: ${random.pick(["sub.enabled", "db.enabled,global.x", "enabled", "a.b.c", "lib.enabled"])}`,
      );
    if (random.chance(0.2)) lines.push(`  tags: [${random.pick(["front", "back", "front, back"])}]`);
    if (random.chance(0.2)) lines.push(`  alias: ${random.pick(["other", "sub", "x1"])}`);
    if (random.chance(0.25))
      lines.push(
        `  import-values: [${random.pick(["data", "{child: nested, parent: imported}", "{child: exports.data, parent: .}", "{child: missing, parent: a}", "data, {child: a, parent: b.c}"])}]`,
      );
    if (random.chance(0.1)) lines.push("- name: " + name, '  version: "*"', "  alias: twice");
    return lines;
  }

  #values(indent: string, depth: number, subs: readonly string[]): string {
    const random = this.#random;
    const names = [...new Set(random.list(0, 5, () => random.pick(keys)))];
    const lines = names.map((key) => `${indent}${key}: ${this.#value(indent, depth)}`);
    if (indent === "") {
      if (random.chance(0.3))
        lines.push(
          `tags: {front: ${random.pick(["true", "false", "~"])}, back: ${random.pick(["true", "false", '"x"'])}}`,
        );
      if (random.chance(0.2)) lines.push(`exports: {data: {imp: ${random.pick(scalars.slice(0, 8))}}}`);
      if (random.chance(0.3))
        lines.push(`nested:\n  deep: {er: ${random.pick(["1", "~", "x"])}}\n  gone: ${random.pick(["~", "1", "{}"])}`);
      for (const sub of subs)
        if (random.chance(0.6))
          lines.push(
            `${sub}: ${random.chance(0.04) ? random.pick(scalars) : `\n${this.#values("  ", 1, []).trimEnd()}`}`,
          );
    }
    // A key twice is an error in YAML, which is worth having only now and then.
    const seen = new Set<string>();
    const kept = lines.filter((line) => {
      const key = line.trim().split(":")[0]!;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew || random.chance(0.02);
    });
    return kept.length === 0 ? `${indent}{}\n` : `${kept.join("\n")}\n`;
  }

  #value(indent: string, depth: number): string {
    const random = this.#random;
    const roll = random.next();
    if (depth === 0 || roll < 0.6) return random.pick(scalars);
    if (roll < 0.9) return `\n${this.#values(`${indent}  `, depth - 1, []).trimEnd()}`;
    if (roll < 0.95) return `|\n${indent}  line {{ .Values.a }}\n${indent}  more`;
    return `\n${indent}- ${random.pick(scalars)}\n${indent}- ${random.pick(scalars)}`;
  }

  #templates(folder: string, name: string, isLibrary: boolean): void {
    const random = this.#random;
    this.#files.set(
      `${folder}/templates/_helpers.tpl`,
      ["shared", name]
        .map(
          (prefix) =>
            `{{- define "${prefix}.labels" -}}\nchart: {{ .Chart.Name }}\nvalue: {{ ${this.#reading()} | quote }}\n{{- end -}}\n`,
        )
        .join(""),
    );
    if (isLibrary && random.chance(0.7)) return;
    for (const file of ["a.yaml", "b.yaml", "c.txt", "dir/d.yaml"]) {
      if (random.chance(0.5))
        this.#files.set(
          `${folder}/templates/${file}`,
          random
            .list(1, 3, () => this.#document(name))
            .join(random.pick(["---\n", "\n---\n", "--- # x\n", "---\n---\n"])),
        );
    }
    if (random.chance(0.3))
      this.#files.set(`${folder}/templates/NOTES.txt`, "Notes {{ .Release.Name }} {{ .Values.a }}\n");
    if (random.chance(0.15)) this.#files.set(`${folder}/templates/tests/t.yaml`, this.#document(name));
  }

  #document(name: string): string {
    const random = this.#random;
    const roll = random.next();
    if (roll < 0.04)
      return random.pick([
        "# only a comment\n",
        "\n",
        "{{/* nothing */}}\n",
        "{{- if false }}\na: b\n{{- end }}\n",
        "- a\n- b\n",
        "a: {{ .Values.list }}\n",
        "a: [\n",
      ]);
    const kind = random.pick([
      "ConfigMap",
      "Service",
      "Deployment",
      "Namespace",
      "Secret",
      "Job",
      "CustomThing",
      "ClusterRole",
      "List",
    ]);
    const lines = [
      `apiVersion: ${random.pick(["v1", "apps/v1", "x.io/v1beta1"])}`,
      `kind: ${kind}`,
      "metadata:",
      `  name: {{ .Release.Name }}-${random.pick(["a", "b", "{{ .Chart.Name }}"])}`,
    ];
    if (random.chance(0.25)) lines.push(...this.#hook());
    lines.push("data:", ...random.list(1, 4, () => this.#line(name)));
    return `${lines.join("\n")}\n`;
  }

  #hook(): string[] {
    const random = this.#random;
    const lines = [
      "  annotations:",
      `    helm.sh/hook: ${random.pick(["pre-install", "post-install,pre-upgrade", "test", "test-success", "crd-install", "unknown", '""', "pre-install, post-delete", "5"])}`,
    ];
    if (random.chance(0.5)) lines.push(`    helm.sh/hook-weight: ${random.pick(['"1"', '"-5"', '"x"', "3", '"1.5"'])}`);
    if (random.chance(0.3))
      lines.push(
        `    helm.sh/hook-delete-policy: ${random.pick(["before-hook-creation", "hook-succeeded,hook-failed", "bad"])}`,
      );
    return lines;
  }

  /** An expression that reads a value, present or not. */
  #reading(): string {
    return this.#random.pick([
      ".Values.a",
      ".Values.b",
      ".Values.global",
      ".Values.nested",
      ".Values.imported",
      ".Values.sub",
      "(.Values.db | default dict).a",
      ".Values.tags",
      ".Values.enabled",
      ".Values.imp",
      ".Values.list",
      ".Values.extra",
      ".Values",
      ".Chart.Version",
      ".Chart.AppVersion",
      ".Subcharts",
      ".Chart.Annotations",
      ".Values.on",
      ".Capabilities.KubeVersion",
      ".Chart.Dependencies",
      ".Chart.IsRoot",
      ".Template.Name",
    ]);
  }

  #line(name: string): string {
    const random = this.#random;
    const other = random.chance(0.05) ? random.pick(subNames) : random.pick([name, "shared"]);
    return random.pick([
      `  k1: {{ ${this.#reading()} | toJson }}`,
      `  k2: {{ ${this.#reading()} | quote }}`,
      `  k3:\n{{ toYaml ${this.#reading()} | indent 4 }}`,
      `  k4: |-\n    {{- include "${other}.labels" . | nindent 4 }}`,
      `  {{- with ${this.#reading()} }}\n  k5: {{ . | toJson | quote }}\n  {{- end }}`,
      `  k6: {{ tpl (toYaml ${this.#reading()}) . | quote }}`,
      `  k7: {{ .Files.Get "conf/a.txt" | quote }}`,
      `  {{- range $k, $v := ${random.pick([".Values", ".Subcharts", ".Values.nested | default dict", ".Values.global | default dict"])} }}\n  r-{{ $k }}: {{ $v | toString | quote }}\n  {{- end }}`,
      `  k8: {{ .Release.IsUpgrade }}-{{ .Release.Namespace }}-{{ .Release.Revision }}`,
      `  k9: {{ .Capabilities.APIVersions.Has "my/v1" }}`,
      `  k13:\n{{ (.Files.Glob "conf/*").AsConfig | indent 4 }}`,
      `  {{- range $n, $s := .Subcharts }}\n  s-{{ $n }}: {{ include "shared.labels" $s | quote }}\n  {{- end }}`,
      `  k10: {{ required "need it" ${random.pick([".Chart.Name", ".Chart.Version", ".Release.Name", this.#reading()])} | toJson }}`,
      `  k11: {{ .Values.global | default dict | toJson }} # {{ .Template.BasePath }}`,
      `  k12: {{ tpl (.Files.Get "conf/a.txt") . | quote }}`,
    ]);
  }

  #schema(): string {
    const random = this.#random;
    return random.pick([
      '{"type": "object", "required": ["a"]}',
      '{"properties": {"a": {"type": "string"}, "b": {"type": ["integer", "null"]}}}',
      '{"additionalProperties": false, "properties": {"a": {}, "b": {}, "global": {}, "sub": {}, "db": {}, "lib": {}}}',
      '{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"a": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"minimum": 5, "enum": [1, 7, "x"]}}}',
      '{"properties": {"list": {"type": "array", "items": {"pattern": "^a"}, "minItems": 3}}}',
      '{"type": "nonsense"}',
      "{bad",
    ]);
  }

  #flag(): readonly string[] {
    const random = this.#random;
    const path = random.pick([
      "a",
      "e",
      "e.c",
      "sub.enabled",
      "db.a",
      "items[1]",
      "global.x",
      "tags.front",
      "sub.gone",
      "x\\.y",
      "items[0].k",
      ...(random.chance(0.1) ? ["a[", "", "lib", "a.b", "list[1]"] : []),
    ]);
    const value = random.pick([
      "1",
      "true",
      "null",
      "text",
      "{a,b}",
      "",
      "007",
      "a\\,b",
      "1.5",
      "a,b=2",
      "9223372036854775808",
      "é",
    ]);
    return random.pick<() => readonly string[]>([
      () => ["--set", `${path}=${value}`],
      () => ["--set", `${path}=${value}`],
      () => ["--set-string", `${path}=${value}`],
      () => ["--set-json", `${path}=${random.pick(["{}", '{"k": [1, null]}', "null", "1e3", "bad", '"x"'])}`],
      () => ["--set-json", random.pick(['{"a": {"b": 1}}', '{"global": {"x": null}}', '["a"]'])],
      () => ["--set-literal", `${path}=${value}`],
      () => ["--set-file", `${path}=${random.pick(["file.txt", "file.txt", "file.txt", "missing.txt"])}`],
      () => ["--include-crds"],
      () => ["--no-hooks"],
      () => ["--skip-tests"],
      () => ["--skip-schema-validation"],
      () => ["--is-upgrade"],
      () => ["--debug"],
      () => [
        "-s",
        random.pick([
          "templates/a.yaml",
          "charts/sub/templates/a.yaml",
          "templates/*.yaml",
          "templates/none.yaml",
          "templates/dir/d.yaml",
        ]),
      ],
      () => ["--kube-version", random.pick(["1.20", "v1.25.3-gke.1", "nonsense", "1.19.0"])],
      () => ["-a", random.pick(["my/v1", "my/v1,other/v2/Kind"])],
      () => ["-n", random.pick(["ns", "other-ns"])],
      () => ["--name-template", random.pick(["fixed", '{{ upper "x" }}', "n-{{ 1 | add 2 }}"])],
      () => [
        "--set",
        random.pick([
          "a=1,b.c=2,list={x,y}",
          "a.b=1,a=2",
          "list[2]=z",
          "sub=null",
          "nested=null",
          "db.nested.deep=null",
        ]),
      ],
    ])();
  }
}

function crd(plural: string): string {
  return `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: ${plural}.x.io}\nspec: {names: {plural: ${plural}}}\n`;
}
