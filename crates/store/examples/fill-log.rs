//! Writes a conversation log as a worker's journal would hand it over, for `scripts/bench-dashboard`: fill-log DATABASE TENANT
//! ROWS, the database like `sqlite:FILE`. May run beside the control plane.
#![expect(clippy::print_stdout, reason = "a tool")]

use std::{path::PathBuf, sync::Arc, time::Instant};

use domain::{Clock, Direction, JournalId, LogId, SystemClock, TenantId};
use jiff::SignedDuration;
use store::{NewLog, Store, Target};

/// Rows of one transaction, as many as a worker sends at once when it has much to tell.
const BATCH: u64 = 500;
/// Contacts that take turns.
const CONTACTS: u64 = 997;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, tenant, rows] = arguments.as_slice() else {
        return Err("fill-log sqlite:FILE TENANT ROWS".into());
    };
    let file = database.strip_prefix("sqlite:").ok_or("the database is like sqlite:FILE")?;
    let tenant: TenantId = tenant.parse()?;
    let rows: u64 = rows.parse()?;
    let store = Store::open(&Target::Sqlite(PathBuf::from(file)), Arc::new(SystemClock)).await?;
    let scope = store.tenant(tenant);
    let journal = JournalId::generate();
    let (began, end) = (Instant::now(), SystemClock.now());
    for first in (1..=rows).step_by(usize::try_from(BATCH)?) {
        let batch: Vec<NewLog> = (first..=rows.min(first + BATCH - 1))
            .map(|sequence| NewLog {
                sequence,
                id: LogId::generate(),
                direction: if sequence % 2 == 0 { Direction::Out } else { Direction::In },
                contact: format!("255712{:06}", sequence / 2 % CONTACTS),
                text: format!("Message number {sequence}"),
                wa_message_id: format!("3EB0{sequence:016X}"),
                at: end - SignedDuration::from_secs(i64::try_from(rows - sequence).unwrap_or_default()),
                silence: None,
                sent_at: None,
                about: None,
                removes: false,
                delivery: None,
                writer: None,
                opted_out: false,
            })
            .collect();
        scope.append_logs(journal, &batch).await?;
    }
    println!("{rows} rows written in {} s", began.elapsed().as_secs());
    store.close().await;
    Ok(())
}
