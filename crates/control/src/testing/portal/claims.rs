//! Who may ask as the portal: nobody by a key alone, nor by a claim that is another request's, old, or used.

use claim::{LONGEST_MS, SKEW_MS};
use http::Method;
use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::json;

use super::{PORTAL_KEY, TestApp, Who};
use crate::PortalOptions;

const SESSION: &str = "/portal/session";
const MEMBERS: &str = "/portal/members";

fn key(key: &str) -> (&'static str, String) {
    ("x-portal-key", key.to_owned())
}

#[tokio::test]
async fn a_leaked_key_opens_nothing_by_itself() {
    let app = TestApp::new().await;
    let owner = app.owner("asha@example.com").await;
    let email = ("x-user-email", "asha@example.com".to_owned());
    for path in [SESSION, MEMBERS, "/portal/about"] {
        for headers in [vec![key(PORTAL_KEY)], vec![key(PORTAL_KEY), email.clone()]] {
            let answer = app.ask_with(Method::GET, path, None, &headers).await;
            assert_eq!(answer.problem().0, 401, "{path}");
            assert!(answer.text.contains("PORTAL_PLAIN"), "{}", answer.text);
        }
    }
    // Neither does a claim without the key.
    let [_, claim] = app.signed(&Method::GET, MEMBERS, "", &owner);
    for headers in [vec![claim.clone()], vec![key("wrong"), claim.clone()], vec![key(""), claim]] {
        let answer = app.ask_with(Method::GET, MEMBERS, None, &headers).await;
        assert_eq!(answer.problem(), (401, "unauthorized".to_owned(), None));
    }
    assert_eq!(app.get_as(&owner, MEMBERS).await.status, 200, "the control");
}

#[tokio::test]
async fn where_no_key_is_configured_it_says_which_setting() {
    let app = TestApp::with_portal(|portal| PortalOptions { keys: Vec::new(), ..portal }).await;
    for headers in [vec![], vec![key(PORTAL_KEY)]] {
        let answer = app.ask_with(Method::GET, MEMBERS, None, &headers).await;
        assert_eq!(answer.problem().0, 503);
        assert!(answer.text.contains("PORTAL_INTERNAL_KEY"), "{}", answer.text);
    }
    // The portal in this process asks all the same.
    let own = |portal| PortalOptions {
        keys: Vec::new(),
        own_key: Some(SecretString::from(PORTAL_KEY)),
        plain: true,
        ..portal
    };
    let app = TestApp::with_portal(own).await;
    app.owner("asha@example.com").await;
    // Its key is no old client's.
    let plain = [key(PORTAL_KEY), ("x-user-email", "asha@example.com".to_owned())];
    assert_eq!(app.ask_with(Method::GET, MEMBERS, None, &plain).await.problem().0, 401);
}

#[tokio::test]
async fn a_claim_is_for_one_request_and_once() {
    let app = TestApp::new().await;
    let owner = app.owner("asha@example.com").await;
    let body = json!({ "name": "Asha", "language": "EN" }).to_string();
    let headers = app.signed(&Method::PUT, "/portal/me", &body, &owner);
    let other = body.replace("Asha", "Juma");
    for (method, path, sent) in [
        (Method::POST, "/portal/me", &body),
        (Method::PUT, "/portal/me?x=1", &body),
        (Method::PUT, "/portal/me/", &body),
        (Method::PUT, "/portal/me", &other),
    ] {
        let answer = app.ask_with(method.clone(), path, Some(sent), &headers).await;
        assert!([401, 404, 405].contains(&answer.status.as_u16()), "{method} {path}: {}", answer.status);
    }
    assert_eq!(app.ask_with(Method::PUT, "/portal/me", Some(&body), &headers).await.status, 200);
    let again = app.ask_with(Method::PUT, "/portal/me", Some(&body), &headers).await;
    assert_eq!(again.problem().0, 401);
    assert!(again.text.contains("used before"), "{}", again.text);
}

#[tokio::test]
async fn a_claim_has_its_time_and_none_from_before_the_start() {
    let app = TestApp::new().await;
    let owner = app.owner("asha@example.com").await;
    let sign = |change: fn(&mut claim::Claim)| {
        let mut claim = app.claim(&Method::GET, MEMBERS, "", &owner);
        change(&mut claim);
        [key(PORTAL_KEY), ("x-portal-claim", app.signer.sign(&claim))]
    };
    let long = sign(|claim| claim.expires_ms = claim.issued_ms + LONGEST_MS + 1);
    let early = sign(|claim| {
        claim.issued_ms += SKEW_MS + 1;
        claim.expires_ms += SKEW_MS + 1;
    });
    // The clock of the test stands at the start.
    let before = sign(|claim| claim.issued_ms -= 1);
    for headers in [long, early, before] {
        assert_eq!(app.ask_with(Method::GET, MEMBERS, None, &headers).await.problem().0, 401);
    }
    let old = sign(|_| {});
    app.clock.advance(SignedDuration::from_millis(LONGEST_MS + SKEW_MS + 1));
    assert_eq!(app.ask_with(Method::GET, MEMBERS, None, &old).await.problem().0, 401);
    let foreign = claim::Signer::generate().unwrap().0;
    let claim = foreign.sign(&app.claim(&Method::GET, MEMBERS, "", &owner));
    let answer =
        app.ask_with(Method::GET, MEMBERS, None, &[key(PORTAL_KEY), ("x-portal-claim", claim)]).await;
    assert_eq!(answer.problem().0, 401);
    assert_eq!(app.get_as(&owner, MEMBERS).await.status, 200, "the control");
}

