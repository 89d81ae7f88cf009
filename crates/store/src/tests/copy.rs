//! Copies between the engines, interrupted and changed.

use std::ops::ControlFlow;

use super::support::{World, journal_row, worlds};
use crate::{CopyError, PageRequest, StoreError, copy::copy_by};

/// So few rows in a batch that there is more than one of each.
const BATCH: usize = 40;

/// From SQLite to PostgreSQL and back; where the tests go without PostgreSQL, from SQLite to SQLite.
async fn pairs() -> Vec<(World, World)> {
    match (World::postgres().await, World::postgres().await) {
        (Some(one), Some(other)) => vec![(World::sqlite().await, one), (other, World::sqlite().await)],
        _ => vec![(World::sqlite().await, World::sqlite().await)],
    }
}

/// Three tenants with rows everywhere, and 120 log rows.
async fn fill(world: &World) -> Vec<domain::TenantId> {
    let mut tenants = Vec::new();
    for name in ["Asha", "Baraka", "Neema 😀"] {
        let tenant = world.tenant(name).await;
        world.fill(tenant).await;
        let rows: Vec<_> = (1..=40).map(journal_row).collect();
        world.store.tenant(tenant).append_logs(domain::JournalId::generate(), &rows).await.unwrap();
        tenants.push(tenant);
    }
    world.store.operator().set_setting("admin_password", "hash").await.unwrap();
    world.store.operator().set_setting("Zz", "upper").await.unwrap();
    tenants
}

#[tokio::test]
async fn a_copy_is_the_same_and_works() {
    for (from, to) in pairs().await {
        let tenants = fill(&from).await;
        let report = copy_by(BATCH, &from.store, &to.store, |_| ControlFlow::Continue(())).await.unwrap();
        assert!(report.tables.contains(&("tenants", 3, report.tables[0].2.clone())), "{report:?}");
        for tenant in tenants {
            assert_eq!(to.dump(tenant).await, from.dump(tenant).await);
            to.store.tenant(tenant).get().await.unwrap();
            assert!(
                to.store
                    .tenant(tenant)
                    .logs(PageRequest { limit: 5, before: None })
                    .await
                    .unwrap()
                    .next
                    .is_some()
            );
        }
        assert_eq!(to.store.operator().setting("admin_password").await.unwrap().as_deref(), Some("hash"));
        assert_eq!(to.store.operator().setting("copy.unfinished").await.unwrap(), None);
        let again = copy_by(BATCH, &from.store, &to.store, |_| ControlFlow::Continue(())).await;
        assert!(matches!(again, Err(CopyError::NotEmpty { table: "tenants" })), "{again:?}");
    }
}

#[tokio::test]
async fn wherever_a_copy_stops_the_next_one_goes_on() {
    for (from, to) in pairs().await {
        let tenants = fill(&from).await;
        let mut runs = 0;
        let report = loop {
            let mut batches = 0;
            let stop_after = |_| {
                batches += 1;
                if batches > 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            match copy_by(BATCH, &from.store, &to.store, stop_after).await {
                Ok(report) => break report,
                // The lock of the run before is free a moment after its end.
                Err(CopyError::Stopped | CopyError::Lease(crate::LeaseError::Held { .. })) => runs += 1,
                Err(error) => panic!("{error}"),
            }
            assert!(runs < 10_000, "a copy that never ends");
            tokio::task::yield_now().await;
        };
        assert!(
            runs > 4 && report.tables.iter().any(|(name, rows, _)| *name == "message_logs" && *rows == 123)
        );
        for tenant in tenants {
            assert_eq!(to.dump(tenant).await, from.dump(tenant).await);
        }
    }
}

#[tokio::test]
async fn a_destination_that_is_not_empty_or_of_another_source_is_left_alone() {
    for (from, to) in pairs().await {
        fill(&from).await;
        let other = World::sqlite().await;
        fill(&other).await;
        let stopped = copy_by(BATCH, &other.store, &to.store, |_| ControlFlow::Break(())).await;
        assert!(matches!(stopped, Err(CopyError::Stopped)));
        let refused = loop {
            match copy_by(BATCH, &from.store, &to.store, |_| ControlFlow::Continue(())).await {
                Err(CopyError::Lease(crate::LeaseError::Held { .. })) => tokio::task::yield_now().await,
                other => break other,
            }
        };
        assert!(matches!(refused, Err(CopyError::OtherSource)), "{refused:?}");
    }
}

#[tokio::test]
async fn a_row_that_was_changed_on_the_way_is_found() {
    for (from, to) in pairs().await {
        let tenants = fill(&from).await;
        let stopped = copy_by(BATCH, &from.store, &to.store, |at| {
            if at.table == "settings" { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(matches!(stopped.await, Err(CopyError::Stopped)));
        to.store
            .tenant(tenants[0])
            .set_hold(Some(domain::Digits::new("255700000001").unwrap()))
            .await
            .unwrap();
        let found = loop {
            match copy_by(BATCH, &from.store, &to.store, |_| ControlFlow::Continue(())).await {
                Err(CopyError::Lease(crate::LeaseError::Held { .. })) => tokio::task::yield_now().await,
                other => break other,
            }
        };
        assert!(matches!(found, Err(CopyError::Differs { table: "tenants", .. })), "{found:?}");
    }
}

/// While a control plane has the lease and writes, in one state of all tables, on both engines.
#[tokio::test]
async fn a_snapshot_is_the_database_at_one_instant_while_others_write() {
    for from in worlds().await {
        let tenants = fill(&from).await;
        let _serves = from.store.lease("a control plane").await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy.db");
        let writes = async {
            for _ in 0..10 {
                let rows: Vec<_> = (1..=40).map(journal_row).collect();
                let scope = from.store.tenant(tenants[0]);
                scope.append_logs(domain::JournalId::generate(), &rows).await.unwrap();
            }
        };
        let (made, ()) = tokio::join!(from.store.snapshot(&path), writes);
        made.unwrap();
        let target = crate::Target::Sqlite(path.clone());
        let copy = crate::Store::open(&target, std::sync::Arc::new(domain::SystemClock)).await.unwrap();
        let logs = |store: &crate::Store, tenant| {
            let scope = store.tenant(tenant);
            async move { scope.logs(PageRequest { limit: 500, before: None }).await.unwrap().items.len() }
        };
        let more = logs(&copy, tenants[0]).await - logs(&copy, tenants[1]).await;
        assert_eq!(more % 40, 0, "batches are there whole or not at all");
        assert_eq!(logs(&copy, tenants[1]).await, logs(&from.store, tenants[1]).await);
        assert!(logs(&copy, tenants[1]).await >= 40);
        assert_eq!(copy.operator().setting("Zz").await.unwrap().as_deref(), Some("upper"));
        copy.close().await;
        assert!(from.store.snapshot(&path).await.is_err(), "a file that is there is left alone");
        std::fs::write(&path, "no database").unwrap();
        assert!(crate::db::look_at(&path).await.is_err());
    }
}

#[tokio::test]
async fn nothing_is_copied_while_a_control_plane_runs() {
    for from in worlds().await {
        let to = World::sqlite().await;
        let running = from.reopened().await;
        let _lease = running.lease("serve").await.unwrap();
        let refused = copy_by(BATCH, &from.store, &to.store, |_| ControlFlow::Continue(())).await;
        assert!(matches!(refused, Err(CopyError::Lease(_))), "{refused:?}");
        let free: Result<_, StoreError> = to.store.operator().setting("copy.unfinished").await;
        assert_eq!(free.unwrap(), None);
    }
}
