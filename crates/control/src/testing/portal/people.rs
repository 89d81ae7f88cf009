//! One's own person and the people of a tenant: who may do what, and what ends with it.

use std::time::Duration;

use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{TestApp, Who};

/// The promise.
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_removed_persons_session_and_streams_end_within_a_second() {
    let app = TestApp::new().await;
    let owner = app.owner("owner@example.com").await;
    let (staff, other) =
        (app.staff(&owner, "staff@example.com").await, app.staff(&owner, "other@example.com").await);
    let (ended, goes_on) = (app.app.accounts.ended(staff.proof()), app.app.accounts.ended(other.proof()));
    let path = format!("/portal/members/{}/remove", staff.user.as_deref().unwrap());
    assert_eq!(app.post_as(&owner, &path, json!({})).await.status, 204);
    timeout(SECOND, ended).await.expect("it ends");
    assert_eq!(app.get_as(&staff, "/portal/members").await.problem().0, 401);
    assert!(timeout(SECOND, goes_on).await.is_err(), "the control: another one's goes on");
    // Once more there is nobody to remove, and an owner stays.
    assert_eq!(app.post_as(&owner, &path, json!({})).await.problem().0, 404);
    let own = format!("/portal/members/{}/remove", owner.user.as_deref().unwrap());
    assert_eq!(app.post_as(&owner, &own, json!({})).await.problem().0, 409);
    let nobody = app.post_as(&owner, "/portal/members/x/remove", json!({})).await;
    assert_eq!(nobody.problem(), (404, "person-not-found".to_owned(), None));
}

#[tokio::test]
async fn what_goes_on_ends_with_the_session_the_person_and_the_tenant() {
    let app = TestApp::new().await;
    for path in ["/portal/session/end", "/portal/session/end-all"] {
        let owner = app.owner("owner@example.com").await;
        let ended = app.app.accounts.ended(owner.proof());
        assert_eq!(app.post_as(&owner, path, json!({})).await.status, 204);
        timeout(SECOND, ended).await.expect(path);
        assert_eq!(app.get_as(&owner, "/portal/session").await.problem().0, 401, "{path}");
        assert_eq!(app.post_as(&owner, "/portal/session/end", json!({})).await.status, 204, "once more");
    }
    let owner = app.owner("owner@example.com").await;
    let ended = app.app.accounts.ended(owner.proof());
    app.delete(&format!("/admin/tenants/{}", owner.tenant.as_deref().unwrap())).await;
    timeout(SECOND, ended).await.expect("the tenant");
    let owner = app.owner("owner@example.com").await;
    let ended = app.app.accounts.ended(owner.proof());
    let gone = app.post_as(&owner, "/portal/me/delete", json!({ "email": "owner@example.com" })).await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    timeout(SECOND, ended).await.expect("the person");
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let app = TestApp::new().await;
    let owner = app.owner("owner@example.com").await;
    // As long as it is used it goes on, and for three months in any case no longer.
    for _ in 0..4 {
        app.clock.advance(SignedDuration::from_hours(20 * 24));
        assert_eq!(app.get_as(&owner, "/portal/session").await.status, 200);
    }
    app.clock.advance(SignedDuration::from_hours(11 * 24));
    assert_eq!(app.get_as(&owner, "/portal/session").await.problem().0, 401);
    let idle = app.owner("owner@example.com").await;
    app.clock.advance(SignedDuration::from_hours(30 * 24 + 1));
    assert_eq!(app.get_as(&idle, "/portal/session").await.problem().0, 401);
}

