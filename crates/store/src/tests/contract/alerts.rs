//! Each cause is told once, with its all-clear, and what could not be sent waits.

use jiff::SignedDuration;
use serde_json::json;

use crate::{
    AlertCause,
    tests::support::{now, worlds},
};

#[tokio::test]
async fn a_cause_is_told_once_by_each_channel_and_so_is_its_end() {
    for world in worlds().await {
        let operator = world.store.operator();
        let cause = |id: &str| AlertCause {
            id: id.to_owned(),
            title: format!("{id} is wrong"),
            payload: json!({ "type": "alert.raised", "cause": id }),
        };
        for _ in 0..3 {
            operator.set_alert_causes(&[cause("a"), cause("b")], &["email", "webhook"]).await.unwrap();
        }
        assert_eq!(operator.due_alerts().await.unwrap().len(), 4, "two causes by two channels");
        operator.set_alert_causes(&[cause("b")], &["webhook"]).await.unwrap();
        let due = operator.due_alerts().await.unwrap();
        let cleared = due.iter().find(|one| one.payload["type"] == "alert.cleared").unwrap();
        assert_eq!((due.len(), cleared.payload["title"].as_str()), (5, Some("a is wrong")));

        let later = now(&world) + SignedDuration::from_secs(60);
        operator.retry_alert(cleared.id, later).await.unwrap();
        operator.finish_alert(due[0].id).await.unwrap();
        assert_eq!(operator.due_alerts().await.unwrap().len(), 3);
        world.clock.advance(SignedDuration::from_secs(60));
        let again = operator.due_alerts().await.unwrap();
        assert_eq!(again.iter().find(|one| one.id == cleared.id).unwrap().attempts, 1);
        operator.set_alert_causes(&[cause("a"), cause("b")], &["webhook"]).await.unwrap();
        assert_eq!(operator.due_alerts().await.unwrap().len(), 5, "what comes again is told again");
    }
}
