//! S5: the same random operations on SQLite and PostgreSQL give the same answers, the same refusals and the same rows.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Debug,
};

use domain::{
    DesiredState, Digits, JournalId, Language, PackId, Phone, RecordKind, Role, SessionState, SetupRequestId,
    SetupStatus, TenantEvent, TenantId, TenantStatus, UserId,
};
use strum::VariantArray as _;

use super::{
    isolation::counted,
    support::{World, journal_row, member, record_row, salon},
};
use crate::{
    ConfigChange, EventDetails, EventFilter, LinkedAccount, NewLog, NewRecord, NewSetupRequest, NewTenant,
    PageRequest, RecordFilter, SetupDecision, StoreError, TenantChange, TenantFilter, WorkerFigures,
};

const ROUNDS: u64 = 10;
const OPERATIONS: usize = 1_000;

/// Numbers that come again with the same seed (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(bits).unwrap() % bound
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

const TEXTS: [&str; 10] =
    ["Asha", "asha", "ÄSHA", "100%", "a_b", "a!b", "O'Brien", "Neema 😀", "nul\0byte", "  spaced  "];
const CONTACTS: [&str; 4] = ["255712000001", "255712000002", "lid:77", "lid:78"];

/// One side: an engine, and the ids that its store has given.
struct Side {
    world: World,
    tenants: Vec<TenantId>,
    users: Vec<UserId>,
    requests: Vec<SetupRequestId>,
    /// Each id that was shown, by the order in which it was.
    names: HashMap<String, usize>,
}

impl Side {
    fn new(world: World) -> Self {
        Self { world, tenants: Vec::new(), users: Vec::new(), requests: Vec::new(), names: HashMap::new() }
    }

    /// An outcome in words that both engines must share: ids as numbers, and no words of an engine's own.
    fn words<T: Debug>(&mut self, outcome: Result<T, StoreError>) -> String {
        let text = match outcome {
            Err(StoreError::Unavailable(error)) => format!("UNAVAILABLE {error}"),
            Ok(value) => format!("{value:?}"),
            Err(error) => format!("{error:?}"),
        };
        self.without_ids(&text)
    }

