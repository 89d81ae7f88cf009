-- How each bot did in the last day, for the strip of its row: one letter for each five minutes, the last one of the
-- five minutes numbered slot (milliseconds since 1970 / 300000). One row a tenant, whose id is the tenant's.

CREATE TABLE heartbeat_strips (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    cells TEXT NOT NULL,
    slot {int} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};
