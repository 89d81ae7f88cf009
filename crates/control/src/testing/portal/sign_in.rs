//! First sign-ins, invitations, passwords, and what is told to whoever guesses.

use std::time::Duration;

use domain::{MembershipStatus, Role};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::{Value, json};
use store::NewMember;

use super::{TestApp, Who};
use crate::{
    PortalOptions,
    testing::{signing_in::operator, statements::Statements},
};

const LONG: &str = "mbuzi mrefu anaruka juu";

async fn tenants(app: &TestApp) -> usize {
    let all = app.store.operator().list_tenants(&Default::default(), Default::default()).await.unwrap();
    all.items.len()
}

#[tokio::test]
async fn somebody_new_gets_a_tenant_of_their_own_and_the_same_one_again() {
    let app = TestApp::new().await;
    let first = app
        .by_provider("s1", "Asha.Juma@Example.com", json!({ "name": " Asha\tJuma ", "language": "EN" }))
        .await;
    let first = first.json();
    let facts = &first["facts"];
    assert_eq!(facts["user"]["email"], "asha.juma@example.com");
    assert_eq!((&facts["tenant"]["name"], &facts["tenant"]["status"]), (&json!("AshaJuma"), &json!("NEW")));
    assert_eq!(
        (&facts["role"], &facts["setupRequest"], &facts["via"]),
        (&json!("OWNER"), &json!(false), &json!("PROVIDER"))
    );
    assert_eq!((&facts["user"]["language"], &facts["user"]["passwordSet"]), (&json!("EN"), &json!(false)));
    let id = facts["tenant"]["id"].as_str().unwrap().parse().unwrap();
    let detail = app.store.tenant(id).get().await.unwrap();
    assert_eq!((detail.config.business_name.as_str(), detail.tenant.phone_number), ("AshaJuma", None));
    assert_eq!(app.store.tenant(id).profile().await.unwrap().version, 1, "the pack's own profile is there");
    assert_eq!(app.events().await, ["TENANT_CREATED", "MEMBER_ADDED"]);
    // The same name with the provider is the same person, whatever the address has become.
    let again = app.by_provider("s1", "asha@other.example", json!({})).await.json();
    assert_eq!(again["facts"]["user"], facts["user"]);
    // The same address is the same person too: the provider has verified it.
    let other = app.by_provider("s2", "ASHA.juma@example.COM", json!({})).await.json();
    assert_eq!(other["facts"]["user"]["id"], facts["user"]["id"]);
    assert_ne!(other["session"], first["session"]);
    assert_eq!(tenants(&app).await, 1);
    // Another tag is another mailbox for all that we know; who says no name has an unnamed business.
    let tagged =
        app.by_provider("s3", "asha.juma+salon@example.com", json!({ "language": "EN" })).await.json();
    assert_ne!(tagged["facts"]["user"]["id"], facts["user"]["id"]);
    assert_eq!(tagged["facts"]["tenant"]["name"], "New Business");
}

