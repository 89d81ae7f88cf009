//! A portal that runs alone: over HTTP, with a control plane that comes and goes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{Router, body::Body, extract::Request};
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::{Proxies, serve::Listener};

use super::{Pretend, TestPortal, documents::request};

/// Serves until `stop`.
#[expect(clippy::disallowed_methods, reason = "it ends with the test's own runtime")]
fn serve_at(listener: Listener, router: Router, stop: CancellationToken) {
    tokio::spawn(web::serve::serve(listener, router, Proxies::default(), stop));
}
use crate::{Away, OverHttp, Transport};

/// Serves what only pretends over HTTP, beneath `/flow`, until `stop`.
fn serve(plane: Arc<Pretend>, listener: TcpListener, stop: CancellationToken) {
    let router = Router::new().fallback(move |request: Request| {
        let plane = Arc::clone(&plane);
        async move {
            let (mut parts, body) = request.into_parts();
            let path = parts.uri.path_and_query().unwrap().as_str();
            parts.uri = path.strip_prefix("/flow").unwrap().parse().unwrap();
            let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            plane.send(http::Request::from_parts(parts, body)).await.unwrap()
        }
    });
    serve_at(Listener::Tcp(listener), router, stop);
}

#[tokio::test]
async fn it_asks_over_http_and_says_so_while_nobody_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let portal = TestPortal::by(|plane| {
        serve(plane, listener, stop.clone());
        Arc::new(OverHttp::new(&format!("http://{address}/flow/")).unwrap())
    });
    portal.stands("NEW", "DISCONNECTED", request("SUBMITTED"));
    for _ in 0..2 {
        assert_eq!(portal.get("/app/status").await.status, StatusCode::OK);
    }
    portal.refuses(Method::POST, "/portal/session/end", 204, Value::Null);
    assert_eq!(portal.post("/auth/sign-out", "").await.location(), "/");
    stop.cancel();
    // Until nobody listens there any more.
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let page = portal.get("/app/status").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text.contains("We cannot be reached at the moment"), "{}", page.text);
    assert!(!page.text.contains("127.0.0.1"), "where it is, is nobody's business");
}

#[tokio::test]
async fn what_is_no_control_plane_of_ours_is_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let other = Router::new().fallback(async || (StatusCode::BAD_GATEWAY, "<html>a proxy</html>"));
    let stop = CancellationToken::new();
    serve_at(Listener::Tcp(listener), other, stop.clone());
    let portal = TestPortal::by(|_| Arc::new(OverHttp::new(&format!("http://{address}")).unwrap()));
    let page = portal.get("/app/status").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text);
    assert!(!page.text.contains("a proxy"));
    let script = http::Request::get("/api/portal/me")
        .header("cookie", super::cookie())
        .header("accept", "application/json");
    let document = portal.send(script.body(Body::empty()).unwrap()).await;
    assert_eq!(document.headers["content-type"], "application/problem+json");
    stop.cancel();
}

/// A line that breaks twice before it holds.
#[derive(Debug)]
struct Flaky {
    plane: Arc<Pretend>,
    breaks: AtomicU32,
}

#[async_trait]
impl Transport for Flaky {
    async fn send(&self, request: http::Request<Bytes>) -> Result<Response<Body>, Away> {
        let left = self.breaks.load(Ordering::Relaxed);
        if left > 0 {
            self.breaks.store(left - 1, Ordering::Relaxed);
            return Err(Away("it broke".to_owned()));
        }
        self.plane.send(request).await
    }
}

#[tokio::test(start_paused = true)]
async fn what_only_reads_is_asked_again_and_what_changes_something_is_not() {
    let flaky = Arc::new(std::sync::OnceLock::<Arc<Flaky>>::new());
    let portal = TestPortal::by(|plane| {
        let made = Arc::new(Flaky { plane, breaks: AtomicU32::new(2) });
        flaky.set(Arc::clone(&made)).unwrap();
        made
    });
    portal.stands("NEW", "DISCONNECTED", Value::Null);
    portal.answers(Method::POST, "/portal/sign-in/password", json!({}));
    let began = tokio::time::Instant::now();
    assert_eq!(portal.get("/app/onboarding").await.status, StatusCode::OK);
    assert!(began.elapsed() >= Duration::from_millis(700), "it waited before each");
    portal.asked();
    flaky.get().unwrap().breaks.store(1, Ordering::Relaxed);
    let form = http::Request::post("/auth/signin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("email=a%40example.com&password=b"))
        .unwrap();
    assert_eq!(portal.send(form).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(portal.asked().is_empty(), "it was tried once");
}
