/** Files of a small chart by path, below `charts/chart-<index>`: one template for each of five kinds. */
export function benchChart(index: number): Record<string, string> {
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
