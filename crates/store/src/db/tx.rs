//! One transaction. Dropped without a commit it is rolled back.

use std::{fmt::Write as _, sync::Arc};

use domain::TenantId;
use sqlx::{Any, AssertSqlSafe, Row as _, Transaction, any::AnyRow};

use super::{Access, Args, Engine, refused::Refused};
use crate::sql::{Reach, Statement};

/// A transaction for one tenant's rows, or for everybody's.
pub(crate) struct Tx {
    inner: Transaction<'static, Any>,
    engine: Engine,
    tenant: Option<TenantId>,
    /// Whether it changes rows.
    writes: bool,
    /// Where what fails is noted.
    refused: Arc<Refused>,
}

impl Tx {
    pub(super) fn new(
        inner: Transaction<'static, Any>,
        engine: Engine,
        access: Access,
        refused: Arc<Refused>,
    ) -> Self {
        Self { inner, engine, tenant: access.tenant, writes: access.write, refused }
    }

    fn noted<T>(&self, result: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if let Err(error) = &result {
            self.refused.note(error);
        }
        result
    }

    /// Whose rows it is for.
    pub(crate) const fn reach(&self) -> Reach {
        if self.tenant.is_some() { Reach::Tenant } else { Reach::Operator }
    }

    /// The beginning of a statement's arguments: within a tenant, `$1` is bound already.
    pub(crate) fn args(&self) -> Args {
        Args::within(self.tenant)
    }

    /// All rows that a statement gives.
    pub(crate) async fn rows(
        &mut self,
        statement: &Statement,
        args: Args,
    ) -> Result<Vec<AnyRow>, sqlx::Error> {
        let rows = self.query(statement, args)?.fetch_all(&mut *self.inner).await;
        self.noted(rows)
    }

    /// The first row that a statement gives, if any.
    pub(crate) async fn row(
        &mut self,
        statement: &Statement,
        args: Args,
    ) -> Result<Option<AnyRow>, sqlx::Error> {
        // To the end, also of an UPDATE with RETURNING: SQLite carries it out only when it was stepped through.
        Ok(self.rows(statement, args).await?.into_iter().next())
    }

    /// The first column of the first row as an integer; 0 where there is none.
    pub(crate) async fn number(&mut self, statement: &Statement, args: Args) -> Result<i64, sqlx::Error> {
        self.row(statement, args).await?.map_or(Ok(0), |row| row.try_get(0))
    }

    /// Carries a statement out and tells how many rows it changed.
    pub(crate) async fn execute(&mut self, statement: &Statement, args: Args) -> Result<u64, sqlx::Error> {
        let done = self.query(statement, args)?.execute(&mut *self.inner).await;
        Ok(self.noted(done)?.rows_affected())
    }

    /// Carries out a statement that writes one row with so many of them: their arguments one row after the other, behind the
    /// tenant's id.
    pub(crate) async fn execute_rows(
        &mut self,
        statement: &Statement,
        rows: usize,
        args: Args,
    ) -> Result<u64, sqlx::Error> {
        check(statement, self.tenant)?;
        let sql = rows_of(&statement.text(self.engine), rows);
        // Safe: as those of one row.
        let query = sqlx::query_with(AssertSqlSafe(sql), args.into_any());
        let done = query.execute(&mut *self.inner).await;
        Ok(self.noted(done)?.rows_affected())
    }

    /// Goes on with another tenant's rows, in a transaction of SQLite across tenants.
    pub(crate) fn turn_to(&mut self, tenant: TenantId) {
        debug_assert!(self.engine == Engine::Sqlite, "PostgreSQL is told whose rows they are when it begins");
        self.tenant = Some(tenant);
    }

    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        let done = self.inner.commit().await;
        match &done {
            Ok(()) if self.writes => self.refused.taken(self.engine),
            Ok(()) => {}
            Err(error) => self.refused.note(error),
        }
        done
    }

    /// The bare connection, for what has no named statement: copies, and tests.
    pub(crate) fn connection(&mut self) -> &mut sqlx::AnyConnection {
        &mut self.inner
    }

    fn query(
        &self,
        statement: &Statement,
        args: Args,
    ) -> Result<sqlx::query::Query<'static, Any, sqlx::any::AnyArguments>, sqlx::Error> {
        check(statement, self.tenant)?;
        // Safe: the parts of statements are constants of this crate.
        Ok(sqlx::query_with(AssertSqlSafe(statement.text(self.engine).into_owned()), args.into_any()))
    }
}

/// Refuses a statement in work of another reach; else traces its name.
pub(super) fn check(statement: &Statement, tenant: Option<TenantId>) -> Result<(), sqlx::Error> {
    let fits = match statement.reach {
        Reach::Tenant => tenant.is_some(),
        Reach::Operator => tenant.is_none(),
        Reach::Shared => true,
    };
    if !fits {
        let name = statement.name;
        return Err(sqlx::Error::Configuration(
            format!("statement {name} in a transaction of another reach").into(),
        ));
    }
    tracing::trace!(target: crate::STATEMENTS, "{}", statement.name);
    Ok(())
}

/// The text of a statement that writes one row, `VALUES ($1, $2, …)`, for several: `$1` is the same in all of them.
fn rows_of(text: &str, rows: usize) -> String {
    const VALUES: &str = "VALUES (";
    let Some((head, rest)) = text.split_once(VALUES) else { return text.to_owned() };
    let (row, tail) = rest.split_once(')').unwrap_or((rest, ""));
    let columns = row.split(',').count();
    let mut all = format!("{head}{VALUES}{row})");
    for further in 1..rows {
        let first = 2 + further * (columns - 1);
        all.push_str(", ($1");
        for number in first..first + columns - 1 {
            // To a string: it cannot fail.
            let _: std::fmt::Result = write!(all, ", ${number}");
        }
        all.push(')');
    }
    all + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_several_rows_is_that_of_one_with_further_numbers() {
        let one = "INSERT INTO a (t, b, c) VALUES ($1, $2, $3) ON CONFLICT (t) DO NOTHING";
        assert_eq!(rows_of(one, 1), one);
        assert_eq!(
            rows_of(one, 3),
            "INSERT INTO a (t, b, c) VALUES ($1, $2, $3), ($1, $4, $5), ($1, $6, $7) ON CONFLICT (t) DO NOTHING"
        );
    }
}
