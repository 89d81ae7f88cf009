//! Functions and views that act with other rights than the role's own, and so pass its policies.

use sqlx::AnyConnection;

use super::{all, get, one, quoted, unsafe_because};
use crate::{OpenError, db::TABLES};

/// Functions that run with their owner's rights and that the role may call; an extension's own are its maker's business.
const FUNCTIONS: &str = "SELECT CAST(CAST(p.oid AS regprocedure) AS TEXT) FROM pg_catalog.pg_proc p \
     JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
     WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
     AND has_function_privilege(p.oid, 'EXECUTE') \
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1";

/// Views that read tables, directly or through other views, with their owner's rights, and that the role may read. `$1` is
/// the names of our tables with commas between and around them.
const VIEWS: &str = "WITH RECURSIVE readers AS ( \
     SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') \
     AND position(',' || CAST(c.relname AS TEXT) || ',' IN $1) > 0 \
     UNION SELECT r.ev_class FROM readers JOIN pg_catalog.pg_depend d ON d.refobjid = readers.oid \
     AND d.refclassid = CAST('pg_class' AS regclass) AND d.classid = CAST('pg_rewrite' AS regclass) \
     JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid) \
     SELECT CAST(CAST(v.oid AS regclass) AS TEXT) FROM readers JOIN pg_catalog.pg_class v ON v.oid = readers.oid \
     WHERE v.relkind IN ('v', 'm') AND has_table_privilege(v.oid, 'SELECT') AND (v.relkind = 'm' OR NOT EXISTS \
     (SELECT 1 FROM unnest(v.reloptions) AS o (word) WHERE o.word IN ('security_invoker=true', 'security_invoker=on', \
     'security_invoker=1'))) ORDER BY 1";

/// There is no such function or view.
pub(in crate::db::postgres) async fn ways_around(connection: &mut AnyConnection) -> Result<(), OpenError> {
    let role = quoted(&get::<String>(&one(connection, "SELECT CAST(current_user AS TEXT)").await?, 0)?);
    if let Some(row) = all(connection, FUNCTIONS).await?.first() {
        let function: String = get(row, 0)?;
        return Err(unsafe_because(
            format!("the role {role} may call {function}, which runs with its owner's rights"),
            format!("REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC, {role};"),
        ));
    }
    let mut names = String::from(",");
    for table in TABLES {
        names.push_str(table.name);
        names.push(',');
    }
    let views = sqlx::query(VIEWS).bind(names).fetch_all(connection).await.map_err(OpenError::Database)?;
    if let Some(row) = views.first() {
        let view: String = get(row, 0)?;
        return Err(unsafe_because(
            format!("the role {role} may read {view}, which reads our tables with its owner's rights"),
            format!("REVOKE ALL ON {view} FROM PUBLIC, {role};"),
        ));
    }
    Ok(())
}
