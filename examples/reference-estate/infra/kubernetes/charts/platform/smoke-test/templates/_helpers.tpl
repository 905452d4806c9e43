{{- define "smoke-test.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/name: smoke-test
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Annotations that make an object a hook which comes before the test. */}}
{{- define "smoke-test.transient" -}}
annotations:
  helm.sh/hook: test
  helm.sh/hook-weight: "-5"
  helm.sh/hook-delete-policy: before-hook-creation
{{- end }}

{{/* Specification of the pod that runs the checks. */}}
{{- define "smoke-test.podSpec" -}}
restartPolicy: Never
{{- if .Values.serviceAccount.create }}
serviceAccountName: {{ .Release.Name }}
{{- end }}
activeDeadlineSeconds: {{ .Values.timeoutSeconds }}
containers:
  - name: checks
    image: {{ .Values.image }}
    command: [sh, /checks/run.sh]
    volumeMounts:
      - name: checks
        mountPath: /checks
volumes:
  - name: checks
    configMap:
      name: {{ .Release.Name }}-checks
{{- end }}
