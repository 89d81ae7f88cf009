//! Who gets in, for every route of the table.

use axum::body::Body;
use http::{Request, StatusCode};
use tower::ServiceExt;
use web::{routes::Access, serve::Peer};

use super::{PASSWORD, TestApp, basic};

/// Each route of the table, asked for by nobody in particular.
fn requests(access: Access) -> Vec<http::request::Builder> {
    let routes = crate::table().into_iter().filter(move |route| {
        // What signs in or out needs a body, and is tested for itself.
        route.access == access && (access != Access::Public || route.method == http::Method::GET)
    });
    routes
        .map(|route| {
            let path = route.path.replace("{id}", "0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70");
            let path = path.replace("/assets/{file}", &web::ui::assets().icons);
            Request::builder().method(route.method).uri(path)
        })
        .collect()
}

#[tokio::test]
async fn nobody_gets_past_a_route_for_operators() {
    let app = TestApp::new().await;
    let routes = requests(Access::Operator);
    assert!(routes.len() >= 16, "the table has them");
    for builder in routes {
        let answer = app.send(builder.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.problem(), (401, "unauthorized".to_owned(), None));
        assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Basic"));
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let app = TestApp::new().await;
    for credentials in [basic("admin", "wrong"), basic("root", PASSWORD), "Bearer x".to_owned()] {
        let request = Request::get("/admin/tenants").header("authorization", credentials);
        assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.problem().0, 401);
    }
    let right = Request::get("/admin/tenants").header("authorization", basic("admin", PASSWORD));
    assert_eq!(app.send(right.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whom_the_socket_lets_in_needs_no_password() {
    let app = TestApp::new().await;
    let request = Request::get("/admin/tenants").extension(Peer::Local { uid: Some(0) });
    assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_browser_is_not_asked_for_a_password_it_would_repeat() {
    let app = TestApp::new().await;
    let request = Request::get("/admin/tenants").header("accept", "text/html,*/*;q=0.8");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status.as_u16(), 303, "it is led to the page where one signs in");
    assert_eq!(answer.headers["location"], "/admin/sign-in?next=%2Fadmin%2Ftenants");
    assert!(!answer.headers.contains_key("www-authenticate"));
}

#[tokio::test]
async fn a_foreign_page_changes_nothing_with_a_repeated_password() {
    let app = TestApp::new().await;
    let request = Request::post("/admin/tenants")
        .header("authorization", basic("admin", PASSWORD))
        .header("content-type", "application/json")
        .header("sec-fetch-site", "same-site");
    let answer = app.send(request.body(Body::from("{\"name\":\"a\"}")).unwrap()).await;
    assert_eq!(answer.problem(), (403, "cross-site-request".to_owned(), None));
}

#[tokio::test]
async fn no_place_that_a_request_brings_along_is_a_fault_of_ours() {
    let app = TestApp::new().await;
    let place = "%2Fadmin%2F%01x%3A%20y%FF%C3%BC";
    let mut led = 0;
    for route in crate::table() {
        for name in ["back", "next", "before", "search", "month", "after"] {
            let id = app.tenant("Amina").await.to_string();
            let path = route.path.replace("{id}", &id).replace("{contact}", "255712345678");
            let ways = [("accept", super::HTML), ("hx-request", "true"), ("accept", "application/json")];
            for (header, value) in ways {
                let pair = format!("{name}={place}");
                let (uri, body) = match route.method {
                    http::Method::GET => (format!("{path}?{pair}"), Body::empty()),
                    _ => (path.clone(), Body::from(pair)),
                };
                let request = Request::builder().method(route.method.clone()).uri(uri).header(header, value);
                let request = request
                    .header("host", super::HOST)
                    .header("authorization", basic("admin", PASSWORD))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .extension(Peer::Tcp("127.0.0.1:1".parse().unwrap()));
                // Its head alone: a stream has no end.
                let answer = app.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
                let (route, status) = (&route, answer.status());
                assert!(!status.is_server_error() || status == 503, "{route:?} {name} {value}: {status}");
                led += u32::from(answer.headers().contains_key("location"));
            }
        }
    }
    assert!(led > 3, "the control: {led} were led to some place");
}

#[tokio::test]
async fn a_name_that_was_pointed_here_reaches_nothing() {
    let app = TestApp::new().await;
    for (host, status) in [("127.0.0.1:3000", 200), ("localhost", 200), ("evil.example:3000", 421)] {
        let mut request = super::request(http::Method::GET, "/admin/tenants", None);
        request.headers_mut().insert("host", host.parse().unwrap());
        assert_eq!(app.send(request).await.status, status, "{host}");
        let probe = Request::get("/livez").header("host", host).body(Body::empty()).unwrap();
        assert_eq!(app.send(probe).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_is_public_tells_no_more_than_that_it_lives() {
    let app = TestApp::new().await;
    app.tenant("Marker Words").await;
    for builder in requests(Access::Public) {
        let answer = app.send(builder.body(Body::empty()).unwrap()).await;
        // Without a picture of the agency there is none.
        let fine = answer.status.is_success() || answer.status.is_redirection() || answer.status == 404;
        assert!(fine, "{}", answer.status);
        assert!(!answer.text.contains("Marker"), "{}", answer.text);
    }
    app.store.close().await;
    let unready = Request::get("/readyz").body(Body::empty()).unwrap();
    assert_eq!(app.send(unready).await.problem().1, "unavailable");
}

#[tokio::test]
async fn figures_name_no_tenant() {
    let app = TestApp::new().await;
    let id = app.tenant("Marker Words").await;
    let figures = app.get("/metrics").await.text;
    assert!(figures.contains("flowhq_tenants{status=\"NEW\"} 1\n"), "{figures}");
    assert!(figures.contains("flowhq_tenants{status=\"ERROR\"} 0\n"), "{figures}");
    assert!(!figures.contains("Marker") && !figures.contains(&id.to_string()), "{figures}");
}
