//! Uptime and incidents on the tenant's page and as a document.

use std::time::Duration;

use domain::{Digits, TenantEvent, TenantId};
use jiff::SignedDuration;
use serde_json::json;
use store::{EventDetails, LinkedAccount};
use supervisor::{Change, ChangeKind};
use tokio::sync::broadcast;

use super::{TestApp, statements::Statements};
use crate::tenants::uptime_watch;

impl TestApp {
    /// Looks once a minute, for so many.
    async fn minutes(&self, minutes: u32) {
        for _ in 0..minutes {
            self.clock.advance(SignedDuration::from_mins(1));
            self.store.operator().watch_standings(self.app.stale_after * 10_000).await.unwrap();
        }
    }

    async fn answers(&self, id: TenantId) {
        let account = LinkedAccount { number: Digits::new("255712000001").unwrap(), lid: None };
        let linked = EventDetails { linked: Some(account), ..EventDetails::default() };
        let scope = self.store.tenant(id);
        scope.set_desired(domain::DesiredState::Run).await.unwrap();
        scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
        scope.apply_event(TenantEvent::Connected, linked).await.unwrap();
    }
}

#[tokio::test]
async fn uptime_and_incidents_stand_on_the_page_and_in_the_document_in_the_same_words() {
    let app = TestApp::new().await;
    let id = app.tenant("Saluni ya Amina").await;
    let path = format!("/admin/tenants/{id}");
    app.minutes(2).await;
    let none = app.page(&path).await.text;
    assert!(none.contains(words::uptime::none()) && none.contains(words::uptime::not_meant()), "{none}");
    app.answers(id).await;
    app.minutes(90).await;
    let why = EventDetails { last_error: Some("it <fell> over".to_owned()), ..EventDetails::default() };
    app.store.tenant(id).apply_event(TenantEvent::CrashLoop, why).await.unwrap();
    app.minutes(10).await;
    let going = app.get(&format!("{path}/uptime")).await.json();
    assert_eq!(
        (&going["incidents"][0]["ended_at"], &going["incidents"][0]["ended_by"]),
        (&json!(null), &json!(null))
    );
    assert!(app.page(&path).await.text.contains(&words::uptime::goes_on("9 min")));
    app.answers(id).await;
    app.minutes(1).await;
    let found = app.get(&format!("{path}/uptime")).await.json();
    // Its beginning and its end were noticed at the next look.
    assert_eq!(found["times"][0]["answering_percent"], json!(90.0), "{found}");
    assert_eq!((&found["times"][0]["days"], &found["times"][2]["days"]), (&json!(7), &json!(90)));
    assert_eq!(found["times"][1]["down_seconds"], 600);
    assert_eq!(found["times"][1]["unknown_seconds"], 0);
    let incident = &found["incidents"][0];
    assert_eq!(incident["says"], "It <fell> over.", "as the page and an alert say it");
    assert_eq!((&incident["condition"], &incident["ended_by"]), (&json!("ERROR"), &json!("ANSWERING")));
    let page = app.page(&path).await.text;
    for shown in [
        "90.00\u{a0}%",
        "It &#60;fell&#62; over.",
        &format!("{}, it answers again", words::uptime::lasted("10 min")),
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(app.page(&format!("{path}?part=uptime")).await.text.starts_with("<section"));
    for limit in ["0", "501"] {
        let refused = app.get(&format!("{path}/uptime?limit={limit}")).await;
        assert_eq!(refused.problem().2.as_deref(), Some("limit"));
    }
}

/// Whoever is told of so much that some is lost does not look at all tenants for that: with thousands of bots there is no end
/// of it.
#[tokio::test]
async fn a_change_of_status_is_written_at_once_and_all_are_looked_at_no_sooner_for_what_was_missed() {
    let (statements, _recording) = Statements::recording();
    let app = TestApp::new().await;
    let id = app.tenant("Saluni ya Amina").await;
    let (tell, changes) = broadcast::channel(4);
    let watching = uptime_watch::write(&app.app, changes);
    let mut seen = Vec::new();
    let mut until = async |name: &str| {
        while !seen.iter().any(|seen| seen == name) {
            tokio::task::yield_now().await;
            seen.extend(statements.take());
        }
        std::mem::take(&mut seen)
    };
    let story = async {
        until("settings.put").await;
        app.answers(id).await;
        for _ in 0..100 {
            tell.send(Change { tenant: id, kind: ChangeKind::Figures }).unwrap();
        }
        tell.send(Change { tenant: id, kind: ChangeKind::Status }).unwrap();
        let asked = until("standings.begin").await;
        let all = asked.iter().filter(|name| *name == "standings.facts_after").count();
        assert_eq!(
            (all, asked.iter().filter(|name| *name == "standings.facts_of").count()),
            (0, 1),
            "{asked:?}"
        );
    };
    let told = async {
        tokio::select! {
            () = watching => unreachable!("it goes on"),
            () = story => {}
        }
    };
    tokio::time::timeout(Duration::from_secs(60), told).await.expect("it is written");
}
