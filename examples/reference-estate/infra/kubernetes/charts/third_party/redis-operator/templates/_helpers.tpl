{{/* Name of the release's objects. */}}
{{- define "redis-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "redis-operator" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "redis-operator" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "redis-operator.selectorLabels" -}}
app.kubernetes.io/name: redis-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "redis-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "redis-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
