//! What is typed is saved over what was seen, and can be tried before.

use serde_json::json;

use super::{CONTACT, marked};
use crate::testing::TestApp;

#[tokio::test]
async fn what_is_saved_names_the_version_that_was_seen() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let mut profile = owner.get(&app, "tenant/current/profile").await.json();
    profile["urgent_words"] = json!(["haraka"]);
    let saved = owner.put(&app, "tenant/current/profile", profile.clone()).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let stale = owner.put(&app, "tenant/current/profile", profile).await;
    assert_eq!(stale.problem().1, "stale");
    let config = owner.get(&app, "tenant/current/config").await.json();
    let change =
        json!({ "version": config["version"], "businessName": "Saluni Mpya", "timezone": "Africa/Nairobi" });
    let changed = owner.put(&app, "tenant/current/config", change.clone()).await;
    assert_eq!(changed.json()["businessName"], "Saluni Mpya", "{}", changed.text);
    assert_eq!(owner.put(&app, "tenant/current/config", change).await.problem().1, "stale");
    let version = changed.json()["version"].clone();
    let wrong =
        owner.put(&app, "tenant/current/config", json!({ "version": version, "businessName": "" })).await;
    assert_eq!(wrong.problem().2.as_deref(), Some("businessName"));
    for alone in [true, true, false] {
        let path = format!("tenant/current/chats/{CONTACT}/leave-alone");
        assert_eq!(owner.post(&app, &path, json!({ "alone": alone })).await.status, 204);
        let chat = owner.get(&app, &format!("tenant/current/chats/{CONTACT}")).await.json();
        assert_eq!(chat["leftAlone"], alone);
    }
    let tried = owner.post(&app, "tenant/current/try", json!({ "text": "Habari" })).await.json();
    assert!(tried["lines"].as_array().unwrap().len() >= 2, "{tried}");
    let events = app.store.tenant(tenant).events(store::PageRequest::default()).await.unwrap().items;
    let by = owner.user.to_string();
    assert!(
        events.iter().filter(|event| event.event_type == "PROFILE_CHANGED").all(|event| event.actor == by)
    );
    let nobody = owner.get(&app, "tenant/current/customers/255799999999").await;
    assert_eq!(nobody.status, 404);
    let state =
        owner.put(&app, &format!("tenant/current/customers/{CONTACT}"), json!({ "state": "LOST" })).await;
    assert_eq!((&state.json()["state"], &state.json()["stateSet"]), (&json!("LOST"), &json!(true)));
    let lost = owner.get(&app, "tenant/current/customers?state=LOST").await.json();
    assert_eq!(lost["customers"].as_array().unwrap().len(), 1);
    assert_eq!(owner.get(&app, "tenant/current/customers?state=NEW").await.json()["customers"], json!([]));
    assert_eq!(
        owner.get(&app, "tenant/current/customers?state=MAYBE").await.problem().2.as_deref(),
        Some("state")
    );
}

#[tokio::test]
async fn what_is_typed_is_tried_before_it_is_saved_and_kept_nowhere() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "MARKA").await;
    let mut profile = owner.get(&app, "tenant/current/profile").await.json();
    let version = profile["version"].clone();
    profile["questions"] =
        json!([{ "question": { "sw": "Mna wifi?" }, "words": [], "answer": { "sw": "Ndiyo, bure." } }]);
    let ask = json!({ "text": "Mna wifi?", "profile": profile });
    let tried = owner.post(&app, "tenant/current/preview", ask.clone()).await;
    assert_eq!(tried.status, 200, "{}", tried.text);
    assert!(tried.text.contains("Ndiyo, bure."), "{}", tried.text);
    let stands = owner.get(&app, "tenant/current/profile").await.json();
    assert_eq!(stands["version"], version, "nothing is saved");
    assert!(!stands.to_string().contains("wifi"));
    let other = owner.post(&app, "tenant/current/preview", json!({ "text": "Mna wifi?" })).await;
    assert!(!other.text.contains("Ndiyo, bure."), "it is forgotten with its answer: {}", other.text);
    assert_eq!(owner.post(&app, "tenant/current/preview", json!({ "text": " " })).await.status, 422);
    let mut wrong = ask;
    wrong["profile"]["questions"] = json!([{ "question": {}, "words": [], "answer": {} }]);
    assert_eq!(owner.post(&app, "tenant/current/preview", wrong).await.status, 422);
    let sayings = owner.get(&app, "tenant/current/sayings").await;
    assert!(sayings.text.contains("\"greeting\""), "{}", sayings.text);
    let records = owner.get(&app, "tenant/current/records?open=true").await;
    assert!(records.text.contains("B-1001"), "{}", records.text);
    let closed = owner.get(&app, "tenant/current/records?open=false").await;
    assert!(!closed.text.contains("B-1001"), "{}", closed.text);
    assert_eq!(owner.tenant, tenant);
}
