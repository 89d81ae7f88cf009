//! Each condition reads the same on the tenant's page, in the list, for the command line and in an alert.

use std::collections::BTreeSet;

use domain::{Condition, DesiredState, Digits, TenantEvent, TenantId, Trouble};
use jiff::SignedDuration;
use serde_json::json;
use store::{EventDetails, LinkedAccount};
use strum::VariantArray;

use super::TestApp;

/// A page's text as it is read.
fn read(page: &str) -> String {
    [("&#38;", "&"), ("&#39;", "'"), ("&#34;", "\""), ("&#60;", "<"), ("&#62;", ">")]
        .iter()
        .fold(page.to_owned(), |text, (code, c)| text.replace(code, c))
}

impl TestApp {
    /// Applies events to a tenant, one after the other.
    async fn happens(&self, id: TenantId, events: &[TenantEvent], trouble: Option<Trouble>) {
        for event in events {
            let details = EventDetails {
                last_error: (*event == TenantEvent::CrashLoop).then(|| "it fell & fell".to_owned()),
                trouble: trouble.map(|trouble| (trouble, None)),
                linked: (*event == TenantEvent::Connected).then(|| LinkedAccount {
                    number: Digits::new(format!("255{:012}", id.uuid().as_u128() % 1_000_000_000_000))
                        .unwrap(),
                    lid: None,
                }),
                ..EventDetails::default()
            };
            self.store.tenant(id).apply_event(*event, details).await.unwrap();
        }
    }

    /// A tenant of each condition, called like it.
    pub(super) async fn one_of_each(&self) -> Vec<(Condition, TenantId)> {
        use TenantEvent as E;
        let mut made = Vec::new();
        // Those that take a while come first.
        for condition in [Condition::Stale, Condition::Away] {
            let id = self.tenant(condition.into()).await;
            if condition == Condition::Stale {
                self.post(&format!("/admin/tenants/{id}/worker/start"), &json!({})).await;
            } else {
                self.store.tenant(id).set_desired(DesiredState::Run).await.unwrap();
                self.happens(id, &[E::WorkerStarted, E::Connected, E::Disconnected], None).await;
            }
            made.push((condition, id));
        }
        self.clock.advance(SignedDuration::from_mins(5));
        for condition in Condition::VARIANTS.iter().copied() {
            let name: &str = condition.into();
            if made.iter().any(|(known, _)| *known == condition) {
                continue;
            }
            let id = self.tenant(name).await;
            let (events, trouble): (&[E], _) = match condition {
                Condition::PhoneRemoved => (&[E::WorkerStarted, E::LoggedOut], None),
                Condition::Refused => (&[E::WorkerStarted, E::AuthenticationFailed], None),
                Condition::SessionGone => (&[E::WorkerStarted, E::SessionLost], None),
                Condition::Error => (&[E::WorkerStarted, E::CrashLoop], None),
                Condition::Limited => (&[E::WorkerStarted, E::Disconnected], Some(Trouble::Limited)),
                Condition::Unreachable => (&[E::WorkerStarted, E::Disconnected], Some(Trouble::Unreachable)),
                Condition::Scan => (&[E::WorkerStarted, E::QrReceived], None),
                Condition::Preparing => (&[E::WorkerStarted], None),
                Condition::Answering | Condition::OtherNumber => (&[E::WorkerStarted, E::Connected], None),
                Condition::Reconnecting | Condition::Stopping => {
                    (&[E::WorkerStarted, E::Connected, E::Disconnected], None)
                }
                Condition::Paused => (&[E::WorkerStarted, E::Stopped], None),
                Condition::Stale
                | Condition::Away
                | Condition::Requested
                | Condition::Suspended
                | Condition::New => (&[], None),
            };
            let scope = self.store.tenant(id);
            let wanted =
                if condition == Condition::Stopping { DesiredState::Stopped } else { DesiredState::Run };
            scope.set_desired(wanted).await.unwrap();
            self.happens(id, events, trouble).await;
            match condition {
                Condition::OtherNumber => {
                    scope.set_hold(Some(Digits::new("255754000333").unwrap())).await.unwrap();
                }
                Condition::Suspended => {
                    let reason = json!({ "reason": "Deni la mwezi" });
                    self.post(&format!("/admin/tenants/{id}/suspend"), &reason).await;
                }
                Condition::Requested => {
                    let filed = json!({
                        "tenant_id": id, "owner": { "name": "Asha", "email": "asha@example.com" },
                        "template_type": "ECOMMERCE", "whatsapp_number": "+255 712 345 678",
                    });
                    self.post("/admin/setup-requests", &filed).await;
                }
                _ => {}
            }
            made.push((condition, id));
        }
        made
    }
}

#[tokio::test]
async fn page_list_command_line_and_alerts_say_each_condition_alike() {
    let app = TestApp::new().await;
    let made = app.one_of_each().await;
    let (watch, options) = (app.app.alerts(), ::alerts::AlertOptions::default());
    let mut seen = BTreeSet::new();
    for (condition, id) in made {
        let document = app.get(&format!("/admin/tenants/{id}")).await.json();
        // What `flowhq tenant show` and `tenant list` print as it is.
        let health = &document["tenant"]["health"];
        assert_eq!(health["condition"], <&str>::from(condition), "{document}");
        let says = health["says"].as_str().unwrap();
        assert!(says.ends_with('.') && says.len() > 10, "{says}");
        let page = read(&app.page(&format!("/admin/tenants/{id}?part=now")).await.text);
        assert!(page.contains(&format!("<p class=\"say\">{says}</p>")), "{condition}: {says}: {page}");
        let list = read(&app.page(&format!("/admin/tenants?search={condition}")).await.text);
        assert!(list.contains(says), "{condition}: {says}: {list}");
        let word = words::condition::word(condition);
        assert!(page.contains(word) && list.contains(word), "{condition}: {word}");
        let detail = app.store.tenant(id).get().await.unwrap();
        let alert = ::alerts::bot_cause(&watch, &options, "tenant", &detail);
        assert_eq!(alert.payload["detail"], says, "{condition}");
        assert_eq!(alert.title, format!("{condition}: {word}"));
        seen.insert(says.to_owned());
    }
    assert_eq!(seen.len(), Condition::VARIANTS.len(), "no two read alike: {seen:#?}");
}
