-- Why a session with WhatsApp does not work, where more is known than that it does not, and until when.
ALTER TABLE whatsapp_sessions ADD COLUMN trouble TEXT;
ALTER TABLE whatsapp_sessions ADD COLUMN trouble_until {int};
CREATE INDEX whatsapp_sessions_trouble ON whatsapp_sessions (tenant_id) WHERE trouble IS NOT NULL;
CREATE INDEX setup_requests_waiting_of ON setup_requests (tenant_id) WHERE status IN ('SUBMITTED', 'REVIEWING');
ALTER TABLE whatsapp_sessions ADD CONSTRAINT whatsapp_sessions_trouble CHECK
(trouble IN ('PHONE_REMOVED', 'REFUSED', 'LIMITED', 'UNREACHABLE', 'SESSION_LOST', 'SESSION_CORRUPT'));
