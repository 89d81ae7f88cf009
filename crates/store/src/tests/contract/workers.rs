//! What is wanted of workers and observed of them.

use domain::{DesiredState, SessionState, TenantEvent, TenantId, WorkerStatus};
use jiff::SignedDuration;

use crate::{
    Actor, EventDetails, PageRequest, StoreError, WorkerFigures, WorkerOrder,
    tests::support::{now, worlds},
};

const fn figures(generation: i64, session: SessionState) -> WorkerFigures {
    WorkerFigures {
        generation,
        session,
        memory_bytes: Some(2_200_000),
        cpu_ms: 120,
        queued: 1,
        unsent: 2,
        unlogged: u64::MAX,
        last_message_at: None,
        unreadable: 0,
        clock_behind_ms: None,
        hand_offs: 0,
    }
}

#[tokio::test]
async fn generations_grow_and_count_restarts() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        scope.set_desired(DesiredState::Run).await.unwrap();
        assert_eq!(scope.begin_generation(false).await.unwrap(), 1);
        scope.record_started(1, 4242).await.unwrap();
        let worker = scope.get().await.unwrap().worker;
        assert_eq!(
            (worker.desired_state, worker.status, worker.pid),
            (DesiredState::Run, WorkerStatus::Running, Some(4242))
        );

        scope.record_exit(1, Some("killed by signal 9")).await.unwrap();
        let worker = scope.get().await.unwrap().worker;
        assert_eq!(
            (worker.status, worker.pid, worker.last_error.as_deref()),
            (WorkerStatus::Error, None, Some("killed by signal 9"))
        );
        assert_eq!(scope.begin_generation(true).await.unwrap(), 2);
        assert_eq!(scope.begin_generation(true).await.unwrap(), 3);
        assert_eq!(scope.get().await.unwrap().worker.restarts, 2);
        for late in [scope.record_started(1, 1).await, scope.record_exit(2, None).await] {
            assert!(matches!(late, Err(StoreError::OldGeneration { current: 3, .. })), "{late:?}");
        }
        scope.record_exit(3, None).await.unwrap();
        scope.clear_error().await.unwrap();
        let worker = scope.get().await.unwrap().worker;
        assert_eq!((worker.status, worker.last_error), (WorkerStatus::Stopped, None));
        assert_eq!(scope.begin_generation(false).await.unwrap(), 4);
        assert_eq!(scope.get().await.unwrap().worker.restarts, 0);
    }
}

#[tokio::test]
async fn heartbeats_are_of_the_current_generation_and_of_our_time() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await);
        let old = scope.begin_generation(false).await.unwrap();
        let current = scope.begin_generation(false).await.unwrap();
        world.clock.advance(SignedDuration::from_secs(30));
        scope.heartbeat(&figures(current, SessionState::Disconnected)).await.unwrap();
        let detail = scope.get().await.unwrap();
        assert_eq!(detail.worker.last_heartbeat_at, Some(now(&world)));
        assert_eq!((detail.worker.memory_bytes, detail.worker.queued), (Some(2_200_000), Some(1)));
        assert_eq!(detail.worker.unlogged, Some(i64::MAX as u64));
        assert_eq!(detail.session.last_seen_at, None);
        scope.heartbeat(&figures(current, SessionState::Connected)).await.unwrap();
        assert_eq!(scope.get().await.unwrap().session.last_seen_at, Some(now(&world)));

        let before = scope.get().await.unwrap();
        world.clock.advance(SignedDuration::from_secs(30));
        let late = scope.heartbeat(&figures(old, SessionState::Connected)).await;
        assert!(matches!(late, Err(StoreError::OldGeneration { .. })));
        assert_eq!(scope.get().await.unwrap(), before);
    }
}

#[tokio::test]
async fn the_supervisor_sees_all_workers() {
    for world in worlds().await {
        let mut tenants = vec![world.tenant("Asha").await, world.tenant("Baraka").await];
        tenants.sort_unstable();
        world.store.tenant(tenants[1]).set_desired(DesiredState::Run).await.unwrap();
        let workers = world.store.operator().workers().await.unwrap();
        assert_eq!(workers.iter().map(|worker| worker.tenant_id).collect::<Vec<_>>(), tenants);
        assert_eq!(workers[1].desired_state, DesiredState::Run);
    }
}

#[tokio::test]
async fn an_order_names_who_gave_it_and_stands_or_falls_with_it() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let scope = world.store.tenant(tenant).by(Actor::Admin);
        scope.order(WorkerOrder::Start).await.unwrap();
        assert_eq!(scope.get().await.unwrap().worker.desired_state, DesiredState::Run);
        // A tenant that was never started cannot be stopped: no line, and what is wanted stays.
        let stop = EventDetails { order: Some(WorkerOrder::Stop), ..EventDetails::default() };
        let refused = scope.apply_event(TenantEvent::Stopped, stop.clone()).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        assert_eq!(scope.get().await.unwrap().worker.desired_state, DesiredState::Run);
        scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
        scope.apply_event(TenantEvent::Stopped, stop).await.unwrap();
        assert_eq!(scope.get().await.unwrap().worker.desired_state, DesiredState::Stopped);
        let lines = scope.events(PageRequest::default()).await.unwrap().items;
        let told: Vec<_> =
            lines.iter().map(|line| (line.event_type.as_str(), line.actor.as_str())).take(2).collect();
        assert_eq!(told, [("WORKER_STOPPED", "admin"), ("WORKER_STARTED", "admin")]);
        let nobody = world.store.tenant(TenantId::generate()).order(WorkerOrder::Start).await;
        assert!(matches!(nobody, Err(StoreError::NotFound("tenant"))), "{nobody:?}");
    }
}
