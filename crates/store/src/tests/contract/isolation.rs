//! Every tenant-scoped method with another tenant's ids: it sees nothing, changes nothing, and says "missing".

use domain::{DesiredState, JournalId, SetupStatus, TenantEvent};

use crate::{
    EventDetails, PageRequest, SetupDecision, StoreError,
    tests::support::{journal_row, worlds},
};

#[tokio::test]
async fn another_tenants_ids_look_like_missing_ones() {
    for world in worlds().await {
        let (own, foreign) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let theirs = world.fill(foreign).await;
        let before = world.dump(foreign).await;
        let scope = world.store.tenant(own);

        let decision = SetupDecision { status: SetupStatus::Approved, notes: None, by: "admin".into() };
        assert!(matches!(
            scope.setup_request(theirs.request).await,
            Err(StoreError::NotFound("setup request"))
        ));
        let decided = scope.decide_setup_request(theirs.request, &decision).await;
        assert!(matches!(decided, Err(StoreError::NotFound("setup request"))));
        let removed = world.store.people().remove(own, theirs.user).await;
        assert!(matches!(removed, Err(StoreError::NotFound("member"))), "{removed:?}");
        assert_eq!(scope.acknowledged(theirs.journal).await.unwrap(), 0);
        assert!(!scope.has_written(&theirs.contact).await.unwrap());
        assert_eq!(scope.chat(&theirs.contact, PageRequest::default()).await.unwrap().items, []);
        assert_eq!(scope.logs(PageRequest::default()).await.unwrap().items, []);
        let events = scope.events(PageRequest::default()).await.unwrap().items;
        assert!(events.iter().all(|event| event.tenant_id == Some(own)), "{events:?}");
        assert_eq!(scope.members().await.unwrap(), []);
        assert_eq!(scope.setup_requests(PageRequest::default()).await.unwrap().items, []);

        // A worker that names the other one's journal and rows writes to its own, and takes nothing away.
        let mut stolen = journal_row(1);
        stolen.id = theirs.log;
        assert_eq!(scope.append_logs(theirs.journal, &[stolen]).await.unwrap(), 1);
        assert_eq!(scope.logs(PageRequest::default()).await.unwrap().items.len(), 1);

        // All that changes own rows leaves the others alone.
        scope.set_desired(DesiredState::Run).await.unwrap();
        let generation = scope.begin_generation(false).await.unwrap();
        scope.record_started(generation, 1).await.unwrap();
        scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
        scope.set_suspended(Some("why".into())).await.unwrap();
        scope.record_exit(generation, Some("dead")).await.unwrap();
        scope.clear_error().await.unwrap();
        scope.unlink_number().await.unwrap();
        scope.append_logs(JournalId::generate(), &[journal_row(1)]).await.unwrap();
        scope.delete("admin").await.unwrap();
        assert_eq!(world.dump(foreign).await, before);
    }
}