#[tokio::test]
async fn two_keys_are_taken_while_one_takes_the_place_of_the_other() {
    let (old, new) = ("o".repeat(32), "n".repeat(32));
    let keys = vec![SecretString::from(old.clone()), SecretString::from(new.clone())];
    let app = TestApp::with_portal(|portal| PortalOptions { keys, ..portal }).await;
    for (given, status) in
        [(&old, 200), (&new, 200), (&format!("{old},{new}"), 401), (&PORTAL_KEY.to_owned(), 401)]
    {
        let [_, claim] = app.signed(&Method::GET, "/portal/about", "", &Who::default());
        let answer = app.ask_with(Method::GET, "/portal/about", None, &[key(given), claim]).await;
        assert_eq!(answer.status, status, "{given}");
    }
}

#[tokio::test]
async fn nobody_is_asked_for_by_the_session_of_another() {
    let app = TestApp::new().await;
    let (a, b) = (app.owner("a@example.com").await, app.owner("b@example.com").await);
    let asked = |user: &Who, tenant: &Who| Who {
        token: a.token.clone(),
        user: user.user.clone(),
        tenant: tenant.tenant.clone(),
    };
    assert_eq!(app.get_as(&asked(&a, &a), MEMBERS).await.status, 200);
    assert_eq!(app.get_as(&asked(&b, &b), MEMBERS).await.problem().0, 401, "another person");
    let foreign = app.get_as(&asked(&a, &b), MEMBERS).await;
    assert_eq!(foreign.problem(), (404, "tenant-not-found".to_owned(), None));
    let missing = Who { tenant: Some(domain::TenantId::generate().to_string()), ..a.clone() };
    let missing = app.get_as(&missing, MEMBERS).await;
    assert_eq!(foreign.text, missing.text, "a foreign one is told like one that is not there");
    let nobody = Who { user: None, ..a.clone() };
    assert_eq!(app.get_as(&nobody, MEMBERS).await.problem().0, 401, "nobody is named");
    let unknown = Who { token: Some("x".to_owned()), ..a };
    assert_eq!(app.get_as(&unknown, MEMBERS).await.problem().0, 401, "a session that never was");
    let none = Who { token: None, ..b };
    assert_eq!(app.get_as(&none, MEMBERS).await.problem().0, 401, "a person without a session");
}

#[tokio::test]
async fn an_old_client_asks_by_key_and_address_where_that_is_allowed() {
    let app = TestApp::with_portal(|portal| PortalOptions { plain: true, ..portal }).await;
    let owner = app.owner("asha@example.com").await;
    let staff = app.staff(&owner, "juma@example.com").await;
    let plain = |email: &str| vec![key(PORTAL_KEY), ("x-user-email", email.to_owned())];
    let get = async |path, email: &str| app.ask_with(Method::GET, path, None, &plain(email)).await;
    assert_eq!(get(MEMBERS, " ASHA@example.com").await.status, 200);
    assert_eq!(
        get(MEMBERS, "nobody@example.com").await.problem(),
        (404, "person-not-found".to_owned(), None)
    );
    assert_eq!(get(SESSION, "asha@example.com").await.problem().0, 401, "there is no session in it");
    let invite = json!({ "name": "X", "email": "x@example.com" }).to_string();
    let invited = app.ask_with(Method::POST, MEMBERS, Some(&invite), &plain("juma@example.com")).await;
    assert_eq!(invited.problem(), (403, "forbidden".to_owned(), None), "staff stays staff");
    let wrong = [key("w"), ("x-user-email", "asha@example.com".to_owned())];
    assert_eq!(app.ask_with(Method::GET, MEMBERS, None, &wrong).await.problem().0, 401);
    // Of several tenants none is meant more than another.
    let other = app.owner("b@example.com").await;
    let again = json!({ "name": "Juma", "email": "juma@example.com" });
    assert_eq!(app.post_as(&other, MEMBERS, again).await.status, 201);
    assert_eq!(get(MEMBERS, "juma@example.com").await.status, 200, "invited is not in force");
    app.by_provider("juma", "juma@example.com", json!({})).await;
    assert_eq!(get(MEMBERS, "juma@example.com").await.problem().0, 409);
    // And of none.
    for who in [&owner, &other] {
        let path = format!("{MEMBERS}/{}/remove", staff.user.as_deref().unwrap());
        assert_eq!(app.post_as(who, &path, json!({})).await.status, 204);
    }
    assert_eq!(get(MEMBERS, "juma@example.com").await.problem(), (404, "tenant-not-found".to_owned(), None));
}

#[tokio::test]
async fn it_is_answered_in_the_language_that_the_portal_names() {
    let app = TestApp::new().await;
    for (name, value, part) in [
        ("x-language", "sw", "umetoka"),
        ("accept-language", "sw", "umetoka"),
        ("x-language", "en", "signed out"),
        ("x-language", "de", "signed out"),
    ] {
        let mut headers = app.signed(&Method::GET, SESSION, "", &Who::default()).to_vec();
        headers.push((name, value.to_owned()));
        let answer = app.ask_with(Method::GET, SESSION, None, &headers).await;
        assert!(answer.text.to_lowercase().contains(part), "{name} {value}: {}", answer.text);
    }
}
