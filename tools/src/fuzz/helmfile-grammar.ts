import type { CaseArguments } from "../cases/helmfile/stage.ts";
import type { Random } from "./random.ts";
import { ReleaseGrammar } from "./helmfile-releases.ts";
import { escapeActions, ValueGrammar, writeYaml } from "./helmfile-values.ts";
import type { Yaml } from "./helmfile-values.ts";
import { mistake } from "./helmfile-extras.ts";
import { templateReleases } from "./helmfile-state-templates.ts";
import { functionTemplates, hclText, oddSelectors, oddSets, oddTemplateFlags, references } from "./helmfile-words.ts";

/** A small estate: files by path, and how helmfile is called. */
export interface Estate {
  readonly files: ReadonlyMap<string, string>;
  readonly args: CaseArguments;
}

interface StateFile {
  /** Path of the file without `.gotmpl`. */
  readonly path: string;
  readonly isLayer: boolean;
  readonly isBase?: boolean;
  readonly layers: readonly string[];
  readonly bases: readonly string[];
}

/** Writes random estates that mostly work: what templates read is mostly there. */
export class HelmfileGrammar {
  readonly #random: Random;
  readonly #values: ValueGrammar;
  readonly #files = new Map<string, string>();
  #isSequential = false;
  /** How much of the unusual an estate has: most are to work. */
  readonly #oddity: number;

  constructor(random: Random) {
    this.#random = random;
    this.#values = new ValueGrammar(random);
    this.#oddity = random.pick([0, 0, 0, 0.1, 0.1, 1]);
  }

