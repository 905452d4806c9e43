import type { Component, EnvironmentSettings, EstateFile, TierSettings } from "@tiphys/estate";

/** One file to be written, with its path in the workspace and its UTF-16 text. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** What AppProjects must allow beyond what the components say by themselves: the kinds that were rendered. */
export interface ProjectKinds {
  /** `group/Kind` of cluster-scoped objects, by project. */
  readonly cluster: ReadonlyMap<string, ReadonlySet<string>>;
  /** `group/Kind` of namespaced objects, by project. */
  readonly namespaced: ReadonlyMap<string, ReadonlySet<string>>;
  /** Namespaces that objects name themselves, by project. */
  readonly namespaces: ReadonlyMap<string, ReadonlySet<string>>;
  /** Projects with a component that could not be rendered: their kinds stay open. */
  readonly open: ReadonlySet<string>;
}

export interface ApplicationSetInput {
  readonly estateFile: EstateFile;
  readonly environment: EnvironmentSettings;
  /** All components of the environment, parked ones too. */
  readonly components: readonly Component[];
  readonly kinds: ProjectKinds;
  /** Another Application applies this environment's ApplicationSets already. */
  readonly hasParent?: boolean;
}

/** Path of the GitOps repository's root in the workspace, with a trailing `/` unless it is the workspace. */
export function gitopsPrefix(estateFile: EstateFile): string {
  const root = estateFile.gitops.root.replace(/^\.\/?/, "").replace(/\/+$/, "");
  return root === "" ? "" : `${root}/`;
}

/**
 * The ApplicationSets, AppProjects and the parent Application of one environment, as files sorted by path. They are plain YAML:
 * template control blocks stand only inside the string `templatePatch`.
 */
