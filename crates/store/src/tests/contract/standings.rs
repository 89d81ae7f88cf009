//! Whether bots answered while they were meant to.

use std::time::Duration;

use domain::{Condition, DesiredState, Digits, EndedBy, TenantEvent, TenantId, Trouble};
use jiff::SignedDuration;

use crate::{
    EventDetails, Incident, LinkedAccount, Uptime,
    db::Access,
    tests::support::{World, now, raw, worlds},
};

/// Never within these tests, but for the one that says so.
const STALE_AFTER: Duration = Duration::from_secs(24 * 60 * 60 * 365);
const MINUTE: u64 = 60_000;

/// Looks once a minute, for so many.
async fn minutes(world: &World, minutes: u64) {
    for _ in 0..minutes {
        world.clock.advance(SignedDuration::from_mins(1));
        world.store.operator().watch_standings(STALE_AFTER).await.unwrap();
    }
}

/// A bot that has just begun to answer.
async fn answering(world: &World, tenant: TenantId, number: &str) {
    let scope = world.store.tenant(tenant);
    scope.set_desired(DesiredState::Run).await.unwrap();
    scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
    let linked = Some(LinkedAccount { number: Digits::new(number).unwrap(), lid: None });
    scope
        .apply_event(TenantEvent::Connected, EventDetails { linked, ..EventDetails::default() })
        .await
        .unwrap();
    world.store.operator().watch_standings_of(&[tenant], STALE_AFTER).await.unwrap();
}

async fn breaks(world: &World, tenant: TenantId, event: TenantEvent, trouble: Option<Trouble>, why: &str) {
    let details = EventDetails {
        last_error: Some(why.to_owned()),
        trouble: trouble.map(|trouble| (trouble, None)),
        ..EventDetails::default()
    };
    world.store.tenant(tenant).apply_event(event, details).await.unwrap();
    world.store.operator().watch_standings_of(&[tenant], STALE_AFTER).await.unwrap();
}

async fn week(world: &World, tenant: TenantId) -> Uptime {
    world.store.tenant(tenant).uptime().await.unwrap()[0]
}

fn short(incident: &Incident) -> (Condition, Option<u64>, Option<EndedBy>) {
    let lasted =
        incident.ended_at.map(|at| at.duration_since(incident.began_at).as_secs().unsigned_abs() / 60);
    (incident.condition, lasted, incident.ended_by)
}

#[tokio::test]
async fn an_incident_has_a_begin_an_end_and_what_ended_it() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let scope = world.store.tenant(tenant);
        minutes(&world, 10).await;
        assert_eq!(week(&world, tenant).await.hundredths(), None, "never started counts nothing");
        answering(&world, tenant, "255712000001").await;
        minutes(&world, 30).await;
        breaks(&world, tenant, TenantEvent::LoggedOut, None, "the phone removed this device").await;
        let began = now(&world);
        minutes(&world, 10).await;
        let incidents = scope.incidents(10).await.unwrap();
        assert_eq!(incidents.iter().map(short).collect::<Vec<_>>(), [(Condition::PhoneRemoved, None, None)]);
        assert_eq!(
            (incidents[0].began_at, incidents[0].why.as_deref()),
            (began, Some("the phone removed this device"))
        );
        // Linked again: a code waits for two minutes, in which nobody is answered.
        scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
        minutes(&world, 2).await;
        answering(&world, tenant, "255712000001").await;
        minutes(&world, 18).await;
        let incidents = scope.incidents(10).await.unwrap();
        let expected = (Condition::PhoneRemoved, Some(12), Some(EndedBy::Answering));
        assert_eq!(incidents.iter().map(short).collect::<Vec<_>>(), [expected]);
        let week = week(&world, tenant).await;
        assert_eq!(
            (week.up_ms, week.down_ms, week.unknown_ms, week.hundredths()),
            (48 * MINUTE, 12 * MINUTE, 0, Some(8_000))
        );
        assert_eq!(scope.uptime().await.unwrap().map(|time| time.days), [7, 30, 90]);
    }
}

#[tokio::test]
async fn stopped_by_hand_is_no_down_time_and_one_trouble_ends_another() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let scope = world.store.tenant(tenant);
        answering(&world, tenant, "255712000001").await;
        minutes(&world, 5).await;
        breaks(&world, tenant, TenantEvent::CrashLoop, None, "it fell over").await;
        minutes(&world, 5).await;
        breaks(&world, tenant, TenantEvent::LoggedOut, Some(Trouble::PhoneRemoved), "gone").await;
        minutes(&world, 5).await;
        breaks(&world, tenant, TenantEvent::Stopped, None, "stopped").await;
        minutes(&world, 60).await;
        let incidents = scope.incidents(10).await.unwrap();
        assert_eq!(
            incidents.iter().map(short).collect::<Vec<_>>(),
            [
                (Condition::PhoneRemoved, Some(5), Some(EndedBy::Stopped)),
                (Condition::Error, Some(5), Some(EndedBy::OtherTrouble)),
            ]
        );
        assert_eq!(week(&world, tenant).await.hundredths(), Some(3_333), "of 15 minutes");
        scope.set_suspended(Some("unpaid".to_owned())).await.unwrap();
        answering(&world, tenant, "255712000001").await;
        minutes(&world, 60).await;
        assert_eq!(week(&world, tenant).await.hundredths(), Some(3_333), "suspended is no down time");
    }
}

