{{/* Name of the release's objects. */}}
{{- define "langfuse.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "langfuse" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "langfuse" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "langfuse.selectorLabels" -}}
app.kubernetes.io/name: langfuse
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "langfuse.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "langfuse.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
