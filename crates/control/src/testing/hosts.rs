//! The pages and documents of hosts, where one machine runs all and where there are some.

use domain::HostOrder;
use http::{Method, StatusCode};
use serde_json::json;
use store::HostFacts;

use super::{TestApp, pretend::PretendHost};

async fn with_a_host() -> TestApp {
    let app = TestApp::new().await;
    let facts = HostFacts {
        name: "host-1".to_owned(),
        address: "10.0.0.1:7443".to_owned(),
        incarnation: 3,
        version: "1.0 <b>".to_owned(),
        capacity: 1_000,
    };
    app.store.operator().host_answered(&facts).await.unwrap();
    app
}

#[tokio::test]
async fn one_machine_needs_none_of_it() {
    let app = TestApp::new().await;
    let page = app.page("/admin/hosts").await;
    assert!(page.text.contains("All bots run on this machine"), "{}", page.text);
    let tenants = app.page("/admin/tenants").await;
    assert!(!tenants.text.contains("/admin/hosts"), "no word of it elsewhere");
    let id = app.tenant("Amina").await;
    assert!(!app.page(&format!("/admin/tenants/{id}")).await.text.contains("/place"));
}

#[tokio::test]
async fn a_host_is_shown_emptied_and_taken_into_use_again() {
    let app = with_a_host().await;
    let page = app.page("/admin/hosts").await;
    assert!(page.text.contains("host-1") && page.text.contains("0 of 1000"), "{}", page.text);
    assert!(!page.text.contains("1.0 <b>"), "what a host says is text");
    let drained = app.form("/admin/hosts/host-1/drain", &[]).await;
    assert_eq!(drained.status, StatusCode::SEE_OTHER);
    assert!(app.page("/admin/hosts").await.text.contains("Being emptied"));
    app.form("/admin/hosts/host-1/undrain", &[]).await;
    assert_eq!(app.store.operator().host("host-1").await.unwrap().ordered, HostOrder::Ready);
}

