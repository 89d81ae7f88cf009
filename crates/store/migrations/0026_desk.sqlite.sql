-- A setup request holds what it asks for, and outlives the membership of who sent it. SQLite takes no reference and adds no
-- constraint to a table that is there, so that the table is made anew.
CREATE TABLE setup_requests_new (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    user_id {id} NOT NULL,
    template_type TEXT NOT NULL,
    whatsapp_number TEXT NOT NULL,
    status TEXT NOT NULL,
    notes TEXT,
    reviewed_by TEXT,
    decided_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    business_name TEXT,
    business_type TEXT,
    language TEXT,
    hours_json TEXT,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT setup_requests_words CHECK (status IN ('SUBMITTED', 'REVIEWING', 'APPROVED', 'ACTIVE', 'REJECTED')
        AND (language IS NULL OR language IN ('SW', 'EN')))
) {strict};
INSERT INTO setup_requests_new (tenant_id, id, user_id, template_type, whatsapp_number, status, notes, reviewed_by,
    decided_at, created_at, updated_at) SELECT tenant_id, id, user_id, template_type, whatsapp_number, status, notes,
    reviewed_by, decided_at, created_at, updated_at FROM setup_requests;
DROP TABLE setup_requests;
ALTER TABLE setup_requests_new RENAME TO setup_requests;
CREATE INDEX setup_requests_newest ON setup_requests (created_at, id);
CREATE INDEX setup_requests_waiting ON setup_requests (status) WHERE status IN ('SUBMITTED', 'REVIEWING');
-- One request of a tenant is open at a time: of several the newest stays.
UPDATE setup_requests SET status = 'REJECTED', decided_at = updated_at, reviewed_by = 'system',
    notes = COALESCE(notes, 'A later request has taken its place.')
    WHERE status IN ('SUBMITTED', 'REVIEWING') AND EXISTS (SELECT 1 FROM setup_requests o
    WHERE o.tenant_id = setup_requests.tenant_id AND o.status IN ('SUBMITTED', 'REVIEWING')
    AND (o.created_at, o.id) > (setup_requests.created_at, setup_requests.id));
CREATE UNIQUE INDEX setup_requests_open ON setup_requests (tenant_id) WHERE status IN ('SUBMITTED', 'REVIEWING');
CREATE INDEX setup_requests_of_tenant ON setup_requests (tenant_id, created_at, id);

-- What people of a business note of a customer. Who has written stands in the log; a customer of whom nothing is noted has
-- no row here.
CREATE TABLE customers (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    contact TEXT NOT NULL,
    name TEXT,
    state TEXT,
    note TEXT,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT customers_words CHECK (state IN ('NEW', 'WAITING', 'CONFIRMED', 'DONE', 'LOST'))
) {strict};
CREATE UNIQUE INDEX customers_contact ON customers (tenant_id, contact);

-- What a person of a business is told, as JSON, and what was told already. daily_due: when the next summary goes out.
-- told_hand_off: customers who have waited since then or longer were told of.
CREATE TABLE notification_choices (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    user_id {id} NOT NULL,
    choices_json TEXT NOT NULL,
    daily_due {int},
    told_hand_off {int} NOT NULL DEFAULT 0,
    told_removed {int} NOT NULL DEFAULT 0,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE
) {strict};
CREATE UNIQUE INDEX notification_choices_member ON notification_choices (tenant_id, user_id);
CREATE INDEX notification_choices_due ON notification_choices (daily_due) WHERE daily_due IS NOT NULL;

-- Browsers that asked for web push. Whoever knows the endpoint and the keys may write to that browser.
CREATE TABLE push_subscriptions (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    user_id {id} NOT NULL,
    endpoint TEXT NOT NULL,
    public_key TEXT NOT NULL,
    auth_secret TEXT NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE
) {strict};
CREATE UNIQUE INDEX push_subscriptions_endpoint ON push_subscriptions (tenant_id, endpoint);
CREATE INDEX push_subscriptions_of_member ON push_subscriptions (tenant_id, user_id);
