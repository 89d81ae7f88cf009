-- What a tenant tells its bot beside its settings: one versioned JSON document, as it goes down the link. A tenant without
-- a row has told nothing yet.
CREATE TABLE business_profiles (
    tenant_id {id} NOT NULL UNIQUE REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    version {int} NOT NULL,
    document TEXT NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};
