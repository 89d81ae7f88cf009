//! The stream of what happens.

use std::time::Duration;

use domain::Role;
use futures_util::StreamExt;
use tokio::time::timeout;

use super::{marked, member};
use crate::testing::TestApp;

#[tokio::test]
async fn the_stream_tells_what_happens_and_ends_with_its_reader() {
    let app = TestApp::new().await;
    let (tenant, owner) = marked(&app, "Salon").await;
    let staff = member(&app, tenant, "staff@example.com", Role::Staff).await;
    let path = "/portal/tenant/current/events";
    let mut stream = owner.open(&app, path).await;
    let mut of_staff = staff.open(&app, path).await;
    let mut text = String::new();
    while !text.contains("event: code") {
        let part = timeout(Duration::from_secs(5), stream.next()).await.unwrap().unwrap().unwrap();
        text.push_str(std::str::from_utf8(&part).unwrap());
    }
    assert!(text.contains("event: status") && text.contains("\"waitsFor\""), "{text}");
    let first = timeout(Duration::from_secs(5), of_staff.next()).await.unwrap().unwrap().unwrap();
    assert!(std::str::from_utf8(&first).unwrap().starts_with("event: status"));
    app.app.accounts.people().end(&owner.session).await.unwrap();
    let rest = timeout(Duration::from_secs(1), async { while stream.next().await.is_some() {} }).await;
    assert!(rest.is_ok(), "the stream of a session that is over goes on");
    app.store.people().remove(tenant, staff.user).await.unwrap();
    app.app.accounts.people().end_all(staff.user).await.unwrap();
    let rest = timeout(Duration::from_secs(1), async {
        let mut said = String::new();
        while let Some(Ok(part)) = of_staff.next().await {
            said.push_str(std::str::from_utf8(&part).unwrap());
        }
        said
    });
    let said = rest.await.expect("the stream of a person who was removed goes on");
    assert!(!said.contains("event: code"), "codes are for owners: {said}");
}
