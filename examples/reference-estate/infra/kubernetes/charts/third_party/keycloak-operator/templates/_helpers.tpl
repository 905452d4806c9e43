{{/* Name of the release's objects. */}}
{{- define "keycloak-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains "keycloak-operator" .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name "keycloak-operator" | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "keycloak-operator.selectorLabels" -}}
app.kubernetes.io/name: keycloak-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "keycloak-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "keycloak-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