#[tokio::test]
async fn two_first_sign_ins_at_once_make_one_tenant() {
    let app = TestApp::new().await;
    let signs = (0..8).map(|n| {
        // By one name with the provider, and by several of one address.
        let subject = if n % 2 == 0 { "same".to_owned() } else { format!("s{n}") };
        let app = &app;
        async move { app.by_provider(&subject, "asha@example.com", json!({ "name": "Asha" })).await.json() }
    });
    let signed = futures_util::future::join_all(signs).await;
    assert_eq!(tenants(&app).await, 1);
    for one in &signed {
        assert_eq!(one["facts"]["tenant"], signed[0]["facts"]["tenant"], "{one}");
        assert_eq!(one["facts"]["tenants"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_invitation_goes_before_a_tenant_of_ones_own() {
    let app = TestApp::new().await;
    let owner = app.owner("owner@example.com").await;
    let invite = async |email: &str| {
        let body = json!({ "name": "Juma", "email": email });
        app.post_as(&owner, "/portal/members", body).await.json()
    };
    let invited = invite("Juma@Example.com").await;
    let joined = app.by_provider("juma", "juma@example.com", json!({ "name": "Juma" })).await.json();
    assert_eq!(joined["facts"]["tenant"]["id"].as_str(), owner.tenant.as_deref());
    assert_eq!(joined["facts"]["role"], "STAFF");
    assert_eq!(tenants(&app).await, 1);
    // One that is over leads nowhere.
    invite("late@example.com").await;
    app.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    let late = app.by_provider("late", "late@example.com", json!({ "name": "Late" })).await.json();
    assert_eq!((&late["facts"]["role"], &late["facts"]["tenant"]["name"]), (&json!("OWNER"), &json!("Late")));
    assert_eq!(invited["emailed"], false);
}

#[tokio::test]
async fn what_a_provider_may_not_say_is_refused_with_its_field() {
    let app = TestApp::new().await;
    for (more, field) in [
        (json!({ "email": "" }), "email"),
        (json!({ "email": "asha" }), "email"),
        (json!({ "email": "\u{430}sha@example.com" }), "email"),
        (json!({ "email": "asha@ex\u{430}mple.com" }), "email"),
        (json!({ "email": "asha@example.com, b@example.com" }), "email"),
        (json!({ "subject": "" }), "subject"),
        (json!({ "subject": "a\nb" }), "subject"),
        (json!({ "subject": "x".repeat(256) }), "subject"),
        (json!({ "issuer": " " }), "issuer"),
        (json!({ "provider": "Google/../" }), "provider"),
        (json!({ "admin": true }), "admin"),
    ] {
        let answer = app.by_provider("s", "asha@example.com", more.clone()).await;
        let (status, _, named) = answer.problem();
        assert_eq!((status, named.as_deref()), (422, Some(field)), "{more}");
    }
    assert_eq!(tenants(&app).await, 0);
}

#[tokio::test]
async fn an_operator_gets_no_tenant_by_signing_in() {
    let app = TestApp::new().await;
    operator(&app, "juma@example.com").await;
    let refused = app.by_provider("juma", "juma@example.com", json!({})).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned(), None));
    assert_eq!(tenants(&app).await, 0);
}

#[tokio::test]
async fn a_password_that_nobody_has_proved_to_be_the_addresss_goes_when_somebody_proves_it() {
    let app = TestApp::new().await;
    let owner = app.owner("owner@example.com").await;
    // The owner keeps the link to themselves and signs in with somebody else's address.
    let planted = app.staff(&owner, "victim@example.com").await;
    let set = app.post_as(&planted, "/portal/me/password", json!({ "new": LONG })).await;
    assert_eq!(set.status, 204, "{}", set.text);
    let victim = app.by_provider("victim", "victim@example.com", json!({ "name": "Neema" })).await;
    assert_eq!(victim.json()["facts"]["user"]["passwordSet"], false);
    assert_eq!(app.get_as(&planted, "/portal/session").await.problem().0, 401, "what was planted has ended");
    let tried =
        app.post_as(&Who::default(), "/portal/sign-in/password", password("victim@example.com", LONG)).await;
    assert_eq!(tried.problem().0, 401);
}

fn password(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password, "address": "192.0.2.7" })
}

#[tokio::test]
async fn a_password_lets_in_and_whoever_guesses_learns_nothing_of_who_is_there() {
    let app = TestApp::new().await;
    let owner = app.owner("asha@example.com").await;
    for (common, field) in [("password1234", "new"), ("short", "new"), ("asha@example.com!!", "new")] {
        let refused = app.post_as(&owner, "/portal/me/password", json!({ "new": common })).await;
        assert_eq!(refused.problem().2.as_deref(), Some(field), "{common}");
    }
    let elsewhere = app.owner("asha@example.com").await;
    assert_eq!(app.post_as(&owner, "/portal/me/password", json!({ "new": LONG })).await.status, 204);
    assert_eq!(app.get_as(&owner, "/portal/session").await.status, 200, "this browser stays");
    assert_eq!(app.get_as(&elsewhere, "/portal/session").await.problem().0, 401, "the others go");
    let sign_in = async |body| app.post_as(&Who::default(), "/portal/sign-in/password", body).await;
    let signed = sign_in(password(" ASHA@example.com ", LONG)).await;
    assert_eq!(signed.json()["facts"]["via"], "PASSWORD");
    let (statements, _recording) = Statements::recording();
    let mut seen = Vec::new();
    for (n, email) in ["asha@example.com", "nobody@example.com", "no address"].into_iter().enumerate() {
        statements.take();
        let body = json!({ "email": email, "password": "wrong", "address": format!("192.0.2.{n}") });
        let answer = sign_in(body).await;
        assert_eq!(answer.problem(), (401, "unauthorized".to_owned(), None));
        // The line in the audit log is written by a task that no answer waits for.
        let asked: Vec<_> = statements.take().into_iter().filter(|name| name != "events.insert").collect();
        seen.push((answer.text, asked));
    }
    assert_eq!(seen[0], seen[1], "a known one and an unknown one");
    assert_eq!(seen[1], seen[2]);
    // Whoever has no password is like somebody who is not there.
    app.owner("google@example.com").await;
    statements.take();
    let answer =
        sign_in(json!({ "email": "google@example.com", "password": "wrong", "address": "192.0.2.9" })).await;
    assert_eq!(answer.text, seen[0].0);
    // Another password asks for the one of until now.
    let change = async |body| app.post_as(&owner, "/portal/me/password", body).await;
    let other = "ng'ombe mweupe analala chini";
    assert_eq!(change(json!({ "new": other })).await.problem().2.as_deref(), Some("current"));
    assert_eq!(
        change(json!({ "current": "wrong", "new": other })).await.problem().2.as_deref(),
        Some("current")
    );
    assert_eq!(change(json!({ "current": LONG, "new": other })).await.status, 204);
    assert_eq!(sign_in(password("asha@example.com", LONG)).await.problem().0, 401);
}

