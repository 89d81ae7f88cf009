//! Nobody but a business's own people sees anything of it, and each of them changes no more than is theirs.

use domain::Role;
use http::Method;
use serde_json::json;
use store::Actor;

use super::{CONTACT, Member, marked, member, session};
use crate::testing::TestApp;

/// All that is read without a parameter of its own.
const READS: [&str; 20] = [
    "me",
    "tenant/current/status",
    "tenant/current/qr",
    "tenant/current/logs?limit=50",
    "tenant/current/chats",
    "tenant/current/chats?search=hello",
    "tenant/current/chats/255754000222",
    "tenant/current/chats.csv",
    "tenant/current/customers",
    "tenant/current/customers/255754000222",
    "tenant/current/customers.csv",
    "tenant/current/records?kind=BOOKING",
    "tenant/current/profile",
    "tenant/current/config",
    "tenant/current/packs",
    "tenant/current/sayings",
    "tenant/current/records?open=true",
    "tenant/current/notifications",
    "tenant/current/activity",
    "tenant/current/export",
];

#[tokio::test]
async fn two_owners_never_see_anything_of_each_other() {
    let app = TestApp::new().await;
    let (_, asha) = marked(&app, "MarkerAsha").await;
    let (_, baraka) = marked(&app, "MarkerBaraka").await;
    for (own, owner, other) in
        [("MarkerAsha", &asha, "MarkerBaraka"), ("MarkerBaraka", &baraka, "MarkerAsha")]
    {
        let mut seen = String::new();
        for path in READS {
            let answer = owner.get(&app, path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert!(!answer.text.to_lowercase().contains(&other.to_lowercase()), "{path}: {}", answer.text);
            seen.push_str(&answer.text);
        }
        for what in ["Salon", "says hello", "braids", "Asha", "tea"] {
            assert!(seen.contains(&format!("{own} {what}")), "{what}: one's own is there");
        }
    }
    // A tenant that is not one's own, named in a claim that the portal has signed.
    let crossed = Member { tenant: baraka.tenant, session: asha.session.clone(), user: asha.user };
    for path in READS {
        let answer = crossed.get(&app, path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn staff_read_and_reply_and_neither_export_nor_unlink_nor_change_settings() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let staff = member(&app, tenant, "staff@example.com", Role::Staff).await;
    for (method, path, body) in [
        (Method::GET, "tenant/current/qr", None),
        (Method::GET, "tenant/current/chats.csv", None),
        (Method::GET, "tenant/current/customers.csv", None),
        (Method::GET, "tenant/current/export", None),
        (Method::GET, "tenant/current/activity", None),
        (Method::POST, "setup-request", Some(json!({}))),
        (Method::POST, "tenant/current/pairing-code", None),
        (Method::POST, "tenant/current/link-again", None),
        (Method::POST, "tenant/current/unlink", Some(json!({ "confirm": "x" }))),
        (Method::POST, "tenant/current/chats/255754000222/leave-alone", Some(json!({ "alone": true }))),
        (Method::PUT, "tenant/current/profile", Some(json!({}))),
        (Method::PUT, "tenant/current/config", Some(json!({ "version": 1 }))),
    ] {
        let answer = staff.ask(&app, method.clone(), &format!("/portal/{path}"), body.clone()).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.text);
        let answer = owner.ask(&app, method, &format!("/portal/{path}"), body).await;
        assert_ne!(answer.status, 403, "the control: {path}");
    }
    for path in READS {
        let closed = ["qr", "chats.csv", "customers.csv", "export", "activity"];
        if closed.iter().all(|end| !path.ends_with(end)) {
            assert_eq!(staff.get(&app, path).await.status, 200, "{path}");
        }
    }
    // What staff may do is asked of the bot, which does not run here.
    for path in ["take-over", "hand-back", "messages"] {
        let answer = staff
            .post(&app, &format!("tenant/current/chats/{CONTACT}/{path}"), json!({ "text": "hi" }))
            .await;
        assert_eq!(answer.problem().1, "worker-stopped", "{path}");
    }
}

#[tokio::test]
async fn an_operator_who_looks_changes_nothing_and_is_seen_to_have_looked() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let admin = app.app.accounts.account(Actor::Admin).await.unwrap().unwrap();
    let looking = session(&app, owner.user, tenant, Some((Actor::Admin, admin.version))).await;
    assert_eq!(looking.get(&app, "tenant/current/chats").await.status, 200);
    assert!(looking.get(&app, "tenant/current/customers").await.text.contains("Salon tea"));
    let paths = crate::table().into_iter().filter(|route| {
        route.path.starts_with("/portal/tenant/") && !route.method.is_safe()
            || route.path == "/portal/setup-request"
    });
    let mut refused = 0;
    for route in paths {
        let path = route.path.replace("{contact}", CONTACT).replace("{reference}", "B-1001");
        let answer = looking.ask(&app, route.method.clone(), &path, Some(json!({}))).await;
        assert_eq!(answer.status, 403, "{} {path}: {}", route.method, answer.text);
        refused += 1;
    }
    assert!(refused >= 15, "{refused}");
    let activity = owner.get(&app, "tenant/current/activity").await.json();
    let seen = activity["activities"]
        .as_array()
        .unwrap()
        .iter()
        .any(|line| line["eventType"] == "CONVERSATION_READ" && line["who"] == "the operator");
    assert!(seen, "{activity}");
}

#[tokio::test]
async fn of_an_invited_person_nothing_is_told_but_the_address_that_was_typed() {
    let app = TestApp::new().await;
    let (_, owner) = marked(&app, "Salon").await;
    let (elsewhere, other) = marked(&app, "Duka").await;
    let known = member(&app, elsewhere, "neema@example.com", Role::Staff).await;
    let body = json!({ "name": "Siri Kabisa", "phone": "+255712000999", "language": "SW" });
    let saved = known.ask(&app, Method::PUT, "/portal/me", Some(body)).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    let invited = json!({ "name": "X", "email": "neema@example.com" });
    let answer = owner.post(&app, "members", invited).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    for path in ["members", "tenant/current/export", "tenant/current/activity"] {
        let answer = owner.get(&app, path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        for secret in ["Siri Kabisa", "255712000999"] {
            assert!(!answer.text.contains(secret), "{path}: {}", answer.text);
        }
    }
    // The control: where they serve, they are known.
    assert!(other.get(&app, "members").await.text.contains("Siri Kabisa"));
}
