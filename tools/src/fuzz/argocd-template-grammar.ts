import type { Json } from "./argocd-grammar.ts";
import { callExpression } from "./argocd-calls.ts";
import { flatExpressions, goExpressions, numbers } from "./argocd-words.ts";
import type { Random } from "./random.ts";

/** What random ApplicationSets make Applications of: templates and patches. */
export class TemplateGrammar {
  readonly #random: Random;
  readonly #goTemplate: boolean;

  constructor(random: Random, goTemplate: boolean) {
    this.#random = random;
    this.#goTemplate = goTemplate;
  }

  /** A text with a template in it. */
  text(): string {
    const random = this.#random;
    const expression = this.#goTemplate
      ? ` ${random.chance(0.3) ? callExpression(random) : random.pick(goExpressions)} `
      : random.pick(flatExpressions);
    return `${random.pick(["", "", "p-", "x/"])}{{${expression}}}${random.pick(["", "", "-s"])}`;
  }

  template(isPartial: boolean): Json {
    const random = this.#random;
    const name = this.#goTemplate ? "{{ .name }}" : "{{name}}";
    const metadata: { [key: string]: Json } =
      isPartial && random.chance(0.7) ? {} : { name: random.chance(0.5) ? name : `${name}-${this.text()}` };
    if (random.chance(0.4))
      metadata["labels"] = { l: this.text(), ...(random.chance(0.2) ? { [this.text()]: "v" } : {}) };
    if (random.chance(0.3)) metadata["annotations"] = { a: this.text() };
    if (random.chance(0.06)) metadata["namespace"] = this.text();
    if (random.chance(0.1)) metadata["finalizers"] = [random.pick(["f.example.com/x", this.text()])];
    const spec: { [key: string]: Json } = {
      project: random.pick(["default", "default", "default", "default", "default", "default", "other", "{{name}}"]),
      destination: this.#destination(),
      ...(random.chance(0.03) && { sourceHydrator: this.#hydrator() }),
    };
    if (random.chance(0.8)) spec["source"] = this.#source();
    else spec["sources"] = random.list(1, 2, () => this.#source());
    if (random.chance(0.4)) spec["syncPolicy"] = this.#syncPolicy();
    if (random.chance(0.15)) spec["ignoreDifferences"] = random.list(1, 2, () => this.#ignored());
    if (random.chance(0.1)) spec["info"] = [{ name: "n", value: this.text() }];
    if (random.chance(0.1)) spec["revisionHistoryLimit"] = random.pick([0, 3]);
    return { metadata, spec };
  }

  #hydrator(): Json {
    return {
      drySource: { repoURL: "https://github.com/acme/x.git", path: this.text(), targetRevision: "main" },
      syncSource: { targetBranch: "env", path: this.text() },
      ...(this.#random.chance(0.4) && { hydrateTo: { targetBranch: this.text() } }),
    };
  }

  #ignored(): Json {
    const random = this.#random;
    return {
      ...(random.chance(0.9) && { kind: this.text() }),
      ...(random.chance(0.4) && { group: random.pick(["apps", "*", this.text()]) }),
      ...(random.chance(0.2) && { name: this.text(), namespace: "n" }),
      ...(random.chance(0.6) && { jsonPointers: [this.text()] }),
      ...(random.chance(0.3) && { jqPathExpressions: [`.spec.${this.text()}`] }),
      ...(random.chance(0.2) && { managedFieldsManagers: ["m", this.text()] }),
    };
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
      namespace: random.chance(0.5) ? "x" : this.text(),
    };
  }

  #source(): Json {
    const random = this.#random;
    const source: { [key: string]: Json } = {
      repoURL: "https://github.com/acme/x.git",
      path: random.chance(0.5) ? "p" : this.text(),
      targetRevision: "main",
    };
    if (random.chance(0.1)) source["ref"] = random.pick(["values", this.text()]);
    if (random.chance(0.08)) {
      delete source["path"];
      source["chart"] = this.text();
    }
    if (random.chance(0.05)) source["name"] = this.text();
    if (random.chance(0.06)) source["plugin"] = this.#plugin();
    else if (random.chance(0.5)) source["helm"] = this.#helm();
    else if (random.chance(0.3))
      source["kustomize"] = {
        images: [this.text()],
        commonLabels: { a: this.text() },
        replicas: [{ name: "r", count: random.chance(0.5) ? 2 : this.text() }],
        ...(random.chance(0.3) && { namePrefix: this.text(), namespace: this.text() }),
        ...(random.chance(0.3) && {
          patches: [
            { patch: `- op: ${this.text()}`, target: { kind: "Deployment", name: this.text() } },
            { path: this.text(), options: { allowNameChange: true } },
          ],
        }),
        ...(random.chance(0.2) && { components: [this.text()], commonAnnotations: { [this.text()]: "x" } }),
      };
    else if (random.chance(0.2))
      source["directory"] = {
        ...(random.chance(0.7) && { recurse: random.chance(0.5) }),
        ...(random.chance(0.7) && { include: this.text() }),
        ...(random.chance(0.3) && {
          jsonnet: { tlas: [{ name: this.text(), value: this.text(), code: true }], libs: [this.text()] },
        }),
      };
    return source;
  }

  #plugin(): Json {
    const random = this.#random;
    return {
      ...(random.chance(0.7) && { name: this.text() }),
      ...(random.chance(0.6) && { env: [{ name: "A", value: this.text() }] }),
      ...(random.chance(0.4) && {
        parameters: [
          { name: "s", string: this.text() },
          { name: "l", array: [this.text(), ""] },
          { name: "m", map: { [this.text()]: this.text() } },
        ],
      }),
    };
  }

