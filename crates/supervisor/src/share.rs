//! One tenant's share of what all tenants have in common: the database, the audit log, and the disk beneath the logs.
//!
//! What comes faster is taken later and never thrown away: a worker keeps its rows until they are acknowledged, and tells
//! its state and not its history. Only its output cannot be slowed down, so that a worker which goes on is ended.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{DeliveryRow, RecordRow, TenantId};
use store::NewLog;
use tokio::time::Instant;

use crate::service::lock;

/// What a row of the log weighs beside its texts, indexes among it, in bytes.
const ROW_BYTES: usize = 300;
/// What a change of a row weighs that has no text: a page is written anew for it.
const CHANGE_BYTES: usize = 60;

/// So much in a second for ever, and so much at once beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Units in a second.
    pub per_second: u32,
    /// Units that may come at once after a rest.
    pub at_once: u32,
}

/// The rates of one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Bytes of log rows, for a while: a bot that was cut off hands its backlog in.
    pub backlog: Rate,
    /// Bytes of log rows, for long.
    pub database: Rate,
    /// What a worker says of its session, its codes and its problems: each may be a line of the audit log.
    pub words: Rate,
    /// Bytes of its log file.
    pub output: Rate,
}

impl Default for Shares {
    /// A busy business has 10,000 messages a day, which weigh about 10 MB: it never waits. A backlog of a week's outage
    /// goes through in a minute; one of 64 MiB and more at 16 KiB a second, which is 1.4 GB a day.
    fn default() -> Self {
        const MIB: u32 = 1024 * 1024;
        Self {
            backlog: Rate { per_second: MIB, at_once: 8 * MIB },
            database: Rate { per_second: 16 * 1024, at_once: 64 * MIB },
            words: Rate { per_second: 1, at_once: 120 },
            output: Rate { per_second: 64 * 1024, at_once: 32 * MIB },
        }
    }
}

/// How far a rate is used up (the generic cell rate algorithm): the instant at which all of it is there again.
#[derive(Debug, Clone, Copy, Default)]
struct Used(Option<Instant>);

impl Used {
    /// Uses some of it; from when on it may be used. What is larger than all that may come at once waits for nothing but
    /// what came before it.
    fn take(&mut self, rate: Rate, units: usize, now: Instant) -> Instant {
        let full = self.0.map_or(now, |full| full.max(now));
        self.0 = Some(full + time_of(rate, units));
        let burst = time_of(rate, rate.at_once as usize);
        full.checked_sub(burst).map_or(now, |ready| ready.max(now))
    }
}

fn time_of(rate: Rate, units: usize) -> Duration {
    Duration::from_secs_f64(units as f64 / f64::from(rate.per_second.max(1)))
}

/// What one tenant has used.
#[derive(Debug, Default)]
pub(crate) struct Share {
    backlog: Used,
    database: Used,
    words: Used,
    output: Used,
    told: Option<Instant>,
}

/// How long a tenant that goes beyond its share is not spoken of again.
const TOLD_FOR: Duration = Duration::from_secs(60 * 60);

impl Share {
    /// When a batch may be written.
    pub(crate) fn logs(&mut self, shares: &Shares, rows: &[NewLog], now: Instant) -> Instant {
        self.rows(shares, rows.iter().map(weight).sum(), now)
    }

    /// When a batch of records may be written: they have the log's share.
    pub(crate) fn records(&mut self, shares: &Shares, rows: &[RecordRow], now: Instant) -> Instant {
        let weight = |row: &RecordRow| ROW_BYTES + row.body.len() * 2;
        self.rows(shares, rows.iter().map(weight).sum(), now)
    }

    /// When a batch of deliveries may be written: they have the log's share.
    pub(crate) fn deliveries(&mut self, shares: &Shares, rows: &[DeliveryRow], now: Instant) -> Instant {
        let weight = |row: &DeliveryRow| CHANGE_BYTES + row.reason.as_ref().map_or(0, String::len);
        self.rows(shares, rows.iter().map(weight).sum(), now)
    }

    /// When so many bytes of rows may be written.
    fn rows(&mut self, shares: &Shares, bytes: usize, now: Instant) -> Instant {
        let (soon, long) =
            (self.backlog.take(shares.backlog, bytes, now), self.database.take(shares.database, bytes, now));
        soon.max(long)
    }

