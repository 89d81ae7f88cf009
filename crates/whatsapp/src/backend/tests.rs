use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use whatsapp_rust::wacore::store::traits::{LidPnMappingEntry, PendingInboundRow, ProtocolStore as _};

use super::*;

const NUMBER: &str = "255754000222";
const HIDDEN: &str = "100000000000001";
const ROW: PendingInboundRow<'static> = PendingInboundRow {
    chat: "255754000222@s.whatsapp.net",
    sender: "255754000222:3@s.whatsapp.net",
    id: "3EB0",
    message: b"habari",
};

async fn guarded(directory: &TempDir, fatal: OnFatal) -> Guarded {
    let path = directory.path().join("session.db");
    let store = SqliteStore::new(path.to_str().unwrap()).await.unwrap();
    whatsapp_rust::wacore::store::traits::DeviceStore::create(&store).await.unwrap();
    Guarded::new(Stores { synced: store.clone(), lazy: store }, fatal)
}

async fn learn(store: &Guarded) {
    let entry = LidPnMappingEntry {
        lid: HIDDEN.into(),
        phone_number: NUMBER.into(),
        created_at: 0,
        updated_at: 0,
        learning_source: "usync".into(),
    };
    store.put_lid_mapping(&entry).await.unwrap();
}

#[tokio::test]
async fn a_message_is_found_under_either_name_of_its_sender() {
    let directory = tempfile::tempdir().unwrap();
    let store = guarded(&directory, Arc::new(|reason| panic!("{reason}"))).await;
    store.store_pending_inbound_batch(&[ROW]).await.unwrap();
    let by_lid = || store.get_pending_inbound("100000000000001@lid", "100000000000001:3@lid", "3EB0");
    assert_eq!(by_lid().await.unwrap(), None, "nobody knows yet who that is");
    learn(&store).await;
    assert_eq!(by_lid().await.unwrap().as_deref(), Some(&b"habari"[..]));
    let other_device =
        store.get_pending_inbound("100000000000001@lid", "100000000000001:4@lid", "3EB0").await.unwrap();
    assert_eq!(other_device, None);
    assert_eq!(store.get_pending_inbound("1@g.us", "100000000000001:3@lid", "3EB0").await.unwrap(), None);
}

#[tokio::test]
async fn a_buffer_that_cannot_be_written_ends_the_process_before_the_hook() {
    let directory = tempfile::tempdir().unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&told);
    let store =
        guarded(&directory, Arc::new(move |reason| ears.lock().unwrap().push(reason.to_owned()))).await;
    let database = rusqlite::Connection::open(directory.path().join("session.db")).unwrap();
    database.execute_batch("DROP TABLE pending_inbound_messages").unwrap();
    assert!(store.store_pending_inbound_batch(&[ROW]).await.is_err());
    let told = told.lock().unwrap();
    assert!(told[0].contains("could not buffer") && told[0].contains("no such table"), "{told:?}");
}