    fn without_ids(&mut self, text: &str) -> String {
        let is_id = |part: &str| {
            part.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
        };
        let (mut said, mut rest) = (String::new(), text);
        while let Some(next) = rest.chars().next() {
            match rest.get(..36) {
                Some(part) if is_id(part) => {
                    let number = self.names.len();
                    let number = *self.names.entry(part.to_owned()).or_insert(number);
                    said.push_str(&format!("#{number}"));
                    rest = &rest[36..];
                }
                _ => {
                    said.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        said
    }

    fn tenant(&self, index: usize) -> TenantId {
        self.tenants[index % self.tenants.len()]
    }
}

/// Draws an operation and carries it out on one side. Both sides draw the same, since they have the same numbers.
#[expect(clippy::too_many_lines, reason = "one arm for each method of the store")]
async fn operate(side: &mut Side, random: &mut Random, journals: &[JournalId], rows: &[NewLog]) -> String {
    let store = side.world.store.clone();
    let operator = store.operator();
    let index = random.below(8);
    if side.tenants.len() < 3 || random.chance(60) {
        let created = operator.create_tenant(&NewTenant { phone: None, ..salon(random.one(&TEXTS)) }).await;
        side.tenants.extend(created.as_ref().map(|detail| detail.tenant.id).ok());
        return side.words(created);
    }
    let tenant = side.tenant(index);
    let scope = store.tenant(tenant);
    let page = PageRequest { limit: u32::try_from(1 + random.below(7)).unwrap(), before: None };
    match random.below(34) {
        0 => {
            let change = TenantChange {
                name: Some(random.one(&TEXTS).to_owned()),
                phone: random.one(&[None, Some(None), Some(Some(Phone::parse("+254712345678").unwrap()))]),
                timezone: random.one(&[None, Some("Africa/Nairobi".to_owned())]),
                currency: None,
                retention_days: random.one(&[None, Some(None), Some(Some(30))]),
            };
            side.words(scope.update(change).await)
        }
        1 => {
            let change = ConfigChange {
                template_type: random.one(&[None, Some(PackId::SUPPORT)]),
                business_name: Some(random.one(&TEXTS).to_owned()),
                language: random.one(&[None, Some(Language::En), Some(Language::Sw)]),
                hours: random.one(&[None, Some(None)]),
                rate_limit_per_minute: random.one(&[None, Some(None), Some(Some(5))]),
                remove_deleted: Some(true),
            };
            side.words(scope.configure(change).await)
        }
        2 => side.words(scope.set_suspended(random.one(&[None, Some("why".to_owned())])).await),
        3 => {
            side.words(scope.set_hold(random.one(&[None, Some(Digits::new("255700000001").unwrap())])).await)
        }
        4 => side.words(scope.confirm_number(Digits::new("255700000001").unwrap()).await),
        5 => side.words(scope.set_desired(random.one(&[DesiredState::Run, DesiredState::Stopped])).await),
        6 => side.words(scope.begin_generation(random.chance(2)).await),
        7 => side.words(scope.record_started(i64::try_from(random.below(4)).unwrap(), 7).await),
        8 => {
            let error = random.one(&[None, Some("dead")]);
            side.words(scope.record_exit(i64::try_from(random.below(4)).unwrap(), error).await)
        }
        9 => {
            let figures = WorkerFigures {
                generation: i64::try_from(random.below(4)).unwrap(),
                session: random.one(SessionState::VARIANTS),
                memory_bytes: random.one(&[None, Some(u64::MAX), Some(7)]),
                cpu_ms: 1,
                queued: 2,
                unsent: 3,
                unlogged: 4,
                last_message_at: None,
                unreadable: 0,
                clock_behind_ms: None,
                hand_offs: 0,
            };
            side.words(scope.heartbeat(&figures).await)
        }
        10 | 11 => {
            let number = Digits::new(random.one(&["255700000001", "255700000002"])).unwrap();
            let lid = random.one(&[None, Some("1".to_owned()), Some("2".to_owned())]);
            let details = EventDetails {
                generation: random.one(&[None, None, Some(1), Some(2)]),
                last_error: random.one(&[None, Some("broken".to_owned())]),
                linked: random.one(&[None, Some(LinkedAccount { number, lid })]),
                qr: random.one(&[None, Some(("2@code".to_owned(), side.world.clock_time()))]),
                trouble: random.one(&[
                    None,
                    Some((domain::Trouble::Limited, Some(side.world.clock_time()))),
                    Some((domain::Trouble::Unreachable, None)),
                ]),
                order: None,
            };
            side.words(scope.apply_event(random.one(TenantEvent::VARIANTS), details).await)
        }
        12 => {
            let number = Digits::new(random.one(&["255700000001", "255700000002"])).unwrap();
            side.words(scope.link_number(&LinkedAccount { number, lid: None }).await)
        }
        13 => side.words(scope.unlink_number().await),
        14..=17 => {
            let first = random.below(12);
            let batch = &rows[first..(first + random.below(6)).min(rows.len())];
            side.words(scope.append_logs(random.one(journals), batch).await)
        }
        18 => side.words(scope.acknowledged(random.one(journals)).await),
        19 => {
            let first = scope.logs(page).await;
            let next = first.as_ref().ok().and_then(|page| page.next);
            let second = scope.logs(PageRequest { before: next, ..page }).await;
            side.words(first) + &side.words(second)
        }
        20 => side.words(scope.chat(random.one(&CONTACTS), page).await),
        21 => side.words(scope.has_written(random.one(&CONTACTS)).await),
        22 => side.words(scope.prune_logs(random.one(rows).at, 2).await),
        23 => {
            // Which rows go first is nobody's promise, so all of them.
            side.words(scope.erase_contact(random.one(&CONTACTS), 1_000).await)
        }
        24 => {
            let role = random.one(&[Role::Owner, Role::Staff, Role::Admin]);
            let email = random.one(&["a@example.com", "B@example.com", "b@EXAMPLE.com", "c@example.com"]);
            let for_whom =
                random.one(&[Some(tenant), Some(tenant), None, Some(TenantId::from_uuid(uuid::Uuid::nil()))]);
            let added = operator.add_member(for_whom, &member(email, role)).await;
            side.users.extend(added.as_ref().map(|member| member.user.id).ok());
            side.words(added)
        }
        25 if !side.users.is_empty() => {
            let user = random.one(&side.users.clone());
            match random.below(3) {
                0 => side.words(side.world.store.people().remove(tenant, user).await),
                1 => side.words(operator.memberships(user).await),
                _ => {
                    let number = Phone::parse("+255712345678").unwrap();
                    let hours = random.one(&[None, Some(domain::Hours::default())]);
                    let new = NewSetupRequest {
                        notes: Some(random.one(&TEXTS).to_owned()),
                        hours,
                        language: random.one(&[None, Some(Language::En)]),
                        business_name: Some(random.one(&TEXTS).to_owned()),
                        ..NewSetupRequest::of(user, PackId::BOOKING, number)
                    };
                    let made = scope.create_setup_request(&new).await;
                    side.requests.extend(made.as_ref().map(|request| request.id).ok());
                    side.words(made)
                }
            }
        }
        26 if !side.requests.is_empty() => {
            let request = random.one(&side.requests.clone());
            let status = random.one(&[SetupStatus::Approved, SetupStatus::Rejected]);
            let decision = SetupDecision { status, notes: None, by: "admin".into() };
            side.words(scope.setup_request(request).await)
                + &side.words(scope.decide_setup_request(request, &decision).await)
                + &side.words(scope.setup_requests(page).await)
        }
        27 => {
            let payload = serde_json::json!({ "text": random.one(&TEXTS).replace('\0', "") });
            side.words(scope.record_event("admin", None, random.one(&["X", "Y"]), &payload).await)
                + &side.words(scope.events(page).await)
        }
        28 => {
            let filter = TenantFilter {
                status: random.one(&[None, None, Some(TenantStatus::New), Some(TenantStatus::Paused)]),
                search: random
                    .one(&[
                        None,
                        Some("ash"),
                        Some("ÄSH"),
                        Some("äsh"),
                        Some("%"),
                        Some("_"),
                        Some("!"),
                        Some("254"),
                    ])
                    .map(ToOwned::to_owned),
                ..TenantFilter::default()
            };
            let events = EventFilter {
                tenant_id: Some(tenant),
                event_type: random.one(&[None, Some("X".to_owned())]),
                ..EventFilter::default()
            };
            side.words(operator.list_tenants(&filter, page).await)
                + &side.words(operator.count_by_status().await.map(|mut counts| {
                    counts.sort_by_key(|(status, _)| status.to_string());
                    counts
                }))
                + &side.words(operator.list_events(&events, page).await)
                + &side.words(operator.setting(random.one(&["a", "B", "b"])).await)
        }
        30 => {
            let first = random.below(12);
            let batch: Vec<_> = (first..first + random.below(6))
                .map(|n| NewRecord {
                    sequence: u64::try_from(n + 1).unwrap(),
                    version: u32::try_from(random.below(4)).unwrap(),
                    open: random.chance(2),
                    contact: random.one(&[None, Some(CONTACTS[0]), Some(CONTACTS[2])]).map(ToOwned::to_owned),
                    found_by: random.one(&TEXTS).to_owned(),
                    ..record_row(u64::try_from(random.below(6)).unwrap())
                })
                .collect();
            side.words(scope.append_records(random.one(journals), &batch).await)
        }
        31 => {
            let filter = RecordFilter {
                open: random.one(&[None, Some(true), Some(false)]),
                text: random.one(&[None, None, Some("ASH"), Some("%")]).map(ToOwned::to_owned),
                ..RecordFilter::of(RecordKind::Booking)
            };
            // Which of two at the same moment comes first is nobody's promise: their ids are random.
            side.words(scope.records(&filter, PageRequest { limit: 500, before: None }).await.map(|page| {
                page.items
                    .into_iter()
                    .map(|row| (row.reference, row.version, row.open))
                    .collect::<BTreeSet<_>>()
            })) + &side.words(scope.open_records("", 500).await)
                + &side.words(scope.record_numbers().await)
        }
        32 => {
            side.words(scope.prune_records(random.one(rows).at, 1_000).await)
                + &side.words(scope.erase_records(random.one(&CONTACTS), 1_000).await)
        }
        33 => {
            let seen = i64::try_from(random.below(3)).unwrap();
            side.words(scope.save_profile(seen, random.one(&TEXTS), &serde_json::json!({})).await)
                + &side.words(scope.profile().await)
        }
        _ => {
            let key = random.one(&["a", "B", "b"]);
            let set = match random.below(4) {
                0 => operator.set_setting(key, random.one(&TEXTS)).await,
                1 => operator.init_setting(key, "first").await.map(drop),
                2 => operator.delete_setting(key).await,
                _ if random.chance(3) => {
                    let gone = side.tenants.remove(index % side.tenants.len());
                    store.tenant(gone).delete("admin").await
                }
                _ => Ok(()),
            };
            side.words(set) + &side.words(scope.members().await) + &side.words(scope.get().await)
        }
    }
}

impl World {
    fn clock_time(&self) -> domain::Timestamp {
        super::support::now(self)
    }
}

#[tokio::test]
async fn the_same_operations_come_to_the_same_on_both_engines() {
    let mut operations = 0;
    for seed in 1..=ROUNDS {
        let Some(postgres) = World::postgres().await else { return };
        let mut sides = [Side::new(World::sqlite().await), Side::new(postgres)];
        let journals = [JournalId::generate(), JournalId::generate()];
        let rows: Vec<_> = (1..=16)
            .map(|n| {
                let contact = CONTACTS[usize::try_from(n).unwrap() % CONTACTS.len()].to_owned();
                NewLog {
                    contact,
                    text: TEXTS[usize::try_from(n).unwrap() % TEXTS.len()].to_owned(),
                    ..journal_row(n)
                }
            })
            .collect();
        let mut numbers = Random(seed * 7_919);
        for step in 0..OPERATIONS {
            operations += 1;
            let draw = numbers.below(usize::MAX / 2) as u64 + 1;
            let mut said = Vec::new();
            for side in &mut sides {
                side.world.clock.advance(jiff::SignedDuration::from_millis(1));
                said.push(operate(side, &mut Random(draw), &journals, &rows).await);
            }
            assert!(
                !said[0].contains("UNAVAILABLE") && !said[1].contains("UNAVAILABLE"),
                "seed {seed} step {step}: {said:#?}"
            );
            assert_eq!(said[0], said[1], "seed {seed}, step {step}");
        }
        for index in 0..sides[0].tenants.len() {
            let mut dumps = Vec::new();
            for side in &mut sides {
                let dump = format!("{:?}", side.world.dump(side.tenants[index]).await);
                dumps.push(side.without_ids(&dump));
            }
            assert_eq!(dumps[0], dumps[1], "seed {seed}: the rows of tenant {index}");
        }
    }
    counted("engines", operations);
}
