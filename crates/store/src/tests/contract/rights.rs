//! What people have a right to: logs that end, and contacts that are forgotten.

use domain::{JournalId, Timestamp};

use crate::{
    PageRequest, TenantChange,
    tests::support::{journal_row, worlds},
};

#[tokio::test]
async fn old_rows_go_in_small_batches_and_only_those_of_the_tenant() {
    for world in worlds().await {
        let (own, other) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let rows: Vec<_> = (1..=10).map(journal_row).collect();
        let journal = JournalId::generate();
        for tenant in [own, other] {
            world.store.tenant(tenant).append_logs(journal, &rows).await.unwrap();
        }
        let scope = world.store.tenant(own);
        let before = rows[7].at;
        let mut deleted = Vec::new();
        loop {
            let batch = scope.prune_logs(before, 3).await.unwrap();
            deleted.push(batch);
            if batch == 0 {
                break;
            }
        }
        assert_eq!(deleted, [3, 3, 1, 0]);
        let left = scope.logs(PageRequest::default()).await.unwrap().items;
        assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [rows[9].id, rows[8].id, rows[7].id]);
        assert_eq!(world.store.tenant(other).logs(PageRequest::default()).await.unwrap().items.len(), 10);
        // What has gone does not come back with a batch that was not heard of as acknowledged.
        assert_eq!(scope.append_logs(journal, &rows).await.unwrap(), 10);
        assert_eq!(scope.logs(PageRequest::default()).await.unwrap().items.len(), 3);
    }
}

#[tokio::test]
async fn a_contact_is_erased_whole_and_alone() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let mut rows: Vec<_> = (1..=6).map(journal_row).collect();
        rows[1].contact = "255712000002".into();
        rows[4].contact = "255712000002".into();
        scope.append_logs(JournalId::generate(), &rows).await.unwrap();
        let contact = &rows[0].contact;
        assert_eq!(scope.erase_contact(contact, 3).await.unwrap(), 3);
        assert_eq!(scope.erase_contact(contact, 3).await.unwrap(), 1);
        assert_eq!(scope.erase_contact(contact, 3).await.unwrap(), 0);
        let left = scope.logs(PageRequest::default()).await.unwrap().items;
        assert!(left.len() == 2 && left.iter().all(|row| row.contact == "255712000002"));
        assert!(!scope.has_written(contact).await.unwrap());
    }
}

#[tokio::test]
async fn retention_is_the_tenants_own_and_no_news_to_its_worker() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let set = scope
            .update(TenantChange { retention_days: Some(Some(30)), ..TenantChange::default() })
            .await
            .unwrap();
        assert_eq!((set.tenant.retention_days, set.config.version), (Some(30), 1));
        assert_eq!(scope.get().await.unwrap(), set);
        let kept = scope
            .update(TenantChange { retention_days: Some(None), ..TenantChange::default() })
            .await
            .unwrap();
        assert_eq!(kept.tenant.retention_days, None);
        assert_eq!(scope.prune_logs(Timestamp::UNIX_EPOCH, 100).await.unwrap(), 0);
    }
}
