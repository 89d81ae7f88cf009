//! Starting, stopping and restarting.

use http::{Method, StatusCode};

use super::{Answer, TestApp, request};

async fn act(app: &TestApp, id: domain::TenantId, verb: &str) -> Answer {
    app.send(request(Method::POST, &format!("/admin/tenants/{id}/worker/{verb}"), None)).await
}

#[tokio::test]
async fn a_worker_that_runs_is_not_started_and_stopping_a_stopped_one_changes_nothing() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let stopped = act(&app, id, "stop").await;
    assert_eq!((stopped.status, stopped.json()["status"].as_str()), (StatusCode::OK, Some("NEW")));
    let started = act(&app, id, "start").await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text);
    assert_eq!(started.json()["status"], "QR_PENDING");
    assert_eq!(started.json()["worker_process"]["status"], "RUNNING");
    let again = act(&app, id, "start").await;
    assert_eq!(again.problem(), (409, "worker-running".to_owned(), None));
    assert!(again.text.contains("running already"), "it says so: {}", again.text);
    let restarted = act(&app, id, "restart").await.json();
    assert_eq!(restarted["worker_process"]["generation"], 2);
    let stopped = act(&app, id, "stop").await.json();
    assert_eq!(
        (&stopped["status"], &stopped["worker_process"]["status"]),
        (&"PAUSED".into(), &"STOPPED".into())
    );
    assert_eq!(act(&app, id, "stop").await.status, StatusCode::OK);
    let started = act(&app, id, "restart").await.json();
    assert_eq!(started["worker_process"]["status"], "RUNNING", "restarting a stopped one starts it");
    let forced = act(&app, id, "force-restart").await.json();
    assert_eq!(forced["worker_process"]["generation"], 4);
    let events = [
        "TENANT_CREATED",
        "WORKER_STARTED",
        "WORKER_RESTARTED",
        "WORKER_STOPPED",
        "WORKER_STARTED",
        "WORKER_FORCE_RESTARTED",
    ];
    assert_eq!(app.events().await, events);
    let all = app.store.operator().list_events(&Default::default(), Default::default()).await.unwrap();
    assert!(all.items.iter().all(|event| event.actor == "admin"), "each names who did it: {:?}", all.items);
}

#[tokio::test]
async fn a_silent_worker_is_shown_as_stale() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    assert_eq!(act(&app, id, "start").await.json()["worker_process"]["stale"], false);
    app.clock.advance(jiff::SignedDuration::from_secs(121));
    let shown = app.get(&format!("/admin/tenants/{id}")).await.json();
    assert_eq!(shown["tenant"]["worker_process"]["stale"], true);
}
