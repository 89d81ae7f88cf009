//! Linking by a code that is typed on the phone. That a worker gives one is for the end-to-end tests.

use domain::{TenantEvent, TenantId};
use http::StatusCode;
use serde_json::{Value, json};
use store::EventDetails;

use super::TestApp;
use crate::linking::panel::Panel;

async fn with_number(app: &TestApp) -> TenantId {
    let new = json!({ "name": "Amina", "phone_number": "+255712345678" });
    app.post("/admin/tenants", &new).await.json()["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_code_is_said() {
    let app = TestApp::new().await;
    let path = |id: TenantId| format!("/admin/tenants/{id}/pairing-code");
    let nameless = app.tenant("Amina").await;
    let refused = app.post(&path(nameless), &json!({})).await;
    assert_eq!(refused.problem(), (409, "conflict".to_owned(), Some("phone_number".to_owned())));

    let id = with_number(&app).await;
    assert_eq!(app.post(&path(id), &json!({})).await.problem().1, "worker-stopped");
    assert!(!app.events().await.contains(&"PAIRING_CODE_REQUESTED".to_owned()), "nobody was asked");
    app.supervisor.start(id).await.unwrap();

    let none = app.get(&path(id)).await;
    assert_eq!(none.headers["cache-control"], "no-store");
    assert_eq!((&none.json()["status"], &none.json()["code"]), (&"QR_PENDING".into(), &Value::Null));
    let linked = store::LinkedAccount { number: domain::Digits::new("255712345678").unwrap(), lid: None };
    let details = EventDetails { linked: Some(linked), ..EventDetails::default() };
    app.store.tenant(id).apply_event(TenantEvent::Connected, details).await.unwrap();
    let refused = app.post(&path(id), &json!({})).await;
    assert!(refused.text.contains("linked already: unlink"), "{}", refused.text);
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_page_offers_a_code_in_place_of_a_scan() {
    let app = TestApp::new().await;
    let (nameless, id) = (app.tenant("Amina").await, with_number(&app).await);
    for tenant in [nameless, id] {
        app.supervisor.start(tenant).await.unwrap();
    }
    let page = app.page(&format!("/admin/tenants/{nameless}")).await.text;
    assert!(page.contains("href=\"#f-phone_number\"") && !page.contains("/pairing-code"), "{page}");
    let page = app.page(&format!("/admin/tenants/{id}")).await.text;
    assert!(page.contains(&format!("formaction=\"/admin/tenants/{id}/pairing-code\"")), "{page}");
    let detail = app.store.tenant(id).get().await.unwrap();
    let typed = api::PairingCode {
        status: detail.tenant.status,
        state: detail.session.state,
        code: Some("ABCD1234".to_owned()),
        number: Some("255712345678".to_owned()),
        expires_at: Some("2026-01-10T12:03:00Z".parse().unwrap()),
    };
    let shown = Panel::of(&detail, &typed, "waiting", app.app.now()).unwrap().to_string();
    for part in ["ABCD-1234", "+255 712 345 678", "Link with phone number instead", "Good for 180 s"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("/pairing-code") && !shown.contains("Getting a code"), "{shown}");
}
