import type { Random } from "./random.ts";
import type { ValueGrammar, Yaml } from "./helmfile-values.ts";
import { escapeActions, writeYaml } from "./helmfile-values.ts";
import { overlay, releaseFields, sharedFields, stateFields } from "./helmfile-extras.ts";
import type { Entry } from "./helmfile-extras.ts";
import { madeChartFields } from "./helmfile-made-charts.ts";
import { needsOf } from "./helmfile-needs.ts";
import type { Identity } from "./helmfile-needs.ts";
import { setEntries, setValue } from "./helmfile-sets.ts";
import { functionTemplates, oddReferences, references, valuesTemplates } from "./helmfile-words.ts";

/** Random releases and what they share; writes the values files that they name. */
export class ReleaseGrammar {
  readonly #random: Random;
  readonly #values: ValueGrammar;
  readonly #folder: string;
  readonly #files: Map<string, string>;
  readonly #oddity: number;
  #hasTemplates = false;
  #count = 0;
  #hasAnchor = false;
  readonly #known: Identity[] = [];

  constructor(
    random: Random,
    values: ValueGrammar,
    at: { readonly folder: string; readonly files: Map<string, string>; readonly oddity: number },
  ) {
    this.#oddity = at.oddity;
    this.#random = random;
    this.#values = values;
    this.#folder = at.folder;
    this.#files = at.files;
  }

  get chart(): string {
    return `${"../".repeat(this.#folder.split("/").length)}_charts/probe`;
  }

