import { TemplateGrammar } from "./argocd-template-grammar.ts";
import { environments, keys, names, numbers, patterns, words, yamlTexts } from "./argocd-words.ts";
import type { Random } from "./random.ts";

/** JSON-like data of a random case. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The files of one ApplicationSet case, by path below its folder. */
export type CaseFiles = Map<string, string>;

/** Random ApplicationSets with what they need: files, clusters, options. */
export class ArgoGrammar {
  readonly #random: Random;
  readonly #goTemplate: boolean;
  readonly #template: TemplateGrammar;

  constructor(random: Random) {
    this.#random = random;
    this.#goTemplate = random.chance(0.7);
    this.#template = new TemplateGrammar(random, this.#goTemplate);
  }

  files(): CaseFiles {
    const random = this.#random;
    const files: CaseFiles = new Map([["about.txt", "random\n"]]);
    for (const path of random.list(1, 6, () => this.#path())) files.set(`repo/${path}`, this.#fileText());
    files.set("appset.yaml", `${JSON.stringify(this.#applicationSet(), null, 1)}\n`);
    if (random.chance(0.7)) files.set("clusters.yaml", this.#clusters());
    if (random.chance(0.8))
      files.set(
        "projects.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: other}\nspec: {}\n",
      );
    const options: Json = {};
    if (random.chance(0.25)) options["newGlobbing"] = true;
    if (random.chance(0.1)) options["includeHiddenDirectories"] = true;
    if (Object.keys(options).length > 0) files.set("options.json", JSON.stringify(options));
    return files;
  }

  #path(): string {
    return this.#random.pick([
      "apps/a/c.yaml",
      "apps/b/c.yaml",
      "apps/b/deep/c.yaml",
      "apps/.hid/c.yaml",
      "c.yaml",
      "lib/x/c.yaml",
      "x.json",
      "apps/Ünï_x/c.yaml",
      "apps/readme.md",
      "lib/c.yaml",
    ]);
  }

