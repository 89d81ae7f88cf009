//! The guard around a site, seen from outside.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::time::Duration;

use axum::{body::Body, response::Response};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde::Deserialize;
use tower::ServiceExt;

use crate::{
    Asked, Hosts, JsonBody, OwnOrigins, PathId, Problem, Proxies, Site, guard,
    routes::{Access, Route, router},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<u32>,
}

async fn echo(JsonBody(named): JsonBody<Named>) -> String {
    named.name
}

async fn page(Asked(page): Asked<Page>) -> String {
    format!("{:?}", page.limit)
}

async fn item(PathId(id): PathId<domain::id::kind::Tenant>) -> String {
    id.to_string()
}

async fn boom() -> Result<(), Problem> {
    panic!("with a secret in it")
}

async fn never() -> Response {
    std::future::pending().await
}

fn site() -> axum::Router {
    let table = vec![
        Route::post("/echo", Access::Public, echo),
        Route::get("/page", Access::Public, page),
        Route::get("/items/{id}", Access::Public, item),
        Route::get("/boom", Access::Public, boom),
        Route::get("/never", Access::Public, never),
    ];
    let site = Site {
        time_limit: Duration::from_secs(30),
        own_origins: OwnOrigins::default(),
        hosts: Hosts::new([], ["x"]),
        proxies: Proxies::default(),
        https: false,
        virtual_build: true,
        shell: None,
    };
    guard(router(table, |_, handler| handler), &site)
}

