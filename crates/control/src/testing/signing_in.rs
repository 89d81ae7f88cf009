//! Browsers: password, second factor, session, and who is slowed.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use web::serve::Peer;

use super::{Answer, HTML, PASSWORD, TestApp};

/// A browser with its cookies.
#[derive(Default)]
pub(super) struct Browser {
    pub(super) cookies: Vec<(String, String)>,
    /// From where; this machine, where nothing is said.
    pub(super) from: Option<[u8; 4]>,
}

impl Browser {
    pub(super) async fn ask(
        &mut self,
        app: &TestApp,
        method: Method,
        path: &str,
        accept: &str,
        body: Option<String>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT, accept);
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let from = self.from.unwrap_or([127, 0, 0, 1]);
        let request = request.extension(Peer::Tcp((from, 1).into()));
        let answer = app.send(request.body(body.map_or_else(Body::empty, Body::from)).unwrap()).await;
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().unwrap();
            let safe = ["HttpOnly", "SameSite=Lax", "Path=/"].iter().all(|word| text.contains(word));
            assert!(safe || text.contains("Max-Age=0"), "{text}");
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    pub(super) async fn get(&mut self, app: &TestApp, path: &str) -> Answer {
        self.ask(app, Method::GET, path, HTML, None).await
    }

    pub(super) async fn post(&mut self, app: &TestApp, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.ask(app, Method::POST, path, HTML, Some(body)).await
    }

    pub(super) async fn sign_in(&mut self, app: &TestApp, user: &str, password: &str) -> Answer {
        self.post(app, "/admin/sign-in", &[("user", user), ("password", password), ("next", "/admin/events")])
            .await
    }

    pub(super) fn session(&self) -> Option<&str> {
        self.cookies.iter().find(|(name, _)| name == "flowhq_admin").map(|(_, value)| value.as_str())
    }
}

/// An operator with an account, by the API, and the password.
pub(super) async fn operator(app: &TestApp, email: &str) -> (String, String) {
    let added = app.post("/admin/operators", &json!({ "name": "Juma Said", "email": email })).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let added = added.json();
    (added["id"].as_str().unwrap().to_owned(), added["password"].as_str().unwrap().to_owned())
}

pub(super) async fn is_in(app: &TestApp, browser: &mut Browser) -> bool {
    browser.get(app, "/admin/events").await.status == StatusCode::OK
}

#[tokio::test]
async fn a_browser_signs_in_and_out() {
    let app = TestApp::new().await;
    let mut browser = Browser::default();
    let page = browser.get(&app, "/admin/sign-in?next=%2Fadmin%2Fevents").await;
    assert_eq!((page.status, page.headers.contains_key(header::SET_COOKIE)), (StatusCode::OK, false));
    assert!(page.text.contains("value=\"/admin/events\""), "{}", page.text);
    let answer = browser.sign_in(&app, "admin", PASSWORD).await;
    assert_eq!(
        (answer.status, &answer.headers["location"]),
        (StatusCode::SEE_OTHER, &"/admin/events".parse().unwrap())
    );
    let session = browser.session().unwrap().to_owned();
    let page = browser.get(&app, "/admin/events").await;
    assert!(page.text.contains("SIGNED_IN") && page.text.contains("Sign out"), "{}", page.text);
    // Signing in again gives another id: a planted one is worth nothing.
    browser.sign_in(&app, "admin", PASSWORD).await;
    assert_ne!(browser.session().unwrap(), session);
    let mut old = Browser { cookies: vec![("flowhq_admin".to_owned(), session)], ..Browser::default() };
    assert!(!is_in(&app, &mut old).await);
    let left = browser.post(&app, "/admin/sign-out", &[]).await;
    assert_eq!(
        (left.status, &left.headers["location"]),
        (StatusCode::SEE_OTHER, &"/admin/sign-in".parse().unwrap())
    );
    assert!(!is_in(&app, &mut browser).await);
    assert!(app.events().await.contains(&"SIGNED_OUT".to_owned()));
}

