-- Why a session with WhatsApp does not work, where more is known than that it does not, and until when.
ALTER TABLE whatsapp_sessions ADD COLUMN trouble TEXT;
ALTER TABLE whatsapp_sessions ADD COLUMN trouble_until {int};
CREATE INDEX whatsapp_sessions_trouble ON whatsapp_sessions (tenant_id) WHERE trouble IS NOT NULL;
CREATE INDEX setup_requests_waiting_of ON setup_requests (tenant_id) WHERE status IN ('SUBMITTED', 'REVIEWING');
CREATE TRIGGER whatsapp_sessions_trouble_insert BEFORE INSERT ON whatsapp_sessions
WHEN NEW.trouble NOT IN ('PHONE_REMOVED', 'REFUSED', 'LIMITED', 'UNREACHABLE', 'SESSION_LOST', 'SESSION_CORRUPT')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: whatsapp_sessions_trouble'); END;
CREATE TRIGGER whatsapp_sessions_trouble_update BEFORE UPDATE OF trouble ON whatsapp_sessions
WHEN NEW.trouble NOT IN ('PHONE_REMOVED', 'REFUSED', 'LIMITED', 'UNREACHABLE', 'SESSION_LOST', 'SESSION_CORRUPT')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: whatsapp_sessions_trouble'); END;
