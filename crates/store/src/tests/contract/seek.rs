//! A search that takes long holds up nothing else, and is ended in the database: when its time is over, when nobody waits
//! for it, and with the store.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::time::Duration;

use domain::{JournalId, limits::SEARCH_MAX_CHARS};

use crate::{
    LogFilter, NewLog, PageRequest, StoreError, TenantScope,
    tests::support::{World, journal_row, worlds},
};

/// For what must happen at once and does, or else hangs.
const LONG: Duration = Duration::from_secs(60);

/// A log through which the search of [`filter`] goes for minutes.
async fn filled(world: &World) -> TenantScope {
    let scope = world.store.tenant(world.tenant("Asha").await);
    let (journal, text) = (JournalId::generate(), "a".repeat(65_536));
    for first in (1..=500).step_by(50) {
        let batch: Vec<_> =
            (first..first + 50).map(|n| NewLog { text: text.clone(), ..journal_row(n) }).collect();
        scope.append_logs(journal, &batch).await.unwrap();
    }
    scope
}

fn filter() -> LogFilter {
    LogFilter { text: Some(format!("{}b", "a".repeat(SEARCH_MAX_CHARS - 1))), ..LogFilter::default() }
}

/// What must be answered at once while searches run.
async fn all_else(world: &World, scope: &TenantScope) {
    tokio::time::timeout(LONG, async {
        world.store.ping().await.unwrap();
        assert!(!scope.logs(PageRequest::default()).await.unwrap().items.is_empty());
        scope.get().await.unwrap();
        scope.set_desired(domain::DesiredState::Run).await.unwrap();
    })
    .await
    .expect("what is no search waits for searches");
}

#[tokio::test(flavor = "multi_thread")]
async fn searches_whose_asker_has_gone_end_in_the_database_and_hold_up_nothing() {
    for world in worlds().await {
        let scope = filled(&world).await;
        world.store.db().seekers().set_time(LONG * 10);
        let searches: Vec<_> = (0..6)
            .map(|_| {
                let scope = scope.clone();
                tokio::spawn(async move { scope.search_logs(&filter(), PageRequest::default()).await })
            })
            .collect();
        all_else(&world, &scope).await;
        assert!(searches.iter().all(|search| !search.is_finished()), "searches run, and the rest goes on");
        searches.iter().for_each(tokio::task::JoinHandle::abort);
        let rest = world.store.db().seekers().at_rest();
        tokio::time::timeout(LONG, rest).await.expect("a search goes on that nobody waits for");
        assert!(world.store.db().seekers().ended() > 0, "they went on to their ends");
        let found = LogFilter { text: Some("aaa".into()), ..LogFilter::default() };
        let found = scope.search_logs(&found, PageRequest { limit: 3, before: None }).await.unwrap();
        assert_eq!(found.items.len(), 3, "the next search has a connection that is whole");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_ends_when_its_time_is_over_and_says_so() {
    for world in worlds().await {
        let scope = filled(&world).await;
        world.store.db().seekers().set_time(Duration::from_millis(300));
        let filter = filter();
        let search = scope.search_logs(&filter, PageRequest::default());
        let ended = tokio::time::timeout(LONG, search).await.expect("nothing ends it");
        assert!(matches!(ended, Err(StoreError::TookTooLong)), "{ended:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_closed_waits_for_no_search() {
    for world in worlds().await {
        let scope = filled(&world).await;
        world.store.db().seekers().set_time(LONG * 10);
        let search = tokio::spawn(async move { scope.search_logs(&filter(), PageRequest::default()).await });
        while world.store.db().seekers().is_at_rest() {
            tokio::task::yield_now().await;
        }
        tokio::time::timeout(LONG, world.store.close()).await.expect("a search holds up the end");
        let ended = search.await.unwrap();
        assert!(matches!(ended, Err(StoreError::TookTooLong)), "{ended:?}");
    }
}