#[tokio::test]
async fn staff_sees_who_is_there_and_invites_and_removes_nobody() {
    let app = TestApp::new().await;
    let owner = app.owner("owner@example.com").await;
    let staff = app.staff(&owner, "staff@example.com").await;
    let other = app.owner("other@example.com").await;
    let seen = app.get_as(&staff, "/portal/members").await.json();
    let names: Vec<_> = seen.as_array().unwrap().iter().map(|one| &one["email"]).collect();
    assert_eq!(names, ["owner@example.com", "staff@example.com"]);
    let invite = json!({ "name": "X", "email": "x@example.com" });
    assert_eq!(app.post_as(&staff, "/portal/members", invite).await.problem().0, 403);
    let path = format!("/portal/members/{}/remove", owner.user.as_deref().unwrap());
    assert_eq!(app.post_as(&staff, &path, json!({})).await.problem().0, 403);
    // Another tenant's people are like people who are not there.
    let path = format!("/portal/members/{}/remove", staff.user.as_deref().unwrap());
    let foreign = app.post_as(&other, &path, json!({})).await;
    let missing = format!("/portal/members/{}/remove", domain::UserId::generate());
    assert_eq!(foreign.text, app.post_as(&other, &missing, json!({})).await.text);
    assert_eq!(app.get_as(&staff, "/portal/session").await.status, 200);
    let twice = json!({ "name": "Staff", "email": "STAFF@example.com" });
    let twice = app.post_as(&owner, "/portal/members", twice).await;
    assert_eq!(twice.problem(), (409, "conflict".to_owned(), Some("email".to_owned())));
}

#[tokio::test]
async fn a_person_changes_what_is_known_of_them() {
    let app = TestApp::new().await;
    let owner = app.owner("owner@example.com").await;
    let put = async |body: Value| app.ask_as(&owner, Method::PUT, "/portal/me", Some(body)).await;
    let changed = put(json!({ "name": " Asha ", "phone": "0712 345 678", "language": "EN" })).await;
    let refused = changed.status.as_u16();
    let changed = if refused == 200 {
        changed
    } else {
        assert_eq!(changed.problem().2.as_deref(), Some("phone"), "a number has its country");
        put(json!({ "name": " Asha ", "phone": "+254 712 345 678", "language": "EN" })).await
    };
    let user = changed.json()["user"].clone();
    assert_eq!((&user["name"], &user["language"]), (&json!("Asha"), &json!("EN")));
    assert!(user["phone"].as_str().unwrap().starts_with("+25"));
    let emptied = put(json!({ "name": "Asha", "phone": "", "language": "SW" })).await.json();
    assert_eq!(emptied["user"]["phone"], Value::Null);
    for (body, field) in [
        (json!({ "name": "", "language": "SW" }), "name"),
        (json!({ "name": "a\nb", "language": "SW" }), "name"),
        (json!({ "name": "A", "phone": "12", "language": "SW" }), "phone"),
        (json!({ "name": "A", "language": "XX" }), "language"),
    ] {
        assert_eq!(put(body).await.problem().2.as_deref(), Some(field));
    }
}

#[tokio::test]
async fn the_last_owner_who_goes_leaves_a_bot_that_is_stopped_and_a_wish() {
    let app = TestApp::new().await;
    let owner = app.owner("owner@example.com").await;
    let staff = app.staff(&owner, "staff@example.com").await;
    let tenant: domain::TenantId = owner.tenant.as_deref().unwrap().parse().unwrap();
    app.supervisor.start(tenant).await.unwrap();
    let delete =
        async |who: &Who, email: &str| app.post_as(who, "/portal/me/delete", json!({ "email": email })).await;
    assert_eq!(delete(&owner, "staff@example.com").await.problem().2.as_deref(), Some("email"));
    let left = delete(&staff, "staff@example.com").await.json();
    assert_eq!(left["leftWithoutOwner"], json!([]), "who only served leaves it as it is");
    assert!(app.store.people().account_by_email("staff@example.com").await.unwrap().is_none());
    let left = delete(&owner, " OWNER@example.com ").await.json();
    assert_eq!(left["leftWithoutOwner"], json!(["Asha Juma"]));
    assert!(app.store.people().account_by_email("owner@example.com").await.unwrap().is_none());
    let detail = app.store.tenant(tenant).get().await.unwrap();
    assert_eq!(detail.worker.desired_state, domain::DesiredState::Stopped);
    assert!(detail.tenant.suspended_reason.unwrap().contains("deletion"), "the operator reads why");
    assert!(app.events().await.contains(&"TENANT_DELETION_ASKED".to_owned()));
    assert!(app.store.tenant(tenant).members().await.unwrap().is_empty());
}
