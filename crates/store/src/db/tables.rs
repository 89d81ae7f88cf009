//! Our tables in the order of their references, and who may see which rows of them.

/// Who may see and change which rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// A tenant those that carry its id in this column; operators all.
    OfTenant(&'static str),
    /// A tenant may read those of its members; operators all.
    OfMembers,
    /// Operators only.
    OfPlatform,
    /// Everybody may read them; operators change them.
    Readable,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its primary key, in order.
    pub(crate) key: &'static [&'static str],
    /// Whose its rows are.
    pub(crate) rows: Rows,
    /// What the runtime role may do with it on PostgreSQL.
    pub(crate) rights: &'static str,
}

const ALL_RIGHTS: &str = "SELECT, INSERT, UPDATE, DELETE";

const fn of_tenant(name: &'static str) -> Table {
    Table { name, key: &["tenant_id", "id"], rows: Rows::OfTenant("tenant_id"), rights: ALL_RIGHTS }
}

/// All tables but the list of migrations.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "tenants", key: &["id"], rows: Rows::OfTenant("id"), rights: ALL_RIGHTS },
    of_tenant("tenant_configs"),
    of_tenant("whatsapp_sessions"),
    of_tenant("worker_processes"),
    of_tenant("message_logs"),
    of_tenant("journals"),
    of_tenant("heartbeat_strips"),
    of_tenant("standings"),
    of_tenant("contact_erasures"),
    of_tenant("business_profiles"),
    of_tenant("records"),
    of_tenant("places"),
    Table { name: "users", key: &["id"], rows: Rows::OfMembers, rights: ALL_RIGHTS },
    Table { name: "memberships", key: &["id"], rows: Rows::OfTenant("tenant_id"), rights: ALL_RIGHTS },
    of_tenant("setup_requests"),
    Table { name: "person_accounts", key: &["user_id"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    Table { name: "identities", key: &["id"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    Table { name: "portal_sessions", key: &["id"], rows: Rows::OfTenant("tenant_id"), rights: ALL_RIGHTS },
    Table { name: "portal_links", key: &["id"], rows: Rows::OfTenant("tenant_id"), rights: ALL_RIGHTS },
    of_tenant("customers"),
    of_tenant("notification_choices"),
    of_tenant("push_subscriptions"),
    of_tenant("tenant_notes"),
    of_tenant("tenant_tags"),
    // The audit log only grows: the role that serves requests has no right to change or delete a line.
    Table {
        name: "portal_event_logs",
        key: &["id"],
        rows: Rows::OfTenant("tenant_id"),
        rights: "SELECT, INSERT",
    },
    Table { name: "operator_accounts", key: &["user_id"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    Table { name: "admin_factors", key: &["id"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    Table { name: "code_tries", key: &["account"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    Table { name: "web_sessions", key: &["id"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    // Operators use them alone; what answers hold of a tenant is a tenant's.
    Table { name: "idempotency_keys", key: &["id"], rows: Rows::OfTenant("tenant_id"), rights: ALL_RIGHTS },
    Table { name: "alert_causes", key: &["id"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    Table { name: "alert_deliveries", key: &["id"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    Table { name: "alert_results", key: &["id"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    Table { name: "hosts", key: &["name"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
    Table { name: "leases", key: &["name"], rows: Rows::Readable, rights: "SELECT, INSERT, UPDATE" },
    Table { name: "settings", key: &["key"], rows: Rows::OfPlatform, rights: ALL_RIGHTS },
];
