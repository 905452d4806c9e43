import type { CaseFiles, Json } from "./argocd-grammar.ts";
import type { Random } from "./random.ts";

/** Charts, folders of manifests and kustomizations of a random case. */
export class SourceFiles {
  readonly #random: Random;
  readonly #files: CaseFiles;

  constructor(random: Random, files: CaseFiles) {
    this.#random = random;
    this.#files = files;
  }

  chart(folder: string, version = "1.0.0"): void {
    const random = this.#random;
    const set = (path: string, text: string): void => void this.#files.set(`${folder}/${path}`, text);
    set(
      "Chart.yaml",
      `apiVersion: v2\nname: web\nversion: ${version}\n${random.chance(0.2) ? 'kubeVersion: ">=1.28.0-0"\n' : ""}`,
    );
    set("values.yaml", "text: chart\nreplicas: 1\nimage: {repository: nginx, tag: v1}\nlist: [x]\n");
    set(
      "templates/config.yaml",
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  {{- if .Values.here }}\n  namespace: {{ .Release.Namespace }}\n  {{- end }}\ndata:\n  values: {{ toJson .Values | quote }}\n  kube: {{ .Capabilities.KubeVersion.Version }}\n  api: {{ .Capabilities.APIVersions.Has "example.com/v1" | quote }}\n',
    );
    if (random.chance(0.3)) set("crds/crd.yaml", crd);
    if (random.chance(0.3))
      set(
        "templates/tests/test.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n",
      );
    if (random.chance(0.3))
      set(
        "templates/hook.yaml",
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: 'pre-install,post-upgrade'}}\n",
      );
    if (random.chance(0.2))
      set(
        "values.schema.json",
        '{"type":"object","properties":{"replicas":{"type":"integer"},"text":{"type":"string"}}}',
      );
    if (random.chance(0.03))
      set(
        "templates/broken.yaml",
        random.pick(["a: {{ fail .Values.text }}\n", "{{ .Values.list.x }}\n", "a: b: c\n"]),
      );
    if (random.chance(0.15)) this.#dependency(folder, version);
    if (random.chance(0.2))
      set(
        "templates/list.yaml",
        `apiVersion: v1\nkind: List\nitems: ${random.pick(["[]", "null", `[${JSON.stringify(labelled("in-list"))}]`])}\n`,
      );
  }

  /** A chart below the chart, with what may switch it off; or one that is missing. */
  #dependency(folder: string, version: string): void {
    const random = this.#random;
    // A chart that lacks one cannot be packed for a repository.
    const isThere = folder.startsWith("charts/") || random.chance(0.85);
    this.#files.set(
      `${folder}/Chart.yaml`,
      `apiVersion: v2\nname: web\nversion: ${version}\ndependencies:\n- {name: sub, version: ${random.pick(["1.0.0", "^1", "2.0.0"])}, repository: "${isThere ? "" : "file://../none"}"${random.pick(["", ", condition: sub.enabled", ", alias: other", ", tags: [extra]"])}}\n`,
    );
    if (!isThere) return;
    this.#files.set(`${folder}/charts/sub/Chart.yaml`, "apiVersion: v2\nname: sub\nversion: 1.0.0\n");
    this.#files.set(`${folder}/charts/sub/values.yaml`, "text: sub\nglobal: {}\n");
    this.#files.set(
      `${folder}/charts/sub/templates/sub.yaml`,
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-{{ .Chart.Name }}}\ndata: {text: {{ .Values.text | quote }}, global: {{ toJson .Values.global | quote }}}\n",
    );
  }

  folder(folder: string): void {
    const random = this.#random;
    for (const name of random.list(1, 5, () =>
      random.pick(["a.yaml", "b.yaml", "c.yml", "d.json", "deep/e.yaml", "f.txt", "deep/er/g.yaml", "h.yaml"]),
    ))
      this.#files.set(`${folder}/${name}`, name.endsWith(".json") ? this.#json() : this.#manifest());
    if (random.chance(0.1)) this.#files.set(`${folder}/MyChart.yaml`, "apiVersion: v2\nname: x\nversion: 1.0.0\n");
    if (random.chance(0.05)) this.#files.set(`${folder}/kustomization.yaml`, "resources: []\n");
  }

  #json(): string {
    const random = this.#random;
    if (random.chance(0.6)) return JSON.stringify(labelled("json"));
    return random.pick([
      JSON.stringify(labelled("json")),
      "[]",
      "{}",
      `${JSON.stringify(labelled("one"))}${JSON.stringify(labelled("two"))}`,
      "nope",
      '{"kind":"X"}',
      "",
    ]);
  }

  #manifest(): string {
    const random = this.#random;
    if (random.chance(0.5)) return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m${random.below(5)}}\n`;
    return random.pick([
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: own, labels: null, annotations: null}\n---\n---\n# nothing\n---\nnull\n",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: ns}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: {app.kubernetes.io/instance: old}}\n",
      crd,
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: l1}\n- apiVersion: rbac.authorization.k8s.io/v1\n  kind: ClusterRole\n  metadata: {name: l2}\n",
      "# +argocd:skip-file-rendering\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: skipped}\n",
      "just: values\n",
      "a: [\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: broken\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: g-}\n",
      "apiVersion: v1\nkind: Service\nmetadata: {name: n, annotations: {argocd.argoproj.io/tracking-id: x, argocd.argoproj.io/installation-id: y}}\nspec: {selector: {a: b}, ports: [{port: 80}]}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n, labels: {a: 1}}\n",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y}\ndata: {a: 0.1, b: 017, c: 1e3, d: 9007199254740993}\n",
      "\ufeffapiVersion: v1\nkind: ConfigMap\nmetadata: {name: bom}\n",
      "",
      "{{ template }}\n",
    ]);
  }

  kustomization(folder: string): void {
    const random = this.#random;
    this.#files.set(
      `${folder}/${random.pick(["kustomization.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization"])}`,
      random.pick([
        "resources: [deploy.yaml]\n",
        "resources: [deploy.yaml]\nnamespace: fixed\n",
        "resources: [deploy.yaml, missing.yaml]\n",
        "resources: [deploy.yaml]\ncommonLabels: {team: z}\n",
        "resources: [deploy.yaml]\nconfigMapGenerator: [{name: gen, literals: [a=b, c=$ARGOCD_APP_NAME]}]\n",
        "resources: [deploy.yaml]\nimages: [{name: nginx, newTag: old}]\nreplicas: [{name: deploy, count: 4}]\n",
        "resources: [deploy.yaml, ../plain]\n",
        "resources: [deploy.yaml]\nhelmCharts: [{name: web, releaseName: inflated}]\nhelmGlobals: {chartHome: ../charts}\n",
        "resources: [deploy.yaml]\npatches: [{target: {kind: Deployment}, patch: '[{op: replace, path: /spec/replicas, value: 2}]'}]\n",
        "resources: [deploy.yaml\n",
      ]),
    );
    this.#files.set(
      `${folder}/deploy.yaml`,
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: deploy}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: c, image: nginx}]}\n",
    );
    this.#files.set(
      "repo/component/kustomization.yaml",
      "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -comp\n",
    );
  }
}

const crd =
  "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\nspec: {group: example.com, names: {kind: Thing, plural: things}, scope: Namespaced, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}\n";

function labelled(name: string): Json {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels: { a: "b" } } };
}
