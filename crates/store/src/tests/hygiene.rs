//! S4: a connection comes back with nothing left on it, however its transaction ended.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use domain::TenantId;
use sqlx::{Executor as _, Row as _};

use super::{
    isolation::counted,
    support::{World, raw, worlds},
};
use crate::db::{Access, Engine};

/// Times that a connection is taken, on each engine.
const CHECKOUTS: usize = 1_000;

/// How a transaction ends.
#[derive(Debug, Clone, Copy)]
enum End {
    Commit,
    Rollback,
    Error,
    Cancel,
    Panic,
}

const ENDS: [End; 5] = [End::Commit, End::Rollback, End::Error, End::Cancel, End::Panic];

/// All but one of the readers' connections, so that every test of one comes to the same.
async fn occupy(world: &World) -> Vec<crate::db::Tx> {
    let free = world.store.db().pool().options().get_max_connections() - 1;
    let mut held = Vec::new();
    for _ in 0..free {
        held.push(world.store.begin(Access { tenant: None, write: false }).await.unwrap());
    }
    held
}

async fn one(world: &World, tenant: TenantId, end: End, yields: usize) {
    let store = world.store.clone();
    let access = Access { tenant: Some(tenant), write: false };
    let work = async move {
        let mut tx = store.begin(access).await.unwrap();
        let seen = raw(&mut tx, "SELECT id FROM tenants").await.unwrap();
        assert!(!seen.is_empty());
        match end {
            End::Commit => tx.commit().await.unwrap(),
            End::Rollback => drop(tx),
            End::Error => assert!(raw(&mut tx, "SELECT nothing FROM nowhere").await.is_err()),
            End::Cancel => std::future::pending().await,
            End::Panic => panic!("on purpose"),
        }
    };
    let task = tokio::spawn(work);
    match end {
        End::Cancel => {
            // Ended wherever it is just then: before, in and after the beginning of its transaction.
            for _ in 0..yields {
                tokio::task::yield_now().await;
            }
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        }
        End::Panic => assert!(task.await.unwrap_err().is_panic()),
        End::Commit | End::Rollback | End::Error => task.await.unwrap(),
    }
}

#[tokio::test]
async fn no_connection_keeps_a_tenant() {
    // Panics on purpose would fill the output.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<&str>().is_none_or(|text| *text != "on purpose") {
            hook(info);
        }
    }));
    let mut checkouts = 0;
    for world in worlds().await {
        let (a, b) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        let held = occupy(&world).await;
        for round in 0..CHECKOUTS {
            let tenant = if round % 2 == 0 { a } else { b };
            one(&world, tenant, ENDS[round % ENDS.len()], round / ENDS.len() % 40).await;
            checkouts += 1;
            if world.store.engine() == Engine::Postgres {
                // Past the store, on the one connection that is free: no setting, and so no row.
                let pool = world.store.db().pool();
                let left = pool.fetch_one(
                    "SELECT COALESCE(current_setting('flowhq.tenant', true), '') \
                     || COALESCE(current_setting('flowhq.operator', true), '')",
                );
                assert_eq!(left.await.unwrap().get::<String, _>(0), "");
                let row = pool.fetch_one("SELECT COUNT(*) FROM tenants").await.unwrap();
                assert_eq!(row.get::<i64, _>(0), 0, "a row is seen without a setting");
                // And the other tenant's transaction on it sees the other tenant.
                let other = if tenant == a { b } else { a };
                let mut tx = world.store.begin(Access { tenant: Some(other), write: false }).await.unwrap();
                let seen = raw(&mut tx, "SELECT id FROM tenants").await.unwrap();
                assert!(seen.len() == 1 && seen[0].contains(&other.to_string()), "{seen:?}");
            }
        }
        drop(held);
    }
    counted("hygiene", checkouts);
}
