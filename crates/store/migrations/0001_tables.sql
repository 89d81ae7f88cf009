-- {id} is a UUIDv7 as 36 characters, {int} a 64-bit integer; times are milliseconds since 1970 in UTC.
-- Tables of a tenant have keys that begin with tenant_id, so that no reference can cross tenants and no worker can
-- occupy another's row id.

CREATE TABLE tenants (
    id {id} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    phone_number TEXT,
    status TEXT NOT NULL,
    timezone TEXT NOT NULL,
    currency TEXT NOT NULL,
    suspended_at {int},
    suspended_reason TEXT,
    held_number TEXT,
    confirmed_number TEXT,
    retention_days {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL
) {strict};
CREATE INDEX tenants_newest ON tenants (created_at, id);

CREATE TABLE tenant_configs (
    tenant_id {id} NOT NULL UNIQUE REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    template_type TEXT NOT NULL,
    business_name TEXT NOT NULL,
    language TEXT NOT NULL,
    hours_json TEXT,
    version {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};

CREATE TABLE whatsapp_sessions (
    tenant_id {id} NOT NULL UNIQUE REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    state TEXT NOT NULL,
    last_qr TEXT,
    qr_expires_at {int},
    last_seen_at {int},
    linked_number TEXT UNIQUE,
    linked_lid TEXT UNIQUE,
    linked_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};

CREATE TABLE worker_processes (
    tenant_id {id} NOT NULL UNIQUE REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    process_name TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    last_error TEXT,
    desired_state TEXT NOT NULL,
    generation {int} NOT NULL,
    pid {int},
    started_at {int},
    last_heartbeat_at {int},
    memory_bytes {int},
    cpu_ms {int},
    queued {int},
    unsent {int},
    unlogged {int},
    last_message_at {int},
    restarts {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};

CREATE TABLE message_logs (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    direction TEXT NOT NULL,
    from_number TEXT NOT NULL,
    to_number TEXT NOT NULL,
    contact TEXT NOT NULL,
    message_text TEXT NOT NULL,
    wa_message_id TEXT NOT NULL,
    silence TEXT,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};
CREATE INDEX message_logs_newest ON message_logs (tenant_id, created_at, id);
CREATE INDEX message_logs_of_contact ON message_logs (tenant_id, contact, created_at, id);

-- How far each journal of a tenant's workers is committed here. A journal that was made anew has an id of its own.
CREATE TABLE journals (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    acknowledged {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id)
) {strict};

CREATE TABLE users (
    id {id} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    phone TEXT,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL
) {strict};

-- tenant_id is empty for operators.
CREATE TABLE memberships (
    id {id} NOT NULL PRIMARY KEY,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    tenant_id {id} REFERENCES tenants (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    CHECK ((tenant_id IS NULL) = (role = 'ADMIN')),
    UNIQUE (tenant_id, user_id)
) {strict};
CREATE UNIQUE INDEX memberships_of_operators ON memberships (user_id) WHERE tenant_id IS NULL;
CREATE INDEX memberships_of_user ON memberships (user_id);

CREATE TABLE setup_requests (
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
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE
) {strict};
CREATE INDEX setup_requests_newest ON setup_requests (created_at, id);
CREATE INDEX setup_requests_of_member ON setup_requests (tenant_id, user_id);

-- The audit log. Plain ids without references: it outlives what it speaks of.
CREATE TABLE portal_event_logs (
    id {id} NOT NULL PRIMARY KEY,
    tenant_id {id},
    user_id {id},
    actor TEXT NOT NULL,
    event_type TEXT NOT NULL,
    payload_json TEXT NOT NULL,
    created_at {int} NOT NULL
) {strict};
CREATE INDEX portal_event_logs_of_tenant ON portal_event_logs (tenant_id, created_at, id);
CREATE INDEX portal_event_logs_newest ON portal_event_logs (created_at, id);

-- What the platform remembers about itself, like the hash of the admin password.
CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at {int} NOT NULL
) {strict};

-- Who runs this database; the epoch grows with every taking. One row.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch {int} NOT NULL,
    updated_at {int} NOT NULL
) {strict};
