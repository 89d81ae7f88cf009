//! A batch of log rows on its way into the log.

use std::collections::BTreeSet;

use domain::{Direction, JournalId, TenantId, Timestamp};

use super::TENANT;
use crate::{
    NewLog, StoreError,
    db::{Args, Tx},
    error::class,
    rows::Reader,
    sql::{Statement, logs},
    together::Change,
};

/// Rows of one statement.
const AT_ONCE: usize = 32;

/// A batch.
#[derive(Clone)]
pub(super) struct Append {
    pub(super) tenant: TenantId,
    pub(super) journal: JournalId,
    pub(super) batch: Vec<NewLog>,
    /// Numbers of rows that the database refuses for good.
    pub(super) refused: BTreeSet<u64>,
    /// Each row has a statement of its own, so that it shows which one is refused.
    pub(super) one_by_one: bool,
    pub(super) now: Timestamp,
}

/// What came of it.
pub(super) enum Appended {
    /// All are written, and the journal's rows are acknowledged up to this one.
    UpTo(u64),
    /// None is: the database refuses this row, or one of several.
    Refused(Option<u64>),
}

impl Change for Append {
    type Done = Appended;

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    async fn carry_out(&self, tx: &mut Tx) -> Result<Appended, StoreError> {
        let places = u64::try_from(self.batch.len()).unwrap_or_default();
        let take = (&logs::TAKE_PLACES, tx.args().count(places));
        let open = (&logs::OPEN_JOURNAL, tx.args().id(self.journal).time(self.now));
        let [taken, journal] = tx.rows_of_two(take, open).await?.ok_or(TENANT)?;
        let mut taken = Reader::new(&taken);
        let (last_place, own) = (taken.count()?, taken.opt_text()?.unwrap_or_default());
        let acknowledged = Reader::new(&journal).count()?;

        let (Some(first), Some(last)) = (self.batch.first(), self.batch.last()) else {
            return Ok(Appended::UpTo(acknowledged));
        };
        if first.sequence > acknowledged + 1 {
            return Err(StoreError::LogGap { acknowledged, first: first.sequence });
        }
        let rows = (last_place + 1 - places..).zip(&self.batch);
        let new = |row: &NewLog| row.sequence > acknowledged && !self.refused.contains(&row.sequence);
        let rows: Vec<_> = rows.filter(|(_, row)| new(row)).collect();
        let lost = self.refused.range(acknowledged + 1..).count();
        if lost > 0 {
            let args = tx.args().int(i64::try_from(lost).unwrap_or(i64::MAX)).time(self.now);
            tx.execute(&logs::REFUSED, args).await?;
        }
        let highest = acknowledged.max(last.sequence);
        let acknowledge = tx.args().id(self.journal).count(highest).time(self.now);
        let mut acknowledge = Some((&logs::ACKNOWLEDGE, acknowledge));
        let mut rows = &rows[..];
        while !rows.is_empty() {
            let (now, later) = rows.split_at(self.of_one_statement(rows));
            let then = if later.is_empty() { acknowledge.take() } else { None };
            if let Some(error) = self.insert(tx, &own, now, then).await? {
                let [(_, row)] = now else { return Ok(Appended::Refused(None)) };
                tracing::error!(tenant = %self.tenant, sequence = row.sequence, %error, "the database refuses a row of a conversation log; the log goes on without it");
                return Ok(Appended::Refused(Some(row.sequence)));
            }
            rows = later;
        }
        if let Some((statement, args)) = acknowledge {
            tx.execute(statement, args).await?;
        }
        crash::point("logs_store_before_commit");
        Ok(Appended::UpTo(highest))
    }

    fn stays(done: &Appended) -> bool {
        matches!(done, Appended::UpTo(_))
    }
}

impl Append {
    /// How many of these go in one statement: none behind a row that takes texts of earlier ones away.
    fn of_one_statement(&self, rows: &[(u64, &NewLog)]) -> usize {
        if self.one_by_one {
            return 1;
        }
        let until = rows.iter().position(|(_, row)| row.removes).map_or(rows.len(), |place| place + 1);
        until.min(AT_ONCE)
    }

    /// Writes some rows and then carries out what is to follow; an error where the database refuses one of them.
    async fn insert(
        &self,
        tx: &mut Tx,
        own: &str,
        rows: &[(u64, &NewLog)],
        then: Option<(&Statement, Args)>,
    ) -> Result<Option<sqlx::Error>, StoreError> {
        let args = rows.iter().fold(tx.args(), |args, (seq, row)| values(args, own, *seq, row));
        let insert = (&logs::INSERT, rows.len(), args);
        match tx.execute_rows(insert, then).await.map_err(StoreError::from) {
            Ok(_) => {}
            Err(StoreError::Broken(error)) if class::is_of_the_row(&error) => return Ok(Some(error)),
            Err(error) => return Err(error),
        }
        if let Some((_, row)) = rows.last()
            && let (true, Some(about)) = (row.removes, &row.about)
        {
            let args = tx.args().text(&row.contact).text(about).id(row.id).label(row.direction);
            tx.execute(&logs::REMOVE_TEXT, args).await?;
        }
        Ok(None)
    }
}

/// What is written of one row.
fn values(args: Args, own: &str, seq: u64, row: &NewLog) -> Args {
    // Whatever a worker says of a customer's message, it is none of ours.
    let out = row.direction == Direction::Out;
    let (from, to) = if out { (own, row.contact.as_str()) } else { (row.contact.as_str(), own) };
    args.id(row.id)
        .label(row.direction)
        .text(from)
        .text(to)
        .text(&row.contact)
        .text(&row.text)
        .text(&row.wa_message_id)
        .opt_text(row.silence.as_deref())
        .time(row.at)
        .count(seq)
        .opt_time(row.sent_at)
        .opt_text(row.about.as_deref())
        .opt_label(row.delivery.filter(|_| out))
        .opt_label(row.writer.filter(|_| out))
        .opt_int((row.opted_out && !out).then_some(1))
}