#[tokio::test]
async fn what_nobody_watched_is_unknown_and_neither_up_nor_down() {
    for world in worlds().await {
        let (well, broken) = (world.tenant("Asha").await, world.tenant("Baraka").await);
        answering(&world, well, "255712000001").await;
        answering(&world, broken, "255712000002").await;
        minutes(&world, 10).await;
        breaks(&world, broken, TenantEvent::CrashLoop, None, "it fell over").await;
        minutes(&world, 10).await;
        world.clock.advance(SignedDuration::from_mins(39));
        minutes(&world, 10).await;
        let of = async |tenant| {
            let week = week(&world, tenant).await;
            [week.up_ms, week.down_ms, week.unknown_ms].map(|ms| ms / MINUTE)
        };
        assert_eq!((of(well).await, of(broken).await), ([29, 0, 40], [10, 19, 40]));
        let incidents = world.store.tenant(broken).incidents(10).await.unwrap();
        assert_eq!(
            incidents.iter().map(short).collect::<Vec<_>>(),
            [(Condition::Error, None, None), (Condition::Error, Some(10), Some(EndedBy::Unseen))]
        );
        // A restart takes less, and is none.
        world.clock.advance(SignedDuration::from_mins(2));
        minutes(&world, 1).await;
        assert_eq!(of(well).await, [32, 0, 40]);
    }
}

#[tokio::test]
async fn spans_are_cut_at_the_begin_of_a_time_and_forgotten_after_a_hundred_days() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let scope = world.store.tenant(tenant);
        answering(&world, tenant, "255712000001").await;
        breaks(&world, tenant, TenantEvent::CrashLoop, None, "it fell over").await;
        let day = async |days: i32| {
            // Two looks a day, each of which finds that nobody has looked since.
            for _ in 0..2 * days {
                world.clock.advance(SignedDuration::from_hours(12));
                world.store.operator().watch_standings(STALE_AFTER).await.unwrap();
            }
        };
        // Somebody looks all the time, but for these tests' patience.
        world.store.operator().set_setting("standings.looked_at", "9223372036854775").await.unwrap();
        world.clock.advance(SignedDuration::from_hours(24 * 20));
        answering(&world, tenant, "255712000001").await;
        let [week, month, season] = scope.uptime().await.unwrap();
        let days = |ms: u64| ms / MINUTE / 60 / 24;
        assert_eq!([week, month, season].map(|time| days(time.down_ms)), [7, 20, 20]);
        day(45).await;
        let [week, month, season] = scope.uptime().await.unwrap();
        assert_eq!([week, month, season].map(|time| days(time.down_ms)), [0, 0, 20]);
        assert_eq!(world.store.operator().carry_out_retention().await.unwrap(), 0);
        day(60).await;
        assert!(world.store.operator().carry_out_retention().await.unwrap() > 0);
        assert_eq!(scope.incidents(10).await.unwrap(), []);
        scope.delete("admin").await.unwrap();
        assert_eq!(world.store.operator().rows_left(tenant).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_number_that_is_held_is_told_by_its_end_and_a_bot_that_flaps_fills_nothing() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let scope = world.store.tenant(tenant);
        answering(&world, tenant, "255712000001").await;
        scope.set_hold(Some(Digits::new("255754000333").unwrap())).await.unwrap();
        minutes(&world, 1).await;
        let held = scope.incidents(1).await.unwrap();
        assert_eq!(
            (held[0].condition, held[0].why.as_deref()),
            (Condition::OtherNumber, Some("*********333"))
        );
        scope.set_hold(None).await.unwrap();
        let other = world.tenant("Baraka").await;
        let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
        for tenant in [tenant, other] {
            let rows: Vec<String> = (0..2_100)
                .map(|n| {
                    format!("('{tenant}', '00000000-0000-7000-8000-{n:012}', 'DOWN', 'ERROR', {n}, {n}, {n})")
                })
                .collect();
            let sql = "INSERT INTO standings (tenant_id, id, standing, was, began_at, ended_at, created_at) VALUES ";
            raw(&mut tx, &format!("{sql}{}", rows.join(","))).await.unwrap();
        }
        tx.commit().await.unwrap();
        breaks(&world, tenant, TenantEvent::CrashLoop, None, "it fell over").await;
        let left = async |tenant| world.store.tenant(tenant).incidents(5_000).await.unwrap().len();
        // Of the 2,000 that stay one was no incident.
        assert_eq!((left(tenant).await, left(other).await), (1_999, 2_100));
    }
}
