//! The neighbour: customers who write to its bot all the while, one message after the other.

use std::{
    collections::BTreeSet,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags};
use tokio::{task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;
use virtual_whatsapp::Customer;

use super::stage::Stage;
use crate::{LIMIT, watch::Watch};

/// Between a reply and the customer's next message: people type.
const TYPES_FOR: Duration = Duration::from_millis(150);

/// Customers who write.
pub(super) struct Talk {
    ends: CancellationToken,
    talks: JoinSet<Said>,
}

/// What one customer has seen.
#[derive(Debug, Default)]
struct Said {
    times: Vec<Duration>,
    unanswered: u64,
}

/// What the customers have seen together.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) messages: u64,
    pub(super) lost: u64,
    pub(super) doubled: u64,
    /// Messages and replies that the control plane's log does not have.
    pub(super) unrecorded: u64,
    pub(super) median: Duration,
    pub(super) worst: Duration,
    /// Whether its worker is the same process as before.
    pub(super) same_worker: bool,
    /// Whether it is still ACTIVE under its own number.
    pub(super) linked: bool,
}

impl Talk {
    pub(super) fn begin(stage: &Stage) -> Self {
        let ends = CancellationToken::new();
        let mut talks = JoinSet::new();
        for customer in stage.customers.clone() {
            talks.spawn(talk(customer, stage.neighbour.number.clone(), ends.clone()));
        }
        Self { ends, talks }
    }

    pub(super) async fn end(mut self, stage: &Stage) -> Heard {
        self.ends.cancel();
        let (mut heard, mut times) = (Heard::default(), Vec::new());
        while let Some(said) = self.talks.join_next().await {
            let said = said.expect("a customer");
            heard.lost += said.unanswered;
            times.extend(said.times);
        }
        times.sort_unstable();
        heard.messages = times.len() as u64 + heard.lost;
        heard.median = times.get(times.len() / 2).copied().unwrap_or_default();
        heard.worst = times.last().copied().unwrap_or_default();
        // The first message of each customer was before.
        let first = stage.customers.len() as u64;
        let mut ids = BTreeSet::new();
        let mut received = 0;
        for customer in &stage.customers {
            let all = customer.received(&stage.neighbour.number);
            received += all.len() as u64;
            ids.extend(all.into_iter().map(|entry| entry.id));
        }
        let wanted = heard.messages - heard.lost + first;
        // A second id is a second reply; the same id again is shown once.
        heard.doubled = (ids.len() as u64).saturating_sub(wanted) + received.saturating_sub(ids.len() as u64);
        heard.unrecorded = unrecorded(stage, 2 * wanted).await;
        let tenant = stage.plane.admin().tenant(&stage.neighbour.id).await;
        heard.same_worker = tenant["worker_process"]["pid"] == stage.neighbours_pid;
        heard.linked = tenant["status"] == "ACTIVE"
            && tenant["whatsapp_session"]["linked_number"] == stage.neighbour.number;
        heard
    }
}

async fn talk(customer: Customer, number: String, ends: CancellationToken) -> Said {
    let mut said = Said::default();
    let mut before = customer.received_count(&number);
    loop {
        let began = Instant::now();
        customer.send_text(&number, "menu").expect("the message leaves the customer's phone");
        match customer.wait_for_reply(&number, before + 1, LIMIT).await {
            Ok(all) => {
                said.times.push(began.elapsed());
                before = all.len();
            }
            Err(_) => said.unanswered += 1,
        }
        // Until it is over, or the next message's turn.
        if timeout(TYPES_FOR, ends.cancelled()).await.is_ok() {
            return said;
        }
    }
}

/// Rows that are missing from the log, once they have had their time; looked at again whenever the database is written.
async fn unrecorded(stage: &Stage, wanted: u64) -> u64 {
    let data = stage.place.data();
    let watch = Watch::of(&[&data]).expect("a folder can be watched");
    let file = data.join("flowhq.db");
    let mut missing = wanted;
    let all = async {
        loop {
            missing = wanted.saturating_sub(recorded(&file, &stage.neighbour.id));
            if missing == 0 {
                return;
            }
            watch.changed().await;
        }
    };
    // What never comes is missing.
    let _ = timeout(LIMIT, all).await;
    missing
}

fn recorded(file: &Path, tenant: &str) -> u64 {
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
    let counted = database.query_row(
        "SELECT COUNT(DISTINCT direction || wa_message_id) FROM message_logs WHERE tenant_id = ?1",
        [tenant],
        |row| row.get::<_, i64>(0),
    );
    counted.unwrap_or_default().cast_unsigned()
}

impl Heard {
    pub(super) fn told(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("neighbour's messages", self.messages),
            ("neighbour's median reply, ms", millis(self.median)),
            ("neighbour's worst reply, ms", millis(self.worst)),
        ]
    }
}

pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
