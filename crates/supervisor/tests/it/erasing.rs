//! A contact that is to be forgotten while the worker is stopped is forgotten before the next one connects.

use domain::{Direction, JournalId, LogId, TenantId};
use link::Exit;
use serde_json::json;
use store::{Actor, NewLog, PageRequest, Store};
use supervisor::Error;

use crate::common::World;

const KNOWN: &str = "known 255712000001 99001";

/// A row of the log under each name.
async fn say(store: &Store, tenant: TenantId, contacts: &[&str]) {
    let rows: Vec<_> = contacts
        .iter()
        .zip(1..)
        .map(|(contact, sequence)| NewLog {
            sequence,
            id: LogId::generate(),
            direction: Direction::In,
            contact: (*contact).to_owned(),
            text: "kipepeo".to_owned(),
            wa_message_id: "3EB0".to_owned(),
            at: "2026-01-02T03:04:05Z".parse().unwrap(),
            silence: None,
            sent_at: None,
            about: None,
            removes: false,
            delivery: None,
            writer: None,
            opted_out: false,
        })
        .collect();
    store.tenant(tenant).append_logs(JournalId::generate(), &rows).await.unwrap();
}

async fn contacts(store: &Store, tenant: TenantId) -> Vec<String> {
    let rows = store.tenant(tenant).logs(PageRequest::default()).await.unwrap().items;
    rows.into_iter().map(|row| row.contact).collect()
}

/// The worker's words in their order, from its log.
fn words(world: &World, tenant: TenantId) -> Vec<String> {
    world.log(tenant).lines().map(ToOwned::to_owned).collect()
}

async fn until_erased(world: &mut World, tenant: TenantId) {
    world.until(tenant, "erased", |detail| detail.worker.erasures_waiting == 0).await;
    // It is told to connect right after that, and says so.
    tokio::time::timeout(crate::common::PATIENCE, async {
        while !world.log(tenant).contains("told to connect") {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

async fn erased(world: &World, tenant: TenantId) -> Vec<(String, serde_json::Value)> {
    let events = world.store.tenant(tenant).events(PageRequest::default()).await.unwrap().items;
    let erased = events.into_iter().filter(|event| event.event_type == "CONTACT_ERASED");
    erased.map(|event| (event.actor, event.payload)).collect()
}

#[tokio::test]
async fn what_was_ordered_while_it_was_stopped_is_forgotten_before_it_connects() {
    let mut world = World::new().await;
    let tenant = world.tenant_that(&format!("{KNOWN}\nbusy-at-first")).await;
    say(&world.store, tenant, &["255712000001", "lid:99001", "255712000002"]).await;
    let scope = world.store.tenant(tenant).by(Actor::Admin);
    let (erasure, _) = scope.order_erasure("255712000001").await.unwrap();
    let refused = world.handle.erase(tenant, erasure).await;
    assert!(matches!(refused, Err(Error::NotRunning)), "{refused:?}");
    assert_eq!(contacts(&world.store, tenant).await.len(), 3, "nothing is done by halves");

    world.handle.start(tenant).await.unwrap();
    until_erased(&mut world, tenant).await;
    assert_eq!(
        words(&world, tenant),
        ["worker 1 ready", "waits before it connects", "forgotten", "told to connect"]
    );
    assert_eq!(contacts(&world.store, tenant).await, ["255712000002"], "under both names, and nobody else's");
    let counts = json!({ "journal_messages": 3, "log_rows": 0, "records": 0 });
    assert_eq!(erased(&world, tenant).await, [("admin".to_owned(), counts)]);

    // One that has nothing to forget connects by itself.
    let other = world.tenant_that(KNOWN).await;
    world.handle.start(other).await.unwrap();
    world.until_live(other, "linked", |live| live.linked).await;
    assert!(!world.log(other).contains("waits"), "{}", world.log(other));
    world.end().await;
}

#[tokio::test]
async fn a_worker_that_dies_between_forgetting_and_saying_so_is_asked_again_and_the_other_name_is_not_lost() {
    let mut world = World::new().await;
    // So that it is not started again before the test has looked.
    let tenant = world.tenant_that(&format!("{KNOWN}\nforgets-and-dies {}", Exit::Refused.code())).await;
    let scope = world.store.tenant(tenant).by(Actor::Admin);
    scope.order_erasure("255712000001").await.unwrap();
    world.handle.start(tenant).await.unwrap();
    world.until(tenant, "given up", |detail| detail.tenant.status == domain::TenantStatus::Error).await;
    let waiting = scope.erasures().await.unwrap();
    assert_eq!(waiting[0].names(), ["255712000001", "lid:99001"], "it is repeated, with both names");
    assert!(erased(&world, tenant).await.is_empty() && !world.log(tenant).contains("told to connect"));
    // What came up the link meanwhile, under the name that no journal knows any more.
    say(&world.store, tenant, &["lid:99001", "255712000002"]).await;

    world.handle.shutdown(false).await;
    world.again();
    world.handle.force_restart(tenant).await.unwrap();
    until_erased(&mut world, tenant).await;
    assert_eq!(contacts(&world.store, tenant).await, ["255712000002"]);
    let counts = json!({ "journal_messages": 0, "log_rows": 1, "records": 0 });
    assert_eq!(erased(&world, tenant).await, [("admin".to_owned(), counts)]);
    world.end().await;
}

#[tokio::test]
async fn a_worker_that_waits_is_taken_over_and_let_go_by_the_next_control_plane() {
    let mut world = World::new().await;
    // It never says that it has forgotten: an answer of another kind.
    let tenant = world.tenant_that("").await;
    let scope = world.store.tenant(tenant);
    let (erasure, _) = scope.order_erasure("255712000001").await.unwrap();
    world.handle.start(tenant).await.unwrap();
    world.until_live(tenant, "linked", |live| live.linked).await;
    world.handle.shutdown(true).await;
    assert!(!world.log(tenant).contains("told to connect"), "not before it has forgotten");
    scope.withdraw_erasure(&erasure).await.unwrap();
    world.again();
    until_erased(&mut world, tenant).await;
    assert_eq!(world.get(tenant).await.worker.generation, 1, "the same worker");
    world.end().await;
}
