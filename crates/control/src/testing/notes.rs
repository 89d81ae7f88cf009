//! What operators note of a tenant for themselves: saved by page and script, found by its tags, and never told to anybody else.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, TestApp, request};

impl TestApp {
    async fn put_notes(&self, id: domain::TenantId, version: Option<i64>, body: &Value) -> Answer {
        let mut put = request(Method::PUT, &format!("/admin/tenants/{id}/notes"), Some(body.to_string()));
        if let Some(version) = version {
            put.headers_mut().insert("if-match", format!("\"{version}\"").parse().unwrap());
        }
        self.send(put).await
    }

    async fn tag(&self, id: domain::TenantId, tags: &[&str]) {
        let saved = self.put_notes(id, None, &json!({ "tags": tags })).await;
        assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    }
}

#[tokio::test]
async fn notes_are_replaced_over_the_version_that_was_read() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}/notes");
    let none = app.get(&path).await;
    assert_eq!(none.json(), json!({ "tags": [], "note": "", "version": 0, "updated_at": null }));
    assert_eq!(none.headers["etag"], "\"0\"");
    let body = json!({ "tags": [" VIP", "kariakoo", "vip"], "note": "Pays late.\r\nAsk for Juma.\n" });
    let saved = app.put_notes(id, Some(0), &body).await;
    assert_eq!((saved.status, saved.headers["etag"].to_str().unwrap()), (StatusCode::OK, "\"1\""));
    let stands = saved.json();
    assert_eq!(stands["tags"], json!(["kariakoo", "vip"]));
    assert_eq!(stands["note"], "Pays late.\nAsk for Juma.");
    assert_eq!(app.put_notes(id, Some(0), &body).await.problem().1, "stale");
    for (wrong, field) in [
        (json!({ "tags": ["a,b"] }), "tags"),
        (json!({ "tags": [""] }), "tags"),
        (json!({ "tags": ["x".repeat(33)] }), "tags"),
        (json!({ "tags": (0..13).map(|n| n.to_string()).collect::<Vec<_>>() }), "tags"),
        (json!({ "tags": "vip" }), "tags"),
        (json!({ "note": "x".repeat(4001) }), "note"),
        (json!({ "note": "a\u{7}" }), "note"),
        (json!({ "colour": "red" }), "colour"),
    ] {
        let refused = app.put_notes(id, None, &wrong).await;
        assert_eq!(refused.problem().2.as_deref(), Some(field), "{wrong}: {}", refused.text);
    }
    assert_eq!(app.get(&path).await.json(), stands, "nothing of that was saved");
    assert_eq!(app.get(&format!("/admin/tenants/{id}")).await.json()["tenant"]["tags"], stands["tags"]);
    assert_eq!(app.events().await, ["TENANT_CREATED", "TENANT_NOTED", "CONVERSATION_READ"]);
    let lines = app.page("/admin/events").await.text;
    assert!(lines.contains("changed the private notes on"), "{lines}");
    assert!(!lines.contains("Juma") && !lines.contains("kariakoo"), "the log says no word of it: {lines}");
}

#[tokio::test]
async fn the_form_saves_them_and_loses_nothing_that_was_typed() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}/notes");
    let typed = [("tags", "VIP, <b>kariakoo</b>"), ("note", "Pays <i>late</i> 😀"), ("version", "0")];
    let saved = app.form(&path, &typed).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert_eq!(saved.headers["location"], format!("/admin/tenants/{id}#notes"));
    let page = app.page(&format!("/admin/tenants/{id}")).await.text;
    assert!(page.contains("Pays &#60;i&#62;late&#60;/i&#62; 😀") && !page.contains("<b>kariakoo"), "{page}");
    assert!(page.contains("name=\"version\" value=\"1\""), "{page}");
    // Somebody else was faster: both are shown, and the second try is over what was seen.
    let stale = app.form(&path, &[("tags", "mine"), ("note", "my words"), ("version", "0")]).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{}", stale.text);
    for shown in ["value=\"mine\"", "my words</textarea>", "What stands now", "Pays &#60;i&#62;late"] {
        assert!(stale.text.contains(shown), "{shown}: {}", stale.text);
    }
    assert!(stale.text.contains("name=\"version\" value=\"1\""), "{}", stale.text);
    let long = app.form(&path, &[("tags", &"x".repeat(40)), ("note", "kept"), ("version", "1")]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.text.contains("id=\"e-tags\"") && long.text.contains("kept</textarea>"), "{}", long.text);
    assert!(long.text.contains("“Tags” are words of at most 32 characters"), "{}", long.text);
    // What is not sent stays.
    assert_eq!(app.form(&path, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.get(&path).await.json()["version"], 1);
}

#[tokio::test]
async fn tags_are_chips_in_the_list_and_filter_it_until_they_are_taken_off() {
    let app = TestApp::new().await;
    let (amina, bahati) = (app.tenant("Amina").await, app.tenant("Bahati").await);
    assert!(!app.page("/admin/tenants").await.text.contains("id=\"tag\""), "nothing to choose from");
    app.tag(amina, &["vip", "r&d"]).await;
    app.tag(bahati, &["b", "c", "d", "e", "f"]).await;
    let all = app.page("/admin/tenants").await.text;
    assert!(all.contains("href=\"/admin/tenants?tag=r%26d\"") && all.contains(">+1</span>"), "{all}");
    assert!(all.contains("<option value=\"r&#38;d\">") && !all.contains("id=\"in-force\""), "{all}");
    let some = app.page("/admin/tenants?tag=R%26D&search=a&sort=name").await.text;
    assert!(some.contains(">Amina</a>") && !some.contains(">Bahati</a>"), "{some}");
    assert!(some.contains("with the tag R&#38;D") && some.contains("<option value=\"r&#38;d\" selected>"));
    assert!(
        some.contains("<a href=\"/admin/tenants?search=a&#38;sort=name\" aria-label"),
        "it is taken off: {some}"
    );
    let part = app.part("/admin/tenants?tag=vip").await.text;
    assert!(part.contains("id=\"in-force\"") && part.contains("Amina") && !part.contains("Bahati"), "{part}");
    let row = app.part(&format!("/admin/tenants?tag=vip&ids={bahati}")).await.text;
    assert!(row.contains("Bahati") && row.contains(">+1</span>"), "a row that stands is drawn again: {row}");
    let none = app.page("/admin/tenants?tag=nobody").await.text;
    assert!(none.contains("No tenant is like that") && none.contains("<option value=\"nobody\" selected>"));
    let names = async |path: &str| {
        let list = app.get(path).await.json();
        let list = list.as_array().unwrap().iter().map(|one| (one["name"].clone(), one["tags"].clone()));
        list.collect::<Vec<_>>()
    };
    assert_eq!(names("/admin/tenants?tag=VIP").await, [(json!("Amina"), json!(["r&d", "vip"]))]);
    assert_eq!(names("/admin/tenants?tag=&limit=1").await.len(), 1, "an empty one filters nothing");
    let first = app.get("/admin/tenants?tag=vip&limit=1").await;
    assert!(!first.headers.contains_key("link"), "there is one alone");
    assert_eq!(app.get("/admin/tenants?tag=a,b").await.problem().2.as_deref(), Some("tag"));
}