async fn ask(mut request: Request<Body>) -> (StatusCode, http::HeaderMap, String) {
    request.headers_mut().entry("host").or_insert(http::HeaderValue::from_static("x"));
    let (parts, body) = site().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn post(body: impl Into<Body>) -> Request<Body> {
    Request::post("/echo").header("content-type", "application/json").body(body.into()).unwrap()
}

#[tokio::test]
async fn every_answer_has_an_id_and_the_headers_that_protect() {
    for request in [get("/page"), get("/nothing"), get("/boom"), get("/echo"), post("{}")] {
        let (_, headers, body) = ask(request).await;
        assert_eq!(headers["cache-control"], "no-store", "{body}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        assert_eq!(headers["x-request-id"].len(), 36);
        assert_eq!(headers["x-flowhq-build"], "virtual");
    }
}

#[tokio::test]
async fn wrong_paths_methods_ids_and_queries_are_problems() {
    let cases = [
        (get("/nothing"), 404, "route-not-found"),
        (get("/echo"), 405, "method-not-allowed"),
        (get("/items/7"), 400, "invalid-id"),
        (get("/items/%ff"), 400, "invalid-id"),
        (get("/page?limit=x"), 422, "invalid-field"),
        (get("/page?limits=1"), 422, "unknown-field"),
        (post("{"), 400, "malformed-json"),
        (Request::post("/echo").body(Body::from("{}")).unwrap(), 415, "unsupported-media-type"),
    ];
    for (request, status, word) in cases {
        let (got, headers, body) = ask(request).await;
        assert_eq!(got.as_u16(), status, "{body}");
        assert_eq!(headers["content-type"], "application/problem+json");
        assert!(body.contains(&format!("\"urn:flowhq:problem:{word}\"")), "{body}");
        assert!(body.contains("\"error\":"), "{body}");
    }
    let (status, headers, _) = ask(get("/echo")).await;
    assert_eq!((status.as_u16(), &headers["allow"]), (405, &http::HeaderValue::from_static("POST")));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_announced_or_not() {
    let mut announced = post("{}");
    announced.headers_mut().insert("content-length", (100 * 1024 * 1024).into());
    assert_eq!(ask(announced).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let chunks = futures_util::stream::repeat_with(|| Ok::<_, std::convert::Infallible>(vec![b' '; 65536]));
    let (status, _, body) = ask(post(Body::from_stream(chunks))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "an endless body ends at the limit");
    assert!(body.contains("1048576 bytes"), "{body}");
}

#[tokio::test]
async fn a_panic_is_a_500_that_tells_nothing() {
    let (status, _, body) = ask(get("/boom")).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!body.contains("secret"), "{body}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_is_given_up() {
    let (status, _, body) = ask(get("/never")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.contains("timed-out"), "{body}");
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let mut request = post("{\"name\":\"a\"}");
    request.headers_mut().insert("sec-fetch-site", http::HeaderValue::from_static("cross-site"));
    assert_eq!(ask(request).await.0, StatusCode::FORBIDDEN);
    let (status, _, body) = ask(post("{\"name\":\"a\"}")).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "a"));
}

#[tokio::test]
async fn what_a_stranger_may_choose_ends_before_the_log() {
    let brew = Request::builder().method("BREW").uri("/page").body(Body::empty()).unwrap();
    let (status, headers, body) = ask(brew).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{body}");
    assert!(body.contains("unknown-method") && headers.contains_key("x-request-id"), "{body}");
    // One that HTTP knows is told which ones this path takes.
    let trace = Request::builder().method("TRACE").uri("/page").body(Body::empty()).unwrap();
    let (status, headers, _) = ask(trace).await;
    assert_eq!((status.as_u16(), headers["allow"].to_str().unwrap()), (405, "GET,HEAD"));
    let foreign = Request::get("/page").header("host", "evil.example:3000").body(Body::empty()).unwrap();
    let (status, _, body) = ask(foreign).await;
    assert_eq!(status, StatusCode::MISDIRECTED_REQUEST);
    assert!(body.contains("ALLOWED_HOSTS"), "{body}");
    let page = Request::get("/page").header("host", "evil.example").header("accept", "text/html");
    let (status, headers, body) = ask_with_pages(page.body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::MISDIRECTED_REQUEST);
    assert!(
        headers["content-type"] == "text/html; charset=utf-8" && body.contains("ALLOWED_HOSTS"),
        "{body}"
    );
    for probe in ["/livez", "/readyz"] {
        let probe = Request::get(probe).header("host", "10.0.0.7:3000").body(Body::empty()).unwrap();
        assert_eq!(ask(probe).await.0, StatusCode::NOT_FOUND, "asked for under any name, where it is there");
    }
    let by_socket = Request::get("/page").header("host", "evil.example");
    let by_socket = by_socket.extension(crate::serve::Peer::Local { uid: None }).body(Body::empty()).unwrap();
    assert_eq!(ask(by_socket).await.0, StatusCode::OK);
}

#[tokio::test]
async fn browsers_are_kept_to_https_where_that_is_how_they_come() {
    let site = |https| Site {
        time_limit: Duration::from_secs(30),
        own_origins: OwnOrigins::default(),
        hosts: Hosts::new([], ["x"]),
        proxies: Proxies::default(),
        https,
        virtual_build: false,
        shell: None,
    };
    for https in [true, false] {
        let router = guard(axum::Router::new(), &site(https));
        let request = Request::get("/").header("host", "x").body(Body::empty()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        assert_eq!(answer.headers().contains_key("strict-transport-security"), https);
    }
}

#[tokio::test]
async fn a_listener_serves_names_its_peers_and_ends() {
    use crate::serve::{Admit, Listener, Peer, serve};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let router = axum::Router::new().route(
        "/",
        axum::routing::get(async |axum::Extension(peer): axum::Extension<Peer>| match peer {
            Peer::Tcp(address) => format!("tcp {}", address.ip()),
            Peer::Local { uid } => format!("local {}", uid.is_some()),
            Peer::Portal => "portal".to_owned(),
        }),
    );
    let tcp = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = tcp.local_addr().unwrap();
    let directory = std::env::temp_dir().join(format!("web-{}", domain::RecordId::generate()));
    std::fs::create_dir(&directory).unwrap();
    let unix = tokio::net::UnixListener::bind(directory.join("s")).unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let servers = tokio_util::task::TaskTracker::new();
    servers.spawn(serve(Listener::Tcp(tcp), router.clone(), Proxies::default(), stop.clone()));
    servers.spawn(serve(
        Listener::Unix(unix, Admit::new(|_| true)),
        router,
        Proxies::default(),
        stop.clone(),
    ));
    servers.close();

    let question = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut answer = String::new();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(question).await.unwrap();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("tcp 127.0.0.1"), "{answer}");
    answer.clear();
    let mut stream = tokio::net::UnixStream::connect(directory.join("s")).await.unwrap();
    stream.write_all(question).await.unwrap();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("local true"), "{answer}");

    // An idle connection that is kept alive does not hold the end up.
    let _idle = tokio::net::TcpStream::connect(address).await.unwrap();
    stop.cancel();
    servers.wait().await;
    std::fs::remove_dir_all(&directory).unwrap();
}

#[tokio::test]
async fn a_client_that_writes_all_of_a_body_that_is_refused_still_reads_why() {
    use crate::serve::{Listener, serve};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let tcp = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = tcp.local_addr().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let server = tokio::spawn(serve(Listener::Tcp(tcp), site(), Proxies::default(), stop.clone()));
    let body = vec![b' '; 32 * 1024 * 1024];
    let head = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let announced = format!("{head}content-length: {}\r\n\r\n", body.len());
    let found_out = format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len());
    for head in [announced, found_out] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(
            answer.ends_with('}') && answer.contains("The body is too large"),
            "the whole problem: {answer}"
        );
    }
    stop.cancel();
    server.await.unwrap();
}

