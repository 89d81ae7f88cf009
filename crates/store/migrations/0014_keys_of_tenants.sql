-- What is kept of an answer names its tenant, and goes with it. Answers that are kept already have the tenant that they
-- name; they are forgotten within a day in any case.
ALTER TABLE idempotency_keys ADD COLUMN tenant_id {id} REFERENCES tenants (id) ON DELETE CASCADE;
UPDATE idempotency_keys SET tenant_id = (SELECT MIN(t.id) FROM tenants t
    WHERE COALESCE(location, '') || ' ' || COALESCE(body, '') LIKE '%' || t.id || '%');
CREATE INDEX idempotency_keys_of_tenant ON idempotency_keys (tenant_id);
