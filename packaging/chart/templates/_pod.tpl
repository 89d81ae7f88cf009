{{/* What every pod of ours is: no root, nothing of the Kubernetes API, no address of other services in its environment. */}}
{{- define "flowhq.pod" -}}
serviceAccountName: {{ include "flowhq.name" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  # A volume with a million files is not walked at each start.
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What every container of ours may: write its volumes. */}}
{{- define "flowhq.container" -}}
image: {{ include "flowhq.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* A container beside ours, from before it starts until it has ended: Kubernetes calls it a restartable init container. */}}
{{- define "flowhq.sidecars" -}}
{{- range . }}
- {{- toYaml (merge (dict "restartPolicy" "Always") .) | nindent 2 }}
{{- end }}
{{- end }}

{{/* Whoever runs bots stays where it is however long its node is away: its name would stay taken in any case, and bots that go on
there would only be ended when the node is back. */}}
{{- define "flowhq.stays" -}}
{{- $away := list "node.kubernetes.io/unreachable" "node.kubernetes.io/not-ready" -}}
{{- range $away }}
- {key: {{ . }}, operator: Exists, effect: NoExecute}
{{- end }}
{{- end }}

{{/* Of a part of the values, and whether it runs bots: (list values bool). */}}
{{- define "flowhq.placement" -}}
{{- $stays := index . 1 -}}
{{- with index . 0 }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- if or $stays .tolerations }}
tolerations:
{{- if $stays }}{{ include "flowhq.stays" . | nindent 2 }}{{ end }}
{{- with .tolerations }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/* Settings of the operator's choosing, for the control plane and hosts alike. */}}
{{- define "flowhq.settings" -}}
{{- range $name, $value := omit .Values.settings "ALLOWED_HOSTS" }}
{{- /* A large number is 1e+06 to Helm. */}}
- {name: {{ $name }}, value: {{ kindIs "float64" $value | ternary (int64 $value) $value | toString | quote }}}
{{- end }}
{{- end }}

{{/* Of a pod that runs bots: 2.5 MiB a tenant and 256 MiB for all (docs/benchmarks.md, Memory), and as much again for busy hours. */}}
{{- define "flowhq.host-resources" -}}
{{- if .Values.hosts.resources }}
{{- toYaml .Values.hosts.resources }}
{{- else }}
{{- $memory := add 256 (div (mul 5 (int .Values.hosts.capacity)) 2) -}}
requests: {cpu: 500m, memory: {{ $memory }}Mi}
limits: {memory: {{ mul 2 $memory }}Mi}
{{- end }}
{{- end }}

{{/* The volume of a pod that runs bots: for this pod alone, not only for this node. */}}
{{- define "flowhq.claims" -}}
{{- $storage := (index . 0).Values.hosts.storage -}}
- metadata:
    name: data
    labels: {{- include "flowhq.selector" . | nindent 6 }}
  spec:
    accessModes: [ReadWriteOncePod]
    {{- with $storage.class }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests: {storage: {{ $storage.size }}}
{{- end }}
