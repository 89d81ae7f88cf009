//! Bookings and the like come up and are kept; the business profile and open records go down; people change records and
//! chats through the worker.

use domain::{RecordKind, Timestamp};
use replies::{Booking, BookingState, By, Conflict, Record};
use store::{PageRequest, RecordFilter};
use supervisor::{ChangeKind, Changed, Error};

use crate::common::World;

fn booking(name: &str, reference: &str, version: u32) -> Record {
    let at: Timestamp = "2026-01-02T03:05:00Z".parse().unwrap();
    Record::Booking(Booking {
        reference: reference.to_owned(),
        version,
        service: "braids".to_owned(),
        service_name: "Kusuka".to_owned(),
        at,
        minutes: 60,
        lane: "/1".to_owned(),
        with: None,
        name: name.to_owned(),
        phone: None,
        price: None,
        note: None,
        state: BookingState::Booked,
        by: By::Bot,
        made_at: at,
        changed_at: at,
    })
}

fn row(sequence: u64, name: &str, number: u32, version: u32) -> serde_json::Value {
    let reference = format!("B-{number}");
    serde_json::json!({
        "sequence": sequence, "contact": "255700000001", "reference": reference, "kind": "booking",
        "version": version, "open": true, "changed_at": "2026-01-02T03:04:05Z",
        "body": serde_json::to_string(&booking(name, &reference, version)).unwrap(),
    })
}

fn records(rows: &[serde_json::Value]) -> String {
    let said = serde_json::json!({ "type": "records", "journal": "$JOURNAL", "rows": rows });
    format!("say {said}")
}

async fn kept(world: &World, tenant: domain::TenantId) -> Vec<(String, i64, String)> {
    let filter = RecordFilter { soonest_first: true, ..RecordFilter::of(RecordKind::Booking) };
    let found = world.store.tenant(tenant).records(&filter, PageRequest::default()).await.unwrap();
    let told = |record: store::StoredRecord| {
        let name = record.body["name"].as_str().unwrap_or_default().to_owned();
        (record.reference, record.version, name)
    };
    let mut kept: Vec<_> = found.items.into_iter().map(told).collect();
    kept.sort();
    kept
}

#[tokio::test]
async fn records_are_kept_once_and_acknowledged() {
    let mut world = World::new().await;
    let first = records(&[row(1, "Asha", 1001, 1), row(4, "Neema", 1002, 1)]);
    let tenant = world.tenant_that(&first).await;
    let mut changes = world.handle.changes();
    world.handle.start(tenant).await.unwrap();
    world.until_told(tenant, "acknowledged records 4").await;
    while changes.recv().await.unwrap().kind != ChangeKind::Records {}
    // The same again, as after a lost acknowledgement, and one of them moved.
    world.behave(tenant, &format!("{first}\n{}", records(&[row(5, "Asha", 1001, 2)])));
    world.handle.restart(tenant).await.unwrap();
    world.until_told(tenant, "acknowledged records 5").await;
    let said = |reference: &str, version, name: &str| (reference.to_owned(), version, name.to_owned());
    assert_eq!(kept(&world, tenant).await, [said("B-1001", 2, "Asha"), said("B-1002", 1, "Neema")]);
    world.end().await;
}

#[tokio::test]
async fn the_profile_goes_down_until_the_worker_says_that_it_has_it_and_again_when_it_changes() {
    let mut world = World::new().await;
    let tenant = world.tenant().await;
    let scope = world.store.tenant(tenant);
    let long = format!("{{\"texts\":\"{}\"}}", "x".repeat(200_000));
    scope.save_profile(0, &long, &serde_json::json!({})).await.unwrap();
    world.handle.start(tenant).await.unwrap();
    world.until_told(tenant, "profile 1 of 2").await;
    scope.save_profile(1, "{}", &serde_json::json!({})).await.unwrap();
    world.handle.configure(tenant).unwrap();
    world.until_told(tenant, "configured").await;
    world.until_logged(tenant, "profile 2, part 0 of 1: 2 bytes").await;
    world.end().await;
}