#[tokio::test]
async fn a_host_is_given_up_by_its_name_alone_and_after_what_to_look_at_first() {
    let app = with_a_host().await;
    let page = app.page("/admin/hosts/host-1/lost").await;
    assert!(page.text.contains("Is the machine off?") && page.text.contains("typed_name"), "{}", page.text);
    for wrong in ["", "host-2", "HOST-1"] {
        let refused = app.form("/admin/hosts/host-1/lost", &[("typed_name", wrong)]).await;
        assert!(
            refused.status.is_client_error() && refused.text.contains("e-typed_name"),
            "{}",
            refused.text
        );
    }
    let body = json!({ "typed_name": "host-2" }).to_string();
    let refused = app.send(super::request(Method::POST, "/admin/hosts/host-1/lost", Some(body))).await;
    assert!(refused.status.is_client_error(), "{}", refused.text);
    assert_eq!(app.store.operator().host("host-1").await.unwrap().ordered, HostOrder::Ready);
    let given_up = app.form("/admin/hosts/host-1/lost", &[("typed_name", "host-1")]).await;
    assert_eq!(given_up.status, StatusCode::SEE_OTHER);
    assert_eq!(app.store.operator().host("host-1").await.unwrap().ordered, HostOrder::Lost);
    assert_eq!(app.page("/admin/hosts/host-9/lost").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_tenants_place_is_told_and_a_move_without_hosts_is_refused_with_words() {
    let app = TestApp::new().await;
    let id = app.tenant("Amina").await;
    let path = format!("/admin/tenants/{id}/place");
    let page = app.page(&path).await;
    assert!(page.text.contains("This machine"), "{}", page.text);
    let nowhere = app.form(&path, &[("host", "")]).await;
    assert!(nowhere.status.is_client_error() && nowhere.text.contains("e-host"), "{}", nowhere.text);
    let none = app.form(&path, &[("host", "host-1")]).await;
    assert_eq!(none.status, StatusCode::CONFLICT);
    assert!(none.text.contains("HOSTS"), "{}", none.text);
}

#[tokio::test]
async fn a_hosts_disk_that_runs_low_is_told_by_its_name() {
    let hosts = vec![
        PretendHost::named("host-1", Some(9_000_000_000)),
        PretendHost::named("host-2", Some(900_000_000)),
        PretendHost::named("host-3", Some(9_000_000)),
        PretendHost::named("host-4", None),
    ];
    let app = TestApp::with_hosts(hosts, 1_000_000_000).await;
    let told: Vec<_> = app
        .get("/admin/hosts")
        .await
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|host| (host["disk_low"].as_bool().unwrap(), host["disk_short"].as_bool().unwrap()))
        .collect();
    assert_eq!(told, [(false, false), (true, false), (true, true), (false, false)]);
    let page = app.page("/admin/hosts").await.text;
    assert_eq!(page.matches("Runs low").count(), 1, "{page}");
    assert_eq!(page.matches("Full: its bots take nothing").count(), 1, "{page}");

    let told = async |kind: &str| -> Vec<String> {
        alerts::round(&app.app.alerts(), &app.app.alerts, &["webhook"]).await.unwrap();
        let results = app.store.operator().alert_results(20).await.unwrap();
        let of = |result: store::AlertResult| (result.tried.kind == kind).then_some(result.tried.title);
        results.into_iter().filter_map(of).collect()
    };
    let mut raised = told("raised").await;
    raised.sort();
    assert_eq!(raised, ["The disk of host host-2 runs low", "The disk of host host-3 runs low"]);
    // One that was given up tells nobody anything.
    app.form("/admin/hosts/host-2/lost", &[("typed_name", "host-2")]).await;
    assert_eq!(told("cleared").await.len(), 1);
}

#[tokio::test]
async fn how_uneven_hosts_are_is_told_before_they_are_evened_out() {
    let hosts = vec![PretendHost::named("host-1", None), PretendHost::named("host-2", None)];
    let app = TestApp::with_hosts(hosts, 0).await;
    let even = async || app.get("/admin/hosts/even").await.json();
    assert_eq!(even().await, json!({ "moves": 0, "left": null }));
    let page = app.page("/admin/hosts").await.text;
    assert!(page.contains("evenly filled") && !page.contains("/admin/hosts/even"), "{page}");
    assert_eq!(app.post("/admin/hosts/even", &json!({})).await.json(), json!({ "moves": 0, "left": null }));
    assert!(!app.events().await.contains(&"HOSTS_EVENED".to_owned()), "nothing was done");

    // All on one of them, as after the other was emptied.
    app.form("/admin/hosts/host-2/drain", &[]).await;
    for name in ["Asha", "Amina", "Baraka", "Juma"] {
        let id = app.tenant(name).await;
        app.post(&format!("/admin/tenants/{id}/worker/start"), &json!({})).await;
    }
    app.form("/admin/hosts/host-2/undrain", &[]).await;
    assert_eq!(even().await, json!({ "moves": 2, "left": null }));
    let page = app.page("/admin/hosts").await.text;
    assert!(
        page.contains("2 tenants would go to other hosts") && page.contains("/admin/hosts/even"),
        "{page}"
    );
    let begun = app.form("/admin/hosts/even", &[]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
    assert_eq!(app.events().await.iter().filter(|event| *event == "HOSTS_EVENED").count(), 1);
    let events = app.page("/admin/events").await.text;
    assert!(events.contains("had tenants moved until hosts are evenly filled"), "{events}");
}

#[tokio::test]
async fn without_hosts_nothing_is_evened_out() {
    let app = TestApp::new().await;
    let refused = app.post("/admin/hosts/even", &json!({})).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("HOSTS"), "{}", refused.text);
    assert_eq!(app.get("/admin/hosts/even").await.json(), json!({ "moves": 0, "left": null }));
}
