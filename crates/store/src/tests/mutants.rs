//! S3: the tenant predicate is taken out of each statement, one place after the other, and the store is exercised with
//! two tenants that have the same ids. On SQLite, and on PostgreSQL without its policies, each such mutant must be
//! noticed; under row-level security, each must be harmless.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{cell::RefCell, sync::Arc};

use domain::{
    CustomerState, Delivery, DeliveryRow, DesiredState, Digits, JournalId, PackId, Phone, RecordKind, Role,
    SessionState, SetupStatus, TenantEvent, TenantId, UserId,
};
use sqlx::AssertSqlSafe;

use super::{
    isolation::counted,
    postgres::run,
    support::{World, browser, host, journal_row, member, record_row, tags, tenant_tables},
};
use crate::{
    ConfigChange, CustomerChange, CustomerFilter, EventDetails, FirstProfile, LinkedAccount, LogFilter,
    NewLog, NewRecord, NewSetupRequest, NotesChange, PageRequest, RecordFilter, SetupDecision, StoreError,
    TenantChange, Told, Versions, WorkerFigures,
    db::{Access, Engine},
    sql::{self, Reach},
};

thread_local! {
    static MUTANT: RefCell<Option<(&'static str, String)>> = const { RefCell::new(None) };
}

/// The mutated text of a statement, where it is the mutant of this thread.
pub(crate) fn mutated(name: &str) -> Option<String> {
    MUTANT.with_borrow(|mutant| mutant.as_ref().filter(|(of, _)| *of == name).map(|(_, text)| text.clone()))
}

/// What takes the predicate's place: it still takes the parameter, and is always true.
const ALWAYS: &str = "CAST($1 AS TEXT) IS NOT NULL";
const PREDICATES: [&str; 3] = ["tenant_id = $1", " id = $1", "t.id = $1"];

/// Each statement with a predicate, once for each place where it stands.
fn mutants(engine: Engine) -> Vec<(&'static str, String)> {
    let mut mutants = Vec::new();
    for statement in sql::all().into_iter().filter(|statement| statement.reach == Reach::Tenant) {
        let text = statement.text(engine).into_owned();
        for predicate in PREDICATES {
            for (at, _) in text.match_indices(predicate) {
                let begin = text[..at].rfind(|c: char| !c.is_alphanumeric() && !"_.".contains(c));
                let begin =
                    if predicate.starts_with(' ') { at + 1 } else { begin.map_or(0, |begin| begin + 1) };
                mutants.push((
                    statement.name,
                    format!("{}{ALWAYS}{}", &text[..begin], &text[at + predicate.len()..]),
                ));
            }
        }
    }
    mutants
}

/// Two tenants with the same ids wherever ids can be the same.
struct Pair {
    own: TenantId,
    foreign: TenantId,
    journal: JournalId,
    rows: Vec<NewLog>,
    user: UserId,
    /// A request of the other tenant's alone.
    theirs: domain::SetupRequestId,
    /// One of this tenant's alone.
    ours: domain::SetupRequestId,
}

const CONTACT: &str = "255712000001";

async fn pair(world: &World, own_first: bool) -> Pair {
    let (one, other) = (world.tenant("Asha").await, world.tenant("Baraka").await);
    let (own, foreign) = if own_first { (one, other) } else { (other, one) };
    let journal = JournalId::generate();
    let rows: Vec<_> = (1..=4)
        .map(|n| journal_row(n + 100))
        .map(|row| NewLog { sequence: row.sequence - 100, ..row })
        .collect();
    let (mut user, mut theirs, mut ours) = (None, None, None);
    for tenant in [one, other] {
        let filled = world.fill(tenant).await;
        let scope = world.store.tenant(tenant);
        let mut rows = rows.clone();
        if tenant == own {
            ours = Some(filled.request);
        }
        if tenant == foreign {
            theirs = Some(filled.request);
            // Theirs are more, and older ones among them.
            scope.begin_generation(false).await.unwrap();
            rows.extend((5..=9).map(|n| NewLog { sequence: n, ..journal_row(n - 4) }));
        }
        scope.append_logs(journal, &rows).await.unwrap();
        scope.append_records(journal, &records(tenant == foreign)).await.unwrap();
        if tenant == foreign {
            scope.save_profile(1, "{\"theirs\":1}", &serde_json::json!({})).await.unwrap();
            scope.save_profile(2, "{\"theirs\":2}", &serde_json::json!({})).await.unwrap();
            let noted = NotesChange { tags: Some(tags("theirs, vip")), note: Some("theirs".into()) };
            scope.save_notes(Some(1), noted).await.unwrap();
        }
        let new = member(&format!("staff-{own}@example.com"), Role::Staff);
        user = Some(world.store.operator().add_member(Some(tenant), &new).await.unwrap().user.id);
    }
    Pair { own, foreign, journal, rows, user: user.unwrap(), theirs: theirs.unwrap(), ours: ours.unwrap() }
}

/// Records of both tenants under the same references, of which three are closed; theirs are earlier, and there are four
/// much older ones that are closed.
fn records(theirs: bool) -> Vec<NewRecord> {
    let row =
        |n: u64, open| NewRecord { open, sequence: n, ..record_row(if n < 6 { n + 1 } else { n + 95 }) };
    let sooner =
        |row: NewRecord, ms| NewRecord { stands_at: earlier(&row, ms), changed_at: earlier(&row, ms), ..row };
    let own = (1..=5).map(|n| row(n, !(2..=4).contains(&n)));
    if !theirs {
        return own.collect();
    }
    own.map(|row| sooner(row, 1)).chain((6..=9).map(|n| sooner(row(n, false), 999_999_999))).collect()
}

fn earlier(row: &NewRecord, ms: i64) -> domain::Timestamp {
    row.changed_at.checked_sub(jiff::SignedDuration::from_millis(ms)).unwrap()
}

/// A message that both tenants have sent under the same id, later than all others and to somebody else.
async fn twin_sent(world: &World, pair: &Pair) -> domain::LogId {
    let sent = NewLog {
        direction: domain::Direction::Out,
        delivery: Some(Delivery::Sent),
        contact: "255712000077".into(),
        sequence: 1,
        ..journal_row(190)
    };
    for tenant in [pair.own, pair.foreign] {
        let batch = std::slice::from_ref(&sent);
        world.store.tenant(tenant).append_logs(JournalId::generate(), batch).await.unwrap();
    }
    sent.id
}

/// The same request under both tenants' names.
async fn twin_request(world: &World, pair: &Pair) -> domain::SetupRequestId {
    let number = Phone::parse("+255712345678").unwrap();
    let new = NewSetupRequest::of(pair.user, PackId::BOOKING, number);
    let request = world.store.tenant(pair.own).create_setup_request(&new).await.unwrap().id;
    let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
    let sql = format!(
        "INSERT INTO setup_requests (tenant_id, id, user_id, template_type, whatsapp_number, status, notes, created_at, \
         updated_at) SELECT '{}', id, user_id, template_type, whatsapp_number, status, 'theirs', created_at, updated_at \
         FROM setup_requests WHERE tenant_id = '{}' AND id = '{request}'",
        pair.foreign, pair.own
    );
    sqlx::query(AssertSqlSafe(sql)).execute(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();
    request
}

/// The erasure that both tenants have ordered, under the same id; theirs has names already.
async fn twin_erasure(world: &World, pair: &Pair) -> domain::RecordId {
    let id = world.store.tenant(pair.own).erasures().await.unwrap()[0].id;
    let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
    let sql = format!(
        "UPDATE contact_erasures SET id = '{id}', number = 'theirs', lid = 'theirs' WHERE tenant_id = '{}'",
        pair.foreign
    );
    sqlx::query(AssertSqlSafe(sql)).execute(tx.connection()).await.unwrap();
    // Their records have the ids of one's own of the same reference, and some wait for being forgotten.
    let sql = format!(
        "UPDATE records SET forget = 1 - open, id = COALESCE((SELECT o.id FROM records o WHERE o.tenant_id = '{}' \
         AND o.reference = records.reference), id) WHERE tenant_id = '{}'",
        pair.own, pair.foreign
    );
    sqlx::query(AssertSqlSafe(sql)).execute(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// What the desk of a business reads, with both tenants' in sight. Fills what is compared later.
async fn desk(world: &World, pair: &Pair, request: domain::SetupRequestId) {
    let (own, other) = (world.store.tenant(pair.own), world.store.tenant(pair.foreign));
    let all = PageRequest { limit: 500, before: None };
    // Theirs is later, so that a query that sees both finds it first.
    world.clock.advance(jiff::SignedDuration::from_secs(1));
    let latest = own.latest_setup_request().await.unwrap().unwrap();
    assert_eq!((latest.request.id, latest.request.tenant_id), (request, pair.own));
    let note = |note: &str, name: &str| CustomerChange {
        note: Some(Some(note.to_owned())),
        name: Some(Some(name.to_owned())),
        ..CustomerChange::default()
    };
    own.note_customer(CONTACT, &note("ours", "Juma")).await.unwrap();
    other.note_customer(CONTACT, &note("theirs", "Zawadi")).await.unwrap();
    let apart = NewLog { text: "apart".into(), ..journal_row(2) };
    other.append_logs(JournalId::generate(), &[NewLog { sequence: 1, ..apart }]).await.unwrap();
    let text = |text: &str, in_texts| CustomerFilter {
        text: Some(text.to_owned()),
        in_texts,
        ..CustomerFilter::default()
    };
    for (scope, said, open) in [(&own, "ours", 3), (&other, "theirs", 3)] {
        let found = scope.customers(&CustomerFilter::default(), all).await.unwrap().items;
        assert_eq!(found.len(), 1, "{found:?}");
        let one = scope.customer(CONTACT).await.unwrap().unwrap();
        assert_eq!(one, found[0]);
        let records = if said == "ours" { 6 } else { 10 };
        assert_eq!((one.note.as_deref(), one.open_records, one.records), (Some(said), open, records));
        let mine = scope.customers(&text(said, false), all).await.unwrap().items;
        assert_eq!(mine.len(), 1);
    }
    assert!(own.customers(&text("theirs", true), all).await.unwrap().items.is_empty());
    assert!(own.customers(&text("apart", true), all).await.unwrap().items.is_empty());
    assert!(own.customers(&text("b-1104", true), all).await.unwrap().items.is_empty(), "a booking of theirs");
    let people = own.notices().await.unwrap();
    assert!(people.len() == 2 && people.iter().any(|one| one.user_id == pair.user), "{people:?}");
    own.choose_notices(pair.user, "{\"own\":1}", None).await.unwrap();
    other.choose_notices(pair.user, "{\"theirs\":1}", None).await.unwrap();
    let chosen = own.notices().await.unwrap().into_iter().find(|one| one.user_id == pair.user);
    assert_eq!(chosen.unwrap().choices.unwrap().json, "{\"own\":1}");
    // The other tenant's have the same address, and there are more of them.
    for n in 0..12 {
        other
            .subscribe_push(&browser(pair.user, &format!("https://push.example.com/{}", n.min(9))))
            .await
            .unwrap();
    }
    own.subscribe_push(&browser(pair.user, "https://push.example.com/1")).await.unwrap();
    assert_eq!(own.push_subscriptions(None).await.unwrap().len(), 1, "it was the owner's before");
    assert_eq!(own.push_subscriptions(Some(pair.user)).await.unwrap().len(), 1);
    assert_eq!(other.push_subscriptions(None).await.unwrap().len(), 10);
}

/// How both tenants' bots stood: theirs has the same incident, and another.
async fn stood(world: &World, pair: &Pair) {
    let now = super::support::now(world).as_millisecond();
    let mut tx = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
    for (tenant, n) in [(pair.own, 1), (pair.foreign, 1), (pair.foreign, 2)] {
        let sql = format!(
            "INSERT INTO standings (tenant_id, id, standing, was, began_at, ended_at, created_at) VALUES ('{tenant}', \
             '00000000-0000-7000-8000-00000000000{n}', 'DOWN', 'ERROR', {}, {}, 0)",
            now - n * 10_000,
            now - n * 10_000 + 1_000
        );
        sqlx::query(AssertSqlSafe(sql)).execute(tx.connection()).await.unwrap();
    }
    tx.commit().await.unwrap();
    for (tenant, count) in [(pair.own, 1), (pair.foreign, 2)] {
        let scope = world.store.tenant(tenant);
        assert_eq!(scope.incidents(500).await.unwrap().len(), count);
        let down = scope.uptime().await.unwrap().map(|time| time.down_ms);
        assert_eq!(down, [1_000 * count as u64; 3]);
    }
}

/// What the desk of a business changes.
async fn changed_desk(own: &crate::TenantScope, pair: &Pair) {
    let state = CustomerChange { state: Some(Some(CustomerState::Lost)), ..CustomerChange::default() };
    assert_eq!(own.note_customer(CONTACT, &state).await.unwrap().state, CustomerState::Lost);
    own.told(pair.user, Told { hand_off: Some(domain::Timestamp::MAX), ..Told::default() }).await.unwrap();
    own.unsubscribe_push(None, "https://push.example.com/2").await.unwrap();
    own.unsubscribe_push(Some(pair.user), "https://push.example.com/1").await.unwrap();
    assert!(own.push_subscriptions(None).await.unwrap().is_empty());
}

/// What operators note of both: the other's tags are others, and one of them is the same.
async fn changed_notes(own: &crate::TenantScope, other: &crate::TenantScope) {
    let (ours, theirs) = (own.notes().await.unwrap(), other.notes().await.unwrap());
    assert_eq!(
        (ours.version, ours.note.as_str(), ours.tags.join(" ")),
        (1, "pays late", "kariakoo vip".into())
    );
    assert_eq!(
        (theirs.version, theirs.note.as_str(), theirs.tags.join(" ")),
        (2, "theirs", "theirs vip".into())
    );
    let change = NotesChange { tags: Some(tags("own")), note: Some(String::new()) };
    let after = own.save_notes(Some(1), change).await.unwrap();
    assert_eq!((after.version, after.note.as_str(), after.tags.join(" ")), (2, "", "own".into()));
}

/// It goes to another installation, and it alone.
async fn moved(world: &World, own: &crate::TenantScope) {
    own.set_desired(DesiredState::Run).await.unwrap();
    own.fence("ours").await.unwrap();
    let detail = own.get().await.unwrap();
    assert!(detail.tenant.moved_at.is_some() && detail.tenant.status == domain::TenantStatus::Paused);
    assert_eq!(
        (detail.session.state, detail.worker.desired_state),
        (SessionState::Disconnected, DesiredState::Stopped)
    );
    assert!(matches!(own.begin_generation(false).await, Err(StoreError::Moved)));
    let mut wanted = None;
    let take = |row: crate::CarriedRow| {
        wanted = wanted.take().or_else(|| row.values.get("moved_run").cloned());
        Ok(())
    };
    world.store.operator().rows_to_move(own.id(), take).await.unwrap();
    assert_eq!(wanted, Some(1.into()), "it was wanted to run");
}

/// Everything that a tenant's scope can do, with an eye on the other tenant. Panics where anything is not as it is
/// without a mutant.
async fn exercise(world: &World, own_first: bool) {
    let pair = pair(world, own_first).await;
    let (own, all) = (world.store.tenant(pair.own), PageRequest { limit: 500, before: None });
    // Theirs waits for its phone: one's own phone must not be taken for it.
    let decision = SetupDecision { status: SetupStatus::Approved, notes: None, by: "admin".into() };
    world.store.tenant(pair.foreign).decide_setup_request(pair.theirs, &decision).await.unwrap();
    let rejected = SetupDecision { status: SetupStatus::Rejected, ..decision.clone() };
    own.decide_setup_request(pair.ours, &rejected).await.unwrap();
    world.clock.advance(jiff::SignedDuration::from_secs(1));
    let request = twin_request(world, &pair).await;
    world.clock.advance(jiff::SignedDuration::from_secs(1));
    desk(world, &pair, request).await;
    // Somebody else's tenant is another installation's by now.
    let gone = world.tenant("Zainabu").await;
    world.store.tenant(gone).fence("theirs").await.unwrap();
    // And one is on its way to another host.
    let leaving = world.tenant("Juma").await;
    let operator = world.store.operator();
    operator.host_answered(&host("host-9", 1)).await.unwrap();
    let place = operator.place(leaving).await.unwrap();
    operator.begin_move(&place, Some("host-9")).await.unwrap();
    stood(world, &pair).await;

    // What is read is one's own, and all of it.
    let detail = own.get().await.unwrap();
    assert_eq!(detail.tenant.id, pair.own);
    let logs = own.logs(all).await.unwrap().items;
    assert!(logs.len() == 5 && logs.iter().all(|row| row.tenant_id == pair.own), "{logs:?}");
    let chat = own.chat(CONTACT, all).await.unwrap().items;
    assert!(chat.len() == 5 && chat.iter().all(|row| row.tenant_id == pair.own));
    let around = own.chat_around(CONTACT, 2, 500, 500).await.unwrap();
    assert!(around.page.items.len() == 5 && around.page.items.iter().all(|row| row.tenant_id == pair.own));
    for tenant in [pair.own, pair.foreign] {
        let scope = world.store.tenant(tenant);
        let payload = serde_json::json!({ "wa_message_id": "A1" });
        scope.record_event("admin", None, "MESSAGE_SENT", &payload).await.unwrap();
    }
    let ever = (domain::Timestamp::UNIX_EPOCH, domain::Timestamp::MAX);
    assert_eq!(own.sent_by_hand(ever.0, ever.1).await.unwrap().len(), 1);
    let filter = LogFilter { text: Some("message".into()), ..LogFilter::default() };
    let found = own.search_logs(&filter, all).await.unwrap().items;
    assert!(found.len() == 5 && found.iter().all(|row| row.tenant_id == pair.own));
    let after = own.logs_after(0, 500).await.unwrap();
    assert!(after.len() == 5 && after.iter().all(|row| row.tenant_id == pair.own));
    // Of both, since theirs has more rows and another newest one.
    let other = world.store.tenant(pair.foreign);
    assert_eq!((own.last_place().await.unwrap(), other.last_place().await.unwrap()), (5, 11));
    assert_eq!(own.count_of_contact(CONTACT).await.unwrap(), 5);
    let ever = (domain::Timestamp::MIN, domain::Timestamp::MAX);
    assert_eq!(own.count_messages(ever.0, ever.1).await.unwrap(), 5);
    let events = own.events(all).await.unwrap().items;
    assert!(!events.is_empty() && events.iter().all(|event| event.tenant_id == Some(pair.own)));
    let members = own.members().await.unwrap();
    assert!(!members.is_empty() && members.iter().all(|one| one.membership.tenant_id == Some(pair.own)));
    let requests = own.setup_requests(all).await.unwrap().items;
    assert!(requests.len() == 2 && requests.iter().all(|one| one.tenant_id == pair.own));
    let found = own.setup_request(request).await.unwrap();
    assert_eq!((found.tenant_id, found.notes), (pair.own, None));
    let missing = own.setup_request(pair.theirs).await;
    assert!(matches!(missing, Err(StoreError::NotFound("setup request"))), "{missing:?}");
    // Of both, since a query that sees both rows answers with whichever the database has first.
    assert_eq!(own.acknowledged(pair.journal).await.unwrap(), 4);
    let others = world.store.tenant(pair.foreign).acknowledged(pair.journal).await.unwrap();
    assert_eq!(others, 9);
    let theirs = NewLog { contact: "255712000099".into(), ..journal_row(1) };
    world.store.tenant(pair.foreign).append_logs(JournalId::generate(), &[theirs]).await.unwrap();
    assert!(own.has_written(CONTACT).await.unwrap() && !own.has_written("255712000099").await.unwrap());
    let other = world.store.tenant(pair.foreign);
    assert_eq!((own.chats().await.unwrap().len(), other.chats().await.unwrap().len()), (1, 2));
    // Of both: a query that sees both rows answers with whichever comes first.
    let other = world.store.tenant(pair.foreign);
    assert_eq!((own.profile().await.unwrap().version, other.profile().await.unwrap().version), (1, 3));
    assert!(own.save_profile(3, "{}", &serde_json::json!({})).await.is_err());
    assert!(other.save_profile(1, "{}", &serde_json::json!({})).await.is_err());
    assert_eq!(own.acknowledged_records(pair.journal).await.unwrap(), 5);
    assert_eq!(other.acknowledged_records(pair.journal).await.unwrap(), 9);
    for (scope, count, highest) in [(&own, 6, 1006), (&other, 10, 1104)] {
        let kind = RecordFilter::of(RecordKind::Booking);
        for soonest_first in [true, false] {
            let filter = RecordFilter { soonest_first, ..kind.clone() };
            assert_eq!(scope.records(&filter, all).await.unwrap().items.len(), count);
        }
        assert_eq!(scope.records_of(CONTACT, all).await.unwrap().items.len(), count);
        assert_eq!(scope.count_records_of(CONTACT).await.unwrap(), count as u64);
        assert_eq!(scope.open_records("", 500).await.unwrap().len(), 3);
        assert_eq!(scope.record_numbers().await.unwrap().booking, highest);
        let found = scope.record("B-1003").await.unwrap();
        let expected = records(count == 10).into_iter().find(|row| row.reference == "B-1003").unwrap();
        assert_eq!(found.stands_at, expected.stands_at);
    }
    let held = Digits::new("255700000002").unwrap();
    world.store.tenant(pair.foreign).set_hold(Some(held)).await.unwrap();
    let poison = world.poison().await;
    let erasure = twin_erasure(world, &pair).await;
    let sent = twin_sent(world, &pair).await;
    let before = world.dump(pair.foreign).await;
    world.clock.advance(jiff::SignedDuration::from_secs(1));

    // What is changed is one's own.
    let read = DeliveryRow { sequence: 1, log: sent, delivery: Delivery::Read, reason: None };
    assert_eq!(own.note_deliveries(&[read]).await.unwrap(), (1, true));
    // It takes back what both tenants have under the same id and contact.
    let about = Some(pair.rows[0].wa_message_id.clone());
    let contact = pair.rows[0].contact.clone();
    let last = NewLog { sequence: 5, about, removes: true, contact, ..journal_row(50) };
    let batch: Vec<_> = pair.rows.iter().cloned().chain([last]).collect();
    own.append_logs(pair.journal, &batch).await.unwrap();
    let refused = NewLog { sequence: 6, contact: poison, ..journal_row(60) };
    own.append_logs(pair.journal, &[refused]).await.unwrap();
    // Both have ordered to forget this one, and under the same id.
    let waiting = own.erasures().await.unwrap();
    assert!(waiting.len() == 1 && waiting[0].id == erasure, "{waiting:?}");
    let (ordered, added) = own.order_erasure(&waiting[0].contact).await.unwrap();
    assert!(!added && ordered == waiting[0], "one's own, which has no name yet");
    own.name_erasure(erasure, Some("1"), Some("2")).await.unwrap();
    let named = own.erasures().await.unwrap().remove(0);
    assert_eq!((named.number.as_deref(), named.lid.as_deref()), (Some("1"), Some("2")));
    own.finish_erasure(&named, &serde_json::json!({})).await.unwrap();
    assert_eq!(own.get().await.unwrap().worker.erasures_waiting, 0);
    assert_eq!(own.get().await.unwrap().worker.refused_log_rows, 1);
    let newest = own.logs(all).await.unwrap().items;
    let number = detail.session.linked_number.unwrap();
    assert!(newest.iter().any(|row| row.to_number == number.as_str() && row.message_text == "message 50"));
    own.update(TenantChange { name: Some("New".into()), ..TenantChange::default() }).await.unwrap();
    own.configure(ConfigChange { business_name: Some("New".into()), ..ConfigChange::default() })
        .await
        .unwrap();
    own.set_suspended(Some("why".into())).await.unwrap();
    own.set_hold(Some(Digits::new("255700000001").unwrap())).await.unwrap();
    own.set_desired(DesiredState::Run).await.unwrap();
    let generation = own.begin_generation(true).await.unwrap();
    assert_eq!(generation, 2);
    own.record_started(generation, 7).await.unwrap();
    let connected = EventDetails {
        generation: Some(generation),
        linked: Some(LinkedAccount { number: number.clone(), lid: Some("1".to_owned() + number.as_str()) }),
        ..EventDetails::default()
    };
    own.apply_event(TenantEvent::Connected, connected).await.unwrap();
    let figures = WorkerFigures {
        generation,
        session: SessionState::Connected,
        memory_bytes: Some(1),
        cpu_ms: 2,
        queued: 3,
        unsent: 4,
        unlogged: 5,
        last_message_at: None,
        unreadable: 0,
        clock_behind_ms: None,
        hand_offs: 0,
    };
    let version = own.get().await.unwrap().config.version;
    let versions = Versions { settings: version, profile: 2 };
    assert_eq!(own.save_profile(1, "{\"own\":2}", &serde_json::json!({})).await.unwrap(), 2);
    assert_eq!(own.profile().await.unwrap().document, "{\"own\":2}");
    assert_eq!(own.heartbeat(&figures).await.unwrap(), versions);
    own.record_exit(generation, Some("dead")).await.unwrap();
    own.begin_generation(false).await.unwrap();
    let late = own.heartbeat(&figures).await;
    assert!(matches!(late, Err(StoreError::OldGeneration { current: 3, got: 2 })), "{late:?}");
    own.clear_error().await.unwrap();
    let first = FirstProfile { over: 2, document: "{\"own\":3}".to_owned() };
    own.approve_setup_request(request, &decision, Some(&first)).await.unwrap();
    assert_eq!(own.profile().await.unwrap().document, "{\"own\":3}");
    changed_desk(&own, &pair).await;
    changed_notes(&own, &other).await;
    own.record_event("admin", None, "X", &serde_json::json!({})).await.unwrap();
    own.unlinked(Some("WhatsApp is away".to_owned())).await.unwrap();
    own.unlinked(None).await.unwrap();
    own.unlink_number().await.unwrap();

    // Old rows and a contact's go in full batches, and the other's of the same ids stay.
    let old = pair.rows[1].at.checked_add(std::time::Duration::from_millis(1)).unwrap();
    assert_eq!(own.prune_logs(old, 3).await.unwrap(), 3);
    assert_eq!(own.erase_contact(CONTACT, 2).await.unwrap(), 2);
    assert_eq!(own.erase_contact(CONTACT, 100).await.unwrap(), 1);
    // Records that are closed go, in full batches too, and open ones once they are closed.
    let row = record_row(3);
    let until = earlier(&row, -1);
    assert_eq!(own.prune_records(until, 1).await.unwrap(), 1);
    assert_eq!(own.erase_records(CONTACT, 1).await.unwrap(), 1);
    assert_eq!(own.erase_records(CONTACT, 100).await.unwrap(), 1);
    assert_eq!(own.count_records_of(CONTACT).await.unwrap(), 3);
    let closed = NewRecord { sequence: 6, version: 2, open: false, ..record_row(6) };
    assert_eq!(own.append_records(pair.journal, &[closed]).await.unwrap(), 6);
    assert_eq!(own.count_records_of(CONTACT).await.unwrap(), 2);
    moved(world, &own).await;
    own.delete("admin").await.unwrap();
    assert_eq!(world.dump(pair.foreign).await, before, "the other tenant's rows have changed");
}

/// Which mutants the exercise notices, and which it does not.
async fn try_all(world: World) -> (usize, Vec<String>) {
    let world = Arc::new(world);
    for own_first in [true, false] {
        exercise(&world, own_first).await;
    }
    let (mut noticed, mut unnoticed) = (0, Vec::new());
    for (name, text) in mutants(world.store.engine()) {
        let mut seen = false;
        for own_first in [true, false] {
            MUTANT.set(Some((name, text.clone())));
            let world = Arc::clone(&world);
            // On this thread, as all that a test does; the panic of a failed assertion ends there.
            let done = tokio::spawn(async move { exercise(&world, own_first).await }).await;
            MUTANT.set(None);
            seen = seen || done.is_err();
            if seen {
                break;
            }
        }
        if seen { noticed += 1 } else { unnoticed.push(format!("{name}: {text}")) }
    }
    (noticed, unnoticed)
}

#[tokio::test]
async fn on_sqlite_every_missing_predicate_is_noticed() {
    let (killed, survivors) = try_all(World::sqlite().await).await;
    assert!(survivors.is_empty(), "{survivors:#?}");
    counted("mutants", killed);
}

#[tokio::test]
async fn on_postgresql_without_policies_every_missing_predicate_is_noticed() {
    let Some(world) = World::postgres().await else { return };
    let superuser = world.addresses.as_ref().unwrap().superuser.clone();
    for table in tenant_tables().map(|(table, _)| table).chain(["users"]) {
        run(&superuser, &format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")).await.unwrap();
    }
    let (killed, survivors) = try_all(world).await;
    assert!(survivors.is_empty(), "{survivors:#?}");
    counted("mutants", killed);
}

#[tokio::test]
async fn under_row_level_security_every_missing_predicate_is_harmless() {
    let Some(world) = World::postgres().await else { return };
    let (noticed, harmless) = try_all(world).await;
    assert_eq!(noticed, 0, "a policy did not hold; harmless were {harmless:#?}");
    counted("mutants-under-policies", harmless.len());
}
