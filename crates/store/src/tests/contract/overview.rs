//! All tenants at a glance.

use std::sync::Arc;

use domain::{Phone, SessionState, Show, Sort, TenantEvent, TenantStatus, WorkerStatus};
use jiff::SignedDuration;
use sqlx::{AssertSqlSafe, Executor as _};
use strum::VariantArray as _;

use crate::{
    EventDetails, Grouping, LogFilter, NewLog, PageRequest, TenantFilter,
    db::Access,
    tests::support::{journal_row, now, salon, worlds},
};

#[tokio::test]
async fn a_strip_has_a_cell_for_five_minutes_and_the_worst_counts() {
    for world in worlds().await {
        let id = world.tenant("Asha").await;
        let operator = world.store.operator();
        let stale = || now(&world) - SignedDuration::from_mins(2);
        operator.watch_heartbeats(stale()).await.unwrap();
        let strip = || async { operator.heartbeat_strips(&[id]).await.unwrap().remove(&id).unwrap() };
        let first = strip().await;
        assert_eq!(first.cells, "a", "never started");

        let scope = world.store.tenant(id);
        scope.set_desired(domain::DesiredState::Run).await.unwrap();
        scope.begin_generation(false).await.unwrap();
        scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
        scope.apply_event(TenantEvent::LoggedOut, EventDetails::default()).await.unwrap();
        operator.watch_heartbeats(stale()).await.unwrap();
        assert_eq!(strip().await.cells, "e", "the same five minutes, and worse");
        scope.apply_event(TenantEvent::Stopped, EventDetails::default()).await.unwrap();
        scope.set_desired(domain::DesiredState::Stopped).await.unwrap();
        operator.watch_heartbeats(stale()).await.unwrap();
        assert_eq!(strip().await.cells, "e", "what is better now does not undo it");

        world.clock.advance(SignedDuration::from_mins(15));
        operator.watch_heartbeats(stale()).await.unwrap();
        let third = strip().await;
        assert_eq!((third.cells.as_str(), third.slot), ("e--a", first.slot + 3));

        world.clock.advance(SignedDuration::from_hours(24) - SignedDuration::from_mins(15));
        operator.watch_heartbeats(stale()).await.unwrap();
        let day = strip().await.cells;
        assert_eq!(day.len(), 288, "{day}");
        assert!(day.starts_with("--a-") && day.ends_with("-a"), "{day}");
        world.clock.advance(SignedDuration::from_hours(48));
        operator.watch_heartbeats(stale()).await.unwrap();
        assert_eq!(strip().await.cells, "a", "nothing of the day is left");
    }
}

#[tokio::test]
async fn groups_are_counted_and_listed_alike() {
    for world in worlds().await {
        let asha = world.tenant("Asha").await;
        let scope = world.store.tenant(asha);
        scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await.unwrap();
        world.tenant("Bahati").await;
        let operator = world.store.operator();
        let now = now(&world);
        let counts = operator.grouping(now, now).await.unwrap().overview;
        assert_eq!((counts.all, counts.waiting, counts.new, counts.error), (2, 1, 1, 0));
        for (show, count) in [(Show::Waiting, 1), (Show::New, 1), (Show::Answering, 0), (Show::Error, 0)] {
            let filter =
                TenantFilter { show: Some(show), stale_before: Some(now), ..TenantFilter::default() };
            let page = operator.list_tenants(&filter, PageRequest::default()).await.unwrap();
            assert_eq!(page.items.len(), count, "{show}");
        }
    }
}

