//! What the policies of a table say, and not only what they are called.

use sqlx::AnyConnection;

use super::{get, quoted, unsafe_because};
use crate::{
    OpenError,
    db::{
        Table,
        postgres::policies::{self, Policy},
    },
};

/// Name, verb, whether it widens, for which roles, and both expressions as the server writes them.
const POLICIES: &str = "SELECT CAST(p.polname AS TEXT), CAST(p.polcmd AS TEXT), CAST(p.polpermissive AS INT), \
     CAST(p.polroles AS TEXT), COALESCE(pg_get_expr(p.polqual, p.polrelid), ''), \
     COALESCE(pg_get_expr(p.polwithcheck, p.polrelid), '') \
     FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid \
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = current_schema() AND c.relname = $1 ORDER BY CAST(p.polname AS TEXT)";

/// Each policy is ours, says what ours says, and none is missing.
pub(super) async fn check(connection: &mut AnyConnection, table: &Table) -> Result<(), OpenError> {
    let name = table.name;
    let rows = sqlx::query(POLICIES).bind(name.to_owned()).fetch_all(connection).await;
    let mut expected = policies::of(table);
    for row in rows.map_err(OpenError::Database)? {
        let policy: String = get(&row, 0)?;
        let found = Found {
            verb: get(&row, 1)?,
            permissive: get::<i32>(&row, 2)? != 0,
            roles: get(&row, 3)?,
            using: get(&row, 4)?,
            check: get(&row, 5)?,
        };
        let Some(at) = expected.iter().position(|ours| ours.name == policy) else {
            return Err(unsafe_because(
                format!("the policies of {name} are not ours alone: there is {}", quoted(&policy)),
                format!("DROP POLICY {} ON {name};", quoted(&policy)),
            ));
        };
        let ours = expected.swap_remove(at);
        if !found.says(&ours) {
            return Err(unsafe_because(
                format!("the policy {policy} of {name} says \"{}\" and not \"{}\"", found.using, ours.using),
                format!("DROP POLICY {} ON {name}; {}", quoted(&policy), ours.create(name)),
            ));
        }
    }
    match expected.first() {
        None => Ok(()),
        Some(missing) => {
            Err(unsafe_because(format!("the policies of {name} lack {}", missing.name), missing.create(name)))
        }
    }
}

/// A policy as the server has it.
struct Found {
    verb: String,
    permissive: bool,
    roles: String,
    using: String,
    check: String,
}

impl Found {
    fn says(&self, ours: &Policy) -> bool {
        let verb = match ours.verb {
            "SELECT" => "r",
            _ => "*",
        };
        // For everybody: the runtime role is the only one with rights on the table beside its owner.
        let for_all = self.roles == "{0}";
        self.verb == verb
            && self.permissive
            && for_all
            && plain(&self.using) == plain(&ours.using)
            && plain(&self.check) == plain(ours.check.as_deref().unwrap_or_default())
    }
}

/// An expression without what servers write in one way or another: casts to text, parentheses, blanks, letter case.
fn plain(expression: &str) -> String {
    let text = expression.to_lowercase().replace("::text", "");
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')).collect()
}
