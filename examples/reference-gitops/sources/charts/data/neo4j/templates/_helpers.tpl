{{/* Name of the release's objects. */}}
{{- define "neo4j.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "neo4j" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "neo4j" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "neo4j.selectorLabels" -}}
app.kubernetes.io/name: neo4j
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "neo4j.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "neo4j.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