/// Every state that a tenant, its session and its worker can be in, suspended or held or in trouble or none of it, heard of
/// or stale, away for long or not: each stands in the group that its condition says, and each tile counts as many as its
/// list shows.
#[tokio::test]
async fn every_state_is_counted_where_it_is_listed() {
    let mut states = Vec::new();
    for status in TenantStatus::VARIANTS {
        for state in SessionState::VARIANTS {
            for worker in WorkerStatus::VARIANTS {
                for (tenants, sessions, workers) in [
                    ("", "", "started_at = 9"),
                    ("", "", "started_at = 11"),
                    ("", "last_seen_at = 4", "started_at = 11, desired_state = 'RUN'"),
                    ("", "last_seen_at = 4", "started_at = 11, desired_state = 'STOPPED'"),
                    ("", "last_seen_at = 6", "started_at = 11, desired_state = 'RUN'"),
                    ("suspended_at = 1", "", "started_at = 11"),
                    ("held_number = '255754000111'", "", "started_at = 11"),
                    ("", "trouble = 'LIMITED'", "started_at = 11"),
                    ("suspended_at = 1", "trouble = 'UNREACHABLE'", "started_at = 11"),
                ] {
                    states.push((*status, *state, *worker, tenants, sessions, workers));
                }
            }
        }
    }
    let time = |ms| domain::Timestamp::from_millisecond(ms).unwrap();
    let (stale_before, away_before) = (time(10), time(5));
    for world in worlds().await {
        for (number, (status, state, worker, tenants, sessions, workers)) in states.iter().enumerate() {
            let id = world.tenant(&format!("Tenant {number}")).await;
            let and = |more: &str| if more.is_empty() { String::new() } else { format!(", {more}") };
            let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
            for update in [
                format!("UPDATE tenants SET status = '{status}'{} WHERE id = '{id}'", and(tenants)),
                format!(
                    "UPDATE whatsapp_sessions SET state = '{state}'{} WHERE tenant_id = '{id}'",
                    and(sessions)
                ),
                format!(
                    "UPDATE worker_processes SET status = '{worker}'{} WHERE tenant_id = '{id}'",
                    and(workers)
                ),
            ] {
                tx.connection().execute(sqlx::raw_sql(AssertSqlSafe(update))).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        let operator = world.store.operator();
        let grouping = operator.grouping(stale_before, away_before).await.unwrap();
        let counts = grouping.overview;
        assert_eq!(counts.all, states.len() as u64);
        assert_eq!(Show::ALL.iter().map(|show| counts.of(*show)).sum::<u64>(), counts.all, "{counts:?}");
        let filter = TenantFilter {
            grouping: Some(Arc::new(grouping.clone())),
            stale_before: Some(stale_before),
            ..TenantFilter::default()
        };
        let all = PageRequest { limit: 500, before: None };
        for show in Show::VARIANTS {
            let mut filter = TenantFilter { show: Some(*show), ..filter.clone() };
            let listed = operator.list_tenants(&filter, all).await.unwrap().items;
            let counted = counts.of(*show);
            assert!(counted > 0 && counted == listed.len() as u64, "{show}: {counted} and {}", listed.len());
            for detail in listed.iter().filter(|_| Show::ALL.contains(show)) {
                let condition = detail.condition(stale_before, away_before);
                assert_eq!(condition.group(), *show, "{condition}: {detail:?}");
            }
            // The same where they are known one by one, those that need a person among them.
            let ids: Vec<_> = listed.iter().map(|detail| detail.tenant.id).collect();
            let few = ids.iter().chain(&grouping.needs).copied().collect();
            filter.grouping = Some(Arc::new(Grouping { few: [(*show, few)].into(), ..grouping.clone() }));
            let few = operator.list_tenants(&filter, all).await.unwrap().items;
            assert_eq!(few.iter().map(|detail| detail.tenant.id).collect::<Vec<_>>(), ids, "{show}");
        }
        // One after the other, page by page.
        let by_need = TenantFilter { sort: Sort::Need, ..filter };
        let mut groups = Vec::new();
        let mut request = PageRequest { limit: 7, before: None };
        loop {
            let page = operator.list_tenants(&by_need, request).await.unwrap();
            groups
                .extend(page.items.iter().map(|detail| detail.condition(stale_before, away_before).group()));
            let Some(next) = page.next else { break };
            request.before = Some(next);
        }
        assert_eq!(groups.len(), states.len());
        let rank = |show: &Show| Show::ALL.iter().position(|one| one == show);
        assert!(groups.is_sorted_by_key(rank), "{groups:?}");
    }
}

/// Those that wait for a phone have one of two statuses, each found by itself.
#[tokio::test]
async fn those_who_wait_are_paged_newest_first_whatever_their_code() {
    for world in worlds().await {
        let mut expected = Vec::new();
        for (number, status) in
            ["QR_READY", "QR_READY", "QR_PENDING", "QR_READY", "QR_PENDING"].iter().enumerate()
        {
            let id = world.tenant(&format!("Tenant {number}")).await;
            let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
            let update =
                format!("UPDATE tenants SET status = '{status}', created_at = {number} WHERE id = '{id}'");
            tx.connection().execute(sqlx::raw_sql(AssertSqlSafe(update))).await.unwrap();
            tx.commit().await.unwrap();
            expected.insert(0, id);
        }
        let operator = world.store.operator();
        let time = domain::Timestamp::UNIX_EPOCH;
        let grouping = Grouping { few: [].into(), ..operator.grouping(time, time).await.unwrap() };
        for search in [None, Some("tenant".to_owned())] {
            let filter = TenantFilter {
                show: Some(Show::Waiting),
                grouping: Some(Arc::new(grouping.clone())),
                search,
                ..TenantFilter::default()
            };
            for limit in 1..=5 {
                let mut found = Vec::new();
                let mut request = PageRequest { limit, before: None };
                loop {
                    let page = operator.list_tenants(&filter, request).await.unwrap();
                    found.extend(page.items.into_iter().map(|detail| detail.tenant.id));
                    let Some(next) = page.next else { break };
                    request.before = Some(next);
                }
                assert_eq!(found, expected, "by {limit}");
            }
        }
    }
}

#[tokio::test]
async fn every_order_is_paged_without_a_gap_or_a_repeat() {
    for world in worlds().await {
        for name in ["bahati", "Asha", "Zuhura", "asha", "Ćira"] {
            world.tenant(name).await;
        }
        for sort in [Sort::Newest, Sort::Need, Sort::Name, Sort::Seen, Sort::Memory] {
            let filter = TenantFilter { sort, ..TenantFilter::default() };
            let mut names = Vec::new();
            let mut request = PageRequest { limit: 2, before: None };
            loop {
                let page = world.store.operator().list_tenants(&filter, request).await.unwrap();
                names.extend(page.items.into_iter().map(|detail| detail.tenant.name));
                let Some(next) = page.next else { break };
                request.before = Some(next);
            }
            assert_eq!(names.len(), 5, "{sort}: {names:?}");
            if sort == Sort::Name {
                assert_eq!(names[0].to_lowercase(), "asha");
                assert_eq!(names[2], "bahati");
            }
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), 5, "{sort}");
            // The same of some alone.
            let all =
                world.store.operator().list_tenants(&filter, PageRequest::default()).await.unwrap().items;
            let ids: Vec<_> = all.iter().map(|detail| detail.tenant.id).collect();
            for (some, found) in [(vec![ids[3], ids[1]], vec![ids[1], ids[3]]), (Vec::new(), Vec::new())] {
                let filter = TenantFilter { ids: Some(some), ..filter.clone() };
                let page =
                    world.store.operator().list_tenants(&filter, PageRequest::default()).await.unwrap();
                let listed: Vec<_> = page.items.iter().map(|detail| detail.tenant.id).collect();
                assert_eq!(listed, found, "{sort}");
            }
        }
    }
}

