//! Each state has one sentence and one button.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Now, now};
use crate::testing::documents::{request, status};

fn told(tenant: &str, session: &str, latest: Value, change: impl FnOnce(&mut Value)) -> Now {
    let mut document = status(tenant, session, latest);
    change(&mut document);
    now(&serde_json::from_value(document).unwrap())
}

#[test]
fn each_state_says_something_of_its_own_and_leads_to_what_is_to_be_done() {
    let mut titles = HashSet::new();
    for (tenant, session, latest, place) in [
        ("NEW", "DISCONNECTED", request("SUBMITTED"), Some("/app/try")),
        ("NEW", "DISCONNECTED", request("REVIEWING"), Some("/app/try")),
        ("NEW", "DISCONNECTED", request("REJECTED"), Some("/app/onboarding")),
        ("NEW", "DISCONNECTED", request("APPROVED"), Some("/app/whatsapp?was=waiting")),
        ("QR_PENDING", "DISCONNECTED", request("APPROVED"), Some("/app/whatsapp?was=waiting")),
        ("QR_READY", "QR_READY", request("APPROVED"), Some("/app/whatsapp?was=waiting")),
        ("ACTIVE", "CONNECTED", request("ACTIVE"), Some("/app/messages")),
        ("ACTIVE", "DISCONNECTED", request("ACTIVE"), None),
        ("PAUSED", "DISCONNECTED", request("ACTIVE"), None),
        ("ERROR", "DISCONNECTED", request("ACTIVE"), None),
    ] {
        let now = told(tenant, session, latest, |_| {});
        assert!(titles.insert(now.title), "{tenant}: {now:?}");
        assert!(!now.say.is_empty(), "{tenant}: {now:?}");
        assert_eq!(now.link.map(|(place, _)| place), place, "{tenant}: {now:?}");
    }
}

#[test]
fn what_is_wrong_goes_before_what_is_well() {
    let suspended = told("ACTIVE", "CONNECTED", request("ACTIVE"), |document| {
        document["problem"] = json!("It is suspended: the bill is open.");
    });
    assert_eq!(suspended.say, "It is suspended: the bill is open.");
    assert_eq!(suspended.tone, web::ui::Tone::Bad);
    let removed = told("ERROR", "DISCONNECTED", request("ACTIVE"), |document| {
        document["phoneRemoved"] = json!(true);
        document["problem"] = json!("words of the control plane");
    });
    assert_eq!(removed.link.map(|(place, _)| place), Some("/app/whatsapp"), "{removed:?}");
    let stopped = told("PAUSED", "DISCONNECTED", request("ACTIVE"), |document| {
        document["problem"] = json!("Your provider has stopped it.");
    });
    assert_eq!(stopped.say, "Your provider has stopped it.");
}

#[tokio::test]
async fn times_are_told_in_the_tenants_own_zone() {
    let portal = crate::testing::TestPortal::new();
    portal.stands("NEW", "DISCONNECTED", request("SUBMITTED"));
    // 10:00 UTC is five in the morning in Lima.
    let page = portal.get("/app/status").await.text;
    assert!(page.contains("10 January 2026, 05:00"), "{page}");
    portal.stands("ACTIVE", "CONNECTED", request("ACTIVE"));
    let mut document = status("ACTIVE", "CONNECTED", request("ACTIVE"));
    document["tenant"]["whatsapp_session"]["linked_at"] = json!("2026-01-10T10:00:00Z");
    portal.answers(http::Method::GET, "/portal/tenant/current/status", document);
    let page = portal.get("/app/whatsapp?stay=1").await.text;
    assert!(page.contains("10 January 2026, 05:00"), "{page}");
}