  #fileText(): string {
    const random = this.#random;
    if (random.chance(0.6)) return random.pick(yamlTexts);
    return `${JSON.stringify(this.#element())}\n`;
  }

  #clusters(): string {
    const random = this.#random;
    const seen = new Set<string>();
    const secrets = random.list(1, 3, () => {
      const name = random.pick(["one", "two", "Three", "in-cluster"]);
      if (seen.has(name)) return "";
      seen.add(name);
      const labels: Json = {
        "argocd.argoproj.io/secret-type": "cluster",
        ...(random.chance(0.8) ? { env: random.pick(environments) } : {}),
      };
      const annotations: Json = random.chance(0.5) ? { a: "x", "argocd.argoproj.io/refresh": "hard" } : {};
      if (random.chance(0.3)) labels[random.pick(["a.b/c", "region", "x"])] = random.pick(["eu", "", "{{name}}"]);
      const server =
        name === "in-cluster" ? "https://kubernetes.default.svc" : `https://${name.toLowerCase()}.example.com`;
      const secret: { [key: string]: Json } = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: `c-${name.toLowerCase()}`, labels, annotations },
        [random.chance(0.85) ? "stringData" : "data"]: {},
      };
      const data: { [key: string]: Json } = {
        ...(random.chance(0.97) && { name }),
        ...(random.chance(0.97) && { server }),
        ...(random.chance(0.3) && { project: random.pick(["other", ""]) }),
        ...(random.chance(0.2) && { config: "{}", namespaces: "a,b", shard: "1" }),
      };
      const isEncoded = secret["data"] !== undefined;
      secret[isEncoded ? "data" : "stringData"] = isEncoded
        ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(String(value))]))
        : data;
      return `---\n${JSON.stringify(secret)}\n`;
    });
    return secrets.join("");
  }

  #applicationSet(): Json {
    const random = this.#random;
    const spec: { [key: string]: Json } = {
      generators: random.list(1, 2, () => this.#generator(0)),
      template: this.#template.template(false),
    };
    if (this.#goTemplate) {
      spec["goTemplate"] = true;
      if (random.chance(0.4))
        spec["goTemplateOptions"] = random.list(1, 2, () =>
          random.pick(["missingkey=error", "missingkey=zero", "missingkey=default", "missingkey=error"]),
        );
    }
    if (random.chance(0.2)) spec["syncPolicy"] = this.#policy();
    Object.assign(spec, this.#controllerFields());
    if (random.chance(0.35)) spec["templatePatch"] = this.#template.patch();
    return {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name: "set", ...(random.chance(0.2) ? { namespace: "elsewhere" } : {}) },
      spec,
    };
  }

  #policy(): Json {
    const random = this.#random;
    return {
      ...(random.chance(0.7) && { preserveResourcesOnDeletion: random.chance(0.5) }),
      ...(random.chance(0.3) && {
        applicationsSync: random.pick(["sync", "create-only", "create-update", "create-delete", "other"]),
      }),
    };
  }

  /** What only the controller looks at, and the API server checks. */
  #controllerFields(): { [key: string]: Json } {
    const random = this.#random;
    const step = (): Json => ({
      matchExpressions: [{ key: "env", operator: random.pick(["In", "NotIn"]), values: ["dev"] }],
      ...(random.chance(0.5) && { maxUpdate: random.pick<Json>([1, "25%", 0, "x"]) }),
    });
    return {
      ...(random.chance(0.08) && { applyNestedSelectors: random.chance(0.5) }),
      ...(random.chance(0.06) && { preservedFields: { annotations: ["a"], labels: [this.#template.text()] } }),
      ...(random.chance(0.06) && {
        ignoreApplicationDifferences: [
          { ...(random.chance(0.4) && { name: "a" }), jsonPointers: ["/spec/source/targetRevision"] },
          ...(random.chance(0.3) ? [{ jqPathExpressions: [".spec.source.helm.parameters[0]"] }] : []),
        ],
      }),
      ...(random.chance(0.08) && {
        strategy: random.pick<Json>([
          { type: "AllAtOnce" },
          { type: "RollingSync", rollingSync: { steps: random.list(0, 2, step) } },
          { rollingSync: {} },
          { type: "RollingSync", rollingSync: { steps: [step()] }, deletionOrder: random.pick(["Reverse", "Odd"]) },
        ]),
      }),
    };
  }

  #generator(depth: number): Json {
    const random = this.#random;
    const generator: { [key: string]: Json } = {};
    const kind = random.pick(
      depth === 0
        ? ["list", "list", "git", "git", "clusters", "matrix", "matrix", "merge"]
        : ["list", "list", "git", "clusters", ...(depth === 1 ? ["matrix", "merge"] : [])],
    );
    generator[kind] = this.#specification(kind, depth);
    if (random.chance(0.2)) generator["selector"] = this.#selector(this.#selectorKey());
    if (depth < 2 && random.chance(0.12))
      (generator[kind] as { [key: string]: Json })["template"] = this.#template.template(true);
    return generator;
  }

  #specification(kind: string, depth: number): Json {
    const random = this.#random;
    switch (kind) {
      case "list":
        return this.#list(depth);
      case "git":
        return this.#git(depth);
      case "clusters":
        return {
          ...(random.chance(0.5) ? { selector: this.#selector("env") } : {}),
          ...(random.chance(0.4) ? { values: this.#values() } : {}),
          ...(random.chance(0.04) ? { flatList: true } : {}),
        };
      case "matrix":
        return { generators: [this.#generator(depth + 1), this.#generator(depth + 1)] };
      default:
        return {
          mergeKeys: random.chance(0.15)
            ? ["env"]
            : random.pick([["name"], ["name", "env"], ["name", "values.k"], ["nested", "name"], ["path", "name"]]),
          generators: random.list(2, 3, () => this.#generator(depth + 1)),
        };
    }
  }

  #list(depth: number): Json {
    const random = this.#random;
    const elements = random.list(0, 3, () =>
      this.#goTemplate || random.chance(0.1) ? this.#element() : this.#flatElement(),
    );
    const texts = [
      "- {name: y1, num: 1}\n- {name: y2}",
      "[]",
      "- {name: y3, nested: {x: [1]}}",
      ...(depth > 0 ? ["{{ .list | toJson }}", "- {name: '{{ .name }}x'}"] : []),
    ];
    return { elements, ...(random.chance(0.2) ? { elementsYaml: random.pick(texts) } : {}) };
  }

  #git(depth: number): Json {
    const random = this.#random;
    const items = random.list(1, 2, () => ({
      path: depth > 0 && random.chance(0.2) ? this.#template.text() : random.pick(patterns),
      ...(random.chance(0.2) ? { exclude: true } : {}),
    }));
    return {
      repoURL: depth > 0 && random.chance(0.05) ? this.#template.text() : "https://github.com/acme/x.git",
      ...(random.chance(0.95) && { revision: random.chance(0.97) ? random.pick(["main", "HEAD"]) : "gone" }),
      [random.chance(0.6) ? "files" : "directories"]: items,
      ...(random.chance(0.03) && { directories: [{ path: "*" }, { path: "apps/*", exclude: true }] }),
      ...(random.chance(0.2) ? { pathParamPrefix: random.pick(["pre", "pre", "other", "a.b", ""]) } : {}),
      ...(random.chance(0.05) && { requeueAfterSeconds: 30 }),
      ...(random.chance(0.3) ? { values: this.#values() } : {}),
    };
  }

  #values(): Json {
    const random = this.#random;
    return Object.fromEntries(
      random.list(1, 2, () => [
        random.pick(["k", "n", "env"]),
        random.chance(0.6) ? this.#template.text() : random.pick(words),
      ]),
    );
  }

  #selectorKey(): string {
    return this.#random.pick([
      "name",
      "env",
      "nested.x",
      "path.basename",
      "values.k",
      "metadata.labels.env",
      "num",
      "flag",
      "path.segments",
      "path.filename",
      "pre.path.basename",
      "list.0",
      "metadata.labels.region",
      "a.b/c",
      "clusters",
    ]);
  }

  #selector(key: string): Json {
    const random = this.#random;
    const value = random.chance(0.05)
      ? this.#template.text()
      : random.pick(["dev", "prod", "a", "b", "1", "x", "true", ""]);
    if (random.chance(0.03)) return {};
    if (random.chance(0.1)) {
      const expressions = random.list(1, 2, () => this.#expression(random.pick(["env", key]), value));
      return { matchLabels: { [key]: value }, matchExpressions: expressions };
    }
    if (random.chance(0.4)) return { matchLabels: { [key]: value } };
    return { matchExpressions: [this.#expression(key, value)] };
  }

  #expression(key: string, value: string): Json {
    const random = this.#random;
    const operator = random.chance(0.98)
      ? random.pick(["In", "NotIn", "Exists", "DoesNotExist"])
      : random.pick(["in", "Gt"]);
    const hasValues = operator.endsWith("In") ? random.chance(0.97) : random.chance(0.03);
    return { key, operator, ...(hasValues && { values: [value, "test"] }) };
  }

  #element(): { [key: string]: Json } {
    const random = this.#random;
    const element: { [key: string]: Json } = random.chance(0.95) ? { name: random.pick(names) } : {};
    if (random.chance(0.6)) element["env"] = random.pick(environments);
    for (const key of random.list(0, 3, () => random.pick(keys))) if (key !== "name") element[key] = this.#value(0);
    return element;
  }

  #flatElement(): { [key: string]: Json } {
    const random = this.#random;
    const element: { [key: string]: Json } = { name: random.pick(names), env: random.pick(environments) };
    if (random.chance(0.3)) element["values"] = { k: random.pick(words) };
    if (random.chance(0.3)) element["tier"] = random.pick(words);
    return element;
  }

  #value(depth: number): Json {
    const random = this.#random;
    const choice = random.below(depth > 2 ? 4 : 7);
    if (choice === 0) return random.pick(words.slice(0, -1));
    if (choice === 1) return random.pick(numbers);
    if (choice === 2) return random.chance(0.5);
    if (choice === 3) return random.chance(0.3) ? null : random.pick(names);
    if (choice === 4) return random.list(0, 3, () => this.#value(depth + 1));
    return Object.fromEntries(random.list(0, 3, () => [random.pick(["x", "y", "z", "k"]), this.#value(depth + 1)]));
  }
}
