//! Every request that changes something, with each field missing, empty, repeated, too long and wrongly typed, as JSON and as
//! a form: a problem that names the field, and nothing changed.

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};
use web::serve::Peer;

use super::{Answer, PASSWORD, TestApp, basic};

/// One request and what is right in it. A field that may be left out is marked.
struct Taken {
    path: String,
    method: Method,
    body: Value,
    optional: &'static [&'static str],
    by_form: bool,
}

async fn send(app: &TestApp, taken: &Taken, media: &str, body: String) -> Answer {
    let request = Request::builder()
        .method(taken.method.clone())
        .uri(&taken.path)
        .header("authorization", basic("admin", PASSWORD))
        .header("accept", "application/json")
        .header("content-type", media)
        .extension(Peer::Tcp("127.0.0.1:1".parse().unwrap()));
    app.send(request.body(Body::from(body)).unwrap()).await
}

/// What must not change, as the API shows it.
async fn everything(app: &TestApp) -> String {
    let tenants = app.get("/admin/tenants").await.text;
    let requests = app.get("/admin/setup-requests").await.text;
    format!("{tenants}{requests}{:?}", app.events().await)
}

fn pairs(body: &Value) -> Vec<(String, String)> {
    let fields = body.as_object().into_iter().flatten();
    fields.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

fn encoded(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The problem must name the field, by the last word of its place.
fn names(answer: &Answer, field: &str, what: &str, sent: &str) {
    let named = answer.json()["field"].as_str().unwrap_or_default().to_owned();
    let status = answer.status.as_u16();
    let last = named.rsplit('.').next().unwrap_or_default();
    assert!(
        matches!(status, 400 | 409 | 412 | 422) && last.split('[').next() == Some(field),
        "{what}: {field}: {status} {} for {sent}",
        answer.text
    );
}

#[tokio::test]
async fn each_wrong_field_is_named_and_nothing_is_changed() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let filed = json!({
        "tenant_id": id, "owner": { "name": "Asha", "email": "asha@example.com" },
        "template_type": "BOOKING", "whatsapp_number": "+255712345678",
    });
    let request = app.post("/admin/setup-requests", &filed).await.json()["id"].as_str().unwrap().to_owned();
    let taken =
        |method, path: String, body, optional, by_form| Taken { path, method, body, optional, by_form };
    let create = json!({
        "name": "Juma", "phone_number": "+255712345670", "template_type": "BOOKING", "business_name": "Juma",
        "language": "EN",
    });
    let update = json!({ "name": "Juma", "phone_number": "+255712345670" });
    let optional = &["phone_number", "template_type", "business_name", "language"];
    let all = [
        taken(Method::POST, "/admin/tenants".to_owned(), create, &optional[..], true),
        taken(Method::PATCH, format!("/admin/tenants/{id}"), update, &["name", "phone_number"], false),
        taken(Method::POST, format!("/admin/tenants/{id}/suspend"), json!({ "reason": "unpaid" }), &[], true),
        taken(
            Method::POST,
            format!("/admin/tenants/{id}/confirm-number"),
            json!({ "number": "255712345678" }),
            &[],
            true,
        ),
        taken(
            Method::POST,
            format!("/admin/tenants/{id}/messages"),
            json!({ "contact": "255712000001", "text": "Hi" }),
            &[],
            true,
        ),
        taken(Method::POST, format!("/admin/tenants/{id}/try"), json!({ "text": "Habari" }), &[], true),
        taken(
            Method::POST,
            format!("/admin/tenants/{id}/records"),
            json!({ "day": "2026-01-31", "time": "10:00", "name": "Asha", "phone": "0712", "note": "x" }),
            &["phone", "note"],
            true,
        ),
        taken(
            Method::POST,
            format!("/admin/setup-requests/{request}/reject"),
            json!({ "notes": "no" }),
            &[],
            true,
        ),
        taken(
            Method::POST,
            format!("/admin/setup-requests/{request}/approve"),
            json!({ "notes": "yes" }),
            &["notes"],
            true,
        ),
    ];
    let before = everything(&app).await;
    let long = "x".repeat(70_000);
    for taken in &all {
        for (field, right) in taken.body.as_object().unwrap() {
            let what = format!("{} {}", taken.method, taken.path);
            let with = |value: Value| {
                let mut body = taken.body.clone();
                body[field] = value;
                body.to_string()
            };
            let json = async |what: &str, body: String| {
                let answer = send(&app, taken, "application/json", body.clone()).await;
                names(&answer, field, what, &body[..body.len().min(200)]);
            };
            for wrong in [json!(5), json!({}), json!(["x"]), json!(true), json!(long)] {
                json(&what, with(wrong)).await;
            }
            let repeated =
                format!("{},{}:{}}}", taken.body.to_string().trim_end_matches('}'), json!(field), right);
            json(&what, repeated).await;
            let required = !taken.optional.contains(&field.as_str());
            if required {
                let mut body = taken.body.clone();
                body.as_object_mut().unwrap().remove(field);
                json(&what, body.to_string()).await;
            }
            // An empty text stands for nothing where the field may be left out, in a form alone.
            if required && field != "contact" {
                json(&what, with(json!(""))).await;
            }
            if !taken.by_form {
                continue;
            }
            let right = pairs(&taken.body);
            let mut wrong = vec![];
            let change = |value: &str| -> Vec<(String, String)> {
                right
                    .iter()
                    .map(|(name, old)| {
                        (name.clone(), if name == field { value.to_owned() } else { old.clone() })
                    })
                    .collect()
            };
            wrong.push(change(&long));
            let mut twice = right.clone();
            twice.push((field.clone(), "again".to_owned()));
            wrong.push(twice);
            if required {
                wrong.push(right.iter().filter(|(name, _)| name != field).cloned().collect());
                wrong.push(change(""));
            }
            for pairs in wrong.iter().filter(|pairs| field != "contact" || pairs.len() != right.len()) {
                let body = encoded(pairs);
                let answer = send(&app, taken, "application/x-www-form-urlencoded", body.clone()).await;
                names(&answer, field, &format!("form of {what}"), &body[..body.len().min(200)]);
            }
        }
        assert_eq!(everything(&app).await, before, "{} {} changed something", taken.method, taken.path);
    }
}

#[tokio::test]
async fn forms_that_contradict_themselves_stale_versions_and_foreign_ids_change_nothing() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let before = everything(&app).await;
    let both = json!({ "name": "Juma", "language": "EN", "config": { "language": "SW" } });
    assert_eq!(app.post("/admin/tenants", &both).await.problem().2.as_deref(), Some("language"));
    let mut stale = super::request(
        Method::PATCH,
        &format!("/admin/tenants/{id}"),
        Some(json!({ "name": "x" }).to_string()),
    );
    stale.headers_mut().insert("if-match", "\"99\"".parse().unwrap());
    assert_eq!(app.send(stale).await.problem().0, 412);
    let missing = "0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70";
    for (method, path, body) in [
        (Method::PATCH, format!("/admin/tenants/{missing}"), json!({ "name": "x" })),
        (Method::POST, format!("/admin/tenants/{missing}/suspend"), json!({ "reason": "x" })),
        (Method::POST, format!("/admin/tenants/{missing}/messages"), json!({ "contact": "1", "text": "x" })),
        (Method::DELETE, format!("/admin/tenants/{missing}"), json!({})),
    ] {
        let answer = app.send(super::request(method, &path, Some(body.to_string()))).await;
        assert_eq!(answer.problem(), (404, "tenant-not-found".to_owned(), None), "{path}");
    }
    let wrong = app.get("/admin/tenants/not-an-id").await.problem();
    assert_eq!((wrong.0, wrong.2.as_deref()), (400, Some("id")));
    assert_eq!(everything(&app).await, before);
}
