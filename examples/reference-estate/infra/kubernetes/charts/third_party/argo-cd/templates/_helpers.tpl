{{/* Name of the release's objects. */}}
{{- define "argo-cd.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "argo-cd" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "argo-cd" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "argo-cd.selectorLabels" -}}
app.kubernetes.io/name: argo-cd
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "argo-cd.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "argo-cd.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
