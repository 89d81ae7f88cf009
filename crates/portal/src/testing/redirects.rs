//! Each sentence on where a page leads.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{TestPortal, documents::request};
use crate::routes::{Access, table};

/// Pages that are asked for, by who reaches them.
fn pages(access: Access) -> Vec<&'static str> {
    let pages = table().into_iter().filter(|route| route.method == Method::GET && route.access == access);
    pages.map(|route| route.path).filter(|path| path.starts_with("/app") && !path.contains('{')).collect()
}

#[tokio::test]
async fn without_a_session_every_page_inside_leads_to_sign_in_and_back() {
    let portal = TestPortal::new();
    let all = [pages(Access::SignedIn), pages(Access::SetUp)].concat();
    for path in ["/app/onboarding", "/app/status", "/app/whatsapp", "/app/try"] {
        assert!(all.contains(&path), "{path} is a page");
    }
    for path in all {
        let back = path.replace('/', "%2F");
        assert_eq!(portal.visit(path).await.location(), format!("/auth/signin?next={back}"));
    }
    let with_query = portal.visit("/app/status?a=b").await;
    assert_eq!(with_query.location(), "/auth/signin?next=%2Fapp%2Fstatus%3Fa%3Db");
    let page = portal.visit("/auth/signin?next=%2Fapp%2Fstatus").await;
    assert!(page.text.contains("name=\"next\" value=\"/app/status\""), "{}", page.text);
    let foreign = portal.visit("/auth/signin?next=https%3A%2F%2Fevil.example").await;
    assert!(foreign.text.contains("name=\"next\" value=\"/app/onboarding\""));
}

#[tokio::test]
async fn every_form_inside_asks_for_a_session_too() {
    let portal = TestPortal::new();
    for route in table().into_iter().filter(|route| route.method == Method::POST) {
        let form = http::Request::post(route.path.replace("{contact}", "255712000111"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(""))
            .unwrap();
        let answer = portal.send(form).await;
        match route.access {
            Access::SignedIn | Access::SetUp => {
                assert!(answer.location().starts_with("/auth/signin?next="), "{}", route.path);
            }
            Access::Document => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", route.path),
            Access::Public => {}
        }
        assert!(portal.asked().iter().all(|seen| !seen.path.contains("tenant")), "{}", route.path);
    }
}

#[tokio::test]
async fn without_a_setup_request_every_page_inside_leads_to_onboarding() {
    let portal = TestPortal::new();
    portal.stands("NEW", "DISCONNECTED", Value::Null);
    for path in pages(Access::SetUp).into_iter().chain(["/app/status"]) {
        assert_eq!(portal.get(path).await.location(), "/app/onboarding", "{path}");
    }
    assert_eq!(portal.get("/app/onboarding").await.status, StatusCode::OK);
}

#[tokio::test]
async fn with_a_request_in_force_onboarding_leads_to_status() {
    for status in ["SUBMITTED", "REVIEWING", "APPROVED", "ACTIVE"] {
        let portal = TestPortal::new();
        portal.stands("NEW", "DISCONNECTED", request(status));
        assert_eq!(portal.get("/app/onboarding").await.location(), "/app/status", "{status}");
        assert_eq!(portal.post("/app/onboarding/send", "").await.location(), "/app/status", "{status}");
        assert_eq!(portal.get("/app/status").await.status, StatusCode::OK, "{status}");
        assert_eq!(portal.get("/app/try").await.status, StatusCode::OK, "{status}");
    }
}

#[tokio::test]
async fn a_rejected_request_counts_as_none_and_fills_the_form() {
    let portal = TestPortal::new();
    let mut rejected = request("REJECTED");
    rejected["notes"] = json!("Namba hii ni ya mtu mwingine");
    portal.stands("NEW", "DISCONNECTED", rejected);
    for path in pages(Access::SetUp) {
        assert_eq!(portal.get(path).await.location(), "/app/onboarding", "{path}");
    }
    let status = portal.get("/app/status").await;
    assert!(status.text.contains("Namba hii ni ya mtu mwingine"), "{}", status.text);
    assert!(status.text.contains("href=\"/app/onboarding\""));
    let form = portal.get("/app/onboarding?step=business").await;
    assert!(form.text.contains("value=\"Saluni ya Amina Juma\""), "{}", form.text);
    assert!(form.text.contains("Namba hii ni ya mtu mwingine"));
    let number = portal.get("/app/onboarding?step=number").await;
    assert!(number.text.contains("value=\"754000111\""), "{}", number.text);
}

#[tokio::test]
async fn whoever_is_signed_in_goes_on_from_the_sign_in_page() {
    let portal = TestPortal::new();
    portal.stands("NEW", "DISCONNECTED", Value::Null);
    assert_eq!(portal.get("/auth/signin").await.location(), "/app/onboarding");
    assert_eq!(portal.get("/auth/signin?next=%2Fapp%2Fstatus").await.location(), "/app/onboarding");
    portal.stands("NEW", "DISCONNECTED", request("SUBMITTED"));
    assert_eq!(portal.get("/app/onboarding").await.location(), "/app/status", "and on to the status");
    assert_eq!(portal.get("/app").await.location(), "/app/status");
}

#[tokio::test]
async fn a_bot_that_the_operator_has_set_up_needs_no_request() {
    let portal = TestPortal::new();
    portal.stands("ACTIVE", "CONNECTED", Value::Null);
    assert_eq!(portal.get("/app/status").await.status, StatusCode::OK);
    assert_eq!(portal.get("/app/onboarding").await.location(), "/app/status");
}

#[tokio::test]
async fn a_session_that_is_over_is_forgotten_by_the_browser() {
    let portal = TestPortal::new();
    portal.refuses(Method::GET, "/portal/session", 401, super::problem("unauthorized", "It is over."));
    let answer = portal.get("/app/status").await;
    assert_eq!(answer.location(), "/auth/signin?next=%2Fapp%2Fstatus");
    assert!(answer.headers["set-cookie"].to_str().unwrap().contains("flowhq_portal=; Path=/; Max-Age=0"));
    assert_eq!(portal.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_has_no_business_or_several_chooses_first() {
    let portal = TestPortal::new();
    portal.session(|facts| {
        facts["tenant"] = Value::Null;
        facts["role"] = Value::Null;
    });
    for path in pages(Access::SetUp).into_iter().chain(["/app/status", "/app/onboarding"]) {
        assert_eq!(portal.get(path).await.location(), "/app/businesses", "{path}");
    }
    portal.answers(Method::POST, "/portal/session/tenant", json!({}));
    let chosen = portal.post("/app/businesses", "tenant=0198c1f2-7d3a-7000-8000-000000000002").await;
    assert_eq!(chosen.location(), "/app/onboarding");
    assert_eq!(portal.post("/app/businesses", "tenant=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_linked_phone_leads_to_the_status_unless_one_came_to_stay() {
    let portal = TestPortal::new();
    portal.stands("ACTIVE", "CONNECTED", request("ACTIVE"));
    let page = portal.get("/app/whatsapp").await;
    assert!(page.text.contains("data-leave=\"/app/status\""), "{}", page.text);
    assert!(
        page.text
            .contains("<noscript><meta http-equiv=\"refresh\" content=\"3;url=/app/status\"></noscript>")
    );
    let page = portal.get("/app/whatsapp?stay=1").await;
    assert!(!page.text.contains("data-leave") && page.text.contains("/app/whatsapp/unlink"), "{}", page.text);
}
