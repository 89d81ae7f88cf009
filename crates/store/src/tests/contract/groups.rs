//! Groups that are kept in memory are those of the rows.

use domain::{Show, TenantEvent, TenantId};

use crate::{
    EventDetails, Grouping,
    db::Access,
    tests::support::{World, now, worlds},
};

async fn grouping(world: &World) -> Grouping {
    let now = now(world);
    let mut grouping = world.store.operator().grouping(now, now).await.unwrap();
    grouping.needs.sort_unstable();
    grouping.few.retain(|_, members| !members.is_empty());
    grouping.few.values_mut().for_each(|members| members.sort_unstable());
    grouping
}

/// The same, of all rows read anew.
async fn anew(world: &World) -> Grouping {
    let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
    tx.connection();
    tx.commit().await.unwrap();
    grouping(world).await
}

/// Whether some tenants alone are to be looked at, and not all.
fn some_were_moved(world: &World) -> bool {
    let touched = world.store.db().touched();
    let moved = touched.take();
    let some = !moved.anybody && !moved.tenants.is_empty();
    touched.note(moved);
    some
}

#[tokio::test]
async fn what_moves_a_tenant_is_seen_without_reading_all() {
    for world in worlds().await {
        let (asha, bahati) = (world.tenant("Asha").await, world.tenant("Bahati").await);
        assert_eq!(grouping(&world).await.overview.new, 2);
        let event = async |tenant: TenantId, event: TenantEvent| {
            world.store.tenant(tenant).apply_event(event, EventDetails::default()).await.unwrap();
        };
        let steps = [
            TenantEvent::WorkerStarted,
            TenantEvent::QrReceived,
            TenantEvent::Connected,
            TenantEvent::Disconnected,
            TenantEvent::Connected,
            TenantEvent::CrashLoop,
            TenantEvent::Stopped,
        ];
        let mut seen = vec![Show::New];
        for step in steps {
            event(asha, step).await;
            assert!(some_were_moved(&world), "{step:?}");
            let kept = grouping(&world).await;
            assert_eq!(kept, anew(&world).await, "{step:?}");
            seen.extend(
                Show::ALL.into_iter().filter(|show| *show != Show::New && kept.overview.of(*show) == 1),
            );
        }
        let on_its_way =
            [Show::New, Show::Waiting, Show::Waiting, Show::Answering, Show::Reconnecting, Show::Answering];
        assert_eq!(seen[..6], on_its_way);

        // Whoever asks may give up once it knows who has moved and has not looked yet.
        event(asha, TenantEvent::WorkerStarted).await;
        let operator = world.store.operator();
        let mut asks = Box::pin(operator.grouping(now(&world), now(&world)));
        while some_were_moved(&world) {
            tokio::select! {
                biased;
                _ = &mut asks => unreachable!("it looks first"),
                () = tokio::task::yield_now() => {}
            }
        }
        drop(asks);
        assert_eq!(grouping(&world).await, anew(&world).await);

        for (suspended, group) in [(Some("spam".to_owned()), Show::Suspended), (None, Show::New)] {
            world.store.tenant(bahati).set_suspended(suspended).await.unwrap();
            assert!(some_were_moved(&world), "{group}");
            let kept = grouping(&world).await;
            assert_eq!(kept.overview.of(group), 1, "{group}");
            assert_eq!(kept, anew(&world).await);
        }

        world.store.tenant(asha).delete("admin").await.unwrap();
        assert!(some_were_moved(&world));
        let kept = grouping(&world).await;
        assert_eq!((kept.overview.all, &kept), (1, &anew(&world).await));
    }
}
