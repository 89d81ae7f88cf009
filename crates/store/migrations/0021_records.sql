-- Bookings, orders, tickets and blocked hours, as a worker's journal has decided them. What lists and searches ask for
-- stands beside the record, which is JSON. stands_at: when a booking or a block begins, when an order or a ticket was made.
-- forget: the contact is to be forgotten, so that the row goes once it is closed.
CREATE TABLE records (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    reference TEXT NOT NULL,
    number {int} NOT NULL,
    kind TEXT NOT NULL,
    contact TEXT,
    version {int} NOT NULL,
    open {int} NOT NULL,
    state TEXT NOT NULL,
    stands_at {int} NOT NULL,
    found_by TEXT NOT NULL,
    body TEXT NOT NULL,
    forget {int} NOT NULL DEFAULT 0,
    changed_at {int} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT records_words CHECK (kind IN ('booking', 'order', 'ticket', 'block'))
) {strict};
CREATE UNIQUE INDEX records_reference ON records (tenant_id, reference);
CREATE INDEX records_in_order ON records (tenant_id, kind, stands_at, id);
CREATE INDEX records_of_contact ON records (tenant_id, contact);
-- How far each journal's records are committed here: they have a sequence of their own.
ALTER TABLE journals ADD COLUMN acknowledged_records {int} NOT NULL DEFAULT 0;
