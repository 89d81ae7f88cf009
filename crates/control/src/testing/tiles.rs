//! What the tenants page costs: its statements, and the counts of its tiles while it follows what changes.

use domain::TenantId;
use futures_util::future::join_all;

use super::{
    HTML, TestApp, request,
    statements::Statements,
    watching::{next, open},
};

const COUNT: &str = "tenants.needs";

async fn tenants(app: &TestApp, count: usize) -> Vec<TenantId> {
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(app.tenant(&format!("Tenant {n}")).await);
    }
    ids
}

#[tokio::test]
async fn the_page_asks_as_much_for_many_tenants_as_for_one() {
    let (statements, _recording) = Statements::recording();
    let app = TestApp::new().await;
    // Once, all of them are read; afterwards those alone that may have moved.
    app.page("/admin/tenants").await;
    let mut asked = Vec::new();
    for more in [1, 59] {
        let ids = tenants(&app, more).await;
        // Neighbours, whose day begins at the same moment.
        let zone = serde_json::json!({ "timezone": "Africa/Nairobi" });
        app.patch(&format!("/admin/tenants/{}", ids[0]), &zone).await;
        let by = |path: &'static str| async {
            statements.take();
            if path.is_empty() {
                app.get("/admin/tenants").await
            } else {
                app.page(path).await
            };
            statements.take()
        };
        asked.push((by("/admin/tenants").await, by("").await));
    }
    let (page, list) = &asked[0];
    assert_eq!(asked[1], asked[0]);
    let rows =
        ["strips.of", "tenants.messages_since", "notes.tags_of", "notes.most_used", "setup.count_waiting"];
    let grouped = [COUNT, "tenants.stands_of", "tenants.stale", "tenants.list_new"];
    assert_eq!(page[1..5], grouped, "{page:?}");
    assert_eq!(page[5..], rows, "{page:?}");
    assert_eq!(list[1..], ["tenants.list", "notes.tags_of"], "{list:?}");
}

#[tokio::test]
async fn pages_that_follow_share_a_count_until_a_tenant_moves() {
    let (statements, _recording) = Statements::recording();
    let app = TestApp::new().await;
    let id = tenants(&app, 1).await[0];
    let path = format!("/admin/tenants?ids={id}");
    let counts = || statements.take().iter().filter(|name| *name == COUNT).count();
    counts();
    for part in join_all((0..20).map(|_| app.part(&path))).await {
        assert!(part.text.contains("id=\"tiles\""), "{}", part.text);
    }
    assert_eq!(counts(), 1, "twenty pages at once");

    let mut events = open(&app, "/admin/stream").await;
    app.supervisor.start(id).await.unwrap();
    let moved = next(&mut events).await;
    assert!(moved.contains("status"), "{moved}");
    counts();
    app.part(&path).await;
    assert_eq!(counts(), 1, "it has moved");
    app.clock.advance(jiff::SignedDuration::from_secs(2));
    app.part(&path).await;
    assert_eq!(counts(), 1, "bots grow stale by time alone");
    app.page("/admin/tenants").await;
    assert_eq!(counts(), 1, "a page that is opened counts for itself");
}

/// A page of those in error keeps its tiles as they are, and draws the row of one that has left.
#[tokio::test]
async fn what_follows_keeps_to_what_was_looked_for() {
    let app = TestApp::new().await;
    let id = tenants(&app, 1).await[0];
    let shown = app.page("/admin/tenants?show=new&sort=name").await.text;
    assert!(shown.contains("data-live-rows=\"/admin/tenants?show=new&#38;sort=name&#38;\""), "{shown}");
    app.page("/admin/tenants").await.text.find("data-live-rows=\"/admin/tenants?\"").unwrap();
    let part = app.part(&format!("/admin/tenants?show=error&sort=name&ids={id}")).await.text;
    assert!(part.contains(&format!("id=\"t-{id}\"")), "{part}");
    let current: Vec<&str> = part.split("<a ").filter(|link| link.contains("aria-current")).collect();
    assert!(
        current.len() == 1 && current[0].contains("show=error") && current[0].contains("sort=name"),
        "{part}"
    );
    // Another page's tenant has moved: the tiles alone.
    let tiles = app.part("/admin/tenants?ids=").await.text;
    assert!(tiles.contains("id=\"tiles\"") && !tiles.contains("id=\"t-"), "{tiles}");
}

/// What a browser takes over the wire for a first visit: the page and what belongs to every page.
#[tokio::test]
async fn a_first_visit_to_the_page_of_fifty_takes_less_than_sixty_kilobytes() {
    let app = TestApp::new().await;
    for n in 0..50 {
        app.tenant(&format!("Saluni ya Mama Tumaini Mushi, tawi la {n}")).await;
    }
    let wire = async |path: &str, from: &'static str, mode: &'static str| {
        let mut asked = request(http::Method::GET, path, None);
        asked.headers_mut().insert("accept", HTML.parse().unwrap());
        asked.headers_mut().insert("accept-encoding", "gzip, deflate, br".parse().unwrap());
        asked.headers_mut().insert("sec-fetch-site", from.parse().unwrap());
        asked.headers_mut().insert("sec-fetch-mode", mode.parse().unwrap());
        app.wire(asked).await
    };
    let (headers, page) = wire("/admin/tenants", "none", "navigate").await;
    assert_eq!(headers["content-encoding"], "gzip");
    let varies = headers.get_all("vary").iter().any(|by| by.to_str().unwrap().contains("Sec-Fetch-Site"));
    assert!(varies, "{headers:?}");
    let files = web::ui::assets();
    let mut total = page;
    for path in [&files.css, &files.script, &files.htmx, &files.icons, &files.favicon] {
        let (headers, bytes) = wire(path, "same-origin", "no-cors").await;
        assert!(headers["cache-control"].to_str().unwrap().contains("immutable"), "{path}");
        total += bytes;
    }
    assert!(total < 60_000, "{total} bytes, of which the page has {page}");
    // Whoever is led here by another site gets it in full: its length would tell what stands on it.
    // So does a script, which asks again for a place to which another site may have led.
    for (from, mode) in [("cross-site", "navigate"), ("same-origin", "cors")] {
        let (headers, whole) = wire("/admin/tenants", from, mode).await;
        assert!(!headers.contains_key("content-encoding") && whole > 2 * page, "{from}: {whole} bytes");
    }
}
