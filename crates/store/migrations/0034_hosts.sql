-- Machines beside this one on which bots run, by their names. What a person has ordered of each, since when it is as it is, and
-- since when it has not answered, where it does not.
CREATE TABLE hosts (
    name {id} NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    incarnation {int} NOT NULL,
    version TEXT NOT NULL,
    capacity {int} NOT NULL,
    ordered TEXT NOT NULL,
    since {int} NOT NULL,
    away_at {int},
    seen_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    CONSTRAINT hosts_words CHECK (ordered IN ('READY', 'DRAINING', 'LOST'))
) {strict};
-- On which host a tenant's bot runs: where there is no row, or no name, on this machine. The version grows with every step of a
-- move. While the tenant leaves, other is where it goes and nothing of it begins anywhere; while it clears, other is where
-- something of it still lies that is to be removed.
CREATE TABLE places (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    host {id},
    other {id},
    step TEXT NOT NULL,
    version {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT places_words CHECK (step IN ('STAYS', 'LEAVES', 'CLEARS'))
) {strict};
CREATE UNIQUE INDEX places_of_tenant ON places (tenant_id);
CREATE INDEX places_of_host ON places (host, tenant_id);
CREATE INDEX places_under_way ON places (tenant_id) WHERE step <> 'STAYS';
