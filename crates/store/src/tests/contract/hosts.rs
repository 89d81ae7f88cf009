//! Machines on which bots run.

use domain::{HostOrder, HostState};
use jiff::SignedDuration;

use crate::{
    Actor, EventFilter, PageRequest, StoreError,
    tests::support::{host, now, worlds},
};

#[tokio::test]
async fn a_host_is_away_until_it_answers_and_back_by_itself() {
    for world in worlds().await {
        let operator = world.store.operator();
        operator.know_host("host-1", "10.0.0.1:7443").await.unwrap();
        let begun = operator.host("host-1").await.unwrap();
        assert_eq!((begun.state(), begun.seen_at, begun.capacity), (HostState::Away, None, 0));
        world.clock.advance(SignedDuration::from_secs(5));
        operator.host_answered(&host("host-1", 3)).await.unwrap();
        let answers = operator.host("host-1").await.unwrap();
        assert_eq!((answers.state(), answers.seen_at), (HostState::Ready, Some(now(&world))));
        assert_eq!((answers.since, answers.incarnation, answers.capacity), (now(&world), 3, 1_000));

        // Since when it is away is kept however often it is said, and so is what was ordered.
        operator.order_host("host-1", HostOrder::Draining).await.unwrap();
        world.clock.advance(SignedDuration::from_secs(5));
        let gone = now(&world);
        operator.host_away("host-1").await.unwrap();
        world.clock.advance(SignedDuration::from_secs(5));
        operator.host_away("host-1").await.unwrap();
        let away = operator.host("host-1").await.unwrap();
        assert_eq!((away.state(), away.away_at, away.since), (HostState::Away, Some(gone), gone));
        operator.host_answered(&host("host-1", 4)).await.unwrap();
        assert_eq!(operator.host("host-1").await.unwrap().state(), HostState::Draining);

        // An older start of it, or a clone of its volume, is not taken for it.
        let older = operator.host_answered(&host("host-1", 3)).await;
        assert!(matches!(older, Err(StoreError::Conflict { field: "incarnation", .. })), "{older:?}");
        assert_eq!(operator.host("host-1").await.unwrap().incarnation, 4);
    }
}

#[tokio::test]
async fn what_is_ordered_of_a_host_is_audited_once_and_a_lost_one_stays_lost() {
    for world in worlds().await {
        let operator = world.store.operator().by(Actor::Admin);
        assert!(matches!(
            operator.order_host("none", HostOrder::Lost).await,
            Err(StoreError::NotFound("host"))
        ));
        operator.host_answered(&host("host-1", 1)).await.unwrap();
        for order in [HostOrder::Draining, HostOrder::Draining, HostOrder::Ready, HostOrder::Lost] {
            operator.order_host("host-1", order).await.unwrap();
        }
        operator.host_answered(&host("host-1", 2)).await.unwrap();
        assert_eq!(operator.host("host-1").await.unwrap().state(), HostState::Lost, "it answers again");
        let told = operator.list_events(&EventFilter::default(), PageRequest::default()).await.unwrap().items;
        let told: Vec<_> =
            told.iter().map(|event| (event.event_type.as_str(), event.actor.as_str())).collect();
        assert_eq!(told, [("HOST_LOST", "admin"), ("HOST_READIED", "admin"), ("HOST_DRAINED", "admin")]);
    }
}

#[tokio::test]
async fn a_host_is_forgotten_only_where_nothing_is_on_it() {
    for world in worlds().await {
        let operator = world.store.operator();
        operator.host_answered(&host("host-1", 1)).await.unwrap();
        let tenant = world.tenant("Asha").await;
        operator.settle(tenant, "host-1").await.unwrap();
        assert!(!operator.forget_host("host-1").await.unwrap());
        world.store.tenant(tenant).delete("admin").await.unwrap();
        assert!(operator.forget_host("host-1").await.unwrap() && operator.hosts().await.unwrap().is_empty());
    }
}
