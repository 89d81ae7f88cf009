-- Whether each bot answered while it was meant to, in spans of time that follow each other; a row is written where that
-- changes. A span that is DOWN is an incident, with what was wrong (was), why, and what ended it. One of a tenant goes on.
CREATE TABLE standings (
    tenant_id {id} NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id {id} NOT NULL,
    standing TEXT NOT NULL,
    was TEXT,
    why TEXT,
    until_at {int},
    began_at {int} NOT NULL,
    ended_at {int},
    ended_by TEXT,
    created_at {int} NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT standings_words CHECK (standing IN ('UP', 'DOWN', 'OFF')
        AND (was IS NULL OR was IN ('PHONE_REMOVED', 'REFUSED', 'SESSION_GONE', 'ERROR', 'LIMITED', 'OTHER_NUMBER',
        'UNREACHABLE', 'AWAY', 'STALE', 'REQUESTED', 'SCAN', 'PREPARING', 'RECONNECTING', 'ANSWERING', 'SUSPENDED',
        'STOPPING', 'PAUSED', 'NEW'))
        AND (ended_by IS NULL OR ended_by IN ('ANSWERING', 'STOPPED', 'SUSPENDED', 'OTHER_TROUBLE', 'UNSEEN')))
) {strict};
CREATE UNIQUE INDEX standings_open ON standings (tenant_id) WHERE ended_at IS NULL;
CREATE INDEX standings_newest ON standings (tenant_id, began_at, id);
CREATE INDEX standings_ended ON standings (ended_at) WHERE ended_at IS NOT NULL;
