{{- define "microservice.selectorLabels" -}}
app.kubernetes.io/name: {{ .Release.Name }}
app.kubernetes.io/part-of: acme
{{- end }}

{{- define "microservice.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{ include "microservice.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.team }}
acme.example/team: {{ . }}
{{- end }}
{{- end }}

{{/* registry/repository@digest, or :tag without a digest */}}
{{- define "microservice.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ printf "%s/%s@%s" $image.registry $image.repository $image.digest }}
{{- else -}}
{{ printf "%s/%s:%s" $image.registry $image.repository (toString $image.tag) }}
{{- end -}}
{{- end }}
