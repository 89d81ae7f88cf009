//! One transaction. Dropped without a commit it is rolled back.

use std::sync::Arc;

use domain::TenantId;
use sqlx::{Any, AssertSqlSafe, Row as _, Transaction, any::AnyRow};

use super::{Access, Args, Engine, refused::Refused};
use crate::{
    sql::{Reach, Statement},
    touched::{Moved, Touched},
};

/// A transaction for one tenant's rows, or for everybody's.
pub(crate) struct Tx {
    inner: Transaction<'static, Any>,
    engine: Engine,
    tenant: Option<TenantId>,
    /// Whether it changes rows.
    writes: bool,
    /// Where what fails is noted.
    refused: Arc<Refused>,
    /// Whom it may move from one group of tenants to another.
    moved: Moved,
    /// Where that is noted.
    touched: Arc<Touched>,
}

impl Tx {
    pub(super) fn new(
        inner: Transaction<'static, Any>,
        engine: Engine,
        access: Access,
        refused: Arc<Refused>,
        touched: Arc<Touched>,
    ) -> Self {
        let (tenant, writes) = (access.tenant, access.write);
        Self { inner, engine, tenant, writes, refused, moved: Moved::default(), touched }
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

    /// Carries out two statements, one behind the other, that give one row each; `None` where one gives none. SQLite is asked
    /// once: it lives on a thread of its own, and each question wakes it and waits to be woken.
    pub(crate) async fn rows_of_two(
        &mut self,
        (first, first_args): (&Statement, Args),
        (second, second_args): (&Statement, Args),
    ) -> Result<Option<[AnyRow; 2]>, sqlx::Error> {
        if self.engine == Engine::Postgres {
            let Some(one) = self.row(first, first_args).await? else { return Ok(None) };
            return Ok(self.row(second, second_args).await?.map(|two| [one, two]));
        }
        self.about_to(first)?;
        self.about_to(second)?;
        let then = behind(&second.text(self.engine), first_args.len());
        let sql = format!("{}; {then}", first.text(self.engine));
        let args = first_args.and(second_args);
        // Safe: the parts of statements are constants of this crate.
        let rows = sqlx::query_with(AssertSqlSafe(sql), args.into_any()).fetch_all(&mut *self.inner).await;
        Ok(self.noted(rows)?.try_into().ok())
    }

    /// Carries out a statement that writes one row with so many of them, their arguments one row after the other behind the
    /// tenant's id; then another one. SQLite is asked once, as above.
    pub(crate) async fn execute_rows(
        &mut self,
        (statement, rows, args): (&Statement, usize, Args),
        then: Option<(&Statement, Args)>,
    ) -> Result<(), sqlx::Error> {
        self.about_to(statement)?;
        let text = statement.text(self.engine);
        if self.engine == Engine::Postgres {
            // Safe: as those of one row.
            let query = sqlx::query_with(AssertSqlSafe(rows_of(&text, rows)), args.into_any());
            let done = query.execute(&mut *self.inner).await;
            self.noted(done)?;
            if let Some((statement, args)) = then {
                self.execute(statement, args).await?;
            }
            return Ok(());
        }
        // Each value is looked for by its name as it is bound, in a list of all of them: what has no name is not.
        let (mut sql, mut args) = (nameless_rows_of(&text, rows), args.with_first_in_each(columns_of(&text)));
        if let Some((statement, further)) = then {
            self.about_to(statement)?;
            sql = format!("{sql}; {}", behind(&statement.text(self.engine), args.len()));
            args = args.and(further);
        }
        let done = sqlx::query_with(AssertSqlSafe(sql), args.into_any()).execute(&mut *self.inner).await;
        self.noted(done).map(drop)
    }

    /// Goes on with another tenant's rows, or with the operator's work, in a transaction of SQLite across tenants.
    pub(crate) fn turn_to(&mut self, tenant: Option<TenantId>) {
        debug_assert!(self.engine == Engine::Sqlite, "PostgreSQL is told whose rows they are when it begins");
        self.tenant = tenant;
    }

    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        let done = self.inner.commit().await;
        match &done {
            Ok(()) if self.writes => {
                self.refused.taken(self.engine);
                self.touched.note(self.moved);
            }
            Ok(()) => {}
            Err(error) => self.refused.note(error),
        }
        done
    }

    /// The bare connection, for what has no named statement: copies, and tests.
    pub(crate) fn connection(&mut self) -> &mut sqlx::AnyConnection {
        self.moved.add(None);
        &mut self.inner
    }

    /// Looks whether a statement may be carried out here, and notes whom it may move.
    fn about_to(&mut self, statement: &Statement) -> Result<(), sqlx::Error> {
        check(statement, self.tenant)?;
        if statement.moves {
            self.moved.add(self.tenant);
        }
        Ok(())
    }

    fn query(
        &mut self,
        statement: &Statement,
        args: Args,
    ) -> Result<sqlx::query::Query<'static, Any, sqlx::any::AnyArguments>, sqlx::Error> {
        self.about_to(statement)?;
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

/// The text of a statement whose arguments stand behind so many others.
fn behind(text: &str, others: usize) -> String {
    let mut parts = text.split('$');
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(digits);
        match number.parse::<usize>() {
            Ok(number) => all.push_str(&format!("${}{rest}", number + others)),
            // No place, but a sign within a text.
            Err(_) => all.push_str(&format!("${part}")),
        }
    }
    all
}

/// What stands before the values of a statement that writes one row, `VALUES ($1, $2, …)`, how many they are, and what stands
/// behind them.
fn parts_of(text: &str) -> Option<(&str, usize, &str)> {
    const VALUES: &str = "VALUES (";
    let begin = text.find(VALUES)? + VALUES.len();
    let (head, rest) = text.split_at(begin);
    let (row, tail) = rest.split_once(')')?;
    Some((head, row.split(',').count(), tail))
}

fn columns_of(text: &str) -> usize {
    parts_of(text).map_or(1, |(_, columns, _)| columns)
}

/// The text of such a statement for several rows: `$1` is the same in all of them.
fn rows_of(text: &str, rows: usize) -> String {
    let Some((head, columns, tail)) = parts_of(text) else { return text.to_owned() };
    let row = |row: usize| {
        let first = 2 + row * (columns - 1);
        (first..first + columns - 1).fold("$1".to_owned(), |row, number| format!("{row}, ${number}"))
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    format!("{head}{}){tail}", rows.join("), ("))
}

/// The same with nothing but places, in the order of the rows.
fn nameless_rows_of(text: &str, rows: usize) -> String {
    let Some((head, columns, tail)) = parts_of(text) else { return text.to_owned() };
    let row = vec!["?"; columns].join(", ");
    format!("{head}{}){tail}", vec![row; rows].join("), ("))
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
        assert_eq!(
            nameless_rows_of(one, 2),
            "INSERT INTO a (t, b, c) VALUES (?, ?, ?), (?, ?, ?) ON CONFLICT (t) DO NOTHING"
        );
        assert_eq!(columns_of(one), 3);
    }

    #[test]
    fn a_statement_behind_another_takes_its_arguments_from_behind_the_others() {
        let text = "UPDATE a SET b = $3, c = '$' WHERE t = $1 AND d = $12";
        assert_eq!(behind(text, 7), "UPDATE a SET b = $10, c = '$' WHERE t = $8 AND d = $19");
    }
}