#[tokio::test]
async fn a_link_by_email_is_answered_alike_whoever_is_known() {
    let url = SecretString::from("smtp://127.0.0.1:9");
    let mailer = mail::Mailer::new(&url, "Flow HQ <hq@example.com>").unwrap();
    let app = TestApp::with_portal(|portal| PortalOptions { mailer: Some(mailer), ..portal }).await;
    app.owner("asha@example.com").await;
    // Even a database that is gone is not noticed: what depends on the address begins after the answer.
    app.store.close().await;
    let mut seen = Vec::new();
    for email in ["asha@example.com", "nobody@example.com"] {
        let body = json!({ "email": email, "purpose": "RESET" });
        let answer = app.post_as(&Who::default(), "/portal/sign-in/email", body).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        seen.push((answer.text, answer.headers.len()));
    }
    assert_eq!(seen[0], seen[1]);
    let wrong = json!({ "email": "no address", "purpose": "SIGN_IN" });
    let wrong = app.post_as(&Who::default(), "/portal/sign-in/email", wrong).await;
    assert_eq!(wrong.problem(), (422, "invalid-field".to_owned(), Some("email".to_owned())));
    app.app.finish(Duration::from_secs(30)).await;
    // Without a server for mail it says so to everybody.
    let app = TestApp::new().await;
    let body = json!({ "email": "asha@example.com", "purpose": "SIGN_IN" });
    assert_eq!(app.post_as(&Who::default(), "/portal/sign-in/email", body).await.problem().0, 409);
}

#[tokio::test]
async fn whose_tenant_was_deleted_is_told_so_and_may_begin_anew() {
    let app = TestApp::new().await;
    let owner = app.owner("asha@example.com").await;
    let tenant = owner.tenant.clone().unwrap();
    let serves = app.tenant("Amina").await;
    // One who serves another tenant too stays known; one who does not goes with the tenant.
    let new = NewMember {
        name: "Asha".to_owned(),
        email: "asha@example.com".to_owned(),
        phone: None,
        role: Role::Staff,
        status: MembershipStatus::Removed,
    };
    app.store.operator().add_member(Some(serves), &new).await.unwrap();
    assert_eq!(app.delete(&format!("/admin/tenants/{tenant}")).await.status, 204);
    let facts = app.get_as(&owner, "/portal/session").await.json();
    assert_eq!((&facts["tenant"], &facts["tenants"]), (&Value::Null, &json!([])));
    let asked = app.get_as(&owner, "/portal/members").await;
    assert_eq!(asked.problem(), (404, "tenant-not-found".to_owned(), None));
    let chosen = app.post_as(&owner, "/portal/session/tenant", json!({ "tenantId": serves })).await;
    assert_eq!(chosen.problem().0, 404);
    let alone = app.owner("juma@example.com").await;
    let tenant = alone.tenant.clone().unwrap();
    assert_eq!(app.delete(&format!("/admin/tenants/{tenant}")).await.status, 204);
    assert_eq!(app.get_as(&alone, "/portal/session").await.problem().0, 401);
    let anew = app.owner("juma@example.com").await;
    assert_ne!(anew.tenant, alone.tenant);
}
