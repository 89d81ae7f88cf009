-- Words of enums are checked by the database too, template_type alone excepted, which names a pack.
ALTER TABLE tenants ADD CONSTRAINT tenants_words CHECK (status IN ('NEW', 'QR_PENDING', 'QR_READY', 'ACTIVE', 'PAUSED', 'ERROR'));
ALTER TABLE tenant_configs ADD CONSTRAINT tenant_configs_words CHECK (language IN ('SW', 'EN'));
ALTER TABLE whatsapp_sessions ADD CONSTRAINT whatsapp_sessions_words CHECK (state IN ('DISCONNECTED', 'QR_READY', 'CONNECTED'));
ALTER TABLE worker_processes ADD CONSTRAINT worker_processes_words CHECK (status IN ('RUNNING', 'STOPPED', 'ERROR') AND desired_state IN ('RUN', 'STOPPED'));
ALTER TABLE message_logs ADD CONSTRAINT message_logs_words CHECK (direction IN ('IN', 'OUT'));
ALTER TABLE memberships ADD CONSTRAINT memberships_words CHECK (role IN ('OWNER', 'STAFF', 'ADMIN') AND status IN ('INVITED', 'ACTIVE', 'REMOVED'));
ALTER TABLE setup_requests ADD CONSTRAINT setup_requests_words CHECK (status IN ('SUBMITTED', 'REVIEWING', 'APPROVED', 'ACTIVE', 'REJECTED'));