    /// When something that a worker has said may be taken.
    pub(crate) fn word(&mut self, shares: &Shares, now: Instant) -> Instant {
        self.words.take(shares.words, 1, now)
    }

    /// Whether so much more output is beyond the share.
    pub(crate) fn output(&mut self, shares: &Shares, bytes: u64, now: Instant) -> bool {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        self.output.take(shares.output, bytes, now);
        // What was written is written: it counts at once.
        self.output.take(shares.output, 0, now) > now
    }

    /// Forgets what was written: the worker has been ended for it.
    pub(crate) fn forget_output(&mut self) {
        self.output = Used::default();
    }

    /// Whether it is time to speak of it.
    pub(crate) fn is_news(&mut self, now: Instant) -> bool {
        let due = self.told.is_none_or(|told| now.duration_since(told) >= TOLD_FOR);
        if due {
            self.told = Some(now);
        }
        due
    }
}

fn weight(row: &NewLog) -> usize {
    let about = row.about.as_ref().map_or(0, String::len);
    ROW_BYTES + row.text.len() + row.contact.len() + row.wa_message_id.len() + about
}

/// What every tenant has used; it outlives workers and connections, so that neither a restart nor a reconnection helps.
#[derive(Debug, Default)]
pub(crate) struct AllShares(Mutex<HashMap<TenantId, Arc<Mutex<Share>>>>);

impl AllShares {
    pub(crate) fn of(&self, tenant: TenantId) -> Arc<Mutex<Share>> {
        Arc::clone(lock(&self.0).entry(tenant).or_default())
    }

    /// Forgets a tenant that is gone.
    pub(crate) fn forget(&self, tenant: TenantId) {
        lock(&self.0).remove(&tenant);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use domain::{Direction, LogId, Timestamp};

    use super::*;

    fn row(bytes: usize) -> NewLog {
        NewLog {
            sequence: 1,
            id: LogId::generate(),
            direction: Direction::In,
            contact: String::new(),
            text: "x".repeat(bytes - ROW_BYTES),
            wa_message_id: String::new(),
            at: Timestamp::UNIX_EPOCH,
            silence: None,
            sent_at: None,
            about: None,
            removes: false,
            delivery: None,
            writer: None,
            opted_out: false,
        }
    }

    /// How many bytes get through within a time, where there is always more.
    fn through(time: Duration, batch: usize) -> usize {
        let (shares, mut share, start) = (Shares::default(), Share::default(), Instant::now());
        let (mut now, mut bytes) = (start, 0);
        while now <= start + time {
            now = share.logs(&shares, &[row(batch)], now);
            bytes += batch;
        }
        bytes
    }

    #[test]
    fn a_flood_of_the_link_comes_to_no_more_than_the_share() {
        let mib = 1024 * 1024;
        assert!(through(Duration::from_secs(10), 64 * 1024) <= 19 * mib, "1.1 GB in 10 s before");
        assert!(through(Duration::from_secs(3_600), 64 * 1024) <= 125 * mib);
        assert!(through(Duration::from_secs(24 * 3_600), 64 * 1024) <= 1_500 * mib);
    }

    #[test]
    fn an_honest_backlog_waits_for_nothing_but_a_minute() {
        // A week of 5,000 messages and as many replies a day, of 500 bytes.
        let (shares, mut share, start) = (Shares::default(), Share::default(), Instant::now());
        let mut now = start;
        for _ in 0..700 {
            now = share.logs(&shares, &vec![row(ROW_BYTES + 500); 100], now);
        }
        assert!(now < start + Duration::from_secs(60), "{:?}", now - start);
        let usual = share.logs(&shares, &[row(ROW_BYTES + 500)], now + Duration::from_secs(60));
        assert_eq!(usual, now + Duration::from_secs(60), "and then nothing at all");
    }

    #[test]
    fn words_and_output_have_a_share_too() {
        let (shares, mut share, now) = (Shares::default(), Share::default(), Instant::now());
        let at_once = (0..1_000).filter(|_| share.word(&shares, now) == now).count();
        assert!((120..=121).contains(&at_once), "{at_once}");
        assert!(!share.output(&shares, 32 * 1024 * 1024, now));
        assert!(share.output(&shares, 1024 * 1024, now));
        share.forget_output();
        assert!(!share.output(&shares, 1024, now));
        assert!(share.is_news(now) && !share.is_news(now) && share.is_news(now + TOLD_FOR));
    }
}
