import {
  environments,
  flatExpressions,
  goExpressions,
  keys,
  names,
  numbers,
  patterns,
  words,
  yamlTexts,
} from "./argocd-words.ts";
import type { Random } from "./random.ts";

/** JSON-like data of a random case. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The files of one ApplicationSet case, by path below its folder. */
export type CaseFiles = Map<string, string>;

/** Random ApplicationSets with what they need: files, clusters, options. */
export class ArgoGrammar {
  readonly #random: Random;
  #goTemplate = true;

  constructor(random: Random) {
    this.#random = random;
  }

  files(): CaseFiles {
    const random = this.#random;
    this.#goTemplate = random.chance(0.7);
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
      const server =
        name === "in-cluster" ? "https://kubernetes.default.svc" : `https://${name.toLowerCase()}.example.com`;
      const secret: Json = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: `c-${name.toLowerCase()}`, labels, annotations },
        stringData: { name, server, ...(random.chance(0.3) ? { project: "other" } : {}) },
      };
      return `---\n${JSON.stringify(secret)}\n`;
    });
    return secrets.join("");
  }

  #applicationSet(): Json {
    const random = this.#random;
    const spec: { [key: string]: Json } = {
      generators: random.list(1, 2, () => this.#generator(0)),
      template: this.#template(false),
    };
    if (this.#goTemplate) {
      spec["goTemplate"] = true;
      if (random.chance(0.4))
        spec["goTemplateOptions"] = [random.pick(["missingkey=error", "missingkey=zero", "missingkey=default"])];
    }
    if (random.chance(0.2)) spec["syncPolicy"] = { preserveResourcesOnDeletion: random.chance(0.5) };
    if (random.chance(0.35)) spec["templatePatch"] = this.#patch();
    return {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name: "set", ...(random.chance(0.2) ? { namespace: "elsewhere" } : {}) },
      spec,
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
      (generator[kind] as { [key: string]: Json })["template"] = this.#template(true);
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
      path: depth > 0 && random.chance(0.2) ? this.#text() : random.pick(patterns),
      ...(random.chance(0.2) ? { exclude: true } : {}),
    }));
    return {
      repoURL: "https://github.com/acme/x.git",
      revision: random.pick(["main", "HEAD"]),
      [random.chance(0.6) ? "files" : "directories"]: items,
      ...(random.chance(0.15) ? { pathParamPrefix: "pre" } : {}),
      ...(random.chance(0.3) ? { values: this.#values() } : {}),
    };
  }

  #values(): Json {
    const random = this.#random;
    return Object.fromEntries(
      random.list(1, 2, () => [random.pick(["k", "n", "env"]), random.chance(0.6) ? this.#text() : random.pick(words)]),
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
    ]);
  }

  #selector(key: string): Json {
    const random = this.#random;
    const value = random.pick(["dev", "prod", "a", "b", "1", "x"]);
    if (random.chance(0.4)) return { matchLabels: { [key]: value } };
    const operator = random.pick(["In", "NotIn", "Exists", "DoesNotExist"]);
    return { matchExpressions: [{ key, operator, ...(operator.endsWith("In") ? { values: [value, "test"] } : {}) }] };
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

  /** A text with a template in it. */
  #text(): string {
    const random = this.#random;
    const expression = this.#goTemplate ? ` ${random.pick(goExpressions)} ` : random.pick(flatExpressions);
    return `${random.pick(["", "", "p-", "x/"])}{{${expression}}}${random.pick(["", "", "-s"])}`;
  }

  #template(isPartial: boolean): Json {
    const random = this.#random;
    const name = this.#goTemplate ? "{{ .name }}" : "{{name}}";
    const metadata: { [key: string]: Json } =
      isPartial && random.chance(0.7) ? {} : { name: random.chance(0.5) ? name : `${name}-${this.#text()}` };
    if (random.chance(0.4))
      metadata["labels"] = { l: this.#text(), ...(random.chance(0.2) ? { [this.#text()]: "v" } : {}) };
    if (random.chance(0.3)) metadata["annotations"] = { a: this.#text() };
    if (random.chance(0.1)) metadata["finalizers"] = [random.pick(["f.example.com/x", this.#text()])];
    const spec: { [key: string]: Json } = {
      project: random.pick(["default", "default", "default", "default", "default", "default", "other", "{{name}}"]),
      destination: this.#destination(),
    };
    if (random.chance(0.8)) spec["source"] = this.#source();
    else spec["sources"] = random.list(1, 2, () => this.#source());
    if (random.chance(0.4)) spec["syncPolicy"] = this.#syncPolicy();
    if (random.chance(0.15)) spec["ignoreDifferences"] = [{ kind: this.#text(), jsonPointers: [this.#text()] }];
    if (random.chance(0.1)) spec["info"] = [{ name: "n", value: this.#text() }];
    if (random.chance(0.1)) spec["revisionHistoryLimit"] = random.pick([0, 3]);
    return { metadata, spec };
  }

  #destination(): Json {
    const random = this.#random;
    const server = random.pick([
      "https://kubernetes.default.svc",
      "https://one.example.com",
      this.#goTemplate ? "{{ .server }}" : "{{server}}",
    ]);
    return {
      ...(random.chance(0.85) ? { server } : { name: random.pick(["one", "in-cluster", "gone"]) }),
      namespace: random.chance(0.5) ? "x" : this.#text(),
    };
  }

  #source(): Json {
    const random = this.#random;
    const source: { [key: string]: Json } = {
      repoURL: "https://github.com/acme/x.git",
      path: random.chance(0.5) ? "p" : this.#text(),
      targetRevision: "main",
    };
    if (random.chance(0.5)) source["helm"] = this.#helm();
    else if (random.chance(0.3))
      source["kustomize"] = {
        images: [this.#text()],
        commonLabels: { a: this.#text() },
        replicas: [{ name: "r", count: random.chance(0.5) ? 2 : this.#text() }],
      };
    else if (random.chance(0.2)) source["directory"] = { recurse: random.chance(0.5), include: this.#text() };
    return source;
  }

  #helm(): Json {
    const random = this.#random;
    const helm: { [key: string]: Json } = {};
    if (random.chance(0.5)) helm["valueFiles"] = random.list(0, 2, () => this.#text());
    if (random.chance(0.4))
      helm["valuesObject"] = {
        k: this.#text(),
        n: null,
        list: [this.#text(), null, 1],
        m: { [random.pick(["x", this.#text()])]: random.pick(numbers) },
      };
    if (random.chance(0.3)) helm["values"] = `a: ${this.#text()}\n`;
    if (random.chance(0.3))
      helm["parameters"] = [{ name: "p", value: this.#text(), ...(random.chance(0.3) ? { forceString: true } : {}) }];
    if (random.chance(0.3)) helm["releaseName"] = random.pick(["r", ""]);
    if (random.chance(0.2)) helm["skipCrds"] = random.chance(0.5);
    return helm;
  }

  #syncPolicy(): Json {
    const random = this.#random;
    return {
      ...(random.chance(0.5)
        ? { automated: random.chance(0.3) ? {} : { prune: random.chance(0.5), selfHeal: random.chance(0.5) } }
        : {}),
      ...(random.chance(0.5)
        ? { syncOptions: random.list(0, 2, () => random.pick(["CreateNamespace=true", this.#text()])) }
        : {}),
      ...(random.chance(0.2) ? { retry: { limit: random.pick([0, 5]), backoff: { duration: "5s", factor: 2 } } } : {}),
    };
  }

  #patch(): string {
    const random = this.#random;
    const text = () => this.#text();
    const conditional = this.#goTemplate
      ? "{{- if .flag }}\nspec: {project: changed}\n{{- end }}\n"
      : "spec: {project: changed}\n";
    return random.pick([
      `metadata:\n  labels:\n    p: "${text()}"\n`,
      `metadata:\n  finalizers: [own.example.com/x]\n`,
      `metadata: {annotations: null, name: "${random.pick(["n", ""])}"}\n`,
      `spec:\n  source:\n    helm:\n      valuesObject: {new: 1, k: "${text()}"}\n`,
      `spec:\n  source:\n    helm:\n      valuesObject: {m: {x: 1}}\n`,
      `spec:\n  source:\n    helm: {$patch: replace, releaseName: only}\n`,
      `spec:\n  syncPolicy:\n    syncOptions: [P=true]\n    automated: {prune: true}\n`,
      `spec:\n  sources: null\n  source: {path: other, chart: c}\n`,
      `spec:\n`,
      `spec:\n  source:\n    helm:\n      valueFiles: text\n`,
      `{"spec":{"info":[{"name":"i","value":"${text()}"}]}}`,
      `spec:\n  destination: {namespace: patched, server: null}\n`,
      `spec:\n  unknown: {a: 1}\n  ignoreDifferences:\n  - {kind: K}\n`,
      `unknown: true\n`,
      conditional,
      `${text()}\n`,
      `spec: [1]\n`,
      `metadata: {ownerReferences: [{uid: u, name: n, kind: K, apiVersion: v1}]}\noperation: {sync: {revision: r}}\n`,
    ]);
  }
}
