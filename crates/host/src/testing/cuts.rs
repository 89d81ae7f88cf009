//! A connection that is cut at each byte of an exchange: whatever was lost, what runs is told truthfully afterwards, and there are
//! never two.

use std::sync::Arc;

use supervisor::{Process, Runtime as _, StartError, WorkerId};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::Semaphore,
    task::JoinSet,
};

use super::{
    bed::{Bed, client, new_id, until},
    fake::order,
    relay::Relay,
    soon,
};
use crate::HostRuntime;

/// Exchanges that run side by side.
const AT_ONCE: usize = 24;
/// Every how manieth byte is cut at, unless the environment says otherwise: all of them take minutes.
const STEP: usize = 41;

/// Everything that is asked of a host in a worker's life, as far as the connection holds; what has started.
async fn exchange(host: &HostRuntime, id: WorkerId) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let process = match host.start(order(id)).await {
        Ok(process) => process,
        Err(error @ StartError::Away(_)) => return Err(said(&error)),
        Err(error) => panic!("a start was answered with {error}"),
    };
    host.find(id.tenant, Some((id.generation, 1))).await.map_err(|error| said(&error))?;
    let mut stream = host.dial(&process).await.map_err(|error| said(&error))?;
    let echo = async {
        stream.write_all(b"habari").await?;
        let mut back = [0; 6];
        stream.read_exact(&mut back).await?;
        std::io::Result::Ok(back)
    };
    // Bytes that came are those that were sent; a tunnel that was cut ends.
    assert_eq!(&echo.await.map_err(|error| said(&error))?, b"habari");
    let tail = host.log_tail(id.tenant, 100, None).await.map_err(|error| said(&error))?;
    assert_eq!(tail.text, b"one\ntwo\n");
    let files = host.journal_copy(id.tenant).await.map_err(|error| said(&error))?;
    assert_eq!(files.len(), 1);
    process.terminate().await.map_err(|error| said(&error))
}

async fn cut_at(byte: u64) {
    let bed = Bed::new().await;
    let relay = Relay::to(bed.address).await;
    relay.cut_after(byte);
    let host = client(relay.address);
    let first = new_id();
    let done = soon("an end of the exchange", exchange(&host, first)).await;
    // Where it said less this time than when it was measured.
    relay.mend();
    // The supervisor's way after an answer that was lost: look, then begin the next generation.
    until(&host, false).await;
    let found = soon("a look", async {
        loop {
            match host.find(first.tenant, None).await {
                Ok(found) => return found,
                // The cut may only come now.
                Err(_) => until(&host, false).await,
            }
        }
    })
    .await;
    let alive = bed.fake.alive(first.tenant);
    assert_eq!(
        found.iter().map(|found| found.id()).collect::<Vec<_>>(),
        alive,
        "cut at byte {byte}: {done:?}"
    );
    for process in found {
        end(&host, &process).await;
    }
    let next = WorkerId { generation: 2, ..first };
    let process = soon("a start", host.start(order(next)))
        .await
        .unwrap_or_else(|error| panic!("cut at byte {byte}: {error}"));
    let started = bed.fake.started.lock().unwrap().clone();
    assert!(started.iter().filter(|id| **id == first).count() <= 1, "cut at byte {byte}: {started:?}");
    assert_eq!(bed.fake.alive(first.tenant), [next], "cut at byte {byte}");
    end(&host, &process).await;
    bed.end().await;
}

#[expect(clippy::disallowed_methods, reason = "of this test alone")]
fn wanted_step() -> Option<usize> {
    std::env::var("FLOWHQ_CUT_EVERY").ok()?.parse().ok()
}

async fn end(host: &HostRuntime, process: &Arc<dyn Process>) {
    soon("an end", async {
        while process.kill().await.is_err() {
            until(host, false).await;
        }
        process.ended().await;
    })
    .await;
    host.forget(process.id()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_cut_at_any_byte_loses_no_worker_and_doubles_none() {
    let whole = {
        let bed = Bed::new().await;
        let relay = Relay::to(bed.address).await;
        exchange(&client(relay.address), new_id()).await.unwrap();
        bed.end().await;
        usize::try_from(relay.carried()).unwrap()
    };
    let step = wanted_step().unwrap_or(STEP);
    let (turns, mut cuts) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    for byte in (0..whole).step_by(step) {
        let turn = Arc::clone(&turns).acquire_owned().await.unwrap();
        cuts.spawn(async move {
            cut_at(byte as u64).await;
            drop(turn);
        });
    }
    let mut count = 0;
    while let Some(cut) = cuts.join_next().await {
        cut.unwrap();
        count += 1;
    }
    eprintln!("an exchange of {whole} bytes was cut at {count} of them");
}