#[tokio::test]
async fn a_number_is_found_as_people_write_it() {
    for world in worlds().await {
        let mut new = salon("Asha");
        new.phone = Some(Phone::parse("+255754999888").unwrap());
        world.store.operator().create_tenant(&new).await.unwrap();
        world.tenant("Bahati 754").await;
        for (typed, found) in [("0754 999 888", 1), ("+255 754", 1), ("754", 2), ("a754", 0)] {
            let filter = TenantFilter { search: Some(typed.to_owned()), ..TenantFilter::default() };
            let page = world.store.operator().list_tenants(&filter, PageRequest::default()).await.unwrap();
            assert_eq!(page.items.len(), found, "{typed}");
        }
    }
}

fn row(sequence: u64, text: &str) -> NewLog {
    NewLog { text: text.to_owned(), ..journal_row(sequence) }
}

#[tokio::test]
async fn a_log_is_searched_within_its_tenant_by_text_contact_and_time() {
    for world in worlds().await {
        let (asha, bahati) = (world.tenant("Asha").await, world.tenant("Bahati").await);
        for tenant in [asha, bahati] {
            let rows = [row(1, "Habari 100%"), row(2, "Bei gani?")];
            world.store.tenant(tenant).append_logs(domain::Id::generate(), &rows).await.unwrap();
        }
        let find = async |filter: LogFilter| {
            world.store.tenant(asha).search_logs(&filter, PageRequest::default()).await.unwrap().items.len()
        };
        let text = |text: &str| LogFilter { text: Some(text.to_owned()), ..LogFilter::default() };
        assert_eq!(find(LogFilter::default()).await, 2);
        assert_eq!(find(text("HABARI")).await, 1);
        assert_eq!(find(text("0%")).await, 1);
        assert_eq!(find(text("_")).await, 0, "a pattern's signs are plain text");
        let nobody = LogFilter { contact: Some("1".to_owned()), ..text("bei") };
        assert_eq!(find(nobody).await, 0);
        let late = "2099-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(find(LogFilter { from: Some(late), ..LogFilter::default() }).await, 0);
        assert_eq!(find(LogFilter { until: Some(late), ..LogFilter::default() }).await, 2);
    }
}
