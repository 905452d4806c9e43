import { readYaml } from "@tiphys/source";
import type { ApplicationSetDocument } from "@tiphys/argocd";
import { benchChart } from "./bench-chart.ts";

/** A synthetic estate: 20 ApplicationSets over tiers of components, which share 200 charts of one repository. */
export interface ArgocdEstate {
  readonly files: Readonly<Record<string, string>>;
  readonly applicationSets: readonly string[];
}

const sets = 20;
const charts = 200;

/** An estate of `count` Applications. */
export function argocdEstate(count: number): ArgocdEstate {
  const files: Record<string, string> = {};
  for (let index = 0; index < charts; index++) Object.assign(files, benchChart(index));
  for (let index = 0; index < count; index++) {
    const tier = `tier${index % sets}`;
    const name = `app-${index}`;
    files[`components/${tier}/${name}/component.yaml`] = component(index, name, tier);
    files[`values/${tier}/${name}.yaml`] =
      `replicas: ${1 + (index % 4)}\nimage: {tag: "1.${index % 50}"}\nenv: {NAME: ${name}, TIER: ${tier}}\n`;
  }
  return { files, applicationSets: Array.from({ length: sets }, (_, index) => applicationSet(`tier${index}`)) };
}

/** The sets as documents. */
export function documentsOf(estate: ArgocdEstate): ApplicationSetDocument[] {
  return estate.applicationSets.map((text, index) => {
    const yaml = readYaml(text);
    const file = `sets/${index}.yaml`;
    return { value: yaml.value, origin: { file }, originOf: (path) => ({ file, ...yaml.originOf(path) }) };
  });
}

function component(index: number, name: string, tier: string): string {
  return `name: ${name}
namespace: ${tier}
wave: "${30 + (index % 20)}"
chart: charts/chart-${index % charts}
valueFiles: [/values/${tier}/${name}.yaml]
syncOptions: [CreateNamespace=true, RespectIgnoreDifferences=true]
labels: {team: team-${index % 7}}
`;
}

function applicationSet(tier: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: ${tier}, namespace: argocd}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - git: {repoURL: https://github.com/acme/estate.git, revision: main, files: [{path: "components/${tier}/*/component.yaml"}]}
  template:
    metadata:
      name: '{{ .name }}'
      labels: {wave: '{{ .wave }}', team: '{{ .labels.team }}'}
    spec:
      project: default
      destination: {server: https://kubernetes.default.svc, namespace: '{{ .namespace }}'}
      source:
        repoURL: https://github.com/acme/estate.git
        targetRevision: main
        path: '{{ .chart }}'
        helm: {releaseName: '{{ .name }}'}
  templatePatch: |
    spec:
      source:
        helm:
          valueFiles: {{ toJson .valueFiles }}
      {{- with .syncOptions }}
      syncPolicy:
        syncOptions: {{ toJson . }}
      {{- end }}
`;
}
