//! Links that can be used once: an operator's to an owner, invitations passed on by hand, a look.

use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Answer, TestApp, Who, token_of};
use crate::testing::signing_in::operator;

impl TestApp {
    async fn take(&self, token: &str) -> Answer {
        self.post_as(&Who::default(), "/portal/links/take", json!({ "token": token })).await
    }

    async fn look_at(&self, token: &str) -> Answer {
        self.post_as(&Who::default(), "/portal/links/look", json!({ "token": token })).await
    }

    async fn owner_link(&self, tenant: &str, body: Value) -> Answer {
        self.post(&format!("/admin/tenants/{tenant}/owner-links"), &body).await
    }
}

fn void(answer: &Answer) {
    assert_eq!(answer.problem(), (409, "conflict".to_owned(), Some("token".to_owned())));
}

#[tokio::test]
async fn an_invitation_of_staff_is_accepted_once_and_by_nobody_who_has_not_shown_whose_account_it_is() {
    let app = TestApp::new().await;
    let mut made = Vec::new();
    for name in ["Amina", "Baraka"] {
        let tenant = app.tenant(name).await.to_string();
        let link = app.owner_link(&tenant, json!({ "email": format!("{name}@example.com") })).await.json();
        let owner = Who::of(&app.take(&token_of(&link["url"])).await.json()["signedIn"]);
        let invited = json!({ "name": "Juma", "email": "juma@example.com" });
        let invited = app.post_as(&owner, "/portal/members", invited).await;
        assert_eq!(invited.status, 201, "{}", invited.text);
        made.push(token_of(&invited.json()["url"]));
    }
    let juma = app.take(&made[0]).await;
    assert_eq!(juma.json()["signedIn"]["facts"]["role"], json!("STAFF"), "{}", juma.text);
    void(&app.take(&made[0]).await);
    void(&app.look_at(&made[0]).await);
    let password = json!({ "new": "mbuzi mrefu anaruka juu" });
    let juma = Who::of(&juma.json()["signedIn"]);
    assert_eq!(app.post_as(&juma, "/portal/me/password", password).await.status, 204);
    // Another business's link that was passed on by hand: whoever had the first may have been anybody.
    let refused = app.take(&made[1]).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    let again = json!({ "email": "juma@example.com", "password": "mbuzi mrefu anaruka juu" });
    let signed_in = app.post_as(&Who::default(), "/portal/sign-in/password", again).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.text);
    assert_eq!(signed_in.json()["facts"]["tenants"].as_array().unwrap().len(), 1, "{}", signed_in.text);
    // Whoever has both that account and this link is who is meant.
    let here = Who::of(&signed_in.json());
    let asked = json!({ "token": made[1] });
    assert_eq!(app.post_as(&here, "/portal/links/take", asked.clone()).await.status, 200);
    void(&app.post_as(&here, "/portal/links/take", asked).await);
    let again = json!({ "email": "juma@example.com", "password": "mbuzi mrefu anaruka juu" });
    let signed_in = app.post_as(&Who::default(), "/portal/sign-in/password", again).await;
    assert_eq!(signed_in.json()["facts"]["tenants"].as_array().unwrap().len(), 2, "{}", signed_in.text);
}

/// A link of staff may be in anybody's hands: it makes nobody an owner afterwards.
#[tokio::test]
async fn who_is_invited_as_something_else_has_the_last_link_alone() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Amina").await.to_string();
    let link = app.owner_link(&tenant, json!({ "email": "amina@example.com" })).await.json();
    let owner = Who::of(&app.take(&token_of(&link["url"])).await.json()["signedIn"]);
    let invited = json!({ "name": "Juma", "email": "juma@example.com" });
    let staff = app.post_as(&owner, "/portal/members", invited.clone()).await;
    let raised = app.owner_link(&tenant, json!({ "email": "juma@example.com" })).await;
    assert_eq!(raised.status, 201, "{}", raised.text);
    void(&app.take(&token_of(&staff.json()["url"])).await);
    // Nor does an owner take back what an operator has offered.
    let lowered = app.post_as(&owner, "/portal/members", invited).await;
    assert_eq!(lowered.problem().0, 409, "{}", lowered.text);
    let juma = app.take(&token_of(&raised.json()["url"])).await;
    assert_eq!(juma.json()["signedIn"]["facts"]["role"], json!("OWNER"), "{}", juma.text);
}