#[tokio::test]
async fn a_wrong_password_is_said_written_down_and_locks_nobody_out() {
    let app = TestApp::new().await;
    let mut browser = Browser::default();
    let wrong = browser.sign_in(&app, "juma@example.com", "wrong").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.text.contains("do not go together") && wrong.text.contains("value=\"juma@example.com\""));
    assert!(!wrong.text.contains("value=\"wrong\"") && browser.session().is_none());
    assert!(app.events().await.contains(&"SIGN_IN_FAILED".to_owned()));
    assert_eq!(browser.sign_in(&app, "admin", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_after_idle_time_and_in_any_case() {
    let app = TestApp::new().await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "admin", PASSWORD).await;
    for _ in 0..5 {
        app.clock.advance(SignedDuration::from_mins(50));
        assert!(is_in(&app, &mut browser).await, "whoever works stays in");
    }
    app.clock.advance(SignedDuration::from_mins(61));
    assert!(!is_in(&app, &mut browser).await);
    browser.sign_in(&app, "admin", PASSWORD).await;
    for _ in 0..(7 * 24 * 2) {
        app.clock.advance(SignedDuration::from_mins(30));
        is_in(&app, &mut browser).await;
    }
    app.clock.advance(SignedDuration::from_mins(1));
    assert!(!is_in(&app, &mut browser).await, "after a week");
}

#[tokio::test]
async fn operators_have_names_in_the_audit_log_and_lose_their_sessions_when_they_go() {
    let app = TestApp::new().await;
    let (id, password) = operator(&app, "juma@example.com").await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "Juma@Example.com", &password).await;
    browser.post(&app, "/admin/operators", &[("name", "Asha"), ("email", "asha@example.com")]).await;
    let events = app.get("/admin/events?type=OPERATOR_ADDED").await.json();
    assert_eq!(
        (events[0]["actor"].as_str(), events[0]["actor_name"].as_str()),
        (Some(id.as_str()), Some("Juma Said"))
    );
    let own = browser.post(&app, &format!("/admin/operators/{id}/remove"), &[]).await;
    assert_eq!(own.status, StatusCode::CONFLICT, "nobody removes themselves");
    assert_eq!(
        app.post(&format!("/admin/operators/{id}/remove"), &json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    assert!(!is_in(&app, &mut browser).await);
    assert_eq!(browser.sign_in(&app, "juma@example.com", &password).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_changed_password_ends_other_sessions_and_keeps_this_one() {
    let app = TestApp::new().await;
    let (_, password) = operator(&app, "juma@example.com").await;
    let (mut here, mut there) = (Browser::default(), Browser::default());
    here.sign_in(&app, "juma@example.com", &password).await;
    there.sign_in(&app, "juma@example.com", &password).await;
    let change = |new| [("current", password.clone()), ("new", String::from(new))];
    let short = change("short");
    let pairs: Vec<_> = short.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = here.post(&app, "/admin/account/password", &pairs).await;
    assert!(refused.status == 422 && refused.text.contains("12 to 1024 characters"), "{}", refused.text);
    let long = change("a sentence is fine");
    let pairs: Vec<_> = long.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(here.post(&app, "/admin/account/password", &pairs).await.status, StatusCode::OK);
    assert!(is_in(&app, &mut here).await && !is_in(&app, &mut there).await);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_a_password_alone_opens_nothing() {
    let app = TestApp::new().await;
    let (_, password) = operator(&app, "juma@example.com").await;
    let mut browser = Browser::default();
    browser.sign_in(&app, "juma@example.com", &password).await;
    let shown: Value =
        browser.ask(&app, Method::GET, "/admin/account/second-factor", "application/json", None).await.json();
    assert!(shown["address"].as_str().unwrap().starts_with("otpauth://totp/"), "{shown}");
    let page = browser.get(&app, "/admin/account/second-factor").await;
    assert!(page.text.contains("<svg"), "the page shows it as a code to scan");
    // The page has another secret than the document before it: only the last one counts.
    let wrong = browser.post(&app, "/admin/account/second-factor", &[("code", "000000")]).await;
    assert!(wrong.text.contains("This code is not right"), "{}", wrong.text);
    let shown: Value =
        browser.ask(&app, Method::GET, "/admin/account/second-factor", "application/json", None).await.json();
    let secret = Secret::try_from_base32(shown["secret"].as_str().unwrap()).unwrap();
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    let now = |app: &TestApp| u64::try_from(domain::Clock::now(&*app.clock).as_second()).unwrap();
    let first = totp.generate(now(&app)).to_string();
    let page = browser.post(&app, "/admin/account/second-factor", &[("code", &first)]).await;
    assert!(page.text.contains("Keep these recovery codes"), "{}", page.text);
    let recovery =
        page.text.split("<li class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(is_in(&app, &mut browser).await);

    let basic =
        Request::get("/admin/events").header("authorization", super::basic("juma@example.com", &password));
    assert_eq!(app.send(basic.body(Body::empty()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
    let mut other = Browser::default();
    let asked = other.sign_in(&app, "juma@example.com", &password).await;
    assert_eq!(asked.headers["location"], "/admin/sign-in/code");
    assert!(!is_in(&app, &mut other).await);
    let used = other.post(&app, "/admin/sign-in/code", &[("code", &first)]).await;
    assert_eq!(used.status, StatusCode::UNAUTHORIZED, "the code was seen when it was set up");
    app.clock.advance(SignedDuration::from_secs(30));
    let next = totp.generate(now(&app)).to_string();
    assert_eq!(
        other.post(&app, "/admin/sign-in/code", &[("code", &next)]).await.headers["location"],
        "/admin/events"
    );
    assert!(is_in(&app, &mut other).await);

    let mut lost = Browser::default();
    lost.sign_in(&app, "juma@example.com", &password).await;
    assert_eq!(
        lost.post(&app, "/admin/sign-in/code", &[("code", &recovery)]).await.status,
        StatusCode::SEE_OTHER
    );
    let mut again = Browser::default();
    again.sign_in(&app, "juma@example.com", &password).await;
    let refused = again.post(&app, "/admin/sign-in/code", &[("code", &recovery)]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "a recovery code counts once");
}

#[tokio::test]
async fn a_password_in_the_query_counts_only_where_it_is_turned_on() {
    let app = TestApp::new().await;
    let path = format!("/admin/tenants?limit=1&password={}", PASSWORD.replace(' ', "%20"));
    let ask = || Request::get(&path).body(Body::empty()).unwrap();
    assert_eq!(app.send(ask()).await.status, StatusCode::UNAUTHORIZED);
    let app = TestApp::with_password_in_query().await;
    assert_eq!(app.send(ask()).await.status, StatusCode::OK);
    // Left over beside HTTP Basic, it is no unknown parameter.
    let left_over = app.get("/admin/tenants?limit=1&password=whatever").await;
    assert_eq!(left_over.status, StatusCode::OK, "{}", left_over.text);
}

#[tokio::test]
async fn the_same_key_makes_one_tenant() {
    let app = TestApp::new().await;
    let ask = |key: &str, name: &str| {
        let body = json!({ "name": name }).to_string();
        let mut request = super::request(Method::POST, "/admin/tenants", Some(body));
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        request
    };
    let first = app.send(ask("k1", "Amina")).await;
    let again = app.send(ask("k1", "Amina")).await;
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!((first.text, &first.headers["location"]), (again.text, &again.headers["location"]));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(app.send(ask("k1", "Baraka")).await.problem().2.as_deref(), Some("Idempotency-Key"));
    assert_eq!(app.send(ask("k2", "")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.send(ask("k2", "Baraka")).await.status, StatusCode::CREATED, "a refusal uses no key up");
    assert_eq!(app.get("/admin/tenants").await.json().as_array().unwrap().len(), 2);
}

/// The client has gone while its request was being read: what was begun is done all the same.
#[tokio::test]
async fn a_client_that_goes_away_cancels_nothing() {
    let app = TestApp::new().await;
    let (polled, begun) = tokio::sync::oneshot::channel();
    let (rest, body) = tokio::sync::oneshot::channel::<String>();
    let body = async move {
        let _test_is_over = polled.send(());
        body.await.map_err(std::io::Error::other)
    };
    let mut request = super::request(Method::POST, "/admin/tenants", Some(String::new()));
    *request.body_mut() = Body::from_stream(futures_util::stream::once(body));
    tokio::select! {
        answer = app.send(request) => panic!("answered without a body: {}", answer.text),
        begun = begun => begun.unwrap(),
    }
    rest.send(json!({ "name": "Amina" }).to_string()).expect("the request was cancelled with its client");
    app.app.finish(std::time::Duration::from_secs(60)).await;
    assert_eq!(app.get("/admin/tenants").await.json().as_array().unwrap().len(), 1);
}
