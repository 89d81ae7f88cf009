-- Words of enums are checked by the database too, template_type alone excepted, which names a pack. SQLite takes no
-- constraint on a table that is there, so that triggers do it.
CREATE TRIGGER tenants_words_insert BEFORE INSERT ON tenants
WHEN NEW.status NOT IN ('NEW', 'QR_PENDING', 'QR_READY', 'ACTIVE', 'PAUSED', 'ERROR')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: tenants_words'); END;
CREATE TRIGGER tenants_words_update BEFORE UPDATE OF status ON tenants
WHEN NEW.status NOT IN ('NEW', 'QR_PENDING', 'QR_READY', 'ACTIVE', 'PAUSED', 'ERROR')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: tenants_words'); END;
CREATE TRIGGER tenant_configs_words_insert BEFORE INSERT ON tenant_configs
WHEN NEW.language NOT IN ('SW', 'EN')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: tenant_configs_words'); END;
CREATE TRIGGER tenant_configs_words_update BEFORE UPDATE OF language ON tenant_configs
WHEN NEW.language NOT IN ('SW', 'EN')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: tenant_configs_words'); END;
CREATE TRIGGER whatsapp_sessions_words_insert BEFORE INSERT ON whatsapp_sessions
WHEN NEW.state NOT IN ('DISCONNECTED', 'QR_READY', 'CONNECTED')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: whatsapp_sessions_words'); END;
CREATE TRIGGER whatsapp_sessions_words_update BEFORE UPDATE OF state ON whatsapp_sessions
WHEN NEW.state NOT IN ('DISCONNECTED', 'QR_READY', 'CONNECTED')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: whatsapp_sessions_words'); END;
CREATE TRIGGER worker_processes_words_insert BEFORE INSERT ON worker_processes
WHEN NEW.status NOT IN ('RUNNING', 'STOPPED', 'ERROR') OR NEW.desired_state NOT IN ('RUN', 'STOPPED')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: worker_processes_words'); END;
CREATE TRIGGER worker_processes_words_update BEFORE UPDATE OF status, desired_state ON worker_processes
WHEN NEW.status NOT IN ('RUNNING', 'STOPPED', 'ERROR') OR NEW.desired_state NOT IN ('RUN', 'STOPPED')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: worker_processes_words'); END;
CREATE TRIGGER message_logs_words_insert BEFORE INSERT ON message_logs
WHEN NEW.direction NOT IN ('IN', 'OUT')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: message_logs_words'); END;
CREATE TRIGGER message_logs_words_update BEFORE UPDATE OF direction ON message_logs
WHEN NEW.direction NOT IN ('IN', 'OUT')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: message_logs_words'); END;
CREATE TRIGGER memberships_words_insert BEFORE INSERT ON memberships
WHEN NEW.role NOT IN ('OWNER', 'STAFF', 'ADMIN') OR NEW.status NOT IN ('INVITED', 'ACTIVE', 'REMOVED')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: memberships_words'); END;
CREATE TRIGGER memberships_words_update BEFORE UPDATE OF role, status ON memberships
WHEN NEW.role NOT IN ('OWNER', 'STAFF', 'ADMIN') OR NEW.status NOT IN ('INVITED', 'ACTIVE', 'REMOVED')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: memberships_words'); END;
CREATE TRIGGER setup_requests_words_insert BEFORE INSERT ON setup_requests
WHEN NEW.status NOT IN ('SUBMITTED', 'REVIEWING', 'APPROVED', 'ACTIVE', 'REJECTED')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: setup_requests_words'); END;
CREATE TRIGGER setup_requests_words_update BEFORE UPDATE OF status ON setup_requests
WHEN NEW.status NOT IN ('SUBMITTED', 'REVIEWING', 'APPROVED', 'ACTIVE', 'REJECTED')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: setup_requests_words'); END;
