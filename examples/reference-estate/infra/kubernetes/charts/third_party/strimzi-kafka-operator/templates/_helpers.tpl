{{/* Name of the release's objects. */}}
{{- define "strimzi-kafka-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "strimzi-kafka-operator" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "strimzi-kafka-operator" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "strimzi-kafka-operator.selectorLabels" -}}
app.kubernetes.io/name: strimzi-kafka-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "strimzi-kafka-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "strimzi-kafka-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
