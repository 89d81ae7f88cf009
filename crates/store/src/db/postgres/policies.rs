//! Row-level security and rights, written anew by each migration from the list of tables.

use std::fmt::Write as _;

use crash::Canary;

use crate::db::{Rows, TABLES};

/// The tenant of the transaction; NULL, which equals nothing, where none is set. After a transaction-local setting
/// has ended it reads as an empty text and not as NULL.
const TENANT: &str = "nullif(current_setting('flowhq.tenant', true), '')";
/// Whether the transaction is the operator's.
const OPERATOR: &str = "current_setting('flowhq.operator', true) = 'on'";

/// The policies that each table has, in the order of their names.
pub(super) const POLICIES: &str = "operator_rows,tenant_rows";
/// The policies of a table that belongs to no tenant.
pub(super) const PLATFORM_POLICIES: &str = "operator_rows";

/// Everything that the owner of the tables has to say about who may do what. Carried out any number of times it
/// comes to the same.
pub(super) fn script(runtime: &str) -> String {
    let role = quoted(runtime);
    let mut sql = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        sql,
        "REVOKE ALL ON flowhq_migrations FROM PUBLIC, {role}; GRANT SELECT ON flowhq_migrations TO {role};"
    );
    for table in TABLES {
        let name = table.name;
        let (kind, rule) = match table.rows {
            Rows::OfTenant(column) => ("ALL", Some(format!("{column} = {TENANT}"))),
            Rows::OfMembers => (
                "SELECT",
                Some(format!(
                    "EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = {name}.id AND m.tenant_id = {TENANT})"
                )),
            ),
            Rows::Readable => ("SELECT", Some("true".to_owned())),
            Rows::OfPlatform => ("ALL", None),
        };
        let _ = write!(
            sql,
            "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; ALTER TABLE {name} {force} ROW LEVEL SECURITY; \
             REVOKE ALL ON {name} FROM PUBLIC, {role}; GRANT {rights} ON {name} TO {role}; \
             DROP POLICY IF EXISTS tenant_rows ON {name}; DROP POLICY IF EXISTS operator_rows ON {name}; \
             CREATE POLICY operator_rows ON {name} USING ({OPERATOR}) WITH CHECK ({OPERATOR}); ",
            rights = table.rights,
            force = if crash::canary(Canary::PolicyNotForced) { "NO FORCE" } else { "FORCE" },
        );
        if let Some(rule) = rule {
            let check = if kind == "ALL" { format!(" WITH CHECK ({rule})") } else { String::new() };
            let _ = write!(sql, "CREATE POLICY tenant_rows ON {name} FOR {kind} USING ({rule}){check}; ");
        }
    }
    sql
}

/// A name as SQL takes it, whatever characters it has.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
