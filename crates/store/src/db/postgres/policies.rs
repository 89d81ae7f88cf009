//! Row-level security and rights, written anew by each migration from the list of tables.

use std::fmt::Write as _;

use crate::db::{Rows, TABLES, Table};

/// The tenant of the transaction; NULL, which equals nothing, where none is set. After a transaction-local setting
/// has ended it reads as an empty text and not as NULL.
///
/// Within a `SELECT` of its own, so that a statement reads the setting once and not for each row.
const TENANT: &str = "(SELECT nullif(current_setting('flowhq.tenant', true), '') AS of_tenant)";
/// Whether the transaction is the operator's. Read once too; and no comparison at its outside, of which the planner would
/// believe that one row in 200 passes it (`DEFAULT_EQ_SEL`): it would then walk through all rows of all tables where it
/// should take the first fifty by an index. That something is there it believes of nearly all (`DEFAULT_NOT_UNK_SEL`).
const OPERATOR: &str =
    "(SELECT nullif(current_setting('flowhq.operator', true) = 'on', false) AS is_operator) IS NOT NULL";

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Policy {
    /// Its name.
    pub(super) name: &'static str,
    /// The verb it is for, or ALL.
    pub(super) verb: &'static str,
    /// Which rows are there.
    pub(super) using: String,
    /// Which rows may be written, where it is for writing too.
    pub(super) check: Option<String>,
}

impl Policy {
    fn of(name: &'static str, verb: &'static str, rule: String) -> Self {
        let check = (verb == "ALL").then(|| rule.clone());
        Self { name, verb, using: rule, check }
    }

    /// The SQL that makes it.
    pub(super) fn create(&self, table: &str) -> String {
        let Self { name, verb, using, check } = self;
        let check = check.as_ref().map(|check| format!(" WITH CHECK ({check})")).unwrap_or_default();
        format!("CREATE POLICY {name} ON {table} FOR {verb} USING ({using}){check}; ")
    }
}

/// The policies of a table, in the order of their names.
pub(super) fn of(table: &Table) -> Vec<Policy> {
    let name = table.name;
    let tenants = match table.rows {
        Rows::OfTenant(column) => Some(Policy::of("tenant_rows", "ALL", format!("{column} = {TENANT}"))),
        Rows::OfMembers => {
            let member = format!("m.user_id = {name}.id AND m.tenant_id = {TENANT}");
            let rule = format!("EXISTS (SELECT 1 FROM memberships m WHERE {member})");
            Some(Policy::of("tenant_rows", "SELECT", rule))
        }
        Rows::Readable => Some(Policy::of("tenant_rows", "SELECT", "true".to_owned())),
        Rows::OfPlatform => None,
    };
    std::iter::once(Policy::of("operator_rows", "ALL", OPERATOR.to_owned())).chain(tenants).collect()
}

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
        let _ = write!(
            sql,
            "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; ALTER TABLE {name} FORCE ROW LEVEL SECURITY; \
             REVOKE ALL ON {name} FROM PUBLIC, {role}; GRANT {rights} ON {name} TO {role}; \
             DROP POLICY IF EXISTS tenant_rows ON {name}; DROP POLICY IF EXISTS operator_rows ON {name}; ",
            rights = table.rights,
        );
        sql.extend(of(table).iter().map(|policy| policy.create(name)));
    }
    sql
}

/// A name as SQL takes it, whatever characters it has.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
