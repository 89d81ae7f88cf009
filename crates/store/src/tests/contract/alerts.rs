//! Each cause is told once, with its all-clear, and what could not be sent waits.

use domain::RecordId;
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    AlertCause, AlertOutcome, AlertTry,
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

#[tokio::test]
async fn what_became_of_the_last_alerts_is_kept_a_line_each_and_nothing_of_a_tenant_that_is_gone() {
    for world in worlds().await {
        let operator = world.store.operator();
        let tenant = world.tenant("Asha").await;
        let tried = |title: &str, outcome| AlertTry {
            id: RecordId::generate(),
            channel: "ntfy".to_owned(),
            kind: "raised".to_owned(),
            title: title.to_owned(),
            outcome,
            detail: (outcome == AlertOutcome::Failed).then(|| "it answered 500".to_owned()),
            tries: 1,
        };
        let first = tried("Asha: the bot is in ERROR", AlertOutcome::Failed);
        let cause = format!("tenant:{tenant}");
        operator.record_alert(&first, Some(&cause)).await.unwrap();
        world.clock.advance(SignedDuration::from_secs(1));
        operator.record_alert(&tried("A test", AlertOutcome::GivenUp), None).await.unwrap();
        let results = operator.alert_results(10).await.unwrap();
        assert_eq!((results.len(), &results[1].tried), (2, &first), "the newest first");
        world.clock.advance(SignedDuration::from_secs(30));
        let sent = AlertTry { outcome: AlertOutcome::Sent, detail: None, tries: 2, ..first };
        operator.record_alert(&sent, Some(&cause)).await.unwrap();
        let results = operator.alert_results(10).await.unwrap();
        assert_eq!((results.len(), &results[0].tried, results[0].at), (2, &sent, now(&world)));

        world.store.tenant(tenant).delete("admin").await.unwrap();
        // Its all-clear is sent after that.
        operator
            .record_alert(&tried("Asha: the bot is in ERROR", AlertOutcome::Sent), Some(&cause))
            .await
            .unwrap();
        let left: Vec<_> =
            operator.alert_results(10).await.unwrap().into_iter().map(|one| one.tried.title).collect();
        assert_eq!(left, ["A test"]);
        for n in 0..105 {
            world.clock.advance(SignedDuration::from_secs(1));
            operator.record_alert(&tried(&n.to_string(), AlertOutcome::Sent), Some("disk")).await.unwrap();
        }
        let results = operator.alert_results(500).await.unwrap();
        assert_eq!(
            (results.len(), results[0].tried.title.as_str(), results[99].tried.title.as_str()),
            (100, "104", "5")
        );
    }
}
