//! The audit log: reading, filters, export, and that it only grows.

use http::{Method, StatusCode};
use serde_json::json;

use super::{TestApp, fits, request};

#[tokio::test]
async fn reading_a_conversation_is_written_down_once_in_a_while() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    for path in [format!("/admin/tenants/{id}"), format!("/admin/tenants/{id}/logs")] {
        assert_eq!(app.get(&path).await.status, StatusCode::OK);
    }
    assert_eq!(app.events().await, ["TENANT_CREATED", "CONVERSATION_READ"]);
    app.clock.advance(jiff::SignedDuration::from_mins(10));
    app.get(&format!("/admin/tenants/{id}/logs")).await;
    assert_eq!(app.events().await, ["TENANT_CREATED", "CONVERSATION_READ", "CONVERSATION_READ"]);
}

#[tokio::test]
async fn events_are_filtered_paged_and_exported_without_formulas() {
    let app = TestApp::new().await;
    let (one, other) = (app.tenant("Amina").await, app.tenant("Baraka").await);
    app.patch(&format!("/admin/tenants/{one}"), &json!({ "name": "=cmd|' /C calc'!A0" })).await;
    let count =
        async |query: &str| app.get(&format!("/admin/events{query}")).await.json().as_array().unwrap().len();
    assert_eq!(count("").await, 3);
    assert_eq!(count(&format!("?tenant={other}")).await, 1);
    assert_eq!(count("?type=TENANT_CHANGED").await, 1);
    assert_eq!((count("?actor=admin").await, count("?actor=worker").await), (3, 0));
    assert_eq!((count("?since=2026-01-10").await, count("?until=2026-01-10").await), (3, 0));
    assert_eq!(app.get("/admin/events?since=yesterday").await.problem().2.as_deref(), Some("since"));
    assert_eq!(app.get("/admin/events?tenant=7").await.problem().2.as_deref(), Some("tenant"));
    let first = app.get("/admin/events?limit=2&type=&actor=admin").await;
    let link = first.headers["link"].to_str().unwrap().to_owned();
    assert!(link.contains("&actor=admin") && !link.contains("type="), "{link}");
    let next = link.trim_start_matches('<').split('>').next().unwrap();
    assert_eq!(app.get(next).await.json().as_array().unwrap().len(), 1);

    let export = app.get("/admin/events.csv").await;
    assert_eq!(export.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        export.text.lines().next(),
        Some("\u{feff}time (UTC),type,tenant,tenant name,actor,actor name,details")
    );
    assert_eq!(export.text.lines().count(), 1 + 3 + 1, "three events and the export itself: {}", export.text);
    // What a person wrote is not in the log, which outlives the tenant; its name of today stands beside it, as text.
    assert!(!export.text.contains(",=cmd") && !export.text.contains("\"=cmd"), "{}", export.text);
    assert!(export.text.contains("changed"), "{}", export.text);
}

#[tokio::test]
async fn no_route_changes_the_log() {
    let app = TestApp::new().await;
    app.tenant("Amina").await;
    for path in ["/admin/events", "/admin/events.csv"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = app.send(request(method, path, Some("{}".to_owned()))).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        }
    }
    let mut routes = crate::table().into_iter().filter(|route| route.path.starts_with("/admin/events"));
    assert!(routes.all(|route| route.method == Method::GET));
}

#[tokio::test]
async fn the_page_tells_by_name_who_did_what_and_reading_apart() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina <Salon>").await;
    app.get(&format!("/admin/tenants/{id}/logs")).await;
    app.patch(&format!("/admin/tenants/{id}"), &json!({ "timezone": "Africa/Nairobi" })).await;
    app.clock.advance(jiff::SignedDuration::from_hours(24));
    let page = async |query: &str| {
        let mut asked = request(Method::GET, &format!("/admin/events{query}"), None);
        asked.headers_mut().insert("accept", super::HTML.parse().unwrap());
        app.send(asked).await.text
    };
    let changes = page("").await;
    assert!(
        changes.contains("<b>The admin</b> created <a href=\"/admin/tenants/")
            && changes.contains("Amina &#60;Salon&#62;</a>"),
        "{changes}"
    );
    assert!(changes.contains("Time zone: Africa/Dar_es_Salaam → Africa/Nairobi"), "{changes}");
    assert!(changes.contains("<h2>Yesterday, ") && changes.contains("1 d ago"), "{changes}");
    assert!(!changes.contains("read conversations"), "what is read does not hide what is changed");
    assert!(!changes.contains("id=\"in-force\""), "nothing is filtered");
    let reading = page("?kind=reading").await;
    assert!(reading.contains("read conversations of") && !reading.contains("</b> created"), "{reading}");
    let filtered = page(&format!("?kind=reading&tenant={id}&actor=admin")).await;
    assert!(filtered.contains("of Amina &#60;Salon&#62; <svg"), "{filtered}");
    assert!(filtered.contains("by The admin") && filtered.contains("?tenant="), "{filtered}");

    // The log outlives the tenant; its name does not stand in it.
    let typed = [("typed_name", "Amina <Salon>")];
    app.form(&format!("/admin/tenants/{id}/delete"), &typed).await;
    let gone = page("").await;
    assert!(gone.contains("deleted <a class=\"muted\"") && gone.contains("a deleted tenant (…"), "{gone}");
    let rows = app.get("/admin/events?kind=signing_in").await.json();
    assert_eq!(rows.as_array().unwrap().len(), 0);
}