#[tokio::test]
async fn a_pack_that_does_not_ship_goes_down_and_again_when_it_changes_and_so_does_that_it_is_gone() {
    let mut world = World::new().await;
    let (shipped, tenant) = (world.tenant().await, world.tenant().await);
    let bakery = |words: &str| {
        let mut files = replies::new_pack("BAKERY");
        let longer = format!("\n{}\n# {words}\n", "#".repeat(200_000));
        files.get_mut("pack.toml").unwrap().extend_from_slice(longer.as_bytes());
        let mut packs = replies::Packs::default();
        let hash = packs.add(&files).unwrap().version().hash.clone();
        (packs, hash)
    };
    let (first, hash) = bakery("first");
    world.handle.exchange_packs(first);
    let change = store::ConfigChange {
        template_type: Some("BAKERY".parse().unwrap()),
        ..store::ConfigChange::default()
    };
    world.store.tenant(tenant).update_both(None, store::TenantChange::default(), change).await.unwrap();
    for tenant in [shipped, tenant] {
        world.handle.start(tenant).await.unwrap();
    }
    world.until_told(tenant, &format!("pack {hash} of 2")).await;
    let (second, hash) = bakery("second");
    world.handle.exchange_packs(second);
    world.until_told(tenant, &format!("configured Saluni ya Asha after pack {hash} of 2")).await;
    // A folder that cannot be read is no pack that was taken away, and this worker says that it has none.
    let mut broken = replies::Packs::default();
    broken.add(&replies::Files::new()).unwrap_err();
    broken.keep(&world.handle.packs());
    world.handle.exchange_packs(broken);
    assert!(world.handle.packs().get("BAKERY".parse().unwrap()).is_some());
    world.handle.exchange_packs(replies::Packs::default());
    world.until_told(tenant, "configured Saluni ya Asha after pack  of 0").await;
    world.handle.configure(shipped).unwrap();
    world.until_told(shipped, "configured").await;
    assert!(!world.log(shipped).contains("pack "), "{}", world.log(shipped));
    world.end().await;
}

#[tokio::test]
async fn a_journal_that_was_made_anew_is_told_what_is_open_and_where_numbers_go_on() {
    let mut world = World::new().await;
    let tenant = world.tenant_that(&records(&[row(1, "Asha", 1041, 3)])).await;
    world.handle.start(tenant).await.unwrap();
    world.until_told(tenant, "acknowledged records 1").await;
    world.store.tenant(tenant).save_profile(0, "{}", &serde_json::json!({})).await.unwrap();
    world.behave(tenant, "wants-records");
    world.handle.restart(tenant).await.unwrap();
    let log =
        world.until_logged(tenant, "open records, part 0 of 1: [\"B-1041 3\"], then B-1042 and O-1001").await;
    // Open orders are taken from the stock of which the profile tells, and bookings reminded of as it says.
    let at = |words: &str| log.find(words).unwrap_or_else(|| panic!("{words}: {log}"));
    assert!(at("profile 1, part 0 of 1") < at("open records, part 0 of 1"), "{log}");
    world.end().await;
}

