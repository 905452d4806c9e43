{{/* Name of the release's objects. */}}
{{- define "gateway-helm.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "gateway-helm" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "gateway-helm" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "gateway-helm.selectorLabels" -}}
app.kubernetes.io/name: gateway-helm
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "gateway-helm.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "gateway-helm.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
