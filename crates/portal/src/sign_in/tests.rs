//! Signing in, as a browser does it.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::testing::{SECRET, TestPortal, problem};

fn signed_in(portal: &TestPortal, set_password: bool) -> Value {
    let mut facts = Value::Null;
    portal.session(|document| facts = document.clone());
    json!({ "session": SECRET, "facts": facts, "setPassword": set_password })
}

async fn form(portal: &TestPortal, path: &str, form: &'static str) -> crate::testing::Answer {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    portal.send(request).await
}

#[tokio::test]
async fn a_password_begins_a_session_and_leads_to_where_one_wanted() {
    let portal = TestPortal::new();
    let document = signed_in(&portal, false);
    portal.answers(Method::POST, "/portal/sign-in/password", document);
    let answer =
        form(&portal, "/auth/signin", "email=Amina%40Example.com&password=a+b+c&next=%2Fapp%2Fmessages")
            .await;
    assert_eq!(answer.location(), "/app/messages");
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with(&format!("flowhq_portal={SECRET}; Path=/;"))));
    assert!(cookies.iter().all(|cookie| cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax")));
    let kept = cookies.iter().any(|cookie| cookie.starts_with("flowhq_lang"));
    assert!(!kept, "the pages stay in the language in which they were read");
    let asked = portal.asked();
    assert_eq!(
        asked.last().unwrap().body,
        json!({ "email": "Amina@Example.com", "password": "a b c", "address": "127.0.0.1" })
    );
    let foreign = form(&portal, "/auth/signin", "email=a&password=b&next=%2F%2Fevil.example").await;
    assert_eq!(foreign.location(), "/app/onboarding");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_read_the_same() {
    let portal = TestPortal::new();
    portal.refuses(Method::POST, "/portal/sign-in/password", 401, problem("unauthorized", "which of both"));
    let answer = form(&portal, "/auth/signin", "email=amina%40example.com&password=wrong").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("do not go together") && !answer.text.contains("which of both"));
    assert!(answer.text.contains("value=\"amina@example.com\""), "what was typed stays");
    assert!(!answer.text.contains("wrong\""), "the password does not");
    portal.asked();
    for (typed, wanted) in
        [("email=&password=x", "Type your email"), ("email=a&password=", "Type your password")]
    {
        let answer = form(&portal, "/auth/signin", typed).await;
        assert!(answer.text.contains(wanted), "{}", answer.text);
    }
    assert!(portal.asked().iter().all(|seen| seen.method == Method::GET), "nothing was guessed");
}

#[tokio::test]
async fn a_link_is_looked_at_before_it_is_used() {
    let portal = TestPortal::new();
    let seen = json!({
        "kind": "SIGN_IN", "email": "amina@example.com", "tenantName": "Saluni ya Amina", "role": "OWNER",
        "expiresAt": "2026-01-12T12:00:00Z",
    });
    portal.answers(Method::POST, "/portal/links/look", seen);
    let document = json!({ "kind": "SIGN_IN", "signedIn": signed_in(&portal, true), "emailChanged": null });
    portal.answers(Method::POST, "/portal/links/take", document);
    let page = portal.visit("/auth/link").await;
    assert!(page.text.contains("data-token"), "{}", page.text);
    let page = form(&portal, "/auth/link", "token=https%3A%2F%2Fx.example%2Fauth%2Flink%23abc").await;
    assert!(page.text.contains("amina@example.com") && page.text.contains("value=\"abc\""), "{}", page.text);
    assert_eq!(portal.asked().last().unwrap().body, json!({ "token": "abc" }));
    let taken = form(&portal, "/auth/link/take", "token=abc").await;
    assert_eq!(taken.location(), "/auth/password");
    for (path, verb) in [("/auth/link", "look"), ("/auth/link/take", "take")] {
        portal.refuses(
            Method::POST,
            &format!("/portal/links/{verb}"),
            404,
            problem("route-not-found", "used at noon"),
        );
        let over = form(&portal, path, "token=abc").await;
        assert!(
            over.text.contains("not good any more") && !over.text.contains("used at noon"),
            "{}",
            over.text
        );
        assert!(!over.headers.contains_key("set-cookie"));
        // What its person has to do first is said.
        let first = problem("conflict", "Sign in to it first.");
        portal.refuses(Method::POST, &format!("/portal/links/{verb}"), 409, first);
        let first = form(&portal, path, "token=abc").await;
        assert!(first.text.contains("Sign in to it first."), "{}", first.text);
    }
}

#[tokio::test]
async fn a_link_by_email_is_answered_the_same_whoever_asks() {
    let portal = TestPortal::new();
    portal.refuses(Method::POST, "/portal/sign-in/email", 202, Value::Null);
    let known = form(&portal, "/auth/email", "email=amina%40example.com&for=reset").await;
    assert_eq!(known.status, StatusCode::OK);
    assert!(known.text.contains("If amina@example.com has an account"));
    assert_eq!(
        portal.asked().last().unwrap().body,
        json!({ "email": "amina@example.com", "purpose": "RESET" })
    );
    let empty = form(&portal, "/auth/email", "email=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_forgets_it() {
    let portal = TestPortal::new();
    portal.session(|_| {});
    portal.refuses(Method::POST, "/portal/session/end", 204, Value::Null);
    let left = portal.post("/auth/sign-out", "").await;
    assert_eq!(left.location(), "/");
    assert!(left.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert!(portal.asked().iter().any(|seen| seen.path == "/portal/session/end"));
}

#[tokio::test]
async fn a_common_password_is_refused_in_place() {
    let portal = TestPortal::new();
    portal.session(|_| {});
    let mut refusal = problem("invalid-field", "This one is guessed first.");
    refusal["field"] = json!("new");
    portal.refuses(Method::POST, "/portal/me/password", 422, refusal);
    let page = portal.post("/auth/password", "new=password1234").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("id=\"e-new\">This one is guessed first."), "{}", page.text);
}

#[tokio::test]
async fn a_provider_that_there_is_not_is_a_page_of_ours_and_a_way_back_without_a_start_too() {
    let portal = TestPortal::new();
    for path in ["/api/auth/start/google", "/api/auth/callback/google?code=x&state=y"] {
        let answer = portal.visit(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text.contains("Nobody signs in here in this way"), "{}", answer.text);
    }
}
