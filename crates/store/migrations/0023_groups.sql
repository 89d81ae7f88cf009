-- What the tiles of the tenants page count, each by an index. What a heartbeat changes has none: it would be written with
-- every heartbeat of every bot.
CREATE INDEX tenants_groups ON tenants (status, suspended_at, held_number, id);
CREATE INDEX whatsapp_sessions_states ON whatsapp_sessions (state, tenant_id);
CREATE INDEX worker_processes_status ON worker_processes (status, tenant_id);
CREATE INDEX setup_requests_waiting ON setup_requests (status) WHERE status IN ('SUBMITTED', 'REVIEWING');
