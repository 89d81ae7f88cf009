//! The business profile: one version at a time, and nobody saves over another one's.

use serde_json::json;

use crate::{
    Actor, NewTenant, PageRequest, StoreError,
    tests::support::{salon, worlds},
};

#[tokio::test]
async fn a_profile_is_saved_over_the_version_that_was_seen_and_no_other() {
    for world in worlds().await {
        let scope = world.store.tenant(world.tenant("Asha").await).by(Actor::Admin);
        let first = scope.profile().await.unwrap();
        assert_eq!((first.version, first.document.as_str()), (1, "{}"), "what it was created with");
        assert_eq!(
            scope.save_profile(1, "{\"version\":2}", &json!({ "changed": ["services"] })).await.unwrap(),
            2
        );
        let late = scope.save_profile(1, "{\"late\":1}", &json!({})).await;
        assert!(matches!(late, Err(StoreError::Conflict { field: "version", .. })), "{late:?}");
        assert_eq!(scope.profile().await.unwrap().document, "{\"version\":2}");
        let event = scope.events(PageRequest { limit: 1, before: None }).await.unwrap().items.remove(0);
        assert_eq!((event.event_type.as_str(), event.actor.as_str()), ("PROFILE_CHANGED", "admin"));
        assert_eq!(event.payload, json!({ "changed": ["services"] }));
    }
}

#[tokio::test]
async fn a_tenant_from_before_there_were_profiles_begins_at_nothing() {
    for world in worlds().await {
        let new = NewTenant { profile: None, ..salon("Asha") };
        let tenant = world.store.operator().create_tenant(&new).await.unwrap().tenant.id;
        let scope = world.store.tenant(tenant);
        assert_eq!(
            (scope.profile().await.unwrap().version, scope.profile().await.unwrap().document),
            (0, String::new())
        );
        assert_eq!(scope.save_profile(0, "{}", &json!({})).await.unwrap(), 1);
        scope.delete("admin").await.unwrap();
        assert_eq!(world.store.operator().rows_left(tenant).await.unwrap(), []);
        let gone = scope.save_profile(1, "{}", &json!({})).await;
        assert!(matches!(gone, Err(StoreError::NotFound("tenant"))), "{gone:?}");
    }
}