  estate(): Estate {
    const random = this.#random;
    const layers = random.list(0, 2, () => random.pick(["layers/one.yaml", "layers/two.yaml", "three.yaml"]));
    const names = [...new Set(layers)];
    const bases = random.chance(0.3) ? [random.pick(["bases/common.yaml", "base.yaml"])] : [];
    for (const base of bases) this.#stateFile({ path: base, isLayer: false, isBase: true, layers: [], bases: [] });
    const written = names.map((path) =>
      this.#stateFile({ path, isLayer: true, layers: this.#innerLayers(path), bases: [] }),
    );
    // The same layer once more, with other values or selectors.
    if (written.length > 0 && random.chance(0.1)) written.push(random.pick(written));
    if (random.chance(0.12)) {
      // Files of a folder run at the same time, and layers change the one working directory: what then happens is random.
      this.#isSequential = random.chance(0.5);
      const layersOfEach = this.#isSequential ? written.map((path) => `../${path}`) : [];
      for (const name of new Set(random.list(1, 3, () => random.pick(["a", "b", "c"]))))
        this.#stateFile({ path: `helmfile.d/${name}.yaml`, isLayer: false, layers: layersOfEach, bases: [] });
    } else this.#stateFile({ path: "helmfile.yaml", isLayer: false, layers: written, bases: this.#written(bases) });
    if (random.chance(0.1 * this.#oddity)) {
      const path = random.pick([...this.#files.keys()]);
      this.#files.set(path, mistake(random, this.#files.get(path)!));
    }
    return { files: this.#files, args: this.#arguments() };
  }

  /** A layer of a layer, in a folder or a file. */
  #innerLayers(path: string): string[] {
    const random = this.#random;
    if (!path.startsWith("layers/") || !random.chance(0.15)) return [];
    const file = random.pick(["layers/inner/deep.yaml", "layers/inner.d/deep.yaml"]);
    const written = this.#stateFile({ path: file, isLayer: true, layers: [], bases: [] });
    return [file.includes("inner.d") ? "./inner.d" : written.slice("layers/".length)];
  }

  #written(paths: readonly string[]): string[] {
    return paths.map((path) => [path, `${path}.gotmpl`].find((name) => this.#files.has(name))!);
  }

  #arguments(): CaseArguments {
    const random = this.#random;
    const maybe = <Name extends string, Value>(
      chance: number,
      name: Name,
      make: () => Value,
    ): Partial<Record<Name, Value>> => (random.chance(chance) ? ({ [name]: make() } as Record<Name, Value>) : {});
    return {
      ...maybe(0.6, "environment", () =>
        random.pick(["dev", "dev", "prod", "default", ...(random.chance(0.1) ? ["nosuch"] : [])]),
      ),
      ...maybe(0.25, "selectors", () => random.list(1, 2, () => this.#selector())),
      ...maybe(0.2, "stateValuesSet", () =>
        random.list(1, 2, () =>
          random.pick([
            ...(random.chance(0.3 * this.#oddity) ? oddSets : []),
            "domain=cli.test",
            "count=5",
            "feature.enabled=true",
            "tags[1]=z",
            "nested.level=null",
            "nested.inner.a=007",
            "extra=1,more=x",
            "with\\.dot=1",
          ]),
        ),
      ),
      ...maybe(0.08, "stateValuesSetString", () => [random.pick(["count=5", "domain=s", "feature.enabled=true"])]),
      ...maybe(0.1, "stateValuesFile", () => [this.#valuesFile("cli.yaml", false)]),
      ...maybe(0.03, "namespace", () => "from-cli"),
      ...(this.#isSequential
        ? { flags: ["--sequential-helmfiles"] }
        : maybe(0.07, "flags", () => [
            random.pick([
              "--allow-no-matching-release",
              "--log-level=warn",
              "--chart=../_charts/probe",
              "--skip-deps",
              "--allow-failed-releases",
            ]),
          ])),
      env: { HOME_OF: "somewhere", ...(random.chance(0.06) ? random.pick(variables) : {}) },
      ...maybe(0.05, "kubeContext", () => "ctx-cli"),
      ...maybe(0.25, "extra", () => this.#extra()),
      commands: [
        ...["list", "build", "write-values", "show-dag"].filter(() => random.chance(0.7)),
        "template",
        ...["print-env", "build-embed", "list-table"].filter(() => random.chance(0.15)),
      ],
      valuesTemplate: '{{ or .Release.Namespace "_" }}/{{ .Release.Name }}',
    };
  }

  /** Flags of single commands. */
  #extra(): Readonly<Record<string, readonly string[]>> {
    const random = this.#random;
    const template = random.pick([
      ["--include-needs"],
      ["--skip-needs=false"],
      ["--set", "a=cli"],
      ["--set", "deep.b=1,c=x"],
      ["--args", "--skip-tests --kube-version 1.28.0"],
      ["--include-crds"],
      ["--skip-deps"],
      ["--no-hooks"],
      ["--include-transitive-needs"],
      ...oddTemplateFlags,
    ]);
    if (!random.chance(0.3)) return { template };
    this.#files.set("extra.yaml", writeYaml(this.#values.map(2, 1)));
    return { template: ["--values", "extra.yaml"], "write-values": ["--values", "extra.yaml"] };
  }

  #selector(): string {
    const random = this.#random;
    if (random.chance(0.2 * this.#oddity)) return random.pick(oddSelectors);
    return random
      .list(1, 2, () =>
        random.pick([
          "tier=front",
          "tier!=front",
          "name=web",
          "name!=db",
          "team=core",
          "namespace=apps",
          "chart=probe",
          "chart=probe",
          "env!=prod",
          "tier!=none",
        ]),
      )
      .join(",");
  }

  /** Writes a values file, by chance a template, and gives its path. */
  #valuesFile(path: string, isDefault: boolean): string {
    const random = this.#random;
    const text = writeYaml(this.#values.environment(isDefault));
    if (!random.chance(0.3)) {
      this.#files.set(path, text);
      return path;
    }
    const lines = random.list(1, 3, () => random.pick(environmentTemplates));
    if (random.chance(0.2 * this.#oddity)) {
      lines.push(random.pick(functionTemplates));
      this.#files.set("env/folder/a.txt", "text of a\n");
    }
    this.#files.set(
      `${path}.gotmpl`,
      `${escapeActions(text)}${[...new Set(lines)].map((line) => `${line}\n`).join("")}`,
    );
    return `${path}.gotmpl`;
  }

  #stateFile(file: StateFile): string {
    const random = this.#random;
    const folder = file.path.includes("/") ? file.path.slice(0, file.path.lastIndexOf("/") + 1) : "";
    // A base's relative paths belong to the folder of the main file.
    this.#references(folder);
    const releases = new ReleaseGrammar(random, this.#values, {
      folder: file.isBase === true ? "" : folder,
      files: this.#files,
      oddity: this.#oddity,
    });
    const isTemplate = random.chance(0.45);
    const parts: string[] = [];
    if (file.isBase === true) {
      parts.push(this.#base(file.path, releases.shared(isTemplate), isTemplate));
    } else {
      // A base in a later part sees what the environments of the first one say.
      const isLate = file.bases.length > 0 && random.chance(0.4);
      parts.push(this.#firstPart(isLate ? { ...file, bases: [] } : file, folder));
      if (random.chance(0.05)) parts.push(this.#furtherEnvironment());
      const main: [string, Yaml][] = [
        ...(isLate ? [["bases", { list: [...file.bases] }] satisfies [string, Yaml]] : []),
        ...releases.shared(isTemplate),
      ];
      if (file.layers.length > 0)
        main.push(["helmfiles", { list: file.layers.map((path) => this.#layer(path, folder)) }]);
      if (random.chance(0.02)) main.push(["namespace", "top-ns"]);
      const isApart = main.length > 0 && random.chance(0.2);
      const list: [string, Yaml] = ["releases", { list: releases.releases(isTemplate, !isApart) }];
      const texts = (isApart ? [main, [list]] : [[...main, list]]).map((map) => writeYaml({ map }));
      if (isTemplate && random.chance(0.35)) texts.push(templateReleases(random, texts.pop()!, releases.chart));
      parts.push(...texts);
      if (random.chance(0.07))
        parts.push(
          writeYaml({
            map: [
              ["commonLabels", { map: [["late", "part"]] }],
              ["releases", { list: releases.releases(isTemplate) }],
            ],
          }),
        );
    }
    const path = isTemplate ? `${file.path}.gotmpl` : file.path;
    const text = parts.filter((part) => part !== "").join("---\n");
    const written = isTemplate ? escapeActions(text) : text;
    this.#files.set(path, random.chance(0.03) ? written.replaceAll("\n", "\r\n") : written);
    return path;
  }

  #base(path: string, shared: readonly [string, Yaml][], isTemplate: boolean): string {
    const entries: [string, Yaml][] = [...shared];
    if (entries.length === 0 || this.#random.chance(0.7))
      entries.unshift(["environments", this.#environments("", path)]);
    if (isTemplate && !shared.some(([name]) => name === "commonLabels"))
      entries.push([
        "commonLabels",
        {
          map: [
            ["base", "{{ .Environment.Name }}"],
            ["fromValues", '{{ .Values | get "domain" "none" | replace "*" "star" | quote }}'],
          ],
        },
      ]);
    return writeYaml({ map: entries });
  }

  /** A part that says more of environments that an earlier one knows. */
  #furtherEnvironment(): string {
    const names = ["default", "dev"].filter(() => this.#random.chance(0.7));
    return writeYaml({
      map: [
        [
          "environments",
          { map: names.map((name) => [name, { map: [["values", { list: [this.#values.environment(false)] }]] }]) },
        ],
      ],
    });
  }

  /** What references to files name: from the working directory, or from the file's folder. */
  #references(folder: string): void {
    for (const at of new Set(["", folder])) {
      this.#files.set(`${at}refs/text.txt`, "text of a file\n");
      this.#files.set(`${at}refs/map.yaml`, "a:\n  b: found\nlist: [1, two]\n");
    }
  }

  #firstPart(file: StateFile, folder: string): string {
    const random = this.#random;
    const entries: [string, Yaml][] = [];
    if (file.bases.length > 0) entries.push(["bases", { list: [...file.bases] }]);
    if (random.chance(0.3))
      entries.push([
        "values",
        {
          list: [
            random.chance(0.5)
              ? this.#values.environment(true)
              : this.#relative(this.#valuesFile(`${folder}env/top.yaml`, true), folder),
          ],
        },
      ]);
    if (!file.isLayer || random.chance(0.9)) entries.push(["environments", this.#environments(folder, file.path)]);
    if (random.chance(0.1)) entries.push(["missingFileHandler", random.pick(["Warn", "Error", "Info", "Debug"])]);
    return entries.length === 0 ? "" : writeYaml({ map: entries });
  }

  #relative(path: string, folder: string): string {
    return path.startsWith(folder) ? path.slice(folder.length) : path;
  }

  #environments(folder: string, file: string): Yaml {
    const random = this.#random;
    const stem = file.replace(/^.*\//, "").replace(/\.yaml$/, "");
    const names = ["default", "dev", "prod"].filter(
      (name) => name === "default" || !random.chance(0.02 + 0.1 * this.#oddity),
    );
    return {
      map: names.map((name) => {
        const values: Yaml[] = [this.#relative(this.#valuesFile(`${folder}env/${stem}-${name}.yaml`, true), folder)];
        if (random.chance(0.4))
          values.push(
            random.chance(0.6)
              ? this.#values.environment(false)
              : this.#relative(this.#valuesFile(`${folder}env/${stem}-${name}-more.yaml`, false), folder),
          );
        const entries: [string, Yaml][] = [];
        if (random.chance(0.04)) {
          values.push("env/missing.yaml");
          const handlers = ["Warn", "Info", "Debug", ...(random.chance(this.#oddity) ? ["Error"] : [])];
          entries.push(["missingFileHandler", random.pick(handlers)]);
        }
        if (random.chance(0.05)) {
          this.#files.set(`${folder}env/glob-1.yaml`, "globbed: 1\ntags: [one]\n");
          this.#files.set(
            `${folder}env/glob-2.yaml.gotmpl`,
            'globbed: {{ .Values | getOrNil "globbed" | default "none" }}\n',
          );
          values.push(random.pick(["env/glob-*", "'env/glob-?.yaml*'", "env/glob-[12].yaml", "env/nosuch-*"]));
        }
        if (random.chance(0.04 * this.#oddity)) values.push(random.pick<Yaml>(["null", "{}", "{a: null}", "[]", "5"]));
        if (random.chance(0.04)) {
          this.#files.set(`${folder}env/more.hcl`, hclText(random));
          values.push("env/more.hcl");
        }
        if (random.chance(0.03))
          entries.push(["missingFileHandlerConfig", { map: [["ignoreMissingGitBranch", "true"]] }]);
        if (random.chance(0.08)) entries.push(["kubeContext", `ctx-${name}`]);
        if (random.chance(0.08)) entries.push(["mergeStrategy", random.pick(["fallback", "override"])]);
        if (random.chance(0.05)) values.push({ map: [["reference", random.pick(references)]] });
        if (random.chance(0.06 * this.#oddity))
          return [name, random.pick<Yaml>(["null", "{}", { map: [["values", "[]"]] }, "[]", "text"])];
        return [name, { map: [["values", { list: values }], ...entries] }];
      }),
    };
  }

  #layer(path: string, folder: string): Yaml {
    const random = this.#random;
    const relative = random.chance(0.06 * this.#oddity)
      ? random.pick(["layers/*.yaml*", "layers/nosuch.yaml", "./layers/", "l*/one.*"])
      : path;
    if (random.chance(0.4)) return relative;
    const entries: [string, Yaml][] = [["path", relative]];
    if (random.chance(0.5))
      entries.push([
        "values",
        {
          list: [
            random.chance(0.7)
              ? this.#values.environment(false)
              : this.#relative(this.#valuesFile(`${folder}env/for-layer.yaml`, false), folder),
          ],
        },
      ]);
    if (random.chance(0.25)) entries.push(["selectors", { list: random.list(0, 2, () => this.#selector()) }]);
    else if (random.chance(0.2)) entries.push(["selectorsInherited", "true"]);
    if (random.chance(0.25)) {
      const all = [
        "helmDefaults",
        "commonLabels",
        "templates",
        "environments",
        "apiVersions",
        "kubeVersion",
        "repositories",
      ];
      entries.push(["inherits", { list: [...new Set(random.list(1, 3, () => random.pick(all)))] }]);
    }
    return { map: entries };
  }
}

/** Variables of helmfile itself. */
const variables: readonly Readonly<Record<string, string>>[] = [
  { HELMFILE_RENDER_YAML: "true" },
  { HELMFILE_EXPERIMENTAL: "explicit-selector-inheritance" },
  { HELMFILE_EXPERIMENTAL: "true" },
  { HELMFILE_GO_YAML_V3: "false" },
  { HELMFILE_DISABLE_INSECURE_FEATURES: "true" },
  { HELMFILE_DISABLE_INSECURE_TEMPLATE_FUNCTIONS: "true" },
  { HELMFILE_ENVIRONMENT: "prod" },
  { HELMFILE_NAMESPACE: "from-variable" },
  { HELMFILE_KUBE_CONTEXT: "ctx-variable" },
  { HELMFILE_LOG_LEVEL: "warn" },
  { HELMFILE_VALS_FAIL_ON_MISSING_KEY_IN_MAP: "true" },
  { HELMFILE_TEMPDIR: "made" },
];

const environmentTemplates = [
  "made: {{ .Environment.Name | upper | quote }}",
  'fromValues: {{ .Values | get "domain" "none" | quote }}',
  'when: {{ if eq .Environment.Name "dev" }}dev only{{ else }}elsewhere{{ end }}',
  "all: {{ .Values | toJson | quote }}",
  'list: {{ list "a" 1 true | toYaml | nindent 2 }}',
  'sum: {{ add 1 (get "count" 1 .Values) }}',
  'region:\n{{- range $i, $name := list "x" "y" }}\n  {{ $name }}{{ $i }}: {{ $i }}\n{{- end }}',
];
