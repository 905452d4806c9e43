{{/* Name of the release's objects. */}}
{{- define "temporal.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "temporal" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "temporal" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "temporal.selectorLabels" -}}
app.kubernetes.io/name: temporal
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "temporal.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "temporal.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