#[tokio::test]
async fn an_operators_link_lets_an_owner_in_once() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Amina").await.to_string();
    let made = app.owner_link(&tenant, json!({ "email": "Asha@example.com", "name": "Asha" })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let token = token_of(&made.json()["url"]);
    let rows = app.store.people().link(&token).await.unwrap();
    assert!(rows.is_none(), "it is not kept as it is");
    for _ in 0..2 {
        let seen = app.look_at(&token).await.json();
        assert_eq!((&seen["kind"], &seen["email"]), (&json!("INVITATION"), &json!("asha@example.com")));
        assert_eq!((&seen["tenantName"], &seen["role"]), (&json!("Amina"), &json!("OWNER")));
    }
    // Of several at once one gets in.
    let taken = futures_util::future::join_all((0..4).map(|_| app.take(&token))).await;
    let (got, void_ones): (Vec<_>, Vec<_>) = taken.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(got.len(), 1);
    void_ones.iter().for_each(void);
    let signed_in = &got[0].json()["signedIn"];
    assert_eq!((&signed_in["setPassword"], &signed_in["facts"]["role"]), (&json!(true), &json!("OWNER")));
    assert_eq!(signed_in["facts"]["tenant"]["id"], json!(tenant));
    let who = Who::of(signed_in);
    let password = json!({ "new": "mbuzi mrefu anaruka juu" });
    assert_eq!(app.post_as(&who, "/portal/me/password", password).await.status, 204);
    void(&app.take(&token).await);
    void(&app.look_at(&token).await);
    // Whoever has come already gets a link too, and is asked for no other password.
    let again = app.owner_link(&tenant, json!({ "email": "asha@example.com" })).await.json();
    let again = app.take(&token_of(&again["url"])).await.json();
    assert_eq!((&again["kind"], &again["signedIn"]["setPassword"]), (&json!("SIGN_IN"), &json!(false)));
    // One that is over, one that never was.
    let late = app.owner_link(&tenant, json!({ "email": "late@example.com" })).await.json();
    let late = token_of(&late["url"]);
    app.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    for token in [late.as_str(), "", "x", &"A".repeat(43)] {
        void(&app.take(token).await);
        void(&app.look_at(token).await);
    }
    let events = app.events().await;
    assert_eq!(events.iter().filter(|event| *event == "OWNER_LINK_MADE").count(), 3, "{events:?}");
}

#[tokio::test]
async fn an_operators_link_is_for_an_address_that_can_be_one() {
    let app = TestApp::new().await;
    let tenant = app.tenant("Amina").await.to_string();
    for (body, field) in [
        (json!({ "email": "" }), "email"),
        (json!({ "email": "\u{430}sha@example.com" }), "email"),
        (json!({ "email": "a@example.com", "name": "a\nb" }), "name"),
    ] {
        let refused = app.owner_link(&tenant, body).await;
        assert_eq!(refused.problem(), (422, "invalid-field".to_owned(), Some(field.to_owned())));
    }
    let made = app.owner_link(&tenant, json!({ "email": "juma.said+x@example.com" })).await.json();
    let taken = app.take(&token_of(&made["url"])).await.json();
    assert_eq!(taken["signedIn"]["facts"]["user"]["name"], "Juma Said");
    let owner = Who::of(&taken["signedIn"]);
    app.staff(&owner, "staff@example.com").await;
    let staff = app.owner_link(&tenant, json!({ "email": "staff@example.com" })).await;
    assert_eq!(staff.problem(), (409, "conflict".to_owned(), Some("email".to_owned())));
}

#[tokio::test]
async fn an_invitation_that_was_passed_on_by_hand_opens_nobodys_account() {
    let app = TestApp::new().await;
    let (owner, other) = (app.owner("owner@example.com").await, app.owner("other@example.com").await);
    let body = json!({ "name": "Other", "email": "other@example.com" });
    let invited = app.post_as(&owner, "/portal/members", body).await.json();
    let token = token_of(&invited["url"]);
    let tried = app.take(&token).await;
    assert_eq!(tried.problem(), (409, "conflict".to_owned(), Some("token".to_owned())));
    assert!(tried.text.contains("Sign in to it"), "{}", tried.text);
    assert_eq!(app.get_as(&other, "/portal/session").await.json()["tenants"].as_array().unwrap().len(), 1);
    // It is accepted when they sign in as they always do, and they switch between the two.
    let signed = app.by_provider("other@example.com", "other@example.com", json!({})).await.json();
    let who = Who::of(&signed);
    let tenants = signed["facts"]["tenants"].as_array().unwrap();
    assert_eq!(tenants.len(), 2);
    for tenant in tenants {
        let chosen = app.post_as(&who, "/portal/session/tenant", json!({ "tenantId": tenant["id"] })).await;
        let facts = chosen.json();
        assert_eq!((&facts["tenant"]["id"], &facts["role"]), (&tenant["id"], &tenant["role"]));
    }
}

#[tokio::test]
async fn whoever_was_removed_comes_in_by_no_link() {
    let app = TestApp::new().await;
    let owner = app.owner("owner@example.com").await;
    let body = json!({ "name": "Juma", "email": "juma@example.com" });
    let invited = app.post_as(&owner, "/portal/members", body.clone()).await.json();
    let remove = format!("/portal/members/{}/remove", invited["member"]["id"].as_str().unwrap());
    assert_eq!(app.post_as(&owner, &remove, json!({})).await.status, 204);
    void(&app.take(&token_of(&invited["url"])).await);
    // Invited once more they come in.
    let again = app.post_as(&owner, "/portal/members", body).await.json();
    assert_eq!(app.take(&token_of(&again["url"])).await.status, 200);
}