/// People of tenants act too: they are called by their names, as long as they have any.
#[tokio::test]
async fn whoever_acts_is_called_by_name_in_the_list_and_in_what_it_is_filtered_by() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let owner = json!({ "name": "Asha <Mrisho>", "email": "asha@example.com" });
    let filed = json!({ "tenant_id": id, "owner": owner, "template_type": "ECOMMERCE",
        "whatsapp_number": "+255712345678" });
    let filed = app.post("/admin/setup-requests", &filed).await.json()["id"].as_str().unwrap().to_owned();
    app.post(&format!("/admin/setup-requests/{filed}/reject"), &json!({ "notes": "no" })).await;
    let asha = app.store.operator().user_by_email("asha@example.com").await.unwrap().unwrap().id;
    let scope = app.store.tenant(id);
    scope.record_event(&asha.to_string(), Some(asha), "MESSAGE_SENT", &json!({})).await.unwrap();
    let page = app.page(&format!("/admin/events?actor={asha}")).await.text;
    assert!(page.contains("by Asha &#60;Mrisho&#62;"), "the filter in force: {page}");
    let option = format!("<option value=\"{asha}\" selected>Asha &#60;Mrisho&#62;</option>");
    assert!(page.contains(&option), "{option}: {page}");
    assert!(page.contains("<b>Asha &#60;Mrisho&#62;</b> sent a message by hand"), "{page}");
    let gone = "0198c1f2-7d3a-7b6e-9d54-3f1c2a8e5b70";
    let page = app.page(&format!("/admin/events?actor={gone}")).await.text;
    assert!(page.contains(">somebody who is gone (…8e5b70)</option>"), "{page}");
    let all = app.page("/admin/events").await.text;
    let step = "Status: Submitted → Rejected";
    assert!(all.contains(step) && !all.contains(&filed), "an id is no name: {all}");
    assert!(!all.contains("<code>from</code>"), "{all}");
}

#[tokio::test]
async fn answers_are_what_the_document_says() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    app.post("/admin/operators", &json!({ "name": "Juma", "email": "j@example.com" })).await;
    let document = crate::openapi_document();
    let mut seen = 0;
    for route in crate::table() {
        let content =
            &document["paths"][&route.path]["get"]["responses"]["200"]["content"]["application/json"];
        // Streams have no JSON, and a code to scan and an account are not there in this test.
        if route.method != Method::GET || content["schema"].is_null() || content["schema"] == json!({}) {
            continue;
        }
        let path = route.path.replace("{id}", &id.to_string());
        let answer = app.get(&path).await;
        if answer.status == StatusCode::OK {
            fits(&document, &content["schema"], &answer.json(), &route.path);
            seen += 1;
        } else {
            fits(&document, &json!({ "$ref": "#/components/schemas/Problem" }), &answer.json(), &route.path);
        }
    }
    assert!(seen >= 8, "{seen} answers were looked at");
}

#[tokio::test]
async fn a_type_of_another_kind_is_found_from_the_page_of_changes() {
    let app = TestApp::new().await;
    app.post("/admin/system/alerts/test", &json!({})).await;
    let mut browser = super::signing_in::Browser::default();
    browser.sign_in(&app, "admin", super::PASSWORD).await;
    let asked = "/admin/events?kind=changes&type=SIGNED_IN";
    let found = app.page(asked).await.text;
    assert!(found.contains("signed in"), "{found}");
}

#[tokio::test]
async fn pages_of_the_system_show_what_there_is() {
    let app = TestApp::new().await;
    let id = app.tenant("=Amina").await;
    let page = async |path: &str| {
        let mut asked = request(Method::GET, path, None);
        asked.headers_mut().insert("accept", super::HTML.parse().unwrap());
        let answer = app.send(asked).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.text
    };
    let well = page("/admin/system").await;
    assert!(
        well.contains("None was made yet") && well.contains("Nothing: no tenant needs a person"),
        "{well}"
    );
    let held = app.store.tenant(id).set_hold(Some(domain::Digits::new("255712000111").unwrap())).await;
    held.unwrap();
    let system = page("/admin/system").await;
    let at = |text: &str| system.find(text).unwrap_or_else(|| panic!("{text}: {system}"));
    // What needs a hand comes first, then whether anybody is told, then what came and went.
    assert!(at(">=Amina</a>") < at("Alerts are off") && at("Alerts are off") < at("Last 24 hours"));
    assert!(
        at("Changed from the default") < at("SESSION_IDLE_MINUTES")
            && at("SESSION_IDLE_MINUTES") < at("1 as they are by default")
    );
    assert!(at("1 as they are by default") < at(">PORT<"), "what is as it is by default lies behind a click");
    assert_eq!(system.matches("<svg viewBox=\"0 0 240 100\"").count(), 2, "{system}");
    let document = app.get("/admin/system").await.json();
    assert_eq!(document["needing"][0]["health"]["condition"], "OTHER_NUMBER");
    assert_eq!(document["traffic"]["hours"].as_array().unwrap().len(), 24);
    assert_eq!(document["traffic"]["days"][29]["from"], "2026-01-10T00:00:00Z");
    assert!(page("/admin/operators").await.contains("Nobody has an account yet"));
    assert!(page("/admin/account").await.contains("You use the admin password"));
    let usage = app.get("/admin/usage.csv?month=2026-01").await.text;
    assert!(usage.contains(",'=Amina,0,0"), "{usage}");
    assert_eq!(app.get("/admin/usage.csv?month=1").await.problem().2.as_deref(), Some("month"));
}
