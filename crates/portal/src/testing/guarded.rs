//! What a browser cannot do: act for somebody else by headers, send from another site, send twice, or read what is not its
//! own.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use super::{TestPortal, cookie, documents::request, problem};

/// Keeps what is logged on this thread.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn headers_of_the_portal_api_are_taken_off_and_logged() {
    let lines = Lines::default();
    let to = lines.clone();
    let logging = tracing_subscriber::fmt().with_writer(move || to.clone()).finish();
    let _logging = tracing::subscriber::set_default(logging);
    let portal = TestPortal::new();
    portal.stands("NEW", "DISCONNECTED", request("SUBMITTED"));
    let sent = |path: &str, cookie: Option<String>| {
        let mut request = Request::get(path)
            .header("x-user-email", "victim@example.com")
            .header("x-portal-key", super::KEY)
            .header("x-portal-claim", "forged.claim");
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        request.body(Body::empty()).unwrap()
    };
    // Without a session they open nothing.
    let answer = portal.send(sent("/app/status", None)).await;
    assert!(answer.location().starts_with("/auth/signin"));
    let answer = portal.send(sent("/api/portal/me", None)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(portal.asked().is_empty(), "nobody was asked anything for them");
    // With one they change nothing: the claims are the session's.
    assert_eq!(portal.send(sent("/app/status", Some(cookie()))).await.status, StatusCode::OK);
    let hash = claim::body_hash(super::SECRET.as_bytes());
    for seen in portal.asked() {
        assert_eq!(seen.claim.session.as_deref(), Some(hash.as_str()), "{}", seen.path);
    }
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("a browser sent headers of the portal API"), "{logged}");
    assert!(!logged.contains("victim@example.com") && !logged.contains(super::KEY), "{logged}");
}

#[tokio::test]
async fn nothing_that_changes_anything_is_taken_from_another_site() {
    let portal = TestPortal::new();
    portal.stands("QR_READY", "QR_READY", request("APPROVED"));
    for route in crate::routes::table().into_iter().filter(|route| route.method == Method::POST) {
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("origin", "null"),
            ("sec-fetch-site", "same-site"),
        ] {
            let request = Request::post(route.path.replace("{contact}", "255712000111"))
                .header("cookie", cookie())
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, value)
                .body(Body::from("confirm=x"))
                .unwrap();
            let answer = portal.send(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} with {name}: {value}", route.path);
        }
    }
    assert!(portal.asked().is_empty());
}

