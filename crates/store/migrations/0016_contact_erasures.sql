-- Contacts that are to be forgotten and that a worker's journal may still hold. A row goes once the journal has
-- confirmed. Number and LID are what the journal knew the contact by: it forgets them before the log may.
CREATE TABLE contact_erasures (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    contact TEXT NOT NULL,
    number TEXT,
    lid TEXT,
    ordered_by TEXT NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};
CREATE UNIQUE INDEX contact_erasures_contact ON contact_erasures (tenant_id, contact);
