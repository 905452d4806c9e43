{{/* Name of the release's objects. */}}
{{- define "pgadmin4.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "pgadmin4" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "pgadmin4" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "pgadmin4.selectorLabels" -}}
app.kubernetes.io/name: pgadmin4
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "pgadmin4.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "pgadmin4.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
