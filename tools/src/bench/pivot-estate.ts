const environments = ["dev", "staging", "prod"];
const charts = 20;

/** A synthetic Helmfile estate by path: `releases` releases in three environments over twenty local charts. */
export function pivotEstate(releases: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (let index = 0; index < charts; index++) Object.assign(files, chart(index));
  const names = Array.from({ length: releases }, (_, index) => `app-${index}`);
  for (const [index, name] of names.entries()) {
    files[`values/${name}/common.yaml`] = `image: {tag: "1.${index}"}\nenv: {NAME: ${name}, LEVEL: info}\n`;
    for (const [at, environment] of environments.entries()) {
      files[`values/${name}/${environment}.yaml`] =
        `replicas: ${at + 1}\nenv: {STAGE: ${environment}, URL: "https://${name}.${environment}.example.com"}\n`;
    }
  }
  files["helmfile.yaml.gotmpl"] = `environments:
${environments.map((name) => `  ${name}: {values: [{stage: ${name}}]}`).join("\n")}
---
releases:
${names.map((name, index) => release(name, index)).join("")}`;
  return files;
}

function release(name: string, index: number): string {
  const needs = index % 10 === 0 || index === 0 ? "" : `    needs: [apps-${(index - 1) % 5}/app-${index - 1}]\n`;
  return `  - name: ${name}
    namespace: apps-${index % 5}
    chart: ./charts/chart-${index % charts}
    labels: {team: team-${index % 7}}
    values: [values/${name}/common.yaml, values/${name}/{{ .Values.stage }}.yaml]
${needs}`;
}

function chart(index: number): Record<string, string> {
  const folder = `charts/chart-${index}`;
  const name = `chart-${index}`;
  const objects = ["Deployment", "Service", "ConfigMap", "ServiceAccount", "NetworkPolicy"];
  const files: Record<string, string> = {
    [`${folder}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.${index}\n`,
    [`${folder}/values.yaml`]: "replicas: 1\nimage: {repository: registry.example.com/web, tag: latest}\nenv: {}\n",
    [`${folder}/templates/_helpers.tpl`]: `{{- define "labels" -}}\napp.kubernetes.io/name: ${name}\napp.kubernetes.io/instance: {{ .Release.Name }}\n{{- end -}}\n`,
  };
  for (const kind of objects) files[`${folder}/templates/${kind.toLowerCase()}.yaml`] = template(kind);
  return files;
}

const bodies: Readonly<Record<string, string>> = {
  Deployment: `spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {{- include "labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "labels" . | nindent 8 }}
    spec:
      containers:
        - name: web
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            {{- range $name, $value := .Values.env }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
`,
  Service: 'spec:\n  ports: [{port: 80}]\n  selector: {{- include "labels" . | nindent 4 }}\n',
  ConfigMap: "data: {{- toYaml .Values.env | nindent 2 }}\n",
  ServiceAccount: "automountServiceAccountToken: false\n",
  NetworkPolicy: 'spec:\n  podSelector:\n    matchLabels: {{- include "labels" . | nindent 6 }}\n',
};

const versions: Readonly<Record<string, string>> = { Deployment: "apps/v1", NetworkPolicy: "networking.k8s.io/v1" };

function template(kind: string): string {
  return `apiVersion: ${versions[kind] ?? "v1"}
kind: ${kind}
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "labels" . | nindent 4 }}
${bodies[kind]!}`;
}