fn shell() -> crate::ui::Shell {
    crate::ui::Shell {
        lang: "en",
        site_name: "Agency <b>".to_owned(),
        logo: None,
        home: "/",
        nav: vec![crate::ui::NavItem { href: "/x", label: "Things", count: 2, current: true }],
        account: None,
        virtual_build: true,
        version: "0.0.0",
        source: "https://example.org/".to_owned(),
        languages: Some("/language"),
        foot: Vec::new(),
    }
}

async fn ask_with_pages(mut request: Request<Body>) -> (StatusCode, http::HeaderMap, String) {
    request.headers_mut().entry("host").or_insert(http::HeaderValue::from_static("x"));
    let table = vec![
        Route::get("/boom", Access::Public, boom),
        Route::get("/assets/{file}", Access::Public, crate::ui::serve_asset),
        Route::post("/echo", Access::Public, echo),
    ];
    let site = Site {
        time_limit: Duration::from_secs(30),
        own_origins: OwnOrigins::default(),
        hosts: Hosts::new([], ["x"]),
        proxies: Proxies::default(),
        https: false,
        virtual_build: false,
        shell: Some(crate::ui::ShellSource::new("/", shell)),
    };
    let site = guard(router(table, |_, handler| handler), &site);
    let (parts, body) = site.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn problems_are_pages_to_whoever_prefers_them() {
    for path in ["/nothing", "/boom", "/echo"] {
        let request = Request::get(path).header("accept", "text/html,*/*").body(Body::empty()).unwrap();
        let (status, headers, body) = ask_with_pages(request).await;
        assert!(status.as_u16() >= 400);
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
        assert_eq!(
            headers["referrer-policy"], "same-origin",
            "or browsers send our own forms' origin as null"
        );
        assert_eq!(headers["cache-control"], "no-store");
        assert!(body.contains("Agency &#60;b&#62;") && body.contains("<h1>"), "{body}");
        assert!(!body.contains("with a secret in it"));
    }
    let (status, headers, body) = ask_with_pages(get("/nothing")).await;
    assert_eq!(
        (status.as_u16(), &headers["content-type"]),
        (404, &"application/problem+json".parse().unwrap())
    );
    assert!(body.contains("route-not-found"));
}

#[tokio::test]
async fn a_script_of_a_page_gets_a_problem_as_a_notice() {
    let request = Request::get("/nothing").header("hx-request", "true").body(Body::empty()).unwrap();
    let (status, headers, body) = ask_with_pages(request).await;
    assert_eq!((status.as_u16(), &headers["hx-retarget"]), (404, &"#toasts".parse().unwrap()));
    assert!(body.starts_with("<div class=\"toast bad\""), "{body}");
}

#[tokio::test]
async fn assets_may_be_kept_for_ever_and_have_an_address_of_their_content() {
    let assets = crate::ui::assets();
    for (path, media) in
        [(&assets.css, "text/css"), (&assets.script, "text/javascript"), (&assets.icons, "image/svg")]
    {
        let (status, headers, _) = ask_with_pages(get(path)).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(headers["content-type"].to_str().unwrap().starts_with(media));
        assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
    }
    let (status, _, _) = ask_with_pages(get("/assets/flowhq.0000000000.css")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
