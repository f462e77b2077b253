{{- define "silkroute.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "silkroute.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "silkroute.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "silkroute.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "silkroute.selectorLabels" -}}
app.kubernetes.io/name: {{ include "silkroute.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "silkroute.labels" -}}
{{ include "silkroute.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "silkroute.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "silkroute.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "silkroute.image" -}}
{{- $image := .Values.image }}
{{- if $image.digest }}
{{- printf "%s@%s" $image.repository $image.digest }}
{{- else }}
{{- printf "%s:%s%s" $image.repository (default .Chart.AppVersion $image.tag) (ternary "-native" "" (eq $image.variant "native")) }}
{{- end }}
{{- end }}

{{/* Settings as the process reads them; numbers as they were written, not as floats. */}}
{{- define "silkroute.settings" -}}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ if kindIs "float64" $value }}{{ if eq (floor $value) $value }}{{ int64 $value | toString | quote }}{{ else }}{{ $value | toString | quote }}{{ end }}{{ else }}{{ $value | toString | quote }}{{ end }}
{{- end }}
{{- end }}

{{/* The name of the secret that has the database's keys, and of the one that has the gateway's own. */}}
{{- define "silkroute.databaseSecret" -}}
{{- default (include "silkroute.fullname" .) .Values.database.existingSecret }}
{{- end }}
{{- define "silkroute.keysSecret" -}}
{{- default (include "silkroute.fullname" .) .Values.keys.existingSecret }}
{{- end }}

{{/* What goes into the secret of the release: nothing when both exist already. */}}
{{- define "silkroute.secrets" -}}
{{- if not .Values.database.existingSecret }}
DATABASE_USERNAME: {{ required "database.username: not set (expected: the user of the database, or database.existingSecret)" .Values.database.username | quote }}
DATABASE_PASSWORD: {{ required "database.password: not set (expected: its password, or database.existingSecret)" .Values.database.password | quote }}
{{- end }}
{{- if not .Values.keys.existingSecret }}
ADMIN_API_KEY: {{ required "keys.adminApiKey: not set (expected: at least 16 characters, or keys.existingSecret)" .Values.keys.adminApiKey | quote }}
SECRETS_KEY: {{ required "keys.secretsKey: not set (expected: 32 bytes in base64, or keys.existingSecret)" .Values.keys.secretsKey | quote }}
{{- end }}
{{- end }}

{{- define "silkroute.fromSecret" -}}
- name: {{ .key }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end }}
