//! Bad requests to the admin API of a real control plane: each a clear error that names what is wrong.

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use tests::{Admin, ControlPlane, Flavour, Place};

async fn raw(admin: &Admin, method: Method, path: &str, body: impl Into<Bytes>) -> (StatusCode, String) {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    let request =
        request.header(header::CONTENT_TYPE, "application/json").body(Full::new(body.into())).unwrap();
    let response = admin.send(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn each_bad_request_gets_a_clear_error() {
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Default, "ws://127.0.0.1:9/ws/chat").await;
    let admin = plane.admin();
    let refused = async |body: Value, field: &str| {
        let (status, answer) = raw(admin, Method::POST, "/admin/tenants", body.to_string()).await;
        assert!(status == 400 || status == 422, "{body}: {status} {answer}");
        assert!(answer.contains(field), "{body}: the answer names {field}: {answer}");
    };
    refused(json!({ "name": "" }), "name").await;
    refused(json!({ "name": "x".repeat(10_000) }), "name").await;
    refused(json!({ "name": "Shop", "phone_number": "0712" }), "phone_number").await;
    refused(json!({ "name": "Shop", "colour": "red" }), "colour").await;
    refused(json!({ "name": "Shop", "timezone": "Mars/Olympus" }), "timezone").await;
    refused(json!({ "name": "Shop", "currency": "shillings" }), "currency").await;
    refused(json!({ "name": "Shop", "config": { "template_type": "TAXI" } }), "BOOKING").await;
    refused(json!({ "name": "Shop", "config": { "language": "FR" } }), "SW").await;

    let (status, answer) = raw(admin, Method::POST, "/admin/tenants", "{\"name\": ").await;
    assert_eq!(status, 400, "{answer}");
    let (status, answer) = raw(admin, Method::POST, "/admin/tenants", vec![b' '; 100 * 1024 * 1024]).await;
    assert_eq!(status, 413);
    assert!(answer.contains("body may have at most"), "the client can read why: {answer}");
    for (path, expected) in [
        ("/admin/tenants/0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70", 404),
        ("/admin/tenants/0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70/qr", 404),
        ("/admin/tenants/0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70/logs", 404),
        ("/admin/nothing", 404),
    ] {
        let (status, answer) = raw(admin, Method::GET, path, "").await;
        assert_eq!(status.as_u16(), expected, "{path}: {answer}");
        assert!(answer.contains("\"type\""), "a problem document: {answer}");
    }
    let (status, answer) = raw(admin, Method::GET, "/admin/tenants/not-an-id", "").await;
    assert!(status == 400 || status == 404, "{status} {answer}");
    let (status, answer) = raw(admin, Method::PUT, "/admin/tenants", "{}").await;
    assert_eq!(status, 405, "{answer}");
    assert_eq!(admin.ok(Method::GET, "/admin/tenants", None).await, json!([]), "nothing of it was stored");
}
