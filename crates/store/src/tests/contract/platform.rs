//! Settings and the audit log.

use domain::{EventKind, TenantId, UserId};
use serde_json::json;

use crate::{EventFilter, NewEvent, PageRequest, tests::support::worlds};

#[tokio::test]
async fn settings_are_set_kept_and_forgotten() {
    for world in worlds().await {
        let operator = world.store.operator();
        assert_eq!(operator.setting("admin_password").await.unwrap(), None);
        assert_eq!(operator.init_setting("admin_password", "first").await.unwrap(), "first");
        assert_eq!(operator.init_setting("admin_password", "second").await.unwrap(), "first");
        operator.set_setting("admin_password", "third").await.unwrap();
        assert_eq!(operator.setting("admin_password").await.unwrap().as_deref(), Some("third"));
        operator.delete_setting("admin_password").await.unwrap();
        operator.delete_setting("admin_password").await.unwrap();
        assert_eq!(operator.setting("admin_password").await.unwrap(), None);
    }
}

#[tokio::test]
async fn the_audit_log_keeps_ids_of_what_is_gone_and_filters() {
    for world in worlds().await {
        let operator = world.store.operator();
        let (tenant, user) = (TenantId::generate(), UserId::generate());
        let event = |tenant_id, event_type| NewEvent {
            tenant_id,
            user_id: Some(user),
            actor: user.to_string(),
            event_type,
            payload: json!({"from": "NEW", "to": "QR_PENDING"}),
        };
        operator.record_event(&event(Some(tenant), "WORKER_STARTED")).await.unwrap();
        operator.record_event(&event(None, "SIGN_IN_FAILED")).await.unwrap();
        world.store.tenant(tenant).record_event("system", None, "WORKER_STARTED", &json!([])).await.unwrap();

        let list = async |filter: EventFilter| {
            let page = operator.list_events(&filter, PageRequest::default()).await.unwrap();
            page.items.into_iter().map(|event| event.event_type).collect::<Vec<_>>()
        };
        assert_eq!(
            list(EventFilter::default()).await,
            ["WORKER_STARTED", "SIGN_IN_FAILED", "WORKER_STARTED"]
        );
        let of_tenant = EventFilter { tenant_id: Some(tenant), ..EventFilter::default() };
        assert_eq!(list(of_tenant).await.len(), 2);
        let of_type = EventFilter { event_type: Some("SIGN_IN_FAILED".into()), ..EventFilter::default() };
        assert_eq!(list(of_type).await, ["SIGN_IN_FAILED"]);
        // What is read lies apart from what is changed, and what is of neither from both.
        for (kind, types) in [
            (EventKind::Changes, vec!["WORKER_STARTED", "WORKER_STARTED"]),
            (EventKind::SigningIn, vec!["SIGN_IN_FAILED"]),
            (EventKind::Reading, vec![]),
        ] {
            assert_eq!(
                list(EventFilter { kind: Some(kind), ..EventFilter::default() }).await,
                types,
                "{kind}"
            );
        }
        let scoped = world.store.tenant(tenant).events(PageRequest { limit: 1, before: None }).await.unwrap();
        assert_eq!((scoped.items.len(), scoped.next.is_some()), (1, true));
        assert_eq!(scoped.items[0].actor, "system");
    }
}