#[tokio::test]
async fn an_operator_looks_as_the_owner_sees_it_and_changes_nothing() {
    let app = TestApp::new().await;
    let empty = app.tenant("Empty").await;
    let none = app.post(&format!("/admin/tenants/{empty}/look"), &json!({})).await;
    assert_eq!(none.problem().0, 409, "nobody owns it yet");
    let owner = app.owner("asha@example.com").await;
    let place = format!("/admin/tenants/{}/look", owner.tenant.as_deref().unwrap());
    let look = app.post(&place, &json!({})).await.json();
    let token = token_of(&look["url"]);
    let taken = app.take(&token).await.json();
    let looking = Who::of(&taken["signedIn"]);
    let facts = &taken["signedIn"]["facts"];
    assert_eq!(
        (&facts["looking"], &facts["operatorName"], &facts["via"]),
        (&json!(true), &json!("admin"), &json!("LOOK"))
    );
    assert_eq!(facts["user"]["email"], "asha@example.com");
    assert_eq!(app.get_as(&looking, "/portal/members").await.status, 200);
    for (method, path, body) in [
        (Method::POST, "/portal/members", json!({ "name": "X", "email": "x@example.com" })),
        (Method::PUT, "/portal/me", json!({ "name": "X", "language": "EN" })),
        (Method::POST, "/portal/me/password", json!({ "new": "mbuzi mrefu anaruka juu" })),
        (Method::POST, "/portal/me/email", json!({ "email": "x@example.com" })),
        (Method::POST, "/portal/me/delete", json!({ "email": "asha@example.com" })),
        (Method::POST, "/portal/session/end-all", json!({})),
    ] {
        let refused = app.ask_as(&looking, method, path, Some(body)).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned(), None), "{path}");
    }
    void(&app.take(&token).await);
    let events = app.events().await;
    assert!(events.contains(&"PORTAL_LOOK_BEGUN".to_owned()), "{events:?}");
    // Nobody is signed out by the owner's signing out everywhere but the owner; the look ends by itself.
    assert_eq!(app.post_as(&owner, "/portal/session/end-all", json!({})).await.status, 204);
    assert_eq!(app.get_as(&owner, "/portal/session").await.problem().0, 401);
    assert_eq!(app.get_as(&looking, "/portal/session").await.status, 200);
    app.clock.advance(SignedDuration::from_mins(31));
    assert_eq!(app.get_as(&looking, "/portal/session").await.problem().0, 401);
    // A link that nobody has used within a minute is over.
    let late = app.post(&place, &json!({})).await.json();
    app.clock.advance(SignedDuration::from_secs(61));
    void(&app.take(&token_of(&late["url"])).await);
}

#[tokio::test]
async fn a_look_ends_with_the_operator() {
    let app = TestApp::new().await;
    let owner = app.owner("asha@example.com").await;
    let (id, password) = operator(&app, "juma@example.com").await;
    let path = format!("/admin/tenants/{}/look", owner.tenant.as_deref().unwrap());
    let basic = ("authorization", crate::testing::basic("juma@example.com", &password));
    let made = app.ask_with(Method::POST, &path, None, &[basic]).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let taken = app.take(&token_of(&made.json()["url"])).await.json();
    let looking = Who::of(&taken["signedIn"]);
    assert_eq!(taken["signedIn"]["facts"]["operatorName"], "Juma Said");
    let ended = app.app.accounts.ended(looking.proof());
    assert_eq!(app.post(&format!("/admin/operators/{id}/remove"), &json!({})).await.status, 204);
    tokio::time::timeout(std::time::Duration::from_secs(1), ended).await.unwrap();
    assert_eq!(app.get_as(&looking, "/portal/members").await.problem().0, 401);
}

#[tokio::test]
async fn the_tenants_page_has_what_makes_both_links() {
    let app = TestApp::new().await;
    let owner = app.owner("asha@example.com").await;
    let tenant = owner.tenant.as_deref().unwrap();
    let mut browser = crate::testing::signing_in::Browser::default();
    browser.sign_in(&app, "admin", crate::testing::PASSWORD).await;
    let page = browser.get(&app, &format!("/admin/tenants/{tenant}")).await.text;
    for action in ["owner-links", "look"] {
        assert!(page.contains(&format!("action=\"/admin/tenants/{tenant}/{action}\"")), "{action}");
    }
    let pairs = [("email", "asha@example.com"), ("name", "")];
    let made = browser.post(&app, &format!("/admin/tenants/{tenant}/owner-links"), &pairs).await;
    assert!(made.text.contains("http://127.0.0.1:3001/auth/link#"), "{}", made.text);
    let look = browser.post(&app, &format!("/admin/tenants/{tenant}/look"), &[]).await;
    assert!(look.text.contains("href=\"http://127.0.0.1:3001/auth/link#"), "{}", look.text);
}