#[tokio::test]
async fn a_request_that_is_sent_twice_is_one_request() {
    let portal = TestPortal::new();
    portal.stands("NEW", "DISCONNECTED", Value::Null);
    portal.refuses(Method::POST, "/portal/setup-request", 201, request("SUBMITTED"));
    let mut kept = cookie();
    for form in [
        "step=business&business_name=Saluni+ya+Amina&business_type=Saluni",
        "step=pack&template_type=BOOKING",
        "step=number&country=%2B255&whatsapp_number=0754+000+111&language=SW",
        "step=hours&open_0=on&from_0=08%3A00&until_0=18%3A00",
    ] {
        let request = Request::post("/app/onboarding")
            .header("cookie", &kept)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let answer = portal.send(request).await;
        assert!(answer.location().starts_with("/app/onboarding?step="), "{form}: {}", answer.text);
        let draft = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        kept = format!("{}; {draft}", cookie());
    }
    let send = || Request::post("/app/onboarding/send").header("cookie", &kept).body(Body::empty()).unwrap();
    portal.asked();
    let first = portal.send(send()).await;
    assert_eq!(first.location(), "/app/status");
    assert!(first.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"), "the draft is forgotten");
    let asked = portal.asked();
    let sent = asked.iter().find(|seen| seen.path == "/portal/setup-request").unwrap();
    assert_eq!(
        sent.body,
        json!({
            "businessName": "Saluni ya Amina", "templateType": "BOOKING", "whatsappNumber": "+255754000111",
            "language": "SW", "businessType": "Saluni", "hours": [[[480, 1080]], [], [], [], [], [], []],
        })
    );
    portal.refuses(Method::POST, "/portal/setup-request", 409, problem("conflict", "Your number is taken."));
    let refused = portal.send(send()).await;
    assert!(refused.text.contains("Your number is taken."), "{}", refused.text);
    portal.stands("NEW", "DISCONNECTED", request("SUBMITTED"));
    assert_eq!(portal.send(send()).await.location(), "/app/status");
}

#[tokio::test]
async fn documents_are_the_control_planes_own() {
    let portal = TestPortal::new();
    portal.session(|_| {});
    portal.answers(Method::GET, "/portal/me", json!({ "user": { "email": "amina@example.com" } }));
    portal.answers(Method::GET, "/portal/tenant/current/logs", json!([]));
    portal.refuses(Method::POST, "/portal/setup-request", 201, json!({ "id": "x" }));
    let script = |method: Method, path: &str, body: &'static str| {
        Request::builder()
            .method(method)
            .uri(path)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .header("cookie", cookie())
            .body(Body::from(body))
            .unwrap()
    };
    let me = portal.send(script(Method::GET, "/api/portal/me", "")).await;
    assert_eq!((me.status, me.text.as_str()), (StatusCode::OK, r#"{"user":{"email":"amina@example.com"}}"#));
    portal.send(script(Method::GET, "/api/portal/tenant/current/logs?limit=50", "")).await;
    let asked = portal.asked();
    assert_eq!(asked.last().unwrap().path, "/portal/tenant/current/logs?limit=50");
    let sent =
        portal.send(script(Method::POST, "/api/portal/setup-request", r#"{"businessName":"A"}"#)).await;
    assert_eq!(sent.status, StatusCode::CREATED);
    assert_eq!(portal.asked().last().unwrap().body, json!({ "businessName": "A" }));
    portal.refuses(Method::GET, "/portal/me", 404, problem("tenant-not-found", "No such tenant."));
    let refused = portal.send(script(Method::GET, "/api/portal/me", "")).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert!(refused.text.contains("No such tenant."), "{}", refused.text);
    // A form of another kind than JSON is what another site could send.
    let form =
        Request::post("/api/portal/setup-request").header("cookie", cookie()).body(Body::from("{}")).unwrap();
    assert_eq!(portal.send(form).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn while_the_control_plane_is_away_a_page_says_so() {
    let portal = TestPortal::new();
    portal.goes_away();
    for (path, language, say) in [
        ("/app/status", "sw", "Kwa sasa hatupatikani"),
        ("/auth/signin", "en", "We cannot be reached at the moment"),
    ] {
        let request = Request::get(path)
            .header("cookie", cookie())
            .header("accept-language", language)
            .body(Body::empty());
        let answer = portal.send(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.text.contains(say), "{}", answer.text);
        assert_eq!(answer.headers["retry-after"], "5");
        assert!(!answer.headers.contains_key("set-cookie"), "the session is not forgotten for it");
    }
    assert_eq!(portal.visit("/").await.status, StatusCode::OK, "the first page needs nobody");
}

#[tokio::test]
async fn what_the_operator_looks_at_says_so_and_staff_is_told_to_wait() {
    let portal = TestPortal::new();
    portal.stands("ACTIVE", "CONNECTED", request("ACTIVE"));
    portal.session(|facts| {
        facts["tenant"]["status"] = json!("ACTIVE");
        facts["looking"] = json!(true);
        facts["operatorName"] = json!("Neema");
    });
    let page = portal.get("/app/whatsapp?stay=1").await;
    assert!(page.text.contains("Neema is looking") && !page.text.contains("/unlink"), "{}", page.text);
    portal.stands("NEW", "DISCONNECTED", Value::Null);
    portal.session(|facts| facts["role"] = json!("STAFF"));
    let page = portal.get("/app/onboarding").await;
    assert!(page.text.contains("The owner sets this up"), "{}", page.text);
    assert_eq!(
        portal.post("/app/onboarding", "step=business&business_name=x").await.location(),
        "/app/onboarding"
    );
}

#[tokio::test]
async fn staff_sees_the_linking_page_without_a_code() {
    let portal = TestPortal::new();
    portal.stands("QR_READY", "QR_READY", request("APPROVED"));
    let as_a = |role: &str| {
        portal.session(|facts| {
            facts["role"] = json!(role);
            facts["tenant"]["status"] = json!("QR_READY");
            facts["setupRequest"] = json!(true);
        });
        portal.asked();
    };
    as_a("STAFF");
    let page = portal.get("/app/whatsapp").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let asked = portal.asked();
    assert!(asked.iter().all(|seen| !seen.path.ends_with("/qr")), "{asked:?}");
    // The control: an owner is shown one.
    as_a("OWNER");
    portal.get("/app/whatsapp").await;
    let asked = portal.asked();
    assert!(asked.iter().any(|seen| seen.path.ends_with("/qr")), "{asked:?}");
}
