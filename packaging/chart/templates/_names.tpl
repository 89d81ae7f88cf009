{{- define "flowhq.name" -}}
{{- if contains "flowhq" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-flowhq" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "flowhq.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "flowhq.hosts-secret" -}}
{{ .Values.keys.hostsSecret | default (printf "%s-hosts" .Values.keys.secret) }}
{{- end }}

{{/* Labels that never change: (list . "part"). */}}
{{- define "flowhq.selector" -}}
app.kubernetes.io/name: flowhq
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "flowhq.labels" -}}
{{ include "flowhq.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version }}
{{- end }}

{{/* name=address:port of each host, for the setting HOSTS. */}}
{{- define "flowhq.hosts" -}}
{{- $name := include "flowhq.name" . -}}
{{- $all := list -}}
{{- range $n := until (int .Values.hosts.replicas) -}}
{{- $all = append $all (printf "%s-hosts-%d=%s-hosts-%d.%s-hosts.%s.svc:7443" $name $n $name $n $name $.Release.Namespace) -}}
{{- end -}}
{{ join "," $all }}
{{- end }}
