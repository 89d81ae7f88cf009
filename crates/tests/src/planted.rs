//! What tests plant on purpose and must find: their tables, from which docs/isolation.md counts too.

/// What is done to the database, what the refusal says, and whether the owner's migration would mend it by itself.
pub const UNSAFE: &[(&str, &str)] = &[
    ("ALTER ROLE flowhq SUPERUSER", "is a superuser"),
    ("ALTER ROLE flowhq BYPASSRLS", "passes row-level security"),
    ("ALTER ROLE flowhq CREATEROLE", "may make roles"),
    ("GRANT flowhq_owner TO flowhq", "may act as \"flowhq_owner\""),
    ("ALTER TABLE tenants OWNER TO flowhq", "owns the table \"tenants\""),
    ("GRANT CREATE ON SCHEMA public TO flowhq", "may create tables"),
    ("ALTER TABLE message_logs NO FORCE ROW LEVEL SECURITY", "FORCE is missing"),
    ("ALTER TABLE message_logs DISABLE ROW LEVEL SECURITY", "ENABLE is missing"),
    ("CREATE POLICY everybody ON tenants USING (true)", "everybody"),
    ("GRANT TRUNCATE ON message_logs TO flowhq", "may truncate"),
    ("GRANT DELETE ON portal_event_logs TO flowhq", "may truncate or rewrite portal_event_logs"),
];

/// What `flowhq stress` can plant, and its check that must find it.
pub const LEAKS: &[(&str, &str)] = &[
    ("answers", "answers"),
    ("rows", "rows"),
    ("sessions", "sessions"),
    ("workers", "workers"),
    ("files", "files"),
    ("logs", "logs"),
    ("leftovers", "clean-up"),
];
