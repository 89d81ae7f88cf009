-- Messages of one contact that a tenant's bot answers in a minute; empty for the platform's setting.
ALTER TABLE tenant_configs ADD COLUMN rate_limit_per_minute {int};
