{{/* Name of the release's objects. */}}
{{- define "altinity-clickhouse-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "altinity-clickhouse-operator" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "altinity-clickhouse-operator" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "altinity-clickhouse-operator.selectorLabels" -}}
app.kubernetes.io/name: altinity-clickhouse-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "altinity-clickhouse-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "altinity-clickhouse-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