  /** commonLabels, helmDefaults, templates and the like of a state file. */
  shared(isTemplate: boolean): Entry[] {
    const random = this.#random;
    const entries: Entry[] = [];
    const maybe = (chance: number, name: string, make: () => Yaml): void => {
      if (random.chance(chance)) entries.push([name, make()]);
    };
    maybe(0.3, "commonLabels", () => ({
      map: [
        ["team", random.pick(["core", "web", '"1"', "1"])],
        ...(random.chance(0.3) ? [["tier", "common"] as const] : []),
      ],
    }));
    maybe(0.3, "helmDefaults", () => this.#helmDefaults());
    maybe(0.1, "apiVersions", () => ({ list: ["monitoring.coreos.com/v1"] }));
    maybe(0.1, "kubeVersion", () => random.pick(['"1.30.0"', "v1.31.2"]));
    if (random.chance(0.4)) {
      this.#hasTemplates = true;
      this.#hasAnchor = random.chance(0.3);
      entries.push([
        "templates",
        {
          map: [
            ["one", this.#anchored(this.#template([], isTemplate))],
            ["two", this.#template(random.chance(0.3) ? ["one"] : [], isTemplate)],
          ],
        },
      ]);
      maybe(0.1, "defaultInherit", () => ({ list: ["one"] }));
    }
    if (random.chance(0.05)) entries.push(["missingFileHandler", random.pick(["Warn", "Info", "Debug"])]);
    return random.chance(0.2 * this.#oddity) ? overlay(entries, stateFields(random, isTemplate)) : entries;
  }

  /** The template under a name that releases of the same part can merge. */
  #anchored(template: Yaml): Yaml {
    return this.#hasAnchor && typeof template === "object" && "map" in template
      ? { ...template, anchor: "template" }
      : template;
  }

  #helmDefaults(): Yaml {
    const random = this.#random;
    const all: Entry[] = [
      ["timeout", random.pick(["0", "300"])],
      ["wait", random.pick(["true", "false"])],
      ["createNamespace", random.pick(["true", "false"])],
      ["kubeContext", "ctx-default"],
      // Files that run at the same time share one helm, whose arguments each of them sets.
      ...(this.#folder === "helmfile.d/" ? [] : [["args", { list: ["--skip-tests"] }] satisfies Entry]),
      ["skipSchemaValidation", "true"],
      ["devel", "true"],
      ["historyMax", "5"],
      ["skipDeps", "true"],
    ];
    const usual = all.filter(() => random.chance(0.3));
    return { map: random.chance(0.4) ? overlay(usual, sharedFields(random)) : usual };
  }

  #template(inherit: readonly string[], isTemplate: boolean): Yaml {
    const random = this.#random;
    const entries: Entry[] = [];
    const maybe = (chance: number, entry: () => Entry): void => {
      if (random.chance(chance)) entries.push(entry());
    };
    if (inherit.length > 0)
      entries.push(["inherit", { list: inherit.map((template) => ({ map: [["template", template]] })) }]);
    maybe(0.4, () => [
      "namespace",
      random.pick(["from-template", isTemplate ? "'{{`{{ .Release.Name }}`}}-t'" : "'{{ .Release.Name }}-t'"]),
    ]);
    maybe(0.4, () => [
      "labels",
      {
        map: [
          ["from", "template"],
          ["tier", random.pick(["front", "back"])],
        ],
      },
    ]);
    maybe(0.5, () => ["values", { list: [this.#values.map(2, 1)] }]);
    maybe(0.2, () => [
      "set",
      {
        list: [
          {
            map: [
              ["name", "fromTemplate"],
              ["value", setValue(random, this.#oddity)],
            ],
          },
        ],
      },
    ]);
    maybe(0.2, () => ["wait", random.pick(["true", "false"])]);
    maybe(0.1, () => ["installed", "false"]);
    return { map: entries };
  }

  /** `inPart` when `shared` stands in the same part, so that anchors reach. */
  releases(isTemplate: boolean, inPart = true): Yaml[] {
    const random = this.#random;
    const picked = random.list(1, 4, () => random.pick(["db", "web", "api", "cache", "job"]));
    const names = random.chance(0.05 * this.#oddity) ? picked : [...new Set(picked)];
    this.#known.length = 0;
    return names.map((name) => this.#release({ name, isTemplate, inPart }));
  }

  #release({
    name,
    isTemplate,
    inPart,
  }: {
    readonly name: string;
    readonly isTemplate: boolean;
    readonly inPart: boolean;
  }): Yaml {
    const random = this.#random;
    const entries: Entry[] = [
      [
        "name",
        isTemplate && random.chance(0.1)
          ? `${name}-{{ .Environment.Name }}`
          : random.chance(0.1 * this.#oddity)
            ? `"${name}-{{\`{{ .Environment.Name }}\`}}"`
            : name,
      ],
    ];
    const maybe = (chance: number, entry: () => Entry): void => {
      if (random.chance(chance)) entries.push(entry());
    };
    maybe(0.6, () => [
      "namespace",
      random.pick([
        "apps",
        "apps",
        "apps",
        "data",
        "data",
        isTemplate ? '{{ .Values.domain | toString | replace "." "-" }}' : "'{{ .Environment.Name }}-ns'",
        isTemplate ? "'{{`{{ .Release.Name }}`}}-ns'" : "'{{ .Release.Name }}-ns'",
      ]),
    ]);
    entries.push(["chart", this.chart]);
    maybe(0.3, () => [
      "version",
      random.pick(
        ["0.1.0", "'{{ .Values.domain }}'", "~0.1", '"1"'].filter((text) => !isTemplate || !text.includes("{{")),
      ),
    ]);
    maybe(0.5, () => [
      "labels",
      {
        map: [
          ["tier", random.pick(["front", "back", "1", "true", "1.0"])],
          ...(random.chance(0.3)
            ? [["env", isTemplate ? "{{ .Environment.Name }}" : "'{{ .Environment.Name }}'"] as const]
            : []),
        ],
      },
    ]);
    if (this.#hasAnchor && inPart) maybe(0.5, () => ["<<", random.pick(["*template", "*template", "[*template]"])]);
    if (this.#hasTemplates) maybe(0.6, () => ["inherit", { list: [this.#inherit(random.pick(["one", "two"]))] }]);
    maybe(0.8, () => ["values", { list: random.list(1, 3, () => this.#valuesEntry(isTemplate)) }]);
    maybe(0.25, () => [
      "set",
      { list: setEntries(random, { files: this.#files, folder: this.#folder, oddity: this.#oddity }) },
    ]);
    maybe(0.12, () => [
      "setString",
      {
        list: [
          {
            map: [
              ["name", "str"],
              ["value", random.pick(["1", "true", "a,b", '""', "null", "1.0"])],
            ],
          },
        ],
      },
    ]);
    maybe(0.08, () => [
      "setTemplate",
      {
        list: [
          {
            map: [
              ["name", "tpl"],
              ["value", isTemplate ? "'{{`{{ .Release.Name }}`}}'" : "'{{ .Release.Name }}'"],
            ],
          },
        ],
      },
    ]);
    maybe(0.1, () => [
      "valuesTemplate",
      {
        list: [
          { map: [["fromValuesTemplate", isTemplate ? "'{{`{{ .Release.Namespace }}`}}'" : "'{{ .Values.count }}'"]] },
        ],
      },
    ]);
    maybe(0.2, () => [
      "condition",
      random.pick([
        "feature.enabled",
        "feature.enabled",
        "feature.enabled",
        "nested.enabled",
        "nested.enabled",
        ...(random.chance(this.#oddity * 0.3) ? ["nothing.enabled"] : []),
      ]),
    ]);
    maybe(0.15, () => [
      "installed",
      random.pick(["true", "false", isTemplate ? "{{ .Values.feature.enabled }}" : "false"]),
    ]);
    this.#flags(maybe);
    maybe(0.05, () => [
      "installedTemplate",
      isTemplate
        ? `'{{\`{{ eq .Environment.Name "dev" }}\`}}'`
        : `'{{ .Values.feature.enabled | toString | eq "true" }}'`,
    ]);
    maybe(0.03, () => [
      "conditionTemplate",
      isTemplate ? `'{{\`{{ eq .Release.Namespace "apps" }}\`}}'` : "'{{ .Values.feature.enabled }}'",
    ]);
    let all = entries;
    if (random.chance(0.1 + 0.2 * this.#oddity)) all = overlay(all, sharedFields(random));
    if (random.chance(this.#oddity > 0 ? 0.1 : 0.04)) {
      const scene = { files: this.#files, folder: this.#folder, probe: this.chart, name, isTemplate };
      all = overlay(all, madeChartFields(random, scene));
    }
    if (random.chance(0.2 * this.#oddity)) {
      all = overlay(all, releaseFields(random, isTemplate));
      this.#files.set(`${this.#folder}values/dev.yaml`, "ofDev: 1\n");
      this.#files.set(`${this.#folder}values/${name}.yaml`, "own: {a: 1}\n");
    }
    return { map: this.#withNeeds(all) };
  }

  #withNeeds(entries: Entry[]): Entry[] {
    const random = this.#random;
    const text = (field: string): string | undefined => {
      const value = entries.find(([key]) => key === field)?.[1];
      return typeof value === "string" ? value.replaceAll(/^['"]|['"]$/g, "") : undefined;
    };
    const identity = { name: text("name")!, namespace: text("namespace"), kubeContext: text("kubeContext") };
    const needs = random.chance(0.4) ? needsOf(random, identity, { known: this.#known, oddity: this.#oddity }) : [];
    this.#known.push(identity);
    return needs.length === 0 ? entries : overlay(entries, [["needs", { list: needs }]]);
  }

  #flags(maybe: (chance: number, entry: () => Entry) => void): void {
    const random = this.#random;
    maybe(0.08, () => [
      "missingFileHandler",
      random.pick(["Warn", "Info", "Debug", "Error", ...(random.chance(0.3 * this.#oddity) ? ["Ignore"] : [])]),
    ]);
    maybe(0.06, () => ["kubeContext", "ctx-own"]);
    maybe(0.06, () => ["wait", random.pick(["true", "false"])]);
    maybe(0.05, () => ["timeout", "12"]);
    maybe(0.05, () => ["createNamespace", "false"]);
    maybe(0.05, () => ["kubeVersion", '"1.29.0"']);
    maybe(0.05, () => ["apiVersions", { list: ["x/v1"] }]);
    maybe(0.05, () => ["disableValidation", "true"]);
    maybe(0.04, () => ["skipDeps", "true"]);
    maybe(0.02 * this.#oddity, () => ["valuesPathPrefix", "values/"]);
  }

  #inherit(template: string): Yaml {
    const except = this.#random.chance(0.2)
      ? [["except", { list: [this.#random.pick(["values", "labels", "set"])] }] as const]
      : [];
    return { map: [["template", template], ...except] };
  }

  #valuesEntry(isTemplate: boolean): Yaml {
    const random = this.#random;
    if (random.chance(0.35)) return this.#inlineMap(isTemplate);
    if (random.chance(0.03 * this.#oddity)) return "values/nosuch.yaml";
    const name = `values/v${this.#count++}.yaml`;
    const text = `${random.chance(0.05) ? "# comment\n---\n" : ""}${writeYaml(this.#values.map(3, 1))}${random.chance(0.04) ? "---\nsecond: document\n" : ""}${random.chance(0.03 * this.#oddity) ? "a: again\n" : ""}${random.chance(0.05) ? `reference: ${random.pick(references)}\n` : ""}`;
    if (random.chance(0.5)) {
      this.#files.set(`${this.#folder}${name}`, text);
      return name;
    }
    const lines = [...new Set(random.list(1, 4, () => random.pick(valuesTemplates)))];
    if (random.chance(0.25 * this.#oddity)) {
      lines.push(random.pick(functionTemplates));
      this.#files.set(`${this.#folder}values/folder/a.txt`, "text of a\n");
      this.#files.set(`${this.#folder}values/folder/sub/b.txt`, "b");
      this.#files.set(`${this.#folder}values/_named.tpl`, '{{ define "named" }}n{{ .Release.Name }}{{ end }}');
    }
    this.#files.set(
      `${this.#folder}${name}.gotmpl`,
      `${escapeActions(text)}${lines.map((line) => `${line}\n`).join("")}`,
    );
    return `${name}.gotmpl`;
  }

  #inlineMap(isTemplate: boolean): Yaml {
    if (this.#random.chance(0.06))
      return {
        map: [
          ["anchored", "&anchor\n  a: 1\n  b: [x]"],
          [
            "merged",
            {
              map: [
                ["<<", "*anchor"],
                ["a", "2"],
              ],
            },
          ],
          ["alias", "*anchor"],
        ],
      };
    if (this.#random.chance(0.06))
      return {
        map: [
          ["reference", this.#random.pick(this.#random.chance(0.3 * this.#oddity) ? oddReferences : references)],
          ["list", { list: ["a", this.#random.pick(references)] }],
        ],
      };
    if (!isTemplate || this.#random.chance(0.5)) return this.#values.map(3, 1);
    return this.#random.pick<Yaml>([
      { map: [["host", "{{ .Values.domain | quote }}"]] },
      { map: [["all", "{{ .Values | toYaml | nindent 10 }}"]] },
      { map: [["tags", "{{ .Values.tags | toJson }}"]] },
    ]);
  }
}
