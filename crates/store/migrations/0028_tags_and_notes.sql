-- What operators note of a tenant for themselves: a text, and words by which they find it again. Neither the tenant's people
-- nor its worker are ever told. The version grows with every change of either, and is none of the configuration's: a worker
-- must not be told of a note.
CREATE TABLE tenant_notes (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    version {int} NOT NULL,
    note TEXT NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};
CREATE UNIQUE INDEX tenant_notes_tenant ON tenant_notes (tenant_id);

-- Tags are sorted and compared by their bytes on both engines, as ids are.
CREATE TABLE tenant_tags (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    tag {id} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};
CREATE UNIQUE INDEX tenant_tags_tenant ON tenant_tags (tenant_id, tag);
CREATE INDEX tenant_tags_tag ON tenant_tags (tag, tenant_id);