  #helm(): Json {
    const random = this.#random;
    const helm: { [key: string]: Json } = {};
    if (random.chance(0.5)) helm["valueFiles"] = random.list(0, 2, () => this.text());
    if (random.chance(0.4))
      helm["valuesObject"] = {
        k: this.text(),
        n: null,
        list: [this.text(), null, 1],
        m: { [random.pick(["x", this.text()])]: random.pick(numbers) },
      };
    if (random.chance(0.3)) helm["values"] = `a: ${this.text()}\n`;
    if (random.chance(0.3))
      helm["parameters"] = [{ name: "p", value: this.text(), ...(random.chance(0.3) ? { forceString: true } : {}) }];
    if (random.chance(0.3)) helm["releaseName"] = random.pick(["r", ""]);
    if (random.chance(0.15)) helm["fileParameters"] = [{ name: this.text(), path: this.text() }];
    if (random.chance(0.1)) helm["namespace"] = this.text();
    if (random.chance(0.1)) helm["kubeVersion"] = this.text();
    if (random.chance(0.1)) helm["apiVersions"] = ["a/v1", this.text()];
    if (random.chance(0.1)) helm["ignoreMissingValueFiles"] = random.chance(0.5);
    if (random.chance(0.1)) helm["skipTests"] = random.chance(0.5);
    if (random.chance(0.05)) helm["version"] = random.pick(["v3", this.text()]);
    if (random.chance(0.05)) helm["passCredentials"] = true;
    if (random.chance(0.2)) helm["skipCrds"] = random.chance(0.5);
    return helm;
  }

  #syncPolicy(): Json {
    const random = this.#random;
    return {
      ...(random.chance(0.5)
        ? {
            automated: random.chance(0.3)
              ? {}
              : {
                  prune: random.chance(0.5),
                  selfHeal: random.chance(0.5),
                  ...(random.chance(0.3) && { allowEmpty: true }),
                  ...(random.chance(0.3) && { enabled: random.chance(0.5) }),
                },
          }
        : {}),
      ...(random.chance(0.15) && {
        managedNamespaceMetadata: { labels: { [this.text()]: this.text() }, annotations: { a: this.text() } },
      }),
      ...(random.chance(0.5)
        ? { syncOptions: random.list(0, 2, () => random.pick(["CreateNamespace=true", this.text()])) }
        : {}),
      ...(random.chance(0.2) ? { retry: { limit: random.pick([0, 5]), backoff: { duration: "5s", factor: 2 } } } : {}),
    };
  }

  patch(): string {
    const random = this.#random;
    const text = () => this.text();
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
      `spec:\n  source:\n    kustomize:\n      images: ["${text()}"]\n      commonLabels: {b: c}\n    plugin: {name: p}\n`,
      `spec:\n  source:\n    helm:\n      parameters: [{name: q, value: "${text()}"}]\n      $retainKeys: [parameters]\n`,
      `spec:\n  sources: [{path: x, $patch: delete}]\n`,
      `metadata:\n  $setElementOrder/finalizers: [b, a]\n  finalizers: [a, b]\n`,
      `metadata:\n  $deleteFromPrimitiveList/finalizers: [resources-finalizer.argocd.argoproj.io]\n`,
      `metadata:\n  labels: {$patch: replace, only: "${text()}"}\n`,
      `spec:\n  ignoreDifferences: [{kind: "${text()}", jsonPointers: null}]\n  revisionHistoryLimit: 1.5\n`,
      `spec:\n  syncPolicy: {retry: {limit: "${text()}"}}\n`,
      `spec:\n  syncPolicy: {managedNamespaceMetadata: {labels: {a: 1}}}\n`,
      `spec: {project: null, destination: null}\nmetadata: {name: null, namespace: other}\n`,
      `$patch: delete\n`,
      `---\nspec: {project: a}\n---\nspec: {project: b}\n`,
      `# nothing\n`,
      `spec:\n\tproject: x\n`,
      conditional,
      `${text()}\n`,
      `spec: [1]\n`,
      `metadata: {ownerReferences: [{uid: u, name: n, kind: K, apiVersion: v1}]}\noperation: {sync: {revision: r}}\n`,
    ]);
  }
}
