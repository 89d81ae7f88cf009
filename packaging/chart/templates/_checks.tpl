{{/* What a schema can only say in its own words. */}}
{{- define "flowhq.checks" -}}
{{- if not .Values.database.secret }}{{ fail "\n\ndatabase.secret is not set: name the Secret that holds `url` and `migrate-url` of your PostgreSQL (docs/many-machines.md, Keys and database)" }}{{ end }}
{{- if not .Values.addresses.admin }}{{ fail "\n\naddresses.admin is not set: the https:// address under which operators reach the dashboard" }}{{ end }}
{{- if not .Values.addresses.portal }}{{ fail "\n\naddresses.portal is not set: the https:// address under which owners reach the portal" }}{{ end }}
{{- if not .Values.keys.secret }}{{ fail "\n\nkeys.secret is not set: name the Secret that holds link.key, master.key, backup.key and admin-password (docs/many-machines.md, Keys and database)" }}{{ end }}
{{- if eq (include "flowhq.hosts-secret" .) .Values.keys.secret }}{{ fail "\n\nkeys.hostsSecret names the Secret of the control plane: hosts must never see link.key, give them one of their own" }}{{ end }}
{{- if and .Values.portal.alone (not .Values.portal.publicKey) }}{{ fail "\n\nportal.publicKey is not set: a portal of its own signs who is asking, and the control plane has to know the public half of portal.key (`flowhq portal --public-key` prints it)" }}{{ end }}
{{- range $name, $value := .Values.settings }}
{{- if has $name (list "DATABASE_URL" "DATABASE_MIGRATE_URL" "MASTER_KEY" "BACKUP_KEY" "ADMIN_PASSWORD" "SMTP_URL" "ALERT_WEBHOOK_SECRET" "ALERT_NTFY_URL" "ALERT_NTFY_TOKEN" "PORTAL_INTERNAL_KEY" "GOOGLE_CLIENT_SECRET" "OIDC_CLIENT_SECRET") }}{{ fail (printf "\n\nsettings.%s is a secret: put it into a Secret, and name that in secretSettings" $name) }}{{ end }}
{{- if has $name (list "DATA_DIR" "BIND" "PORT" "PORTAL_PORT" "ADMIN_URL" "PORTAL_URL" "STOP_WORKERS" "HOSTS" "HOST_NAME" "HOST_LISTEN" "HOST_KEY_FILE" "HOST_CAPACITY" "TRUSTED_PROXIES") }}{{ fail (printf "\n\nsettings.%s is set by the chart itself: leave it out" $name) }}{{ end }}
{{- end }}
{{- end }}
