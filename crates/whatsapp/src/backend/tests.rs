use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::Digits;
use tempfile::TempDir;
use whatsapp_rust::wacore::store::traits::{LidPnMappingEntry, PendingInboundRow, ProtocolStore as _};
use worker::channel::{Address, EarlierChat, Inbound, InboxError};

use super::*;

const NUMBER: &str = "255754000222";
const HIDDEN: &str = "100000000000001";
const ROW: PendingInboundRow<'static> = PendingInboundRow {
    chat: "255754000222@s.whatsapp.net",
    sender: "255754000222:3@s.whatsapp.net",
    id: "3EB0",
    message: b"habari",
};

/// An inbox that took one message.
struct Took(&'static str);

#[async_trait]
impl Inbox for Took {
    async fn accept(&self, _: Vec<Inbound>) -> std::result::Result<(), InboxError> {
        Ok(())
    }
    async fn has(&self, sender: &Address, id: &str) -> std::result::Result<bool, InboxError> {
        let number = sender.number.as_ref().map(Digits::as_str);
        Ok(id == self.0 && (number == Some(NUMBER) || sender.lid.as_deref() == Some(HIDDEN)))
    }
    async fn chatted_before(&self, _: Vec<EarlierChat>, _: bool) -> std::result::Result<(), InboxError> {
        Ok(())
    }
}

async fn guarded(directory: &TempDir, fatal: OnFatal) -> Guarded {
    guarded_with(directory, fatal, Took(ROW.id)).await.0
}

async fn guarded_with(
    directory: &TempDir,
    fatal: OnFatal,
    inbox: Took,
) -> (Guarded, mpsc::UnboundedReceiver<Signal>) {
    let path = directory.path().join("session.db");
    let store = SqliteStore::new(path.to_str().unwrap()).await.unwrap();
    whatsapp_rust::wacore::store::traits::DeviceStore::create(&store).await.unwrap();
    let (sender, signals) = mpsc::unbounded_channel();
    (Guarded::new(Stores { synced: store.clone(), lazy: store }, fatal, Arc::new(inbox), sender), signals)
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

#[tokio::test]
async fn what_neither_the_buffer_nor_the_inbox_has_is_asked_for_again() {
    let directory = tempfile::tempdir().unwrap();
    let fatal: OnFatal = Arc::new(|reason| panic!("{reason}"));
    let (store, mut signals) = guarded_with(&directory, fatal, Took("3EB1")).await;
    let came_again = |id| store.get_pending_inbound(ROW.chat, ROW.sender, id);
    assert_eq!(came_again("3EB1").await.unwrap(), None, "the inbox has it");
    assert!(signals.try_recv().is_err());
    let error = came_again("3EB2").await.unwrap_err();
    assert!(error.to_string().contains("asked for it again"), "{error}");
    let asked = signals.try_recv();
    assert!(
        matches!(&asked, Ok(Signal::Missing { sender, id }) if sender.to_string() == ROW.sender && id == "3EB2")
    );
}

#[tokio::test]
async fn what_no_customer_wrote_to_the_business_itself_is_not_asked_for_again() {
    let directory = tempfile::tempdir().unwrap();
    let fatal: OnFatal = Arc::new(|reason| panic!("{reason}"));
    let (store, mut signals) = guarded_with(&directory, fatal, Took("")).await;
    let mut own = store.load().await.unwrap().unwrap();
    own.pn = Some("255754000111:7@s.whatsapp.net".parse().unwrap());
    own.lid = Some("100000000000009:7@lid".parse().unwrap());
    store.save(&own).await.unwrap();
    for (chat, sender) in [
        ("120363021033254949@g.us", "255754000222:3@s.whatsapp.net"),
        ("255754000222@s.whatsapp.net", "255754000111@s.whatsapp.net"),
        ("255754000111@s.whatsapp.net", "255754000111@s.whatsapp.net"),
        ("100000000000009@lid", "100000000000009@lid"),
        ("867051314767696@bot", "867051314767696@bot"),
    ] {
        assert_eq!(
            store.get_pending_inbound(chat, sender, "3EB2").await.unwrap(),
            None,
            "{sender} in {chat}"
        );
    }
    assert!(signals.try_recv().is_err());
}
