//! Watches whether bots answer while they are meant to, and writes a row where that has changed.

use std::time::Duration;

use domain::{
    AWAY_FOR_LONG, Condition, DesiredState, Digits, Facts, OpenSpan, RecordId, TenantId, Timestamp, next_span,
};
use jiff::SignedDuration;
use sqlx::any::AnyRow;

use super::Operator;
use crate::{
    StoreError,
    rows::Reader,
    sql::{settings, standings},
};

/// Where it stands when somebody last looked at all tenants.
const LOOKED: &str = "standings.looked_at";
/// Whoever was away for longer than this has not watched. Longer than a restart takes.
const AWAY: SignedDuration = SignedDuration::from_mins(3);
/// Tenants that are looked at in one transaction.
const PAGE: i64 = 500;
/// Spans that are kept of one tenant.
const KEPT: i64 = 2_000;
/// How long spans are kept: longer than the longest time that is told of.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 100);

/// What is known of one bot.
struct Known {
    tenant: TenantId,
    facts: Facts,
    why: Option<String>,
    held: Option<Digits>,
    until: Option<Timestamp>,
    open: Option<OpenSpan>,
}

impl Operator {
    /// Looks at all bots and writes down which have begun or ceased to answer; to be called about once a minute. Where nobody
    /// has looked for longer than three minutes, all that went on ended then: what came after is not known.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer; the next call goes on.
    pub async fn watch_standings(&self, stale_after: Duration) -> Result<(), StoreError> {
        let now = self.store.now();
        let looked = self.setting(LOOKED).await?.and_then(|text| text.parse::<i64>().ok());
        let looked = looked.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        if let Some(looked) = looked.filter(|looked| now.duration_since(*looked) > AWAY) {
            let mut tx = self.write().await?;
            let args = tx.args().time(looked);
            tx.execute(&standings::END_ALL, args).await?;
            tx.commit().await?;
        }
        let mut after = String::new();
        loop {
            let mut tx = self.read().await?;
            let args = tx.args().text(&after).int(PAGE);
            let rows = tx.rows(&standings::FACTS_AFTER, args).await?;
            drop(tx);
            let known = self.known(&rows, stale_after)?;
            let Some(last) = known.last() else { break };
            after = last.tenant.to_string();
            self.write_changes(&known).await?;
        }
        let mut tx = self.write().await?;
        let args = tx.args().text(LOOKED).text(&now.as_millisecond().to_string()).time(now);
        tx.execute(&settings::PUT, args).await?;
        Ok(tx.commit().await?)
    }

    /// The same of these alone, as soon as something of them has changed.
    ///
    /// # Errors
    /// As above.
    pub async fn watch_standings_of(
        &self,
        tenants: &[TenantId],
        stale_after: Duration,
    ) -> Result<(), StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&super::overview::array(tenants));
        let rows = tx.rows(&standings::FACTS_OF, args).await?;
        drop(tx);
        let known = self.known(&rows, stale_after)?;
        self.write_changes(&known).await
    }

    /// Forgets what ended a hundred days ago, so many rows at most.
    pub(super) async fn prune_standings(&self, rows: u32) -> Result<u64, StoreError> {
        let Ok(before) = self.store.now().checked_sub(KEPT_FOR) else { return Ok(0) };
        let mut tx = self.write().await?;
        let args = tx.args().time(before).int(i64::from(rows));
        let gone = tx.execute(&standings::PRUNE, args).await?;
        tx.commit().await?;
        Ok(gone)
    }

    fn known(&self, rows: &[AnyRow], stale_after: Duration) -> Result<Vec<Known>, StoreError> {
        let now = self.store.now();
        rows.iter().map(|row| known(row, now, stale_after)).collect()
    }

    /// Writes what has changed, in one transaction; nothing where nothing has.
    async fn write_changes(&self, known: &[Known]) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut changes = Vec::new();
        for one in known {
            changes.extend(next_span(one.open.as_ref(), &one.facts, now).map(|next| (one, next)));
        }
        if changes.is_empty() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        for (one, next) in changes {
            let begins = next.begins;
            if one.open.is_some() {
                let args = tx.args().id(one.tenant).time(begins.began_at).opt_label(next.ended_by);
                tx.execute(&standings::END, args).await?;
            }
            let why = match begins.condition {
                // Of a number that is nobody's yet, as in the audit log.
                Some(Condition::OtherNumber) => one.held.as_ref().map(Digits::masked),
                Some(_) => one.why.clone(),
                None => None,
            };
            let until = one.until.filter(|_| begins.condition == Some(Condition::Limited));
            let args = tx
                .args()
                .id(one.tenant)
                .id(RecordId::generate())
                .label(begins.standing)
                .opt_label(begins.condition)
                .opt_text(why.as_deref())
                .opt_time(until)
                .time(begins.began_at)
                .time(now);
            tx.execute(&standings::BEGIN, args).await?;
            let args = tx.args().id(one.tenant).int(KEPT);
            tx.execute(&standings::PRUNE_MANY, args).await?;
        }
        Ok(tx.commit().await?)
    }
}

fn known(row: &AnyRow, now: Timestamp, stale_after: Duration) -> Result<Known, StoreError> {
    let row = &mut Reader::new(row);
    let tenant = row.id()?;
    let (status, session, worker) = (row.label()?, row.label()?, row.label()?);
    let (desired, trouble): (DesiredState, _) = (row.label()?, row.opt_label()?);
    let suspended = row.int()? != 0;
    let held = row.opt_digits()?;
    let (heard, seen) = (row.opt_time()?, row.opt_time()?);
    let (why, until) = (row.opt_text()?, row.opt_time()?);
    let facts = Facts {
        status,
        session,
        worker,
        desired,
        trouble,
        suspended,
        held: held.is_some(),
        requested: false,
        heard,
        seen,
        stale_before: now.checked_sub(stale_after).unwrap_or(Timestamp::MIN),
        away_before: now.checked_sub(AWAY_FOR_LONG).unwrap_or(Timestamp::MIN),
    };
    let open = match row.opt_id::<domain::id::kind::Record>()? {
        None => None,
        Some(_) => {
            Some(OpenSpan { standing: row.label()?, condition: row.opt_label()?, began_at: row.time()? })
        }
    };
    Ok(Known { tenant, facts, why, held, until, open })
}
