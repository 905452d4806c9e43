import type { CaseFiles, Json } from "./argocd-grammar.ts";
import { SourceFiles } from "./argocd-source-files.ts";
import type { Random } from "./random.ts";

type JsonMap = { [key: string]: Json };

const own = "https://github.com/acme/estate.git";
const other = "https://github.com/acme/values";
const charts = "https://charts.example.com";

/** Random Applications with what they need: repositories, charts, options of the cluster and of Argo CD. */
export class SourceGrammar {
  readonly #random: Random;
  readonly #files: CaseFiles = new Map();
  #name = "web";

  constructor(random: Random) {
    this.#random = random;
  }

  files(): CaseFiles {
    const random = this.#random;
    this.#name = random.pick(["web", "web", "my-app", "web.prod"]);
    this.#files.set("about.txt", "random\n");
    const sources = new SourceFiles(random, this.#files);
    sources.chart("repo/charts/web");
    sources.folder("repo/plain");
    if (random.chance(0.5)) sources.kustomization("repo/overlay");
    for (const path of random.list(1, 4, () => this.#valuesPath())) this.#files.set(path, this.#valuesText());
    sources.chart("charts/web-1.2.0", "1.2.0");
    if (random.chance(0.5)) sources.chart("charts/web-2.0.1", "2.0.1");
    this.#files.set("app.yaml", `${JSON.stringify(this.#application(), null, 1)}\n`);
    this.#files.set("options.json", JSON.stringify(this.#options()));
    return this.#files;
  }

  #options(): JsonMap {
    const random = this.#random;
    const options: JsonMap = { repos: { [other]: "values" }, charts: { [charts]: "charts" } };
    if (random.chance(0.3))
      options["kubeVersion"] = random.pick(["v1.31.2", "1.29", "v1.30.0-eks-1", "1.28+", "v1.33.0"]);
    if (random.chance(0.3))
      options["apiVersions"] = random.list(1, 3, () =>
        random.pick([
          "v1",
          "apps/v1",
          "monitoring.coreos.com/v1",
          "monitoring.coreos.com/v1/ServiceMonitor",
          "example.com/v1",
        ]),
      );
    if (random.chance(0.4)) options["trackingMethod"] = random.pick(["label", "annotation", "annotation+label"]);
    if (random.chance(0.2)) options["installationID"] = "prod";
    if (random.chance(0.1)) options["valuesFileSchemes"] = random.pick([["https"], ["s3", "http"], []]);
    if (random.chance(0.15))
      options["kustomizeBuildOptions"] = random.pick([
        "--enable-helm",
        "--load-restrictor LoadRestrictionsNone",
        "--nope",
      ]);
    if (random.chance(0.1)) options["appLabelKey"] = "example.com/instance";
    return options;
  }

  #application(): Json {
    const random = this.#random;
    const spec: JsonMap = {
      project: random.pick(["default", "apps"]),
      destination: {
        server: "https://kubernetes.default.svc",
        ...(random.chance(0.8) ? { namespace: random.pick(["web", "prod"]) } : {}),
      },
    };
    if (random.chance(0.4)) spec["sources"] = random.list(1, 3, () => this.#source(true));
    if (spec["sources"] === undefined || random.chance(0.1)) spec["source"] = this.#source(false);
    return {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: this.#name, namespace: random.chance(0.9) ? "argocd" : "team" },
      spec,
    };
  }

  #source(many: boolean): Json {
    const random = this.#random;
    if (many && random.chance(0.4)) return this.#refSource();
    if (random.chance(0.2)) {
      const targetRevision = random.pick(["1.2.0", "2.0.1", "1.x", "*", ">=1.0.0 <2.0.0", "9.9.9", "~1.2"]);
      return { repoURL: charts, chart: random.chance(0.95) ? "web" : "none", targetRevision, ...this.#helmBlock() };
    }
    const path = random.chance(0.6) ? random.pick(["charts/web", "plain", "overlay"]) : random.pick([
      "charts/web", "charts/web", "charts/web", "charts/web/", "./charts/web", "plain", "plain", "overlay", "overlay",
      ".", "charts", "none", "plain/deep", "charts/web/../web", "/charts/web",
    ]); // prettier-ignore
    const repoURL = random.chance(0.95)
      ? own
      : random.pick(["https://github.com/acme/estate", "HTTPS://GitHub.com/Acme/Estate.git"]);
    const targetRevision = random.pick(["HEAD", "HEAD", "main", ""]);
    const source: JsonMap = { repoURL, path, targetRevision };
    if (random.chance(0.05)) source["name"] = "named";
    if (random.chance(0.05))
      Object.assign(source, random.pick<JsonMap>([{ helm: {} }, { kustomize: {} }, { directory: {} }]));
    if (path.includes("web") || random.chance(0.1)) Object.assign(source, this.#helmBlock());
    if ((path.startsWith("plain") && random.chance(0.7)) || random.chance(0.03))
      source["directory"] = this.#directory();
    if ((path === "overlay" && random.chance(0.7)) || random.chance(0.03)) source["kustomize"] = this.#kustomize();
    return source;
  }

  #refSource(): Json {
    const random = this.#random;
    const source: JsonMap = {
      repoURL: random.pick([own, other, other, other, other, charts]),
      targetRevision: random.pick(["HEAD", "HEAD", "main"]),
      ref: random.chance(0.95)
        ? random.pick(["values", "values", "values", "vals", "a_b-c"])
        : random.pick(["bad.ref", "x y"]),
    };
    if (random.chance(0.2)) source["path"] = random.pick(["plain", "charts/web"]);
    if (source["repoURL"] === charts) source["chart"] = "web";
    return source;
  }

  #helmBlock(): JsonMap {
    const random = this.#random;
    if (random.chance(0.15)) return {};
    const helm: JsonMap = {};
    const add = (probability: number, key: string, make: () => Json): void => {
      if (random.chance(probability)) helm[key] = make();
    };
    add(0.15, "releaseName", () => random.pick(["other", "r1", "Bad_Name", ""]));
    add(0.1, "namespace", () => random.pick(["elsewhere", "kube-system"]));
    add(0.65, "valueFiles", () => random.list(1, 4, () => this.#valueFile()));
    add(0.7, "ignoreMissingValueFiles", () => random.chance(0.85));
    add(0.3, "values", () => this.#valuesText());
    add(0.3, "valuesObject", () => this.#valuesObject(0));
    add(0.4, "parameters", () => random.list(1, 3, () => this.#parameter()));
    add(0.2, "fileParameters", () =>
      random.list(1, 2, () => ({ name: random.pick(["text", "a.b", "image.tag"]), path: this.#valueFile() })),
    );
    add(0.15, "skipCrds", () => random.chance(0.7));
    add(0.15, "skipTests", () => random.chance(0.7));
    add(0.15, "skipSchemaValidation", () => random.chance(0.7));
    add(0.15, "kubeVersion", () => random.pick(["1.27.3", "v1.26", "1.25.0+k3s1", "nope", "1.30"]));
    add(0.15, "apiVersions", () => random.list(1, 2, () => random.pick(["example.com/v1", "batch/v1/CronJob", "a/b"])));
    add(0.1, "version", () => random.pick(["v3", "v4", "v2", ""]));
    add(0.1, "passCredentials", () => true);
    return { helm };
  }

  #valueFile(): string {
    const random = this.#random;
    if (random.chance(0.6))
      return random.pick([
        "values-a.yaml",
        "values-b.yaml",
        "/values/a.yaml",
        "$values/a.yaml",
        "$values/env/b.yaml",
        "/values/*.yaml",
      ]);
    return random.pick([
      "values-a.yaml", "values-b.yaml", "values-*.yaml", "none.yaml", "../shared.yaml", "/values/a.yaml", "/values/*.yaml",
      "/values/**/*.yaml", "$values/a.yaml", "$values/env/b.yaml", "$values/*.yaml", "$values/**/*.yaml", "$vals/a.yaml",
      "$values/../a.yaml", "../../../outside.yaml", "$ARGOCD_APP_NAME.yaml", "/values/${ARGOCD_APP_NAMESPACE}.yaml",
      "$values/$ARGOCD_APP_NAME.yaml", "values-[ab].yaml", "values-{a,b}.yaml", "env", "values-$$a.yaml", "s3://bucket/a.yaml",
      "$a_b-c/a.yaml", "", "$values", "/values/[", "./values-a.yaml", "values-a.yaml",
    ]); // prettier-ignore
  }

  #valuesPath(): string {
    return this.#random.pick([
      "repo/charts/web/values-a.yaml", "repo/charts/web/values-b.yaml", "repo/charts/shared.yaml", "repo/values/a.yaml",
      "repo/values/web.yaml", "repo/values/prod.yaml", "repo/values/deep/c.yaml", "values/a.yaml", "values/env/b.yaml",
      "values/web.yaml", "values/z.yaml", "repo/charts/web/web.yaml", "repo/charts/web/.argocd-source.yaml",
      "repo/charts/web/.argocd-source-web.yaml", "repo/plain/.argocd-source.yaml", "repo/a.yaml",
    ]); // prettier-ignore
  }

  #valuesText(): string {
    const random = this.#random;
    if (random.chance(0.6)) return random.pick(["text: one\n", "text: two\nimage: {tag: '2'}\n", "list: [a, b]\n"]);
    return random.pick([
      "text: one\n",
      "text: two\nimage: {tag: '2'}\n",
      "replicas: 3\nimage:\n  tag: latest\n",
      "image: null\n",
      "list: [a, b]\n",
      "list: []\ntext: $ARGOCD_APP_NAME\n",
      "text: 1.0\nextra: {deep: {er: true}}\n",
      "text: 017\nyes: on\n",
      "",
      "# nothing\n",
      "- a\n",
      "a: [\n",
      "helm: {valueFiles: [values-a.yaml], releaseName: from-file}\n",
      "helm: {parameters: [{name: text, value: patched}]}\n",
      "directory: {recurse: true}\n",
      "helm: null\n",
      "path: elsewhere\nhelm: {skipCrds: true}\n",
      "text: 12345678901234567890\nreplicas: 1e3\n",
    ]);
  }

  #valuesObject(depth: number): Json {
    const random = this.#random;
    const value = (): Json => {
      if (depth < 2 && random.chance(0.3)) return this.#valuesObject(depth + 1);
      return random.pick<Json>([
        "x",
        "",
        "true",
        true,
        1,
        1.5,
        1e21,
        null,
        [],
        ["a", 1],
        "multi\nline\n",
        "$ARGOCD_APP_NAME",
        {},
      ]);
    };
    const object: JsonMap = {};
    for (const key of random.list(0, 3, () => random.pick(["text", "image", "replicas", "list", "a.b", "extra"])))
      object[key] = key === "image" ? { tag: value() } : value();
    return object;
  }

  #parameter(): Json {
    const random = this.#random;
    const parameter: JsonMap = {
      name: random.pick(["text", "image.tag", "replicas", "list[0]", "list", "a\\.b", "extra.x", "text", "", "sub.text", "sub.enabled", "global.a", "tags.extra"]),
      value: random.pick([
        "x", "1", "true", "a,b", "a\\,b", "{a,b}", "{a\\,b}", "", "null", "$ARGOCD_APP_NAME", "${ARGOCD_APP_NAME}-x",
        "$NOPE!", "$$x", "1.10", "0123", "a=b", "[x]", "{", "a b", "'q'", "$ARGOCD_APP_SOURCE_PATH:$ARGOCD_APP_SOURCE_REPO_URL",
        "${ARGOCD_APP_PROJECT_NAME}/${ARGOCD_APP_NAMESPACE}@$ARGOCD_APP_SOURCE_TARGET_REVISION", "${", "$", "a$",
      ]),
    }; // prettier-ignore
    if (random.chance(0.3)) parameter["forceString"] = random.chance(0.8);
    return parameter;
  }

  #directory(): Json {
    const random = this.#random;
    const directory: JsonMap = {};
    if (random.chance(0.5)) directory["recurse"] = random.chance(0.8);
    const patterns = [
      "*.yaml",
      "a*",
      "{a,b}.yaml",
      "deep/*",
      "*",
      "**/*.yaml",
      "[ab].yaml",
      "deep/**",
      "*.{yml,json}",
      "[",
      "?.yaml",
      "!a.yaml",
    ];
    if (random.chance(0.35)) directory["include"] = random.pick(patterns);
    if (random.chance(0.35)) directory["exclude"] = random.pick(patterns);
    if (random.chance(0.1)) directory["disableExtensionFilter"] = true;
    return directory;
  }

  #kustomize(): Json {
    const random = this.#random;
    const kustomize: JsonMap = {};
    const add = (probability: number, key: string, make: () => Json): void => {
      if (random.chance(probability)) kustomize[key] = make();
    };
    add(0.3, "namePrefix", () => random.pick(["pre-", "-odd"]));
    add(0.2, "nameSuffix", () => "-post");
    add(0.3, "namespace", () => random.pick(["kns", "kube-system"]));
    add(0.3, "images", () =>
      random.list(1, 2, () => random.pick(["nginx:1.2", "nginx=mirror/nginx:3", "nginx:$ARGOCD_APP_NAME"])),
    );
    add(0.3, "commonLabels", () => ({ team: random.pick(["a", "$ARGOCD_APP_NAME"]), "b/c": "d" }));
    add(0.3, "commonAnnotations", () => ({ note: random.pick(["a", "$ARGOCD_APP_NAME", "a: b"]) }));
    add(0.2, "commonAnnotationsEnvsubst", () => random.chance(0.7));
    add(0.2, "forceCommonLabels", () => true);
    add(0.2, "labelWithoutSelector", () => random.chance(0.7));
    add(0.1, "labelIncludeTemplates", () => true);
    add(0.2, "replicas", () => [{ name: "deploy", count: random.pick<Json>([2, "3", "x"]) }]);
    add(0.2, "patches", () => [
      { target: { kind: "Deployment" }, patch: '- op: add\n  path: /metadata/labels\n  value: {patched: "yes"}\n' },
    ]);
    add(0.1, "components", () => [random.pick(["../component", "../missing"])]);
    add(0.1, "ignoreMissingComponents", () => true);
    add(0.1, "kubeVersion", () => random.pick(["1.27.3", "v1.26", "nope"]));
    add(0.1, "apiVersions", () => ["example.com/v1", "batch/v1/CronJob"]);
    add(0.03, "version", () => random.pick(["v5.0.0", ""]));
    return kustomize;
  }
}