#[tokio::test]
async fn a_journal_that_was_made_anew_is_told_what_was_sold_since_the_count_in_orders_that_are_done_too() {
    let order = |number: u32, state: &str, made_at: &str, quantity: u32| {
        let body = serde_json::json!({
            "kind": "order", "reference": format!("O-{number}"), "version": 1,
            "lines": [{ "code": "rice-5", "name": "Rice", "quantity": quantity.to_string(), "price": "1" }],
            "way": { "by": "pick_up" }, "total": "1", "name": "Asha", "state": state, "made_at": made_at,
            "changed_at": "2026-02-01T00:00:00Z",
        });
        serde_json::json!({
            "sequence": number, "contact": "255700000001", "reference": format!("O-{number}"), "kind": "order",
            "version": 1, "open": state == "placed", "changed_at": "2026-02-01T00:00:00Z",
            "body": body.to_string(),
        })
    };
    let mut world = World::new().await;
    let said = records(&[
        order(1001, "done", "2026-01-01T09:00:00Z", 1),
        order(1002, "done", "2026-01-02T09:00:00Z", 2),
        order(1003, "cancelled", "2026-01-02T10:00:00Z", 4),
        order(1004, "placed", "2026-01-03T09:00:00Z", 8),
    ]);
    let tenant = world.tenant_that(&said).await;
    world.handle.start(tenant).await.unwrap();
    world.until_told(tenant, "acknowledged records 1004").await;
    let profile = r#"{"catalogue":[
        {"code":"rice-5","name":{"en":"Rice"},"price":"1","stock":"50","stock_counted":3,
         "stock_counted_at":"2026-01-02T00:00:00Z"},
        {"code":"sugar","name":{"en":"Sugar"},"price":"1","stock":"50","stock_counted":1}]}"#;
    world.store.tenant(tenant).save_profile(0, profile, &serde_json::json!({})).await.unwrap();
    world.behave(tenant, "wants-records");
    world.handle.restart(tenant).await.unwrap();
    world
        .until_logged(
            tenant,
            "open records, part 0 of 1: [\"O-1004 1\"], then B-1001 and O-1005, sold [\"1000 rice-5 of count 3\"]",
        )
        .await;
    world.end().await;
}

#[tokio::test]
async fn a_person_changes_a_record_through_the_journal_and_reads_why_not() {
    let mut world = World::new().await;
    let tenant = world.tenant().await;
    let new = booking("Walk-in", "", 1);
    let asked = world.handle.change_record(tenant, None, None, &new).await;
    assert!(matches!(asked, Err(Error::NotRunning)), "{asked:?}");
    world.handle.start(tenant).await.unwrap();
    world.until_live(tenant, "linked", |live| live.linked).await;
    let Ok(Changed::Taken(row)) = world.handle.change_record(tenant, None, None, &new).await else {
        panic!("it was not taken")
    };
    assert_eq!((row.reference.as_str(), row.version), ("B-1007", 1));
    assert_eq!(kept(&world, tenant).await.len(), 1, "it is there at once");

    let taken = Conflict::Changed { reference: "B-1007".to_owned() };
    for (why, is) in [
        (serde_json::to_string(&taken).unwrap(), "conflict"),
        ("{\"why\":\"of a later version\"}".to_owned(), "refused"),
    ] {
        world.behave(tenant, &format!("conflict {why}"));
        world.handle.restart(tenant).await.unwrap();
        world.until_live(tenant, "linked", |live| live.linked).await;
        let said = match world.handle.change_record(tenant, None, Some(1), &new).await {
            Ok(Changed::Refused(conflict)) if conflict == taken => "conflict",
            Err(Error::NotDone(_)) => "refused",
            other => panic!("{other:?}"),
        };
        assert_eq!(said, is);
    }
    world.end().await;
}

#[tokio::test]
async fn chats_that_wait_for_a_person_are_known_and_given_back() {
    let mut world = World::new().await;
    let said = "say {\"type\":\"hand_offs\",\"total\":2,\"rows\":[{\"contact\":\"255700000001\",\"reason\":\"asked\",\
                \"since\":\"2026-01-02T03:04:05Z\",\"until\":\"2026-01-02T07:04:05Z\"}]}";
    let tenant = world.tenant_that(said).await;
    world.handle.start(tenant).await.unwrap();
    let live = world.until_live(tenant, "waiting", |live| live.hand_offs.1 == 2).await;
    assert_eq!(live.hand_offs.0[0].contact, "255700000001");
    assert!(!format!("{live:?}").contains("255700000001"), "whom, no log says");
    world.handle.hand_back(tenant, "255700000001".to_owned()).await.unwrap();
    let refused = world.handle.take_over(tenant, "255700000009".to_owned()).await;
    assert!(matches!(refused, Err(Error::NotDone(_))), "{refused:?}");
    world.end().await;
}
