//! On which host each tenant's bot runs, and how that changes.

use domain::{HostOrder, PlaceStep, TenantId};

use crate::{
    Actor, EventFilter, PageRequest, Place, StoreError,
    tests::support::{World, host, worlds},
};

async fn hosts(world: &World) {
    for name in ["host-1", "host-2"] {
        world.store.operator().host_answered(&host(name, 1)).await.unwrap();
    }
}

fn refused<T: std::fmt::Debug>(result: &Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Conflict { field: "host", .. })), "{result:?}");
}

async fn place(world: &World, tenant: TenantId) -> Place {
    world.store.operator().place(tenant).await.unwrap()
}

#[tokio::test]
async fn a_tenant_is_given_a_place_once_and_only_before_it_has_run() {
    for world in worlds().await {
        hosts(&world).await;
        let operator = world.store.operator();
        let (new, old) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        world.store.tenant(old).begin_generation(false).await.unwrap();
        assert!(operator.is_unsettled(new).await.unwrap() && !operator.is_unsettled(old).await.unwrap());
        assert_eq!(operator.settle(new, "host-1").await.unwrap().host.as_deref(), Some("host-1"));
        assert_eq!(
            operator.settle(new, "host-2").await.unwrap().host.as_deref(),
            Some("host-1"),
            "it has one"
        );
        assert_eq!(operator.settle(old, "host-2").await.unwrap().host, None, "it is on this machine");
        assert!(!operator.is_unsettled(new).await.unwrap());
        let none = operator.is_unsettled(TenantId::generate()).await;
        assert!(matches!(none, Err(StoreError::NotFound("tenant"))), "{none:?}");
        assert_eq!(operator.tenants_on("host-1").await.unwrap(), 1);
        let hosted: Vec<_> = operator.places().await.unwrap().into_iter().map(|place| place.tenant).collect();
        assert_eq!(hosted, [new]);
        let on = operator.places_on("host-1", None, 10).await.unwrap();
        assert_eq!(on.len(), 1);
        assert!(operator.places_on("host-1", Some(new), 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn nothing_begins_while_a_tenant_leaves_and_it_ends_in_one_place() {
    for world in worlds().await {
        hosts(&world).await;
        let operator = world.store.operator().by(Actor::Admin);
        let tenant = world.tenant("Asha").await;
        let scope = world.store.tenant(tenant);
        scope.begin_generation(false).await.unwrap();
        // From this machine to a host, from there to another one, and back to here.
        for target in [Some("host-1"), Some("host-2"), None] {
            let seen = place(&world, tenant).await;
            let leaves = operator.begin_move(&seen, target).await.unwrap();
            assert_eq!((leaves.step, leaves.host == seen.host), (PlaceStep::Leaves, true));
            assert!(matches!(scope.begin_generation(true).await, Err(StoreError::Leaving)));
            assert_eq!(operator.moves_under_way().await.unwrap(), std::slice::from_ref(&leaves));
            // Whoever has seen what was before is refused, at every step.
            refused(&operator.begin_move(&seen, target).await);
            refused(&operator.arrive(&seen).await);
            refused(&operator.turn_back(&seen).await);
            let again = operator.take_move_up(&leaves).await.unwrap();
            refused(&operator.arrive(&leaves).await);
            refused(&operator.take_move_up(&leaves).await);
            refused(&operator.cleared(&again).await);
            let there = operator.arrive(&again).await.unwrap();
            assert_eq!((there.host.as_deref(), &there.other), (target, &seen.host));
            refused(&operator.arrive(&again).await);
            refused(&operator.turn_back(&again).await);
            scope.begin_generation(true).await.unwrap();
            refused(&operator.begin_move(&there, Some("host-1")).await);
            operator.cleared(&there).await.unwrap();
            refused(&operator.cleared(&there).await);
            assert!(operator.moves_under_way().await.unwrap().is_empty());
        }
        let of_type = EventFilter { event_type: Some("TENANT_PLACED".to_owned()), ..EventFilter::default() };
        let told = operator.list_events(&of_type, PageRequest::default()).await.unwrap().items;
        let told: Vec<_> = told.iter().map(|event| event.payload.to_string()).collect();
        assert_eq!(
            told,
            [
                r#"{"from":"host-2","to":null}"#,
                r#"{"from":"host-1","to":"host-2"}"#,
                r#"{"from":null,"to":"host-1"}"#
            ]
        );
    }
}

#[tokio::test]
async fn a_move_that_turns_back_leaves_the_tenant_where_it_was() {
    for world in worlds().await {
        hosts(&world).await;
        let operator = world.store.operator();
        let tenant = world.tenant("Asha").await;
        operator.settle(tenant, "host-1").await.unwrap();
        let leaves = operator.begin_move(&place(&world, tenant).await, Some("host-2")).await.unwrap();
        let back = operator.turn_back(&leaves).await.unwrap();
        assert_eq!((back.host.as_deref(), back.other.as_deref()), (Some("host-1"), Some("host-2")));
        world.store.tenant(tenant).begin_generation(false).await.unwrap();
        refused(&operator.arrive(&leaves).await);
        operator.cleared(&back).await.unwrap();
        assert_eq!(operator.tenants_on("host-1").await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_move_to_where_nothing_is_taken_is_refused() {
    for world in worlds().await {
        hosts(&world).await;
        let operator = world.store.operator();
        let tenant = world.tenant("Asha").await;
        operator.settle(tenant, "host-1").await.unwrap();
        let seen = place(&world, tenant).await;
        refused(&operator.begin_move(&seen, Some("host-1")).await);
        let none = operator.begin_move(&seen, Some("host-3")).await;
        assert!(matches!(none, Err(StoreError::NotFound("host"))), "{none:?}");
        operator.order_host("host-2", HostOrder::Draining).await.unwrap();
        refused(&operator.begin_move(&seen, Some("host-2")).await);
        operator.order_host("host-2", HostOrder::Ready).await.unwrap();
        operator.host_away("host-2").await.unwrap();
        refused(&operator.begin_move(&seen, Some("host-2")).await);
        let nobody = Place { tenant: TenantId::generate(), version: 0, host: None, ..seen.clone() };
        operator.host_answered(&host("host-2", 1)).await.unwrap();
        let gone = operator.begin_move(&nobody, Some("host-2")).await;
        assert!(matches!(gone, Err(StoreError::NotFound("tenant"))), "{gone:?}");
        world.store.tenant(tenant).fence("key").await.unwrap();
        let elsewhere = operator.begin_move(&seen, Some("host-2")).await;
        // Its row is there, so that the place alone could still change: nothing of it begins anyway.
        assert!(matches!(elsewhere, Err(StoreError::Moved)), "{elsewhere:?}");
        world.store.tenant(tenant).delete("admin").await.unwrap();
        assert!(operator.places().await.unwrap().is_empty(), "a place goes with its tenant");
    }
}
