//! Every verb, over a connection that holds.

use std::io::{ErrorKind, Read as _};

use supervisor::{Ended, Runtime as _, StartError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use vault::{Key, Resealer};

use super::{
    bed::{Bed, new_id},
    fake::{file, order},
    soon,
};
use crate::{About, Seen};

#[tokio::test]
async fn a_worker_is_started_found_talked_with_and_ended() {
    let bed = Bed::new().await;
    let host = bed.client();
    let id = new_id();
    host.within_reach(id.tenant).await.unwrap();
    let process = host.start(order(id)).await.unwrap();
    assert_eq!((process.id(), process.pid()), (id, Some(4_000_000)));
    assert!(process.is_within_reach());
    assert_eq!(host.list().await.unwrap(), [id.tenant]);
    let found = host.find(id.tenant, None).await.unwrap();
    assert_eq!(found.iter().map(|found| found.id()).collect::<Vec<_>>(), [id]);
    assert!(matches!(host.start(order(id)).await, Err(StartError::CellBusy)));

    let mut stream = host.dial(&process).await.unwrap();
    let much: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    let mut back = vec![0; much.len()];
    let (mut read, mut write) = tokio::io::split(&mut stream);
    let (wrote, heard) = tokio::join!(write.write_all(&much), read.read_exact(&mut back));
    wrote.unwrap();
    heard.unwrap();
    assert!(back == much, "a tunnel brings all of it");

    process.terminate().await.unwrap();
    assert_eq!(soon("its end", process.ended()).await, Ended::Code(0));
    assert_eq!(soon("the same", found[0].ended()).await, Ended::Code(0));
    process.kill().await.unwrap();
    assert!(host.dial(&process).await.is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused));
    host.forget(id).await;
    assert_eq!(*bed.fake.forgotten.lock().unwrap(), [id]);
    assert!(host.list().await.unwrap().is_empty());
    host.purge(id.tenant).await.unwrap();
    assert_eq!(*bed.fake.purged.lock().unwrap(), [id.tenant]);
    bed.end().await;
}

#[tokio::test]
async fn a_host_says_what_it_is() {
    let bed = Bed::new().await;
    let host = bed.client();
    host.start(order(new_id())).await.unwrap();
    let about = host.about().await.unwrap();
    let expected = About {
        version: "9.9.9-test".to_owned(),
        name: "host-0".to_owned(),
        incarnation: 1,
        capacity: 20,
        running: 1,
        disk_free: Some(77),
        protections: vec!["confinement full".to_owned()],
    };
    assert_eq!(about, expected);
    assert!(matches!(host.seen(), Some(Seen { incarnation: 1, .. })));
    bed.end().await;
}

#[tokio::test]
async fn what_a_worker_says_and_takes_is_told_without_being_asked_for() {
    let bed = Bed::new().await;
    let host = bed.client();
    let id = new_id();
    let process = host.start(order(id)).await.unwrap();
    let worker = bed.fake.worker(id);
    assert!(!process.outgrown(1_000).await);
    for round in [5, 7] {
        *worker.grown.lock().unwrap() = round;
        let grown = async {
            loop {
                match process.output() {
                    0 => tokio::task::yield_now().await,
                    grown => return grown,
                }
            }
        };
        assert_eq!(soon("growth", grown).await, round);
    }
    for (size, is) in [(1_001, true), (1_000, false)] {
        *worker.size.lock().unwrap() = size;
        soon("its size", async {
            while process.outgrown(1_000).await != is {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
    process.tidy().await;
    worker.end(Ended::OutOfMemory);
    assert_eq!(soon("its end", process.ended()).await, Ended::OutOfMemory);
    bed.end().await;
}

#[tokio::test]
async fn logs_and_files_come_as_they_are() {
    let bed = Bed::new().await;
    let host = bed.client().with_folder(bed.volume.path().to_owned());
    let id = new_id();
    let tail = host.log_tail(id.tenant, 100, None).await.unwrap();
    assert_eq!((tail.text.as_slice(), tail.end), (b"one\ntwo\n".as_slice(), 8));
    assert_eq!(host.log_tail(id.tenant, 4, None).await.unwrap().text, b"one\n");
    assert_eq!(host.log_tail(id.tenant, 4, Some(404)).await.unwrap_err().kind(), ErrorKind::NotFound);

    let text = |mut file: std::fs::File| {
        let mut text = Vec::new();
        file.read_to_end(&mut text).unwrap();
        text
    };
    let journal: Vec<_> = host
        .journal_at_rest(id.tenant)
        .await
        .unwrap()
        .into_iter()
        .map(|(name, file)| (name, text(file)))
        .collect();
    assert_eq!(journal, [("journal.db", b"rest".to_vec()), ("journal.db-wal", b"log".to_vec())]);
    assert_eq!(text(host.journal_copy(id.tenant).await.unwrap().remove(0).1), b"copy");
    host.start(order(id)).await.unwrap();
    assert_eq!(host.journal_at_rest(id.tenant).await.unwrap_err().kind(), ErrorKind::WouldBlock);

    let cell = host.cell_at_rest(id.tenant, None).await.unwrap();
    host.lay_cell(id.tenant, None, cell).await.unwrap();
    let laid = bed.fake.laid.lock().unwrap()[&id.tenant].clone();
    assert!(
        laid == [("session.db".to_owned(), vec![7; 300_000]), ("session.db.ended".to_owned(), Vec::new())]
    );
    // With keys that the host never sees; what is not sealed stays so.
    let resealer = Resealer::new(&Key::new([1; 32]), &Key::new([2; 32])).map(std::sync::Arc::new);
    let files = vec![("session.db".to_owned(), file(b"not sealed"))];
    host.lay_cell(id.tenant, resealer, files).await.unwrap();
    assert_eq!(
        bed.fake.laid.lock().unwrap()[&id.tenant],
        [("session.db".to_owned(), b"not sealed".to_vec())]
    );
    bed.end().await;
}
