-- Rows of a tenant's log have the order in which they came to the store: no clock decides it. Rows that are there keep
-- the order in which they were shown.
ALTER TABLE whatsapp_sessions ADD COLUMN log_seq {int} NOT NULL DEFAULT 0;
ALTER TABLE message_logs ADD COLUMN seq {int} NOT NULL DEFAULT 0;
-- When an inbound message was written, by its sender's clock and WhatsApp's.
ALTER TABLE message_logs ADD COLUMN sent_at {int};
-- WhatsApp's id of the message that a row corrects or takes back.
ALTER TABLE message_logs ADD COLUMN about TEXT;
UPDATE message_logs SET seq = n.seq FROM (SELECT tenant_id, id, ROW_NUMBER() OVER (PARTITION BY tenant_id
    ORDER BY created_at, id) AS seq FROM message_logs) AS n
    WHERE n.tenant_id = message_logs.tenant_id AND n.id = message_logs.id;
UPDATE whatsapp_sessions SET log_seq = (SELECT COALESCE(MAX(l.seq), 0) FROM message_logs l
    WHERE l.tenant_id = whatsapp_sessions.tenant_id);
CREATE UNIQUE INDEX message_logs_order ON message_logs (tenant_id, seq);
CREATE INDEX message_logs_of_contact_order ON message_logs (tenant_id, contact, seq);
-- Customers' messages of the last day that could not be read, and by how much WhatsApp's clock is ahead of the worker's.
ALTER TABLE worker_processes ADD COLUMN unreadable {int};
ALTER TABLE worker_processes ADD COLUMN clock_behind_ms {int};