export function generateApplicationSets(input: ApplicationSetInput): GeneratedFile[] {
  const active = input.components.filter((component) => !component.parked);
  if (active.length === 0) return [];
  const folder = `${gitopsPrefix(input.estateFile)}environments/${input.environment.name}/argocd`;
  const tiers = [...input.estateFile.tiers.values()].filter((tier) =>
    active.some((component) => component.tier === tier.name),
  );
  const files: GeneratedFile[] = [];
  if (input.estateFile.appsets.layout === "single") {
    files.push({
      path: `${folder}/apps/components.yaml`,
      content: applicationSet(input, { name: "components", tiers, components: active }),
    });
  } else {
    for (const tier of tiers) {
      const components = active.filter((component) => component.tier === tier.name);
      files.push({
        path: `${folder}/apps/${tier.name}.yaml`,
        content: applicationSet(input, { name: tier.name, tiers: [tier], components }),
      });
    }
  }
  const projects = [...new Set(active.map((component) => component.project))].toSorted();
  for (const project of projects) {
    const components = active.filter((component) => component.project === project);
    files.push({ path: `${folder}/projects/${project}.yaml`, content: appProject(input, project, components) });
  }
  if (!input.hasParent) files.push({ path: `${folder}/ops/estate.yaml`, content: parentApplication(input) });
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

interface ApplicationSetContent {
  readonly name: string;
  readonly tiers: readonly TierSettings[];
  readonly components: readonly Component[];
}

function applicationSet(input: ApplicationSetInput, set: ApplicationSetContent): string {
  const { estateFile, environment } = input;
  const { repoURL, targetRevision } = estateFile.gitops;
  const base = `environments/${environment.name}/components`;
  const steps = distinctWaves(set.components);
  const firstWave = Math.min(...set.tiers.map((tier) => tier.waves[0]));
  return `# Written by \`tiphys appsets\` from the components of ${environment.name}; \`tiphys appsets --check\` finds changes by hand.
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: ${yamlString(set.name)}
  namespace: ${yamlString(estateFile.argocd.namespace)}
  annotations:
    argocd.argoproj.io/sync-wave: "${firstWave}"
spec:
  goTemplate: true
  goTemplateOptions:
    - missingkey=error
  generators:
    - git:
        repoURL: ${yamlString(repoURL)}
        revision: ${yamlString(targetRevision)}
        files:
${set.tiers.map((tier) => `          - path: ${yamlString(`${base}/${tier.name}/**/component.yaml`)}`).join("\n")}
  strategy:
    type: RollingSync
    deletionOrder: Reverse
    rollingSync:
      steps:
${steps.map((wave) => rollingStep(wave, estateFile.appsets.maxUpdate)).join("\n")}
  template:
    metadata:
      name: "{{ .name }}"
      labels:
        environment: ${yamlString(environment.name)}
        tier: ${set.tiers.length === 1 ? yamlString(set.tiers[0]!.name) : '"{{ .tier }}"'}
        wave: "{{ .wave }}"
    spec:
      project: "{{ .project }}"
      destination:
        ${destinationKey(environment)}: ${yamlString(environment.cluster)}
        namespace: "{{ .namespace }}"
  templatePatch: |
${indent(templatePatch(input), 4)}`;
}

function rollingStep(wave: string, maxUpdate: string | number): string {
  return `        - matchExpressions:
            - key: wave
              operator: In
              values:
                - "${wave}"
          maxUpdate: ${typeof maxUpdate === "number" ? maxUpdate : yamlString(maxUpdate)}`;
}

/** Rendered components read their folder; Helm-sourced ones a chart and value files. */
function templatePatch(input: ApplicationSetInput): string {
  const { estateFile, environment } = input;
  const layers = environment.valuesLayers.map((layer) => JSON.stringify(layer)).join(" ");
  const repository = `repoURL: ${yamlString(estateFile.gitops.repoURL)}`;
  const revision = `targetRevision: ${yamlString(estateFile.gitops.targetRevision)}`;
  const inRepo = estateFile.appsets.valuesSource === "inRepo";
  return `{{- $component := . }}
{{- $layers := list ${layers} }}
{{- if or (hasKey . "labels") (hasKey . "annotations") }}
metadata:
  {{- with dig "labels" dict . }}
  labels:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with dig "annotations" dict . }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
spec:
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    retry:
      limit: 5
    syncOptions:
      - RespectIgnoreDifferences=true
      {{- range dig "syncOptions" list . }}
      {{- if ne . "RespectIgnoreDifferences=true" }}
      - {{ toJson . }}
      {{- end }}
      {{- end }}
  {{- with dig "ignoreDifferences" list . }}
  ignoreDifferences:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- if hasKey . "chart" }}
  {{- $chart := .chart }}
  {{- $inRepo := ${inRepo ? 'hasKey $chart "path"' : "false"} }}
  {{- $root := "$values" }}
  {{- if $inRepo }}
  {{- $root = "" }}
  {{- end }}
  {{- $valueFiles := list }}
  {{- if hasKey $chart "valueFiles" }}
  {{- range $chart.valueFiles }}
  {{- $valueFiles = append $valueFiles (printf "%s/%s" $root (trimPrefix "/" .)) }}
  {{- end }}
  {{- else }}
  {{- range $layers }}
  {{- $valueFiles = append $valueFiles (printf "%s/sources/values/%s/%s/%s.yaml" $root . $component.tier $component.name) }}
  {{- end }}
  {{- end }}
  sources:
    - {{ if hasKey $chart "path" -}}
      ${repository}
      ${revision}
      path: {{ toJson $chart.path }}
      {{- else -}}
      repoURL: {{ toJson (trimPrefix "oci://" $chart.repoURL) }}
      chart: {{ toJson $chart.chart }}
      targetRevision: {{ toJson (toString $chart.version) }}
      {{- end }}
      helm:
        releaseName: {{ toJson (dig "releaseName" $component.name $chart) }}
        ignoreMissingValueFiles: {{ dig "ignoreMissingValueFiles" true $chart }}
        {{- if dig "skipCrds" false $chart }}
        skipCrds: true
        {{- end }}
        {{- if dig "skipTests" false $chart }}
        skipTests: true
        {{- end }}
        {{- if dig "skipSchemaValidation" false $chart }}
        skipSchemaValidation: true
        {{- end }}
        valueFiles:
          {{- toYaml $valueFiles | nindent 10 }}
    {{- if not $inRepo }}
    - ${repository}
      ${revision}
      ref: values
    {{- end }}
{{- else }}
  source:
    ${repository}
    ${revision}
    path: {{ toJson .path.path }}
    directory:
      exclude: "{component.yaml,component.disabled.yaml}"
{{- end }}
`;
}

function appProject(input: ApplicationSetInput, project: string, components: readonly Component[]): string {
  const { estateFile, environment, kinds } = input;
  const repositories = new Set([estateFile.gitops.repoURL]);
  const namespaces = new Set(kinds.namespaces.get(project) ?? []);
  for (const component of components) {
    if (component.chart?.repoURL !== undefined) repositories.add(component.chart.repoURL.replace(/^oci:\/\//, ""));
    namespaces.add(component.namespace);
  }
  namespaces.delete("");
  const open = kinds.open.has(project);
  const clusterKinds = new Set(kinds.cluster.get(project) ?? []);
  if (components.some((component) => component.syncOptions.includes("CreateNamespace=true")))
    clusterKinds.add("/Namespace");
  return `# Written by \`tiphys appsets\` from the components of ${environment.name}.
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: ${yamlString(project)}
  namespace: ${yamlString(estateFile.argocd.namespace)}
spec:
  description: ${yamlString(`${project} in ${environment.name}`)}
  sourceRepos:
${[...repositories]
  .toSorted()
  .map((url) => `    - ${yamlString(url)}`)
  .join("\n")}
  destinations:
${[...namespaces]
  .toSorted()
  .map(
    (namespace) =>
      `    - ${destinationKey(environment)}: ${yamlString(environment.cluster)}\n      namespace: ${yamlString(namespace)}`,
  )
  .join("\n")}
  clusterResourceWhitelist:${kindList(open ? new Set(["*/*"]) : clusterKinds)}
  namespaceResourceWhitelist:${kindList(open ? new Set(["*/*"]) : (kinds.namespaced.get(project) ?? new Set()))}
`;
}

function kindList(kinds: ReadonlySet<string>): string {
  if (kinds.size === 0) return " []";
  return [...kinds]
    .toSorted()
    .map((entry) => {
      const slash = entry.indexOf("/");
      return `\n    - group: ${yamlString(entry.slice(0, slash))}\n      kind: ${yamlString(entry.slice(slash + 1))}`;
    })
    .join("");
}

/** Applies projects and ApplicationSets; the ApplicationSets' sync waves order the tiers. */
function parentApplication(input: ApplicationSetInput): string {
  const { estateFile, environment } = input;
  const { repoURL, targetRevision } = estateFile.gitops;
  const source = (folder: string): string => `    - repoURL: ${yamlString(repoURL)}
      targetRevision: ${yamlString(targetRevision)}
      path: ${yamlString(`environments/${environment.name}/argocd/${folder}`)}`;
  return `# Written by \`tiphys appsets\`: the parent of everything in ${environment.name}. Apply it once by hand.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${yamlString(`estate-${environment.name}`)}
  namespace: ${yamlString(estateFile.argocd.namespace)}
spec:
  project: default
  destination:
    server: https://kubernetes.default.svc
    namespace: ${yamlString(estateFile.argocd.namespace)}
  sources:
${source("projects")}
${source("apps")}
  syncPolicy:
    automated:
      prune: false
      selfHeal: true
`;
}

function destinationKey(environment: EnvironmentSettings): string {
  return /^https?:\/\//.test(environment.cluster) ? "server" : "name";
}

/** The waves in use, in numeric order. A component without a wave is in no step; `tiphys check` says so. */
function distinctWaves(components: readonly Component[]): string[] {
  const waves = new Set(components.map((component) => component.wave).filter((wave) => wave !== ""));
  return [...waves].toSorted((a, b) => Number(a) - Number(b));
}

function indent(text: string, spaces: number): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : " ".repeat(spaces) + line))
    .join("\n");
}

/** A YAML scalar that is this string in YAML 1.1 and 1.2: plain where that is safe, else double-quoted. */
export function yamlString(text: string): string {
  const plain =
    /^[A-Za-z_/][A-Za-z0-9_./:@+-]*$/.test(text) && !/:$|^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
